package board

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// lists are what templates take out of a snapshot.
func lists() template.FuncMap {
	return template.FuncMap{
		"open": func(all []Finding) []Finding {
			return where(all, func(f Finding) bool { return f.State != finding.Resolved && f.State != finding.Waived })
		},
		"aside": func(all []Finding) []Finding {
			return where(all, func(f Finding) bool { return f.State == finding.Waived })
		},
		"ended":   func(all []Finding) []Finding { return where(all, isEnded) },
		"isEnded": isEnded,
		"of": func(integration string, all []Finding) []Finding {
			return where(all, func(f Finding) bool { return f.Integration == integration })
		},
		"first":   func(n int, all []cause) []cause { return all[:min(n, len(all))] },
		"causes":  causes,
		"trouble": trouble, "unknown": unknown, "notJudged": notJudged, "residuals": residuals, "expiries": expiries,
	}
}

func where(all []Finding, holds func(Finding) bool) []Finding {
	var some []Finding
	for _, f := range all {
		if holds(f) {
			some = append(some, f)
		}
	}
	return some
}

func isEnded(f Finding) bool { return f.State == finding.Resolved }

// trouble are the open findings about what a system sends, not about its records.
func trouble(system string, all []Finding) []Finding {
	return where(all, func(f Finding) bool {
		return !isEnded(f) && f.Kind == commerce.Mapping && strings.HasPrefix(f.Record.Name+"/", system+"/")
	})
}

// residualCourse is what small differences of one facet came to, day by day.
type residualCourse struct {
	Facet, Sentence string
	Days            []residualDay
}

type residualDay struct {
	At  time.Time
	Sum commerce.Decimal
}

// residuals turn the days into one course for each facet, with the sentence that
// people want to read beside it.
func residuals(days []Day) []residualCourse {
	var courses []residualCourse
	for _, d := range days {
		for _, r := range d.Residuals {
			i := slices.IndexFunc(courses, func(c residualCourse) bool { return c.Facet == r.Facet })
			if i < 0 {
				courses, i = append(courses, residualCourse{Facet: r.Facet}), len(courses)
			}
			courses[i].Days = append(courses[i].Days, residualDay{d.At, r.Sum})
		}
	}
	for i := range courses {
		courses[i].Sentence = sentence(courses[i])
	}
	slices.SortFunc(courses, func(a, b residualCourse) int { return cmp.Compare(a.Facet, b.Facet) })
	return courses
}

func sentence(c residualCourse) string {
	var sum commerce.Decimal
	up, down := 0, 0
	for _, d := range c.Days {
		next, err := sum.Add(d.Sum)
		if err != nil {
			return ""
		}
		sum = next
		switch d.Sum.Sign() {
		case 1:
			up++
		case -1:
			down++
		}
	}
	text := fmt.Sprintf("%s over %d %s", signed(sum), len(c.Days), plural(len(c.Days), "day", "days"))
	switch {
	case up == 0 && down == 0:
		return "No difference on any of these days."
	case down == 0:
		return text + ", never below zero: it goes one way."
	case up == 0:
		return text + ", never above zero: it goes one way."
	default:
		return fmt.Sprintf("%s, above zero on %d and below on %d: it goes both ways.", text, up, down)
	}
}

// expiry is something that ends by itself.
type expiry struct {
	At         time.Time
	What, Page string
}

// expiries are owners, rules, subscriptions and waivers with an end, the next
// first.
func expiries(s Snapshot) []expiry {
	var all []expiry
	add := func(at time.Time, page, what string) {
		if !at.IsZero() {
			all = append(all, expiry{finding.LastDay(at), what, page})
		}
	}
	for _, i := range s.Integrations {
		page := integrationPage(i.Name)
		add(i.Owner.Until, page, "the ownership of "+i.Name)
		add(i.Deputy.Until, page, "the deputy of "+i.Name)
		for _, r := range i.Rules {
			add(r.Until, page, "the rule "+i.Name+"/"+r.ID)
		}
	}
	for _, one := range s.Systems {
		if one.Subscribed != nil && !one.Subscribed.Ends.IsZero() {
			all = append(all, expiry{one.Subscribed.Ends, "the subscriptions of " + one.Name + ", if not renewed before", "systems.html#" + one.Name})
		}
	}
	for _, f := range s.Findings {
		if f.State == finding.Waived {
			add(f.Until, findingPage(f.ID), "the waiver of: "+f.Headline)
		}
	}
	slices.SortStableFunc(all, func(a, b expiry) int { return a.At.Compare(b.At) })
	return all
}
