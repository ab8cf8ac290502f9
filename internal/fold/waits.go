package fold

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Waits are how long changes waited until the other side showed them.
type Waits struct {
	// Shown are those that were shown since the walk before, the last one of each
	// record. Waiting are those that were not yet when this walk began, by how
	// long they had waited, without those of which a finding is open.
	Shown, Waiting Sketch `json:",omitempty"`
}

// maxSegments bounds in how many segments the waits of a rule are kept apart;
// those of further ones count for the whole rule alone.
const maxSegments = 64

// Segment is the part of a rule's records to which one belongs, as far as they
// are told apart: stock by its location. Blank is no part.
func Segment(kind commerce.Kind, key commerce.Key) string {
	if kind != commerce.Inventory || len(key) == 0 {
		return ""
	}
	return key[len(key)-1]
}

// waits adds how long the record's changes waited, to the whole rule and, where
// its settle time is learnt, to the record's segment.
func (f *Fold) waits(rule registry.Rule, row record.Row, v judge.Verdict) {
	var w Waits
	if lesson := row.Lessons[rule.Name()]; f.Within(lesson.Settled) {
		w.Shown = w.Shown.Add(lesson.Took)
	}
	if v.Outcome == judge.Pending && row.Marks[rule.Name()].Open == "" && v.Since.Before(f.Until) {
		w.Waiting = w.Waiting.Add(f.Until.Sub(v.Since))
	}
	if w.Shown == nil && w.Waiting == nil {
		return
	}
	r := f.rule(rule.Name())
	r.wait("", w)
	if segment := Segment(row.Kind, row.Key); segment != "" && rule.Settle.Learned() {
		r.wait(segment, w)
	}
}

func (r *Rule) wait(segment string, w Waits) {
	if r.Waits == nil {
		r.Waits = map[string]Waits{}
	}
	before, known := r.Waits[segment]
	if !known && len(r.Waits) > maxSegments {
		return
	}
	r.Waits[segment] = Waits{Shown: before.Shown.Merge(w.Shown), Waiting: before.Waiting.Merge(w.Waiting)}
}
