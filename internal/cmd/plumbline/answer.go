package main

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// decidedAnswer is what people and the registry say of a finding, as --json prints
// it; what does not hold is null or blank.
type decidedAnswer struct {
	// Score is the money at risk times the days for which it is.
	Score     *commerce.Decimal `json:"score"`
	Currency  string            `json:"currency"`
	Authority string            `json:"authority"`
	Assigned  string            `json:"assigned_to"`
	Snoozed   *time.Time        `json:"snoozed_until"`
	Waiver    *waiverAnswer     `json:"waiver"`
}

type waiverAnswer struct {
	By     string            `json:"by"`
	Until  time.Time         `json:"until"`
	Reason string            `json:"reason"`
	Facet  string            `json:"facet"`
	Low    *commerce.Decimal `json:"low"`
	High   *commerce.Decimal `json:"high"`
}

func decidedAnswerOf(r *registry.Registry, f finding.Finding, now time.Time) decidedAnswer {
	a := decidedAnswer{Currency: f.Currency, Authority: authorityOf(r, f), Assigned: f.AssignedTo}
	if score, known := alert.Score(f.Impact, f.Opened, now); known && f.State != finding.Resolved {
		a.Score = &score
	}
	if !f.Snoozed.IsZero() && f.State == finding.Acknowledged {
		a.Snoozed = &f.Snoozed
	}
	if w := f.Waiver; w != nil {
		a.Waiver = &waiverAnswer{By: w.By, Until: w.Until, Reason: w.Reason, Facet: w.Facet, Low: w.Low, High: w.High}
	}
	return a
}

// authorityOf is which side is right by the finding's rule, blank where the
// registry has no such rule.
func authorityOf(r *registry.Registry, f finding.Finding) string {
	i, _ := r.Integration(f.Integration)
	for _, rule := range i.Rules {
		if rule.ID != f.Rule {
			continue
		}
		if rule.Authority == "" {
			return string(registry.AuthorityFrom)
		}
		return string(rule.Authority)
	}
	return ""
}

func (a decidedAnswer) print(out *output) {
	if a.Score != nil && a.Score.Sign() != 0 {
		out.line("  score     %s %s, the money at risk times the days for which it is", a.Score, a.Currency)
	}
	if text := map[string]string{
		"from": "the from side is right", "to": "the to side is right", "nobody": "a person has to decide which side is right",
	}[a.Authority]; text != "" {
		out.line("  authority %s: %s", a.Authority, text)
	}
	if a.Assigned != "" {
		out.line("  assigned  to %s", a.Assigned)
	}
	if a.Snoozed != nil {
		out.line("  snoozed   until %s", out.time(*a.Snoozed, inFull))
	}
	if w := a.Waiver; w != nil {
		out.line("  waived    by %s until %s%s: %s", w.By, out.time(w.Until, inFull), w.band(), w.Reason)
	}
}

// band is the differences that a waiver accepts: ", available from -3 to 0".
func (w waiverAnswer) band() string {
	switch {
	case w.Low != nil && w.High != nil:
		return fmt.Sprintf(", %s from %s to %s", w.Facet, w.Low, w.High)
	case w.Low != nil:
		return fmt.Sprintf(", %s from %s", w.Facet, w.Low)
	case w.High != nil:
		return fmt.Sprintf(", %s up to %s", w.Facet, w.High)
	default:
		return ""
	}
}
