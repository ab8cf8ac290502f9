package sim

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

// stepped sees to it that what people decided about a finding stays so until it
// ends by itself, and that what is over stays over.
func (w *world) stepped(before, after finding.Finding) {
	now := time.Now().Add(2 * w.Plan.Skew)
	switch set := before.State == finding.Acknowledged || before.State == finding.Waived; {
	case before.State == finding.Resolved && after.State != finding.Resolved:
		w.violated("I5", "the finding %s is over, and %s again", after.ID, after.State)
	case after.DecidedAt.Before(before.DecidedAt):
		w.violated("I5", "the finding %s forgets a decision", after.ID)
	case !set || after.State != finding.Open || after.DecidedAt.After(before.DecidedAt):
	case before.Wakes().IsZero() || before.Wakes().After(now):
		if before.Waiver == nil || before.Class == after.Class {
			w.violated("decision", "the finding %s was %s, and is open again by itself", after.ID, before.State)
		}
	}
}

// late is how much later than people were told a decision may end.
const late = 20 * time.Minute

// checkDecisions: what people decided is carried out, once, by whoever may, and
// ends when it was to end.
func (w *world) checkDecisions(findings []finding.Finding, alerts []alert.Alert) {
	byID := map[string]finding.Finding{}
	for _, f := range findings {
		byID[f.ID] = f
		if f.State != finding.Resolved && !f.Wakes().IsZero() && time.Since(f.Wakes()) > late {
			w.violated("decision", "the finding %s is %s until %s", f.ID, f.State, f.Wakes().Sub(w.start))
		}
	}
	times := map[string]int{}
	for _, a := range alerts {
		for _, d := range a.Decided {
			times[d.ID]++
		}
	}
	all := slices.Clone(w.history.decided)
	for _, d := range w.queuedDecisions() {
		if d.By != person {
			w.violated("I2", "a decision of %s is taken", d.By)
		}
		if times[d.ID] != 1 {
			w.violated("I1", "the decision %s about the alert %s is told %d times", d.ID, d.Alert, times[d.ID])
		}
		all = append(all, decided{Decision: d.Decision, findings: w.history.concerned[d.ID], done: time.Now()})
	}
	for _, d := range all {
		for _, id := range d.findings {
			if f, written := byID[id]; written && !w.taken(f, d) {
				w.violated("I1", "it was decided to %s %s, which is %s: %v", d.Action, id, f.State, f.Timeline)
			}
		}
	}
}

// taken reports whether a finding shows a decision or a later one, or why there
// was nothing to decide: it was over before that was done, or set aside already.
func (w *world) taken(f finding.Finding, d decided) bool {
	waived := func(e finding.Event) bool { return strings.HasPrefix(e.What, "waived") }
	over := f.State == finding.Resolved && f.Resolved.Before(d.done.Add(2*w.Plan.Skew))
	return over || slices.Contains(f.Decided, d.ID) || f.DecidedAt.After(d.At) ||
		d.Action == finding.Acknowledge && f.State != finding.Open || slices.ContainsFunc(f.Timeline, waived)
}
