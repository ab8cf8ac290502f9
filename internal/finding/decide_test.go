package finding_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

const dana, lee = "U024BE7LH", "U024BE7LK"

// decided is a decision of Dana's, ten minutes after the finding opened.
func decided(action finding.Action) finding.Decision {
	d := finding.Decision{ID: "d-" + string(action), Action: action, By: dana, At: minutes(10)}
	switch action {
	case finding.Acknowledge, finding.Reopen: // say no more
	case finding.Assign:
		d.To = lee
	case finding.Snooze:
		d.Until = minutes(60)
	case finding.Waive:
		d.Until, d.Reason = minutes(24*60), "counted tonight"
		d.Low, d.High = new(commerce.Int(1)), new(commerce.Int(5))
	}
	return d
}

func decide(t testing.TB, f finding.Finding, d finding.Decision) finding.Finding {
	t.Helper()
	next, _, err := finding.Decide(f, d)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func TestDecide_EveryStateUnderEveryAction(t *testing.T) {
	const none = finding.State("")
	all := []finding.State{none, finding.Open, finding.Acknowledged, finding.Waived, finding.Resolved}
	for action, want := range map[finding.Action]map[finding.State]finding.State{
		finding.Acknowledge: {finding.Open: finding.Acknowledged},
		finding.Assign:      {finding.Open: finding.Open, finding.Acknowledged: finding.Acknowledged, finding.Waived: finding.Waived},
		finding.Waive:       {finding.Open: finding.Waived, finding.Acknowledged: finding.Waived, finding.Waived: finding.Waived},
		finding.Snooze:      {finding.Open: finding.Acknowledged, finding.Acknowledged: finding.Acknowledged},
		finding.Reopen:      {finding.Acknowledged: finding.Open, finding.Waived: finding.Open},
	} {
		for _, state := range all {
			t.Run(fmt.Sprintf("%s when %q", action, state), func(t *testing.T) {
				before := in(state)
				got, notice, err := finding.Decide(before, decided(action))
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(in(state), before, exact); diff != "" {
					t.Errorf("the finding given was changed:\n%s", diff)
				}
				after, changes := want[state]
				if !changes {
					if diff := cmp.Diff(before, got, exact); diff != "" || notice != finding.Nothing {
						t.Errorf("notice %d, and changed:\n%s", notice, diff)
					}
					return
				}
				if got.State != after || notice != finding.Changed || len(got.Timeline) != len(before.Timeline)+1 {
					t.Errorf("state %q with notice %d and %d events, want %q", got.State, notice, len(got.Timeline), after)
				}
				if (got.Waiver != nil) != (got.State == finding.Waived) {
					t.Errorf("state %q with waiver %+v", got.State, got.Waiver)
				}
			})
		}
	}
}

func TestDecide_TheTimelineSaysWhoAndWhat(t *testing.T) {
	for action, want := range map[finding.Action]string{
		finding.Acknowledge: "acknowledged by U024BE7LH",
		finding.Assign:      "assigned to U024BE7LK by U024BE7LH",
		finding.Waive:       "waived until 2026-03-04 by U024BE7LH: counted tonight",
	} {
		f := decide(t, in(finding.Open), decided(action))
		if last := f.Timeline[len(f.Timeline)-1]; last != (finding.Event{At: minutes(10), What: want}) {
			t.Errorf("the last event is %+v, want %q", last, want)
		}
	}
	midnight := decided(finding.Waive)
	midnight.Until = time.Date(2026, 3, 11, 0, 0, 0, 0, time.UTC)
	f := decide(t, in(finding.Open), midnight)
	if last := f.Timeline[len(f.Timeline)-1].What; !strings.HasPrefix(last, "waived until 2026-03-10 by") {
		t.Errorf("a waiver that ends at midnight: %q", last)
	}
}

func TestDecide_WhatIsNoDecisionSaysWhatWouldBe(t *testing.T) {
	for name, c := range map[string]struct {
		action finding.Action
		spoil  func(*finding.Decision)
		want   string
	}{
		"no id":                 {finding.Acknowledge, func(d *finding.Decision) { d.ID = "" }, "an id"},
		"nobody":                {finding.Acknowledge, func(d *finding.Decision) { d.By = "" }, "who decided"},
		"unknown":               {"forget", func(*finding.Decision) {}, "acknowledge, assign, waive, snooze or reopen"},
		"to nobody":             {finding.Assign, func(d *finding.Decision) { d.To = "" }, "a person"},
		"a snooze for ever":     {finding.Snooze, func(d *finding.Decision) { d.Until = d.At.Add(32 * 24 * time.Hour) }, "at most 31 days"},
		"a snooze that is over": {finding.Snooze, func(d *finding.Decision) { d.Until = d.At }, "in the future"},
		"no reason":             {finding.Waive, func(d *finding.Decision) { d.Reason = " " }, "a reason"},
		"a long reason":         {finding.Waive, func(d *finding.Decision) { d.Reason = strings.Repeat("x", 1001) }, "at most 1000"},
		"no date":               {finding.Waive, func(d *finding.Decision) { d.Until = time.Time{} }, "a date"},
		"a date passed":         {finding.Waive, func(d *finding.Decision) { d.Until = d.At }, "in the future"},
		"a date too far":        {finding.Waive, func(d *finding.Decision) { d.Until = d.At.Add(367 * 24 * time.Hour) }, "at most a year"},
		"upside down":           {finding.Waive, func(d *finding.Decision) { d.Low = new(commerce.Int(6)) }, "lowest"},
	} {
		t.Run(name, func(t *testing.T) {
			d := decided(c.action)
			c.spoil(&d)
			f, notice, err := finding.Decide(in(finding.Open), d)
			if !errors.Is(err, finding.ErrDecision) || !strings.Contains(err.Error(), c.want) || notice != finding.Nothing {
				t.Errorf("error %v, notice %d, want %q", err, notice, c.want)
			}
			if diff := cmp.Diff(in(finding.Open), f, exact); diff != "" {
				t.Errorf("the finding changed:\n%s", diff)
			}
		})
	}
}

func TestAdvance_AWaiverHoldsWithinItsLimitsAndNoLonger(t *testing.T) {
	byHand := stock(9, 12)
	byHand.Class = finding.ValueDiffers
	noNumber := stock(9, 12)
	noNumber.Differences[0].Delta = nil
	otherFacet := stock(9, 12)
	otherFacet.Differences[0].Facet = "tracked"
	for _, c := range []struct {
		name     string
		evidence finding.Evidence
		after    int // minutes
		state    finding.State
		notice   finding.Notice
		why      string
	}{
		{"the same", stock(9, 12), 20, finding.Waived, finding.Nothing, ""},
		{"at its lowest", stock(9, 10), 20, finding.Waived, finding.Changed, ""},
		{"at its highest", stock(9, 14), 20, finding.Waived, finding.Changed, ""},
		{"below", stock(9, 9), 20, finding.Open, finding.Reopened, "outside what was accepted"},
		{"above", stock(9, 15), 20, finding.Open, finding.Reopened, "outside what was accepted"},
		{"the other way", stock(9, 7), 20, finding.Open, finding.Reopened, "outside what was accepted"},
		{"another class", byHand, 20, finding.Open, finding.Reopened, "another difference now, value_differs"},
		{"without a number", noNumber, 20, finding.Open, finding.Reopened, "outside"},
		{"another facet", otherFacet, 20, finding.Open, finding.Reopened, "outside"},
		{"the last minute", stock(9, 12), 24*60 - 1, finding.Waived, finding.Nothing, ""},
		{"its date", stock(9, 12), 24 * 60, finding.Open, finding.Reopened, "its date has passed"},
		{"its date, and nothing known", standing(finding.Unknown), 24 * 60, finding.Open, finding.Reopened, "its date has passed"},
		{"nothing known", standing(finding.Unknown), 20, finding.Waived, finding.Nothing, ""},
		{"they agree", standing(finding.Agrees), 20, finding.Resolved, finding.Ended, ""},
		{"they agree after its date", standing(finding.Agrees), 24 * 60, finding.Resolved, finding.Ended, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := decide(t, in(finding.Open), decided(finding.Waive))
			got, notice := finding.Advance(f, c.evidence, minutes(c.after))
			if got.State != c.state || notice != c.notice {
				t.Errorf("state %q with notice %d, want %q with %d", got.State, notice, c.state, c.notice)
			}
			last := got.Timeline[len(got.Timeline)-1].What
			if strings.HasPrefix(last, "waiver over: ") != (c.why != "") || !strings.Contains(last, c.why) {
				t.Errorf("the last event is %q, want %q", last, c.why)
			}
			again, notice := finding.Advance(got, c.evidence, minutes(c.after))
			if diff := cmp.Diff(got, again, exact); diff != "" || notice != finding.Nothing {
				t.Errorf("the second time, notice %d:\n%s", notice, diff)
			}
		})
	}
}

