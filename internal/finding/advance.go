package finding

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Standing is how a record stands under a rule, as far as a finding's life is
// concerned.
type Standing uint8

// The standings.
const (
	// Unknown leaves a finding as it is: what cannot be known ends nothing.
	Unknown Standing = iota
	// Agrees ends a finding.
	Agrees
	// Follows ends a finding: the change that opened it was shown, and what is
	// still on its way is inside the settle time. A settle time that has become
	// longer shows nothing, and ends nothing.
	Follows
	// NotApplicable ends a finding: the rule no longer applies to the record.
	NotApplicable
	// Differs keeps a finding open and its values up to date.
	Differs
)

// Evidence is what a judgement says to a finding.
type Evidence struct {
	Standing    Standing
	Class       Class
	Since       time.Time
	Cause       Cause
	Differences []Difference
	Impact      *commerce.Decimal
	Currency    string
	Natives     map[string]string
	Why         string
}

// Notice says what people should hear of a step in a finding's life.
type Notice uint8

// The notices.
const (
	// Nothing changed that people need to hear.
	Nothing Notice = iota
	// Opened: the finding is new.
	Opened
	// Changed: its values or class changed.
	Changed
	// Ended: it is resolved.
	Ended
	// Reopened: what was accepted is so no longer.
	Reopened
)

// Advance takes a finding one step further. It is pure and safe to repeat: the
// same evidence twice changes nothing the second time. A finding without State
// is opened when the evidence differs.
func Advance(f Finding, e Evidence, now time.Time) (Finding, Notice) {
	switch {
	case f.State == Resolved:
		return f, Nothing
	case f.State == "" && e.Standing == Differs:
		return open(f, e, now), Opened
	case f.State == "":
		return f, Nothing
	}
	if e.Standing == Follows && !e.Since.After(f.Since) {
		e.Standing = Unknown
	}
	if why := f.over(e, now); why != "" && (e.Standing == Differs || e.Standing == Unknown) {
		return reopen(f, e, why, now), Reopened
	}
	switch e.Standing {
	case Agrees:
		return end(f, "the systems agree again", now), Ended
	case Follows:
		return end(f, "the change was passed on", now), Ended
	case NotApplicable:
		return end(f, "the rule no longer applies: "+e.Why, now), Ended
	case Differs:
		return update(f, e, now)
	default:
		return f, Nothing
	}
}

// Void ends a finding that was claimed and never written, because the sides
// agreed first. It is stored so that a slower writer cannot open it any more.
func Void(f Finding, now time.Time) Finding {
	f.Silent = true
	return end(f, "the systems agreed before it was reported", now)
}

// Told reports whether the finding was ever open.
func (f Finding) Told() bool { return !f.Opened.IsZero() }

// SameAmount reports whether a finding was told, or last seen, to differ in the same
// facets as another one, and in each by the same amount, whatever the values are. What
// is not a number is no amount.
//
// Both count because the last one alone is often a moment between two changes: one
// side has moved by then, and the other follows.
func (f Finding) SameAmount(o Finding) bool {
	now := amounts(o.Differences)
	return len(now) > 0 && (maps.Equal(now, f.Began) || maps.Equal(now, amounts(f.Differences)))
}

// amounts are the differences by facet, nil where one of them is no number.
func amounts(all []Difference) map[string]commerce.Decimal {
	if len(all) == 0 {
		return nil
	}
	by := make(map[string]commerce.Decimal, len(all))
	for _, d := range all {
		if d.Delta == nil {
			return nil
		}
		by[d.Facet] = *d.Delta
	}
	return by
}

func open(f Finding, e Evidence, now time.Time) Finding {
	f.State, f.Class, f.Since, f.Cause, f.Opened = Open, e.Class, e.Since, e.Cause, now
	f = f.show(e)
	f.Began = amounts(f.Differences)
	return f.tell(now, "opened: "+f.values())
}

func end(f Finding, what string, now time.Time) Finding {
	f.State, f.Resolved = Resolved, now
	return f.tell(now, what)
}

// over says why what a person decided does not hold any more, or is blank.
func (f Finding) over(e Evidence, now time.Time) string {
	if why := f.Waiver.over(f, e, now); why != "" {
		return "waiver over: " + why
	}
	if f.State == Acknowledged && !f.Snoozed.IsZero() && !now.Before(f.Snoozed) {
		return "snooze over"
	}
	return ""
}

// reopen ends a decision that does not hold for what is so now.
func reopen(f Finding, e Evidence, why string, now time.Time) Finding {
	f.State, f.Waiver, f.Snoozed = Open, nil, time.Time{}
	if e.Standing == Differs {
		f.Class = e.Class
		f = f.show(e)
	}
	return f.tell(now, why+"; "+f.values())
}

func update(f Finding, e Evidence, now time.Time) (Finding, Notice) {
	listed := e.Class == UnmappedSKU && f.Why != e.Why // what is told is a list, and Why has it
	if f.Class == e.Class && !listed && slices.EqualFunc(f.Differences, e.Differences, Difference.equal) {
		return f, Nothing
	}
	f.Class = e.Class
	f = f.show(e)
	return f.tell(now, "now "+f.values()), Changed
}

// show takes over the values of the evidence.
func (f Finding) show(e Evidence) Finding {
	f.Differences, f.Impact, f.Currency, f.Natives, f.Why = e.Differences, e.Impact, e.Currency, e.Natives, e.Why
	if len(e.Differences) == 0 {
		return f
	}
	if d := e.Differences[0].Delta; d != nil && (f.Worst == nil || d.Abs().Cmp(f.Worst.Abs()) > 0) {
		f.Worst = d
	}
	return f
}

// tell appends to the timeline. The first event stays, the middle goes.
func (f Finding) tell(at time.Time, what string) Finding {
	f.Timeline = append(slices.Clone(f.Timeline), Event{At: at, What: what})
	if len(f.Timeline) > MaxTimeline {
		f.Timeline = slices.Delete(f.Timeline, 1, len(f.Timeline)-MaxTimeline+1)
	}
	return f
}

// values says in one line what differs.
func (f Finding) values() string {
	switch {
	case f.Class.Summed(), f.Class == UnmappedSKU:
		return f.Why
	case len(f.Differences) == 0:
		return string(f.Class)
	}
	line := ""
	for i, d := range f.Differences {
		if i > 0 {
			line += ", "
		}
		line += fmt.Sprintf("%s is %s, should be %s", d.Facet, d.Actual, d.Expected)
	}
	return line
}

func (d Difference) equal(o Difference) bool {
	return d.Facet == o.Facet && d.Expected == o.Expected && d.Actual == o.Actual && d.Explained == o.Explained
}
