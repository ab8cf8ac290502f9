// Package report is what a week of audits says of an integration: how much of it
// agrees, how fast changes are shown, how fresh the systems are, what is open,
// and how much of its error budget is left. It is pure.
//
// It leaves to drift where audits are kept and when owners read of them, and to
// alert the words.
package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/trend"
)

// Day is what the audits that began on one day found.
type Day struct {
	Audits []Audit
}

// maxAudits bounds how many audits of one day are kept apart.
const maxAudits = 24

// Audit is what one audit found, for reports.
type Audit struct {
	// Run tells one audit from the next.
	Run   string
	Began time.Time
	// Rules are by name, "integration/rule".
	Rules map[string]Rule `json:",omitempty"`
}

// Rule is how a rule judged the records of an audit.
type Rule struct {
	Agree, Differ int `json:",omitempty"`
	// Shown are how long the changes took that were shown since the audit before,
	// and Waiting how long those had waited that were not yet.
	Shown, Waiting fold.Sketch `json:",omitempty"`
	// Leans are what small differences that settled since the audit before came to,
	// by facet.
	Leans map[string]trend.Tally `json:",omitempty"`
	// Heard is when each side was heard of: the earlier one of the last changes of
	// both, zero when one of them had none.
	Heard time.Time `json:",omitzero"`
}

// AuditOf is what an audit that added up so much found.
func AuditOf(run string, began time.Time, f fold.Fold) Audit {
	a := Audit{Run: run, Began: began.UTC()}
	for name, r := range f.Rules {
		if a.Rules == nil {
			a.Rules = map[string]Rule{}
		}
		w := r.Waits[""]
		of := Rule{Agree: r.Outcomes[judge.Agree], Differ: r.Outcomes[judge.Differ], Shown: w.Shown, Waiting: w.Waiting}
		if !r.From.Newest.IsZero() && !r.To.Newest.IsZero() {
			of.Heard = r.From.Newest.UTC()
			if r.To.Newest.Before(of.Heard) {
				of.Heard = r.To.Newest.UTC()
			}
		}
		of.Leans = leans(r.Trends)
		a.Rules[name] = of
	}
	return a
}

// leans puts the segments of each facet together.
func leans(trends fold.Trends) map[string]trend.Tally {
	var all map[string]trend.Tally
	for _, facets := range trends {
		for facet, tally := range facets {
			if all == nil {
				all = map[string]trend.Tally{}
			}
			sum := all[facet]
			sum.Merge(tally)
			all[facet] = sum
		}
	}
	return all
}

// With is the day with an audit, in place of what was known of that run.
func (d Day) With(a Audit) Day {
	audits := slices.DeleteFunc(slices.Clone(d.Audits), func(known Audit) bool { return known.Run == a.Run })
	audits = append(audits, a)
	slices.SortFunc(audits, func(a, b Audit) int { return cmp.Or(a.Began.Compare(b.Began), cmp.Compare(a.Run, b.Run)) })
	return Day{Audits: audits[max(0, len(audits)-maxAudits):]}
}

// Coarse is the day without what takes most room: how long changes took, and
// what small differences came to.
func (d Day) Coarse() Day {
	var coarse Day
	for _, a := range d.Audits {
		rules := map[string]Rule{}
		for name, r := range a.Rules {
			r.Shown, r.Waiting, r.Leans = nil, nil, nil
			rules[name] = r
		}
		coarse.Audits = append(coarse.Audits, Audit{Run: a.Run, Began: a.Began, Rules: rules})
	}
	return coarse
}

// The times that a report tells of.
const (
	// Week is for what happened lately, and Budget the time for which an error
	// budget is.
	Week   = 7 * 24 * time.Hour
	Budget = 28 * 24 * time.Hour
)

// Name names the document of the day on which an audit began.
func Name(began time.Time) string { return "report|" + began.UTC().Format(time.DateOnly) }

// Names lists the documents that a report at that time is made of.
func Names(at time.Time) []string {
	var names []string
	for day := at.Add(-Budget); !day.After(at); day = day.Add(24 * time.Hour) {
		names = append(names, Name(day))
	}
	return names
}
