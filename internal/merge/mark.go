package merge

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// mark judges a changed row and notes what is unsettled. It returns when the
// row wants a look through the queue that is not on its way yet, or zero.
//
// A difference whose settle time ends beyond the queue's patience waits in the
// index instead. So do orders that the other side does not have yet: that is where
// stock finds what is in flight.
func (b *batch) mark(row record.Row, context judge.Context) (record.Row, time.Time) {
	now := b.Now()
	marks := map[string]record.Mark{}
	var look, due time.Time
	var wants []string
	for _, rule := range b.Rules[row.Kind] {
		rule = b.learnt.Rule(rule, row.Key)
		name := rule.Name()
		before := row.Marks[name]
		v := judge.Judge(rule, row, context, now)
		if teaches(row.Kind) {
			row = study(row, rule, before, v)
		}
		if !v.Unsettled() && before.Open == "" {
			continue
		}
		m := before
		if v.Unsettled() {
			m = Mark(v, before)
		}
		switch at := judge.LookAt(rule, v, now); {
		case m.Open != "":
			due = earlier(due, now)
		case Indexed(rule, at, now):
			due = earlier(due, at)
		case Wants(m, Step(at, now), now):
			wants = append(wants, name)
			look = earlier(look, Step(at, now))
		}
		marks[name] = m
	}
	// One look serves all of them: it asks for the next.
	for _, name := range wants {
		m := marks[name]
		m.Look = look
		marks[name] = m
	}
	for name, m := range row.Marks {
		// Findings of rules that the registry no longer has are drift's to end.
		if _, judged := marks[name]; !judged && m.Open != "" {
			marks[name] = m
			due = earlier(due, now)
		}
	}
	row.Marks, row.Due = marks, due
	return row, look
}

// Mark is what a row remembers of an unsettled verdict. Of a slow divergence it
// remembers no time: a difference beyond the tolerance begins when it does.
func Mark(v judge.Verdict, before record.Mark) record.Mark {
	if v.Class == finding.SlowDivergence {
		return record.Mark{Version: v.Cause.Version, Look: before.Look, Open: before.Open}
	}
	return record.Mark{
		Since: v.Since, First: v.First, Unexplained: v.Unexplained, Cause: v.Cause.Delivery, System: v.Cause.System,
		Version: v.Cause.Version, Look: before.Look, Open: before.Open,
	}
}

// patience is how long a row is looked at in steps of what the queue can delay,
// before it waits in the index. Nearly all rows agree by the first of them, which
// saves the index's two writes; whoever needs them all costs three messages.
const patience = 3 * queue.MaxDelay

// Indexed reports whether a row waits for its next look in the index. That is where
// stock finds what is in flight: orders that one side does not have yet, or not
// all units of.
func Indexed(rule registry.Rule, at, now time.Time) bool {
	if rule.Kind == commerce.Order && rule.Check.Presence() {
		return true
	}
	if rule.Kind == commerce.Order && slices.ContainsFunc(rule.Expect, ofUnits) {
		return at.Sub(now) > queue.MaxDelay
	}
	return at.Sub(now) > patience
}

func ofUnits(e registry.Expectation) bool { return e.Facet == "units_current" || e.Facet == "units" }

// Step is when a row that waits in the queue is looked at on the way to a time.
func Step(at, now time.Time) time.Time { return earlier(at, now.Add(queue.MaxDelay)) }

// Wants reports whether a look has to be sent: none is on its way, or one that
// comes too late.
func Wants(m record.Mark, at, now time.Time) bool {
	return !m.Look.After(now) || at.Before(m.Look)
}

// lostLooks are the looks of an unsettled row that did not change: the last of
// them to be asked for may never have been sent.
func lostLooks(row record.Row) []time.Time {
	var looks []time.Time
	for _, m := range row.Marks {
		if m.Open == "" && !m.Look.IsZero() && !slices.ContainsFunc(looks, m.Look.Equal) {
			looks = append(looks, m.Look)
		}
	}
	slices.SortFunc(looks, time.Time.Compare)
	return looks
}

// context is what merge knows around a row.
func (b *batch) context() judge.Context {
	return judge.Context{Tables: b.Registry.Tables, Mapped: b.mapped}
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
