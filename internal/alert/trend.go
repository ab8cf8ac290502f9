package alert

import (
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// creepingFact tells what crept away little by little, by what that comes to.
func (s story) creepingFact() string {
	subject, leaks := upper(s.subject()), plural(s.count, "leaks", "leak")
	facet, _, sum, ok := s.totals()
	if !ok || !s.oneWay() {
		return fmt.Sprintf("%s %s: %s and %s creep apart, little by little", subject, leaks, clean(s.From), clean(s.To))
	}
	way, money := "too many", isMoney(s.Kind, facet) && s.told[0].Currency != ""
	switch {
	case money && sum.Sign() < 0:
		way = "too low"
	case money:
		way = "too high"
	case sum.Sign() < 0:
		way = "too few"
	}
	return fmt.Sprintf("%s %s: %s shows %s%s %s, little by little", subject, leaks, clean(s.To),
		wordsUnlessPlain(facet), s.amountOf(facet, s.told[0].Currency, sum.Abs()), way)
}

// oneSidedFact tells a policy, or several of them.
func (s story) oneSidedFact() string {
	if s.count == 1 {
		return fmt.Sprintf("%s: %s", clean(s.To), clean(s.told[0].Why))
	}
	return fmt.Sprintf("%d one-sided differences between %s and %s: policies, not records", s.count, clean(s.From), clean(s.To))
}

// summed is what the evidence says of a member whose difference is a sum, where the
// headline does not.
func (s story) summed(m Member) string {
	d := mainDifference(m)
	if s.Class != finding.OneSided || s.count > 1 || d.Delta == nil {
		return clean(m.Why)
	}
	return s.moreOrLess(d.Facet, m.Currency, *d.Delta) + " in all"
}

// segmentOf names the part of a rule's records that a finding is about.
func segmentOf(m Member) string {
	parts := strings.SplitN(m.Key, "/", 3)
	return clean(strings.ReplaceAll(parts[len(parts)-1], "/", ", "))
}

// trendCheck is where to look for what goes one way.
func (s story) trendCheck() string {
	from, to := clean(s.From), clean(s.To)
	if s.Class == finding.OneSided {
		return fmt.Sprintf("how %s and %s round, and what one of them leaves out: then correct the rule's expect, or waive it.", from, to)
	}
	carried := s.carried()
	if s.Kind == commerce.Trend {
		carried = "records"
	}
	return fmt.Sprintf("what changes %s in one of %s and %s without telling the other, and what sets it right again: that hides it.",
		carried, from, to)
}
