package onboard

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// shownLines is how many lines a proof names.
const shownLines = 8

// proof is what a pattern makes of the numbers of a system's files.
type proof struct {
	file           string
	numbers, match int
	lines          []int // of those that do not match
	more           bool
}

// prove counts the numbers that a pattern matches, and returns what it reads.
func (s *System) prove() ([]proof, map[string]bool) {
	read := map[string]bool{}
	var all []proof
	re, err := regexp.Compile(s.Match)
	for _, f := range s.Files {
		if len(f.Numbers) == 0 || err != nil || s.Match == "" {
			continue
		}
		p := proof{file: f.Name, numbers: len(f.Numbers), more: f.More}
		for _, n := range f.Numbers {
			number := ""
			for _, text := range n.Texts {
				if found := re.FindStringSubmatch(text); found != nil && number == "" {
					number = found[1]
				}
			}
			if number == "" {
				p.lines = append(p.lines, n.Line)
				continue
			}
			p.match++
			read[number] = true
		}
		all = append(all, p)
	}
	return all, read
}

func (p proof) String() string {
	text := fmt.Sprintf("%s: %d of %s match", p.file, p.match, counted(p.numbers, "number"))
	if p.more {
		text = strings.Replace(text, "of ", "of the first ", 1)
	}
	if len(p.lines) == 0 {
		return text
	}
	lines := make([]string, 0, shownLines)
	for _, line := range p.lines[:min(len(p.lines), shownLines)] {
		lines = append(lines, fmt.Sprint(line))
	}
	text += ", not those in line " + strings.Join(lines, ", ")
	if rest := len(p.lines) - len(lines); rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}

// proofs are the sentences about all systems: what matches, and what meets.
func (p *Plan) proofs() []string {
	var said []string
	read := map[string]map[string]bool{}
	for _, s := range p.Systems {
		all, numbers := s.prove()
		for _, one := range all {
			said = append(said, one.String())
		}
		if len(all) > 0 {
			read[s.Name] = numbers
		}
	}
	for i, a := range p.Systems {
		for _, b := range p.Systems[i+1:] {
			if read[a.Name] == nil || read[b.Name] == nil {
				continue
			}
			both := 0
			for number := range read[a.Name] {
				if read[b.Name][number] {
					both++
				}
			}
			said = append(said, fmt.Sprintf("%s in both: %d of %s has %d, %d of %s has %d",
				counted(both, "order"), both, a.Name, len(read[a.Name]), both, b.Name, len(read[b.Name])))
		}
	}
	return said
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// digitRun is what two systems may write of one order.
var digitRun = regexp.MustCompile(`[0-9]{3,}`)

// suggested is a number of a system's files that stands in the other's as well, as
// both write it; else the first of each.
func suggested(a, b *System) (x, y string) {
	runs := map[string]string{}
	for _, text := range a.numbers() {
		for _, run := range digitRun.FindAllString(text, -1) {
			if run = strings.TrimLeft(run, "0"); runs[run] == "" {
				runs[run] = text
			}
		}
	}
	for _, text := range b.numbers() {
		for _, run := range digitRun.FindAllString(text, -1) {
			if other := runs[strings.TrimLeft(run, "0")]; other != "" {
				return other, text
			}
		}
	}
	first := func(all []string) string { return append(slices.Clip(all), "")[0] }
	return first(a.numbers()), first(b.numbers())
}

func (s *System) numbers() []string {
	var all []string
	for _, f := range s.Files {
		for _, n := range f.Numbers {
			all = append(all, n.Texts...)
		}
	}
	return all
}
