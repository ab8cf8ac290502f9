package onboard

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
)

// ErrNumber means that examples of one order's number do not show what all systems
// share.
var ErrNumber = errors.New("the numbers have nothing clear in common")

// longest is how long a number may be.
const longest = 64

// Patterns makes the pattern of each system of one order's number as each shows it.
// A pattern matches its example and every number that differs from it in digits
// alone; its first group is what all examples share. With anyLetters also other
// letters may stand where the shared number has letters, as for several stores. The
// error is ErrNumber.
func Patterns(examples []string, anyLetters bool) ([]string, error) {
	texts := make([][]rune, len(examples))
	for i, e := range examples {
		texts[i] = []rune(strings.TrimSpace(e))
		if len(texts[i]) == 0 || len(texts[i]) > longest {
			return nil, ErrNumber
		}
	}
	core, ok := shared(texts)
	if !ok {
		return nil, ErrNumber
	}
	padded := false
	starts := make([]int, len(texts))
	for i, t := range texts {
		at := places(t, core)
		if len(at) != 1 {
			return nil, ErrNumber // it could be meant in either place
		}
		starts[i] = at[0]
		padded = padded || at[0] > 0 && unicode.IsDigit(core[0]) && unicode.IsDigit(t[at[0]-1])
	}
	patterns := make([]string, len(texts))
	for i, t := range texts {
		patterns[i] = pattern(t, core, starts[i], padded, anyLetters)
		re, err := regexp.Compile(patterns[i])
		if err != nil {
			return nil, ErrNumber
		}
		if found := re.FindStringSubmatch(string(t)); found == nil || strings.TrimLeft(found[1], "0") != strings.TrimLeft(string(core), "0") {
			return nil, ErrNumber
		}
	}
	return patterns, nil
}

// shared is the part of the texts that has the most digits, then letters, of those
// that stand in all. It is false when there is none, or more than one.
func shared(texts [][]rune) (core []rune, ok bool) {
	best, twice := 0, false
	first := texts[0]
	for from := range first {
		for to := from + 1; to <= len(first); to++ {
			part := first[from:to]
			score := weight(part)
			if score < best || score == 0 || !whole(first, from, to) {
				continue
			}
			everywhere := true
			for _, t := range texts[1:] {
				everywhere = everywhere && len(places(t, part)) > 0
			}
			if !everywhere {
				continue
			}
			twice = score == best && string(part) != string(core)
			core, best = part, score
		}
	}
	return core, best > 0 && !twice
}

// weight counts digits before all else. What has none is no number.
func weight(part []rune) int {
	digits := 0
	for _, r := range part {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if digits == 0 {
		return 0
	}
	return digits*longest*2 + len(part)
}

// places are where a part stands as a whole.
func places(text, part []rune) []int {
	var at []int
	for from := 0; from+len(part) <= len(text); from++ {
		if string(text[from:from+len(part)]) == string(part) && whole(text, from, from+len(part)) {
			at = append(at, from)
		}
	}
	return at
}

// whole reports whether a part of a text begins and ends with a word, and cuts
// none: leading zeros may be cut off.
func whole(text []rune, from, to int) bool {
	if class(text[from]) == 0 || class(text[to-1]) == 0 {
		return false
	}
	if to < len(text) && class(text[to]) == class(text[to-1]) {
		return false
	}
	if from == 0 || class(text[from-1]) != class(text[from]) {
		return true
	}
	for i := from - 1; i >= 0 && class(text[i]) == digit; i-- {
		if text[i] != '0' {
			return false
		}
	}
	return class(text[from]) == digit
}

const (
	digit = iota + 1
	letter
)

func class(r rune) int {
	switch {
	case unicode.IsDigit(r):
		return digit
	case unicode.IsLetter(r):
		return letter
	default:
		return 0
	}
}

// pattern writes what stands before the shared part, the part as a group, and what
// may stand behind it.
func pattern(text, core []rune, from int, padded, anyLetters bool) string {
	before, after := text[:from], text[from+len(core):]
	zeros := ""
	if padded {
		zeros = "0*"
		for len(before) > 0 && before[len(before)-1] == '0' {
			before = before[:len(before)-1]
		}
	}
	return "^" + optional(before) + zeros + "(" + literal(core, `\d+`, letters(anyLetters)) + ")" + behind(after) + "$"
}

func letters(others bool) string {
	if others {
		return `[A-Za-z]+`
	}
	return ""
}

// optional is what stands before the number. Signs alone may be left out.
func optional(before []rune) string {
	text := literal(before, `\d+`, "")
	for _, r := range before {
		if class(r) != 0 {
			return text
		}
	}
	switch len(before) {
	case 0:
		return ""
	case 1:
		return text + "?"
	default:
		return "(?:" + text + ")?"
	}
}

// behind is what stands behind the number: not all orders have it, and others have
// other letters.
func behind(after []rune) string {
	if len(after) == 0 {
		return ""
	}
	text := literal(after, `[A-Za-z0-9]+`, `[A-Za-z0-9]+`)
	if class(after[0]) == letter {
		text = "[A-Za-z]" + strings.Replace(text, "]+", "]*", 1)
	}
	return "(?:" + text + ")?"
}

// literal writes signs as they are, and runs of digits and letters as they are
// given; letters stay where nothing is given for them.
func literal(text []rune, digits, letters string) string {
	var b strings.Builder
	last := ""
	for _, r := range text {
		run := ""
		switch class(r) {
		case digit:
			run = digits
		case letter:
			run = letters
		}
		switch {
		case run == "":
			b.WriteString(regexp.QuoteMeta(string(r)))
		case run != last:
			b.WriteString(run)
		}
		last = run
	}
	return b.String()
}
