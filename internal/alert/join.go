package alert

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// NewID names the alert that a rule's first finding of a class starts. The same
// arguments give the same 16 hexadecimal digits, so that an alert created twice
// is one alert.
func NewID(integration, rule string, class finding.Class, firstFinding string) string {
	h := sha256.New()
	for _, part := range []string{integration, rule, string(class), firstFinding} {
		fmt.Fprintf(h, "%d:%s", len(part), part)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Takes reports whether new findings of the alert's cause may still join it at
// the given time. Where it does not, the next finding starts an alert.
func (a Alert) Takes(now time.Time) bool {
	return a.Closed.IsZero() && a.Into == "" && !now.After(a.JoinUntil) && !a.full()
}

// Stands reports whether the alert is about what still waits for the same as a new
// finding may: it is of the same rule and class, and nothing of it has ended.
func (a Alert) Stands(f finding.Finding) bool {
	over := func(m Member) bool { return !ended(m).IsZero() }
	return a.Integration == f.Integration && a.Rule == f.Rule && a.Class == f.Class && a.Closed.IsZero() && a.Into == "" &&
		len(a.Members) > 0 && len(a.Beyond) == 0 && !slices.ContainsFunc(a.Members, over)
}

// grows bounds for how long findings may join an alert one after the other. What
// goes on for longer is worth another message.
const grows = 12 * time.Hour

// Extended is until when new findings may join once one has joined: so long after
// it, but not for ever.
func (a Alert) Extended(now time.Time, window time.Duration) time.Time {
	until := now.Add(window)
	if last := a.Opened.Add(grows); !a.Opened.IsZero() && until.After(last) {
		until = last
	}
	return later(a.JoinUntil, until)
}

func (a Alert) full() bool { return len(a.Members)+len(a.Beyond) >= MaxFindings }

// Join adds a finding to the alert and reports whether that changed it. A
// finding that the alert already has changes nothing, whatever m says of it;
// nor does any when the alert holds MaxFindings. An alert that had closed is
// open again. The alert given is not modified.
func Join(a Alert, m Member, at time.Time) (Alert, bool) {
	if _, beyond := a.Beyond[m.Finding]; beyond || a.index(m.Finding) >= 0 || a.full() {
		return a, false
	}
	m = bounded(m)
	a.Seq++
	a = a.again(m)
	a.Common = a.with(m)
	if a.Opened.IsZero() {
		a.Opened = at
	}
	if len(a.Members) < MaxMembers && weight(a.Members)+weight([]Member{m}) <= maxWeight {
		m.Joined, m.Changed = a.Seq, a.Seq
		a.Members = append(slices.Clone(a.Members), m)
		slices.SortStableFunc(a.Members, byOpening)
		return a.settled(m), true
	}
	a.Beyond = maps.Clone(a.Beyond)
	if a.Beyond == nil {
		a.Beyond = map[string]time.Time{}
	}
	a.Beyond[m.Finding] = ended(m)
	return a.aside(m).settled(m), true
}

// Again is when an alert that was over was open again.
type Again struct {
	At  time.Time
	Seq int64
}

// again is the alert that a finding joins although it was over. Who took it on or
// was called dealt with what was before.
func (a Alert) again(m Member) Alert {
	if a.Over == 0 {
		return a
	}
	a.Again, a.Taken, a.Calls = Again{m.Opened, a.Seq}, Taken{}, nil
	return a
}

// Update makes the alert tell a member as it is now, and reports whether that
// changed anything. A member that the alert does not have joins; one that has
// ended stays ended, so that late news about it changes nothing. Seq rises
// unless nobody needs to see the change: the values of a waived member. The
// alert given is not modified.
func Update(a Alert, m Member) (Alert, bool) {
	if _, beyond := a.Beyond[m.Finding]; beyond {
		return updateBeyond(a, m)
	}
	i := a.index(m.Finding)
	if i < 0 && a.Class == ClassFlapping && a.names(m.Key) {
		return a, false // the record's newer finding tells it
	}
	if i < 0 {
		return Join(a, m, m.Opened)
	}
	m, was := bounded(m), a.Members[i]
	if was.State == finding.Resolved || m.Rev < was.Rev || same(was, m) {
		return a, false
	}
	m.Joined, m.Changed, m.Back, m.Traits, m.Also = was.Joined, was.Changed, was.Back, was.Traits, was.Also
	if was.Spells > 0 {
		m.Spells, m.Since = was.Spells, was.Since
	}
	if was.State != finding.Waived || m.State != finding.Waived || !was.Until.Equal(m.Until) {
		a.Seq++
		m.Changed = a.Seq
	}
	back := was.snoozed() && m.State == finding.Open
	if back { // who took it on, took it on until now
		a.Taken = Taken{}
	}
	if back || was.State == finding.Waived && m.open() {
		m.Back = a.Seq
	}
	a.Members = slices.Clone(a.Members)
	a.Members[i] = m
	slices.SortStableFunc(a.Members, byOpening)
	return a.settled(m), true
}

// names reports whether the alert describes a record, by whichever of its findings.
func (a Alert) names(key string) bool {
	return slices.ContainsFunc(a.Members, func(m Member) bool { return m.Key == kept(key, maxKey) })
}

// updateBeyond is Update for a finding that is not described: it is open,
// waived or over.
func updateBeyond(a Alert, m Member) (Alert, bool) {
	waivedAt, waived := a.Aside[m.Finding]
	sameState := ended(m).IsZero() && waived == (m.State == finding.Waived)
	if !a.Beyond[m.Finding].IsZero() || sameState || m.Rev < waivedAt {
		return a, false
	}
	a.Seq++
	a.Beyond = maps.Clone(a.Beyond)
	a.Beyond[m.Finding] = ended(m)
	return a.aside(m).settled(m), true
}

// aside notes of a finding beyond those described whether it is waived.
func (a Alert) aside(m Member) Alert {
	a.Aside = maps.Clone(a.Aside)
	delete(a.Aside, m.Finding)
	if m.State == finding.Waived {
		if a.Aside == nil {
			a.Aside = map[string]int64{}
		}
		a.Aside[m.Finding] = m.Rev
	}
	if len(a.Aside) == 0 {
		a.Aside = nil
	}
	return a
}

// settled derives what follows from the members: how many there are beyond
// those described, and whether the alert is over.
func (a Alert) settled(last Member) Alert {
	a.More = -len(a.Aside)
	closed := later(ended(last), last.Waived)
	for _, at := range a.Beyond {
		if at.IsZero() {
			a.More++
		}
		closed = later(closed, at)
	}
	for _, m := range a.Members {
		closed = later(closed, later(ended(m), m.Waived))
	}
	switch {
	case a.Open() > 0:
		a.Closed, a.Over = time.Time{}, 0
	case a.Closed.IsZero():
		a.Closed, a.Over = closed, a.Seq
	default:
		a.Closed = closed
	}
	return a
}

func (a Alert) index(id string) int {
	return slices.IndexFunc(a.Members, func(m Member) bool { return m.Finding == id })
}

// ended is when the member ended, and zero while it has not. A member that
// ended at an unknown time ended when it opened at the earliest.
func ended(m Member) time.Time {
	switch {
	case m.State != finding.Resolved:
		return time.Time{}
	case m.Resolved.IsZero():
		return later(m.Opened, time.Unix(0, 0).UTC())
	default:
		return m.Resolved
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func byOpening(a, b Member) int {
	return cmp.Or(a.Opened.Compare(b.Opened), cmp.Compare(a.Finding, b.Finding))
}

// same compares what is told of two members of one finding.
func same(a, b Member) bool {
	return a.Finding == b.Finding && a.Key == b.Key && a.State == b.State &&
		a.Since.Equal(b.Since) && a.Opened.Equal(b.Opened) && a.Resolved.Equal(b.Resolved) && a.Until.Equal(b.Until) &&
		slices.EqualFunc(a.Differences, b.Differences, sameDifference) &&
		equal(a.Worst, b.Worst) && equal(a.Impact, b.Impact) && a.Currency == b.Currency &&
		a.Why == b.Why && a.Source == b.Source && a.Delivery == b.Delivery &&
		a.Records == b.Records && maps.Equal(a.Links, b.Links)
}

func sameDifference(a, b finding.Difference) bool {
	return a.Facet == b.Facet && a.Expected == b.Expected && a.Actual == b.Actual && a.By == b.By && equal(a.Delta, b.Delta)
}

func equal(a, b *commerce.Decimal) bool {
	return a == b || a != nil && b != nil && *a == *b
}
