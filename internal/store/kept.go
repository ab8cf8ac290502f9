package store

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// Kept returns the row as every store gives it back: views in order, instants
// in UTC and to the millisecond (Created exact, Expires rounded up to the
// second, lessons to the second), nothing empty but nil. It shares no memory with
// the row given.
func Kept(row record.Row) record.Row {
	row = Ordered(row)
	row.Key = slices.Clone(row.Key)
	for i := range row.Views {
		v := &row.Views[i]
		v.Facets, v.Lines = maps.Clone(v.Facets), slices.Clone(v.Lines)
		for j := range v.Was {
			v.Was[j].Facets = maps.Clone(v.Was[j].Facets)
		}
	}
	return row
}

// Ordered is Kept for who promises to write into nothing: it shares keys, facets
// and lines with the row given.
func Ordered(row record.Row) record.Row {
	row.Key = orNil(row.Key)
	row.Views = mapped(row.Views, keptView)
	slices.SortFunc(row.Views, CompareViews)
	row.Waiting = mapped(row.Waiting, keptObservation)
	row.Marks = keptMarks(row.Marks)
	row.Lessons = keptLessons(row.Lessons)
	row.Due = milliseconds(row.Due)
	row.Expires = wholeSecond(row.Expires)
	row.Suppressed, row.Redacted = milliseconds(row.Suppressed), milliseconds(row.Redacted)
	return row
}

func keptView(v record.View) record.View {
	v.Created = utc(v.Created)
	v.Received = milliseconds(v.Received)
	v.Facets, v.Lines = facetsOrNil(v.Facets), orNil(v.Lines)
	v.Was = mapped(v.Was, func(p record.Past) record.Past {
		p.Until, p.Facets = milliseconds(p.Until), facetsOrNil(p.Facets)
		return p
	})
	return v
}

func keptObservation(o commerce.Observation) commerce.Observation {
	o.Key = orNil(slices.Clone(o.Key))
	if o.Via != nil {
		via := *o.Via
		o.Via = &via
	}
	o.Created = utc(o.Created)
	o.Facets = maps.Clone(facetsOrNil(o.Facets))
	o.Lines = orNil(slices.Clone(o.Lines))
	return o
}

func keptMarks(marks map[string]record.Mark) map[string]record.Mark {
	if len(marks) == 0 {
		return nil
	}
	kept := make(map[string]record.Mark, len(marks))
	for rule, m := range marks {
		m.Since, m.First = milliseconds(m.Since), milliseconds(m.First)
		m.Unexplained, m.Look = milliseconds(m.Unexplained), milliseconds(m.Look)
		kept[rule] = m
	}
	return kept
}

func keptLessons(lessons map[string]record.Lesson) map[string]record.Lesson {
	kept := map[string]record.Lesson{}
	for rule, l := range lessons {
		l.Settled, l.Took = seconds(l.Settled), l.Took.Truncate(time.Second)
		run := &l.Leak.Run
		run.Since, run.Last, run.Found, run.MovedAt = seconds(run.Since), seconds(run.Last), seconds(run.Found), seconds(run.MovedAt)
		if l != (record.Lesson{}) {
			kept[rule] = l
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

func facetsOrNil(f commerce.Facets) commerce.Facets {
	if len(f) == 0 {
		return nil
	}
	return f
}

// CompareViews orders views by their identity, as rows keep them.
func CompareViews(a, b record.View) int {
	return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Native, b.Native))
}

func mapped[T any](all []T, f func(T) T) []T {
	if len(all) == 0 {
		return nil
	}
	result := make([]T, len(all))
	for i, v := range all {
		result[i] = f(v)
	}
	return result
}

func orNil[S ~[]T, T any](s S) S {
	if len(s) == 0 {
		return nil
	}
	return s
}

func utc(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Round(0)
}

func milliseconds(t time.Time) time.Time { return utc(t).Truncate(time.Millisecond) }

func seconds(t time.Time) time.Time { return utc(t).Truncate(time.Second) }

// wholeSecond rounds up, so that nothing expires early.
func wholeSecond(t time.Time) time.Time {
	down := utc(t).Truncate(time.Second)
	if down.Before(t) {
		return down.Add(time.Second)
	}
	return down
}
