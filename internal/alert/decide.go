package alert

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// maxDecided bounds the decisions that an alert remembers.
const maxDecided = 20

// Decided is a decision of a person about an alert, as its thread tells it.
type Decided struct {
	ID     string
	Action finding.Action
	By     string
	To     string    `json:",omitempty"`
	Until  time.Time `json:",omitzero"`
	Reason string    `json:",omitempty"`
	// Seq is the alert's when it was taken.
	Seq int64
}

// Decide notes a decision about the whole alert, and reports whether it was new.
// What it does to the findings is Refresh's business. The alert given is not
// modified.
func Decide(a Alert, d finding.Decision) (Alert, bool) {
	if slices.ContainsFunc(a.Decided, func(known Decided) bool { return known.ID == d.ID }) {
		return a, false
	}
	a.Seq++
	switch d.Action {
	case finding.Acknowledge, finding.Snooze:
		a.Taken = Taken{By: d.By, At: d.At}
	case finding.Assign:
		a.Taken = Taken{By: d.To, At: d.At}
	case finding.Reopen:
		a.Taken = Taken{}
	case finding.Waive: // nobody looks after what is accepted
	}
	a.Decided = append(slices.Clone(a.Decided), Decided{
		ID: d.ID, Action: d.Action, By: d.By, To: d.To, Until: d.Until.UTC(), Reason: kept(d.Reason, maxSentence), Seq: a.Seq,
	})
	a.Decided = a.Decided[max(0, len(a.Decided)-maxDecided):]
	return a, true
}

// Concerns lists the findings that a decision about the alert is about, in the
// order in which they opened: those that are open, or for Reopen those that a
// person has set aside or acknowledged.
func (a Alert) Concerns(action finding.Action) []string {
	var ids []string
	for _, m := range a.Members {
		if m.open() && (action != finding.Reopen || m.State == finding.Acknowledged) || m.State == finding.Waived && action == finding.Reopen {
			ids = append(ids, m.Finding)
		}
	}
	described := len(ids)
	for id, ended := range a.Beyond {
		if _, waived := a.Aside[id]; ended.IsZero() && waived == (action == finding.Reopen) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids[described:])
	return ids
}

// Offers lists what people can decide about the alert as it is.
func (a Alert) Offers() []finding.Action {
	switch {
	case a.Open() > 0 && slices.ContainsFunc(a.Members, func(m Member) bool { return m.State == finding.Open }):
		return []finding.Action{finding.Acknowledge, finding.Assign, finding.Waive}
	case a.Open() > 0:
		return []finding.Action{finding.Assign, finding.Waive}
	case a.waived():
		return []finding.Action{finding.Reopen}
	default:
		return nil
	}
}

// waived reports whether something of the alert is.
func (a Alert) waived() bool {
	return len(a.Aside) > 0 || slices.ContainsFunc(a.Members, func(m Member) bool { return m.State == finding.Waived })
}

// Band is the lowest and the highest difference of the open members and the
// facet that differs, nil where one of them is no number.
func (a Alert) Band() (facet string, low, high *commerce.Decimal) {
	for _, m := range a.Members {
		if !m.open() {
			continue
		}
		if len(m.Differences) == 0 || m.Differences[0].Delta == nil {
			return "", nil, nil
		}
		facet = m.Differences[0].Facet
		d := m.Differences[0].Delta
		if low == nil || d.Cmp(*low) < 0 {
			low = d
		}
		if high == nil || d.Cmp(*high) > 0 {
			high = d
		}
	}
	return facet, low, high
}