func TestAdvance_AWaiverWithoutLimitsTakesEveryValue(t *testing.T) {
	d := decided(finding.Waive)
	d.Low, d.High = nil, nil
	f := decide(t, in(finding.Open), d)
	if got, _ := finding.Advance(f, stock(9, 900), minutes(20)); got.State != finding.Waived {
		t.Errorf("state %q", got.State)
	}
	missing := standing(finding.Differs)
	missing.Class = finding.Late
	if got, _ := finding.Advance(f, missing, minutes(20)); got.State != finding.Waived {
		t.Errorf("without differences: state %q", got.State)
	}
}

func TestDecide_ALateDecisionDoesNotTakeBackALaterOne(t *testing.T) {
	waive, acknowledge, assign := decided(finding.Waive), decided(finding.Acknowledge), decided(finding.Assign)
	reopen := decided(finding.Reopen)
	reopen.At = minutes(11)
	f := decide(t, decide(t, in(finding.Open), waive), reopen)
	acknowledge.At = minutes(9)
	for _, late := range []finding.Decision{waive, acknowledge, reopen} {
		if f = decide(t, f, late); f.State != finding.Open {
			t.Fatalf("%s came late and made it %s", late.Action, f.State)
		}
	}
	if f = decide(t, f, assign); f.AssignedTo != lee {
		t.Error("an assignment is not about the state, and was lost")
	}
}

func TestDecide_ADecisionTwiceIsOnce(t *testing.T) {
	actions := []finding.Action{finding.Acknowledge, finding.Assign, finding.Waive, finding.Reopen}
	rapid.Check(t, func(t *rapid.T) {
		f := in(finding.Open)
		var past []finding.Decision
		for i := range rapid.IntRange(1, 12).Draw(t, "steps") {
			d := decided(rapid.SampledFrom(actions).Draw(t, "action"))
			d.ID, d.At = fmt.Sprint(i), minutes(10+i)
			f, _, _ = finding.Decide(f, d)
			past = append(past, d)
			again := rapid.SampledFrom(past).Draw(t, "again")
			twice, notice, err := finding.Decide(f, again)
			if diff := cmp.Diff(f, twice, exact); diff != "" || notice != finding.Nothing || err != nil {
				t.Fatalf("%s %s again: notice %d, error %v\n%s", again.Action, again.ID, notice, err, diff)
			}
		}
	})
}
