package alert

import (
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// Also is the rule of a finding that is told by the alert of another rule, because
// both follow from one change.
type Also struct {
	Integration, Rule string
	Class             finding.Class
	Kind              commerce.Kind
	From, To          string
}

// Tells makes a member for an alert that may be of another rule than the finding.
func (a Alert) Tells(m Member, f finding.Finding) Member {
	if m.Traits[ByEvent] == "" && (a.Integration != f.Integration || a.Rule != f.Rule) {
		m.Also = &Also{Integration: f.Integration, Rule: f.Rule, Class: f.Class, Kind: f.Kind, From: f.From, To: f.To}
	}
	return m
}

// AsGraveAs is the alert with the severity of a member of another rule, where that
// is graver.
func (a Alert) AsGraveAs(m Member, severity string) Alert {
	if m.Also != nil && slices.Contains(registry.Graver(a.Severity), severity) {
		a.Severity = severity
	}
	return a
}

// CausedBy reports whether the alert tells what a finding follows from, where one
// change of one system started both: it is of the same integration, or it is about
// the same record and of the integration that should have passed the change on.
func (a Alert) CausedBy(f finding.Finding) bool {
	if !a.Closed.IsZero() || a.Into != "" || a.full() || a.Class == ClassFlapping || len(a.Members) == 0 {
		return false
	}
	passes := a.From == f.Cause.System && f.From != f.Cause.System
	return a.Integration == f.Integration || passes && slices.ContainsFunc(a.Members, func(m Member) bool {
		return m.Also == nil && m.Delivery == f.Cause.Delivery && m.Key == kept(keyText(f), maxKey)
	})
}

// apart keeps what other rules found apart from what the alert is about. Where
// nothing else is left, the message is about that.
func (s story) apart() story {
	of := func(m Member) Also {
		if m.Also == nil {
			return Also{}
		}
		return *m.Also
	}
	if !slices.ContainsFunc(s.told, func(m Member) bool { return m.Also != nil }) {
		return s
	}
	first := Also{}
	if !slices.ContainsFunc(s.told, func(m Member) bool { return m.Also == nil }) {
		first = of(s.told[0])
		s = s.under(first)
	}
	all := s.told
	s.told = slices.DeleteFunc(slices.Clone(all), func(m Member) bool { return of(m) != first })
	s.also = slices.DeleteFunc(slices.Clone(all), func(m Member) bool { return of(m) == first })
	s.count -= len(s.also)
	return s
}

// under is the story as the rule of another finding tells it.
func (s story) under(also Also) story {
	s.Integration, s.Rule, s.Class, s.Kind, s.From, s.To = also.Integration, also.Rule, also.Class, also.Kind, also.From, also.To
	return s
}

// alsoLines tell what other rules found.
func (s story) alsoLines() []string {
	var lines []string
	for _, m := range s.also[:min(len(s.also), maxTop)] {
		of := s
		if m.Also != nil {
			of = s.under(*m.Also)
		}
		of.told, of.count, of.also = []Member{m}, 1, nil
		lines = append(lines, clip(fmt.Sprintf("also under %s: %s", clean(of.Rule), of.fact()), maxLine))
	}
	return lines
}
