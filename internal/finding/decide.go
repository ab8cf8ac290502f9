package finding

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Action is what a person can do about a finding.
type Action string

// The actions.
const (
	// Acknowledge says that somebody looks after it.
	Acknowledge Action = "acknowledge"
	// Assign names who does.
	Assign Action = "assign"
	// Waive accepts the difference, within limits.
	Waive Action = "waive"
	// Snooze acknowledges until a time, and lets it be open again from then on.
	Snooze Action = "snooze"
	// Reopen takes an acknowledgement or a waiver back.
	Reopen Action = "reopen"
)

// Decision is what a person decided about a finding.
type Decision struct {
	// ID makes the decision the same decision however often it arrives.
	ID     string
	Action Action
	// By is who decided: a Slack user id, or who used the command line.
	By string
	// To is who is to look after the finding; only for Assign.
	To string
	// Until is when a waiver or a snooze ends; only for Waive and Snooze.
	// Low, High and Reason are the waiver; only for Waive. Without Low or High the
	// value has no limit on that side.
	Until     time.Time
	Low, High *commerce.Decimal
	Reason    string
	At        time.Time
}

// Waiver is an accepted difference.
type Waiver struct {
	By     string
	Reason string
	At     time.Time
	// Until is when the waiver ends.
	Until time.Time
	// Facet is what Low and High are about.
	Facet string `json:",omitempty"`
	// Low and High bound the difference, actual minus expected; nil does not.
	Low, High *commerce.Decimal `json:",omitempty"`
}

const (
	// MaxWaiver is the longest waiver.
	MaxWaiver = 366 * 24 * time.Hour
	// MaxSnooze is the longest snooze.
	MaxSnooze = 31 * 24 * time.Hour
	// MaxReason is the longest reason, in bytes.
	MaxReason = 1000
	// maxDecided is how many decisions a finding recognises when they come again.
	maxDecided = 16
)

// ErrDecision means that a decision is not one that can be taken.
var ErrDecision = errors.New("not a decision")

// Check reports what is wrong with a decision in itself, whatever finding it is
// about. The error says what would be right and repeats nothing.
func (d Decision) Check() error {
	want := ""
	switch d.Action {
	case Acknowledge, Reopen:
	case Assign:
		if d.To == "" {
			want = "a person to assign to"
		}
	case Waive:
		want = d.wrongWaiver()
	case Snooze:
		if !d.Until.After(d.At) || d.Until.Sub(d.At) > MaxSnooze {
			want = "a time in the future, at most 31 days away"
		}
	default:
		want = "acknowledge, assign, waive, snooze or reopen"
	}
	if want == "" && (d.ID == "" || d.By == "") {
		want = "an id and who decided"
	}
	if want != "" {
		return fmt.Errorf("%w: want %s", ErrDecision, want)
	}
	return nil
}

func (d Decision) wrongWaiver() string {
	switch {
	case !d.Until.After(d.At) || d.Until.Sub(d.At) > MaxWaiver:
		return "a date in the future, at most a year away"
	case strings.TrimSpace(d.Reason) == "" || len(d.Reason) > MaxReason:
		return fmt.Sprintf("a reason of at most %d bytes", MaxReason)
	case d.Low != nil && d.High != nil && d.Low.Cmp(*d.High) > 0:
		return "a lowest value that is not above the highest"
	default:
		return ""
	}
}

// Decide takes a finding one step further by a person's decision. It is pure
// and safe to repeat: a decision that was taken already changes nothing, nor
// does one about a finding that has ended, or one that says what is so already.
// What is older than a decision of its sort comes too late.
func Decide(f Finding, d Decision) (Finding, Notice, error) {
	if err := d.Check(); err != nil {
		return f, Nothing, err
	}
	if f.State == "" || f.State == Resolved || slices.Contains(f.Decided, d.ID) {
		return f, Nothing, nil
	}
	next, what := f.decide(d)
	if what == "" {
		return f, Nothing, nil
	}
	next.Decided = append(slices.Clone(f.Decided), d.ID)
	next.Decided = next.Decided[max(0, len(next.Decided)-maxDecided):]
	return next.tell(d.At, what), Changed, nil
}

// decide is the finding after the decision, and the decision in words; blank
// when it changes nothing.
func (f Finding) decide(d Decision) (Finding, string) {
	if d.Action == Assign {
		if f.AssignedTo == d.To || !d.At.After(f.AssignedAt) {
			return f, ""
		}
		f.AssignedTo, f.AssignedAt = d.To, d.At
		return f, fmt.Sprintf("assigned to %s by %s", d.To, d.By)
	}
	if d.At.Before(f.DecidedAt) {
		return f, ""
	}
	f.DecidedAt = d.At
	switch {
	case d.Action == Waive:
		f.State, f.Waiver, f.Snoozed = Waived, f.waiver(d), time.Time{}
		return f, fmt.Sprintf("waived until %s by %s: %s", LastDay(d.Until).Format(time.DateOnly), d.By, d.Reason)
	case d.Action == Acknowledge && (f.State == Open || !f.Snoozed.IsZero()):
		f.State, f.Snoozed = Acknowledged, time.Time{}
		return f, "acknowledged by " + d.By
	case d.Action == Snooze && f.State != Waived && !f.Snoozed.Equal(d.Until):
		f.State, f.Snoozed = Acknowledged, d.Until
		return f, fmt.Sprintf("snoozed until %s by %s", d.Until.UTC().Format("2006-01-02 15:04 MST"), d.By)
	case d.Action == Reopen && f.State != Open:
		f.State, f.Waiver, f.Snoozed = Open, nil, time.Time{}
		return f, "opened again by " + d.By
	default:
		return f, ""
	}
}

func (f Finding) waiver(d Decision) *Waiver {
	w := Waiver{By: d.By, Reason: d.Reason, At: d.At, Until: d.Until, Low: d.Low, High: d.High}
	if len(f.Differences) > 0 && (w.Low != nil || w.High != nil) {
		w.Facet = f.Differences[0].Facet
	}
	return &w
}

// Wakes is when what a person decided about the finding ends by itself, or zero.
func (f Finding) Wakes() time.Time {
	switch {
	case f.State == Waived && f.Waiver != nil:
		return f.Waiver.Until
	case f.State == Acknowledged:
		return f.Snoozed
	default:
		return time.Time{}
	}
}

// LastDay is within the last day before a waiver's end.
func LastDay(until time.Time) time.Time { return until.Add(-time.Second) }

// over says why the waiver no longer covers the evidence, or is blank.
func (w *Waiver) over(f Finding, e Evidence, now time.Time) string {
	switch {
	case w == nil:
		return ""
	case !now.Before(w.Until):
		return "its date has passed"
	case e.Standing != Differs:
		return ""
	case e.Class != f.Class:
		return "it is another difference now, " + string(e.Class)
	case !w.covers(e.Differences):
		return "the difference is outside what was accepted"
	default:
		return ""
	}
}

func (w *Waiver) covers(all []Difference) bool {
	if w.Low == nil && w.High == nil {
		return true
	}
	if len(all) == 0 || all[0].Facet != w.Facet || all[0].Delta == nil {
		return false
	}
	delta := *all[0].Delta
	return (w.Low == nil || delta.Cmp(*w.Low) >= 0) && (w.High == nil || delta.Cmp(*w.High) <= 0)
}
