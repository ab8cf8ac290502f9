package merge

import (
	"maps"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// mark judges a changed row and notes what is unsettled. It returns when the
// row wants a look through the queue, or zero.
//
// A difference whose settle time ends beyond what the queue can delay waits in
// the index instead. So do orders that the other side does not have yet: that
// is where stock finds what is in flight.
func (b *batch) mark(row record.Row) (record.Row, time.Time) {
	now := b.Now()
	context := judge.Context{Tables: b.Registry.Tables, Mapped: b.mapped}
	marks := maps.Clone(row.Marks)
	if marks == nil {
		marks = map[string]record.Mark{}
	}
	var look, due time.Time
	for _, rule := range b.Rules[row.Kind] {
		name := rule.Name()
		before, had := row.Marks[name]
		v := judge.Judge(rule, row, context, now)
		switch {
		case v.Unsettled():
			marks[name] = Mark(v, before)
		case before.Open == "":
			delete(marks, name)
		}
		switch {
		case before.Open != "":
			due = earlier(due, now)
		case !v.Unsettled():
		case v.Due.Sub(now) > queue.MaxDelay || row.Kind == commerce.Order && rule.Check != registry.Equal:
			due = earlier(due, v.Due)
		case !had || !before.Since.Equal(v.Since):
			look = earlier(look, v.Due)
		case !row.Due.IsZero():
			// Its turn stands in the index and no look was asked for.
			due = earlier(due, v.Due)
		}
	}
	row.Marks, row.Due = marks, due
	return row, look
}

// Mark is what a row remembers of an unsettled verdict.
func Mark(v judge.Verdict, before record.Mark) record.Mark {
	return record.Mark{
		Since: v.Since, First: v.First, Unexplained: v.Unexplained, Cause: v.Cause.Delivery, System: v.Cause.System,
		Version: v.Cause.Version, Open: before.Open,
	}
}

// earliestLook is when an unsettled row that did not change wants its look.
func earliestLook(row record.Row, rules []registry.Rule) time.Time {
	var look time.Time
	for _, rule := range rules {
		m, marked := row.Marks[rule.Name()]
		if marked && m.Open == "" && row.Due.IsZero() {
			look = earlier(look, rule.Settle.Due(m.Since))
		}
	}
	return look
}

func (b *batch) mapped(system, what, native string) bool {
	return Mapped(b.Registry, system, what, native)
}

// Mapped reports whether the registry knows a native id by now.
func Mapped(r *registry.Registry, system, what, native string) bool {
	if what != "location" {
		return false
	}
	_, known, _ := r.Systems[system].Locations.Locate(native)
	return known
}

// earlier is the earlier of two times; zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}
