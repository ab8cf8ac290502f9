// Package fold is what a walk over all rows adds up: how many there are, how
// each rule judged them, and how long changes took to be shown. It is pure. A
// part of a walk gives one Fold, the Folds of all parts merge into that of the
// walk, and a Fold is JSON, so that it can be kept with the place that the part
// has come to.
//
// It leaves to drift what is walked, where parts are kept and what follows from
// the whole, and to others what they add of their own: a field of Fold, a line in
// Row and one in Merge.
package fold

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/total"
)

// Fold is what was added up. The zero Fold is of no row.
type Fold struct {
	// After and Until are the time that the walk tells of, where something is
	// told of a time: from the beginning of the walk before, zero when there was
	// none, up to but not including the beginning of this one. They are the same
	// for all parts.
	After, Until time.Time
	// Kinds counts the rows by kind.
	Kinds map[commerce.Kind]int `json:",omitempty"`
	// Rules are by name, "integration/rule".
	Rules map[string]*Rule `json:",omitempty"`
	// Lone are SKUs, by the name of a rule about stock, that only one of its
	// systems tells of: the first MaxLone of them in alphabetical order.
	Lone map[string][]string `json:",omitempty"`
	// Totals are what records add up to by day.
	Totals total.Sheets `json:",omitempty"`
}

// Seen counts a row. It is called once for each, whatever rules there are.
func (f *Fold) Seen(row record.Row) {
	f.Kinds = added(f.Kinds, row.Kind, 1)
}

// Row adds how a row stands under one of its rules. The row is as it was left:
// with the marks of findings that are open, and without those of findings that
// have ended.
func (f *Fold) Row(rule registry.Rule, row record.Row, v judge.Verdict, _ time.Time) {
	f.rule(rule.Name()).row(rule, row, v)
	f.waits(rule, row, v)
	f.trends(rule, row, v)
	f.lone(rule, row, v)
}

// Within reports whether something that happened at t is told of by this walk,
// and by no other of its name.
func (f *Fold) Within(t time.Time) bool {
	return !t.IsZero() && !t.Before(f.After) && t.Before(f.Until)
}

// Merge adds what another part of the same walk added up. The order of parts
// makes no difference.
func (f *Fold) Merge(o Fold) {
	if f.Until.IsZero() {
		f.After, f.Until = o.After, o.Until
	}
	for kind, n := range o.Kinds {
		f.Kinds = added(f.Kinds, kind, n)
	}
	for name, r := range o.Rules {
		f.rule(name).merge(*r)
	}
	for name, skus := range o.Lone {
		f.addLone(name, skus)
	}
	f.Totals.Merge(o.Totals)
}

func (f *Fold) rule(name string) *Rule {
	if f.Rules == nil {
		f.Rules = map[string]*Rule{}
	}
	if f.Rules[name] == nil {
		f.Rules[name] = &Rule{}
	}
	return f.Rules[name]
}

// added is the map with n more of something; a nil map is made.
func added[M ~map[K]N, K comparable, N int | float64](counts M, what K, n N) M {
	if counts == nil {
		counts = M{}
	}
	counts[what] += n
	return counts
}
