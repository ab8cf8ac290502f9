package merge

import (
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// study notes in the row how it stands under a rule by now, when that teaches
// something: how long the oldest change waited that the other side has just
// shown. Before is the mark that the row had.
func study(row record.Row, rule registry.Rule, before record.Mark, v judge.Verdict) record.Row {
	lesson := row.Lessons[rule.Name()]
	if at := newest(row, rule); shown(before, v) && at.After(before.Since) {
		lesson.Settled, lesson.Took = at, at.Sub(before.Since)
	}
	return noted(row, rule, lesson)
}

// learn notes in the row that comes next what the row before it taught under each
// rule, by how it stood until it changed.
func (b *batch) learn(row, next record.Row, context judge.Context) record.Row {
	if row.Rev == 0 || !teaches(next.Kind) {
		return next
	}
	for _, rule := range b.Rules[next.Kind] {
		if until := newest(next, rule); until.After(newest(row, rule)) {
			lesson := next.Lessons[rule.Name()]
			lesson.Leak = judge.Leak(rule, row, context, until)
			next = noted(next, rule, lesson)
		}
	}
	return next
}

// noted is the row with another lesson of a rule. The row given stays as it is.
func noted(row record.Row, rule registry.Rule, lesson record.Lesson) record.Row {
	if lesson == row.Lessons[rule.Name()] {
		return row
	}
	lessons := maps.Clone(row.Lessons)
	if lessons == nil {
		lessons = map[string]record.Lesson{}
	}
	lessons[rule.Name()] = lesson
	row.Lessons = lessons
	return row
}

// shown reports whether the other side shows a change that it had not shown
// before: all of them, or the oldest while newer ones are on their way.
func shown(before record.Mark, v judge.Verdict) bool {
	if before.Since.IsZero() {
		return false
	}
	return v.Outcome == judge.Agree || v.Outcome == judge.Pending && v.Follows && v.Since.After(before.Since)
}

// newest is when the newest change of either side of the rule was received.
func newest(row record.Row, rule registry.Rule) time.Time {
	var at time.Time
	for _, v := range row.Views {
		if (v.System == rule.From || v.System == rule.To) && v.Received.After(at) {
			at = v.Received
		}
	}
	return at
}

// teaches reports whether anything is learnt of a kind's rows.
func teaches(kind commerce.Kind) bool { return slices.Contains(commerce.Kinds(), kind) }
