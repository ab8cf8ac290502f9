package shopify

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

// The functions of this file step over parts of a JSON document, strictly as
// RFC 8259 has it. Each takes the place at which it starts and returns the one
// behind what it stepped over. The place is handed on instead of kept, which
// makes them a quarter faster. One below zero says why there is none.
const (
	broken  = -1 // the text is no JSON
	tooDeep = -2
)

// peek finds the next byte that is no white space. It is 0 at the end, and NUL
// starts nothing either.
func peek(body []byte, at int) (byte, int) {
	for ; at < len(body); at++ {
		if c := body[at]; c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c, at
		}
	}
	return 0, at
}

// skip steps over one value that is at most levels deep.
func skip(body []byte, at, levels int) int {
	c, at := peek(body, at)
	switch c {
	case '"':
		return skipText(body, at)
	case '{', '[':
		return skipItems(body, at, levels)
	case 't':
		return skipWord(body, at, "true")
	case 'f':
		return skipWord(body, at, "false")
	case 'n':
		return skipWord(body, at, "null")
	default:
		return skipNumber(body, at)
	}
}

// skipItems steps over an object or a list.
func skipItems(body []byte, at, levels int) int {
	if levels == 0 {
		return tooDeep
	}
	bracket := body[at]
	more, at := firstItem(body, at)
	for more {
		if bracket == '{' {
			if _, at = name(body, at); at < 0 {
				return at
			}
		}
		if at = skip(body, at, levels-1); at < 0 {
			return at
		}
		more, at = nextItem(body, at, bracket)
	}
	return at
}

// firstItem steps into an object or a list, or over it if it is empty.
func firstItem(body []byte, at int) (more bool, place int) {
	bracket := body[at]
	c, at := peek(body, at+1)
	if c == closing(bracket) {
		return false, at + 1
	}
	return true, at
}

// nextItem steps over the comma in front of the next item, or over the end of
// the object or list that the bracket opened.
func nextItem(body []byte, at int, bracket byte) (more bool, place int) {
	switch c, at := peek(body, at); c {
	case ',':
		return true, at + 1
	case closing(bracket):
		return false, at + 1
	default:
		return false, broken
	}
}

// closing is the bracket that closes, in ASCII two behind the one that opens.
func closing(bracket byte) byte { return bracket + 2 }

// name steps over a member's name, which it returns in its quotes, and over the
// colon.
func name(body []byte, at int) (quoted []byte, place int) {
	c, start := peek(body, at)
	if c != '"' {
		return nil, broken
	}
	end := skipText(body, start)
	if end < 0 {
		return nil, end
	}
	if c, at = peek(body, end); c != ':' {
		return nil, broken
	}
	return body[start:end], at + 1
}

func skipWord(body []byte, at int, word string) int {
	if end := at + len(word); end <= len(body) && string(body[at:end]) == word {
		return end
	}
	return broken
}

func skipNumber(body []byte, at int) int {
	if is(body, at, "-") {
		at++
	}
	whole := at
	if at = skipDigits(body, at); at < 0 || body[whole] == '0' && at > whole+1 {
		return broken
	}
	if is(body, at, ".") {
		if at = skipDigits(body, at+1); at < 0 {
			return at
		}
	}
	if !is(body, at, "eE") {
		return at
	}
	if at++; is(body, at, "+-") {
		at++
	}
	return skipDigits(body, at)
}

// is reports whether the byte at the place is one of the set.
func is(body []byte, at int, set string) bool {
	return at < len(body) && strings.IndexByte(set, body[at]) >= 0
}

// skipDigits steps over one digit or more.
func skipDigits(body []byte, at int) int {
	start := at
	for at < len(body) && body[at]-'0' <= 9 {
		at++
	}
	if at == start {
		return broken
	}
	return at
}

// skipText steps over a string. Most of a body is text, so it takes eight bytes
// at a time.
func skipText(body []byte, at int) int {
	at++
	for at+8 <= len(body) {
		found := remarkable(binary.LittleEndian.Uint64(body[at:]))
		if found == 0 {
			at += 8
			continue
		}
		at += bits.TrailingZeros64(found) / 8
		if body[at] == '"' {
			return at + 1
		}
		if at = skipEscape(body, at); at < 0 {
			return at
		}
	}
	for at < len(body) && body[at] != '"' {
		if body[at] != '\\' && body[at] >= ' ' {
			at++
		} else if at = skipEscape(body, at); at < 0 {
			return at
		}
	}
	if at == len(body) {
		return broken
	}
	return at + 1
}

// remarkable marks the first byte of eight that is a quote, a backslash or a
// control character. What it marks behind the first may be none.
func remarkable(word uint64) uint64 {
	const (
		ones = 0x0101010101010101
		high = 0x80 * ones
	)
	quote, slash := word^'"'*ones, word^'\\'*ones
	return ((quote-ones)&^quote | (slash-ones)&^slash | (word-' '*ones)&^word) & high
}

// skipEscape steps over an escape; a control character is none.
func skipEscape(body []byte, at int) int {
	switch {
	case body[at] != '\\':
		return broken
	case is(body, at+1, `"\/bfnrt`):
		return at + 2
	case !is(body, at+1, "u"):
		return broken
	}
	for digit := at + 2; digit < at+6; digit++ {
		if !is(body, digit, "0123456789abcdefABCDEF") {
			return broken
		}
	}
	return at + 6
}
