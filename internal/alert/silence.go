package alert

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/finding"
)

// silentFact says who is silent about what.
func (s story) silentFact() string {
	system, kinds := s.topics()
	return system + " silent" + kinds
}

// silentCause says what is usual, and what a silence means for everything else.
func (s story) silentCause() string {
	const held = `what depends on it is "cannot tell", not "fine", and opens no alert`
	why, n := s.commonWhy()
	switch {
	case n < s.count:
		why = ""
	case s.closed:
		return clean(why)
	}
	return strings.Join(slices.DeleteFunc([]string{clean(why), held}, func(text string) bool { return text == "" }), " · ")
}

// ownFact says what Plumbline did not do itself.
func (s story) ownFact() string {
	if s.saidWhy() {
		return "Plumbline: " + clean(s.told[0].Why)
	}
	var things []string
	for _, m := range s.told {
		things = append(things, s.short(m))
	}
	slices.Sort(things)
	return "Plumbline does not do its work (" + listed(slices.Compact(things)) + ")"
}

// saidWhy reports whether the headline is the reason already.
func (s story) saidWhy() bool {
	why, n := s.commonWhy()
	return s.Class == finding.Own && n == s.count && why != ""
}

// watched names what is silent, or what of Plumbline does not work.
func (s story) watched(m Member) string {
	system, thing, native := what(m.Key)
	if s.Class == finding.Silent {
		return native + " of " + system
	}
	return strings.TrimSpace(thing + " " + native)
}
