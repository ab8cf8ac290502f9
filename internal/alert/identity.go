package alert

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// person reports whether records of the kind are persons, who are named by their
// accounts alone.
func person(kind commerce.Kind) bool { return kind == commerce.Customer || kind == commerce.Anchor }

// duplicateFact names the accounts of one person that is there twice: there is no
// other name for it.
func (s story) duplicateFact() string {
	if why := s.told[0].Why; person(s.Kind) && s.count == 1 && why != "" {
		return upper(clean(why))
	}
	return fmt.Sprintf("%s %s more than once in %s", upper(s.subject()), plural(s.count, "exists", "exist"), s.source(clean(s.To)))
}

func (s story) splitFact() string {
	if why := s.told[0].Why; s.count == 1 && why != "" {
		return "Customer split or wrongly merged: " + clean(why)
	}
	return fmt.Sprintf("%s split or wrongly merged between %s and %s", upper(s.subject()), clean(s.From), clean(s.To))
}

func (s story) impossibleFact() string {
	if why, n := s.commonWhy(); n == s.count {
		return upper(s.subject()) + ": " + clean(why)
	}
	return fmt.Sprintf("%s in %s and %s %s what cannot be", upper(s.subject()), clean(s.From), clean(s.To), plural(s.count, "shows", "show"))
}

func (s story) overwrittenFact() string {
	if s.count > 1 {
		return fmt.Sprintf("%s in %s went back to what %s had earlier%s", upper(s.subject()), clean(s.To), clean(s.From), s.inBrackets())
	}
	m := s.told[0]
	d := mainDifference(m)
	return fmt.Sprintf("%s: %s went back to %s%s, %s has %s", upper(s.name(m)), clean(s.To),
		wordsUnlessPlain(d.Facet), s.value(d.Facet, m.Currency, d.Actual), clean(s.From), s.value(d.Facet, m.Currency, d.Expected))
}

// misroutedFact tells from where a shipment leaves and from where it should.
func (s story) misroutedFact() string {
	if s.count > 1 {
		return fmt.Sprintf("%s leave from another location than their route says", upper(s.subject()))
	}
	m := s.told[0]
	d := mainDifference(m)
	return fmt.Sprintf("%s leaves from %s, its route is %s", upper(s.name(m)), clean(d.Actual), clean(d.Expected))
}

// twiceCheck is where to look when a record is there more than once.
func (s story) twiceCheck() string {
	if person(s.Kind) {
		return "which of the accounts is meant: merge them there, and see what creates the second one."
	}
	return "which of them is meant; cancel the other."
}

// stateCheck is where to look first, for the classes of this file.
func (s story) stateCheck() string {
	to := clean(s.To)
	switch s.Class {
	case finding.Split:
		return "open both accounts: is the address wrong, or the id that one of them names?"
	case finding.Misrouted:
		return fmt.Sprintf("the routing rules of %s, and whether the right location had the stock.", to)
	case finding.Impossible:
		return "the history of the record in the system that is named: who changed it last, a person or a job?"
	default:
		return fmt.Sprintf("what wrote the old value into %s: a message that was sent again, yesterday's export, or a second job?", to)
	}
}
