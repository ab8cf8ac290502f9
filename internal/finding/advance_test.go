package finding_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

func minutes(n int) time.Time { return nine.Add(time.Duration(n) * time.Minute) }

// exact compares findings with all that they hold.
var exact = cmp.Options{
	cmp.Comparer(func(a, b commerce.Version) bool { return a == b }),
	cmp.Comparer(func(a, b commerce.Decimal) bool { return a == b }),
}

// stock is the evidence that the shop shows another stock than expected.
func stock(expected, actual int) finding.Evidence {
	delta := commerce.Int(int64(actual - expected))
	return finding.Evidence{
		Standing: finding.Differs, Class: finding.Late, Since: nine, Cause: finding.Cause{System: "erp", Delivery: "d-1"},
		Differences: []finding.Difference{{
			Facet: "available", Expected: fmt.Sprint(expected), Actual: fmt.Sprint(actual), Delta: &delta,
		}},
		Natives: map[string]string{"shop": "1"}, Currency: "USD",
	}
}

func standing(s finding.Standing) finding.Evidence {
	return finding.Evidence{Standing: s, Since: minutes(2), Why: "nobody asked"}
}

// in is a finding of 9:00 in the given state; none is one that was never written.
func in(state finding.State) finding.Finding {
	f := finding.Finding{ID: "f"}
	if state == "" {
		return f
	}
	f, _ = finding.Advance(f, stock(9, 12), nine)
	if state == finding.Resolved {
		f, _ = finding.Advance(f, standing(finding.Agrees), minutes(1))
	}
	if state == finding.Waived {
		f.Waiver = &finding.Waiver{By: "U024BE7LH", Reason: "counted tonight", At: nine, Until: minutes(24 * 60)}
	}
	f.State = state
	return f
}

func TestAdvance_EveryStateUnderEveryStanding(t *testing.T) {
	const none = finding.State("")
	other, sameByHand := stock(8, 12), stock(9, 12)
	sameByHand.Class = finding.ValueDiffers
	type step struct {
		state  finding.State
		notice finding.Notice
	}
	stays := func(s finding.State) step { return step{s, finding.Nothing} }
	ends := step{finding.Resolved, finding.Ended}
	for _, evidence := range []struct {
		name string
		finding.Evidence
		want map[finding.State]step
	}{
		{"cannot be told", standing(finding.Unknown), map[finding.State]step{
			none: stays(none), finding.Open: stays(finding.Open), finding.Acknowledged: stays(finding.Acknowledged),
			finding.Waived: stays(finding.Waived), finding.Resolved: stays(finding.Resolved),
		}},
		{"the sides agree", standing(finding.Agrees), map[finding.State]step{
			none: stays(none), finding.Open: ends, finding.Acknowledged: ends, finding.Waived: ends, finding.Resolved: stays(finding.Resolved),
		}},
		{"the other side follows", standing(finding.Follows), map[finding.State]step{
			none: stays(none), finding.Open: ends, finding.Acknowledged: ends, finding.Waived: ends, finding.Resolved: stays(finding.Resolved),
		}},
		{"the settle time has become longer", finding.Evidence{Standing: finding.Follows, Since: nine}, map[finding.State]step{
			none: stays(none), finding.Open: stays(finding.Open), finding.Acknowledged: stays(finding.Acknowledged),
			finding.Waived: stays(finding.Waived), finding.Resolved: stays(finding.Resolved),
		}},
		{"the rule does not apply", standing(finding.NotApplicable), map[finding.State]step{
			none: stays(none), finding.Open: ends, finding.Acknowledged: ends, finding.Waived: ends, finding.Resolved: stays(finding.Resolved),
		}},
		{"the same difference", stock(9, 12), map[finding.State]step{
			none: {finding.Open, finding.Opened}, finding.Open: stays(finding.Open), finding.Acknowledged: stays(finding.Acknowledged),
			finding.Waived: stays(finding.Waived), finding.Resolved: stays(finding.Resolved),
		}},
		{"the same difference of another class", sameByHand, map[finding.State]step{
			none: {finding.Open, finding.Opened}, finding.Open: {finding.Open, finding.Changed},
			finding.Acknowledged: {finding.Acknowledged, finding.Changed}, finding.Waived: {finding.Open, finding.Reopened},
			finding.Resolved: stays(finding.Resolved),
		}},
		{"another difference", other, map[finding.State]step{
			none: {finding.Open, finding.Opened}, finding.Open: {finding.Open, finding.Changed},
			finding.Acknowledged: {finding.Acknowledged, finding.Changed}, finding.Waived: {finding.Waived, finding.Changed},
			finding.Resolved: stays(finding.Resolved),
		}},
	} {
		for state, want := range evidence.want {
			t.Run(fmt.Sprintf("%s when %q", evidence.name, state), func(t *testing.T) {
				before := in(state)
				got, notice := finding.Advance(before, evidence.Evidence, minutes(5))
				if got.State != want.state || notice != want.notice {
					t.Errorf("state %q with notice %d, want %q with %d", got.State, notice, want.state, want.notice)
				}
				if diff := cmp.Diff(in(state), before, exact); diff != "" {
					t.Errorf("the finding given was changed:\n%s", diff)
				}
				if told := len(got.Timeline) > len(before.Timeline); told != (notice != finding.Nothing) {
					t.Errorf("notice %d, and the timeline tells it: %t", notice, told)
				}
				if notice == finding.Nothing {
					if diff := cmp.Diff(before, got, exact); diff != "" {
						t.Errorf("nothing to tell, but the finding changed:\n%s", diff)
					}
				}
			})
		}
	}
}

func TestAdvance_AnOpenedFindingHoldsItsEvidence(t *testing.T) {
	e := stock(9, 12)
	e.Impact = new(commerce.Int(30))
	e.Why = "inside nothing"
	f, _ := finding.Advance(finding.Finding{ID: "f", Owner: "inventory-ops"}, e, minutes(20))
	want := finding.Finding{
		ID: "f", Owner: "inventory-ops", State: finding.Open, Class: e.Class, Since: e.Since, Cause: e.Cause, Opened: minutes(20),
		Differences: e.Differences, Worst: e.Differences[0].Delta, Impact: e.Impact, Currency: "USD", Natives: e.Natives, Why: e.Why,
		Began:    map[string]commerce.Decimal{"available": commerce.Int(3)},
		Timeline: []finding.Event{{At: minutes(20), What: "opened: available is 12, should be 9"}},
	}
	if diff := cmp.Diff(want, f, exact); diff != "" {
		t.Error(diff)
	}
	if !f.Told() {
		t.Error("an open finding was not told")
	}
}

func TestAdvance_SinceAndCauseStayThoseOfTheBeginning(t *testing.T) {
	f := in(finding.Open)
	later := stock(8, 12)
	later.Since, later.Cause = minutes(30), finding.Cause{System: "erp", Delivery: "d-2"}
	got, _ := finding.Advance(f, later, minutes(40))
	if !got.Since.Equal(f.Since) || got.Cause != f.Cause || !got.Opened.Equal(f.Opened) {
		t.Errorf("since %s, cause %+v, opened %s after a change", got.Since, got.Cause, got.Opened)
	}
}

func TestAdvance_TheTimelineSaysWhyAFindingEnded(t *testing.T) {
	for s, want := range map[finding.Standing]string{
		finding.Agrees:        "the systems agree again",
		finding.Follows:       "the change was passed on",
		finding.NotApplicable: "the rule no longer applies: nobody asked",
	} {
		f, _ := finding.Advance(in(finding.Open), standing(s), minutes(5))
		if last := f.Timeline[len(f.Timeline)-1]; last != (finding.Event{At: minutes(5), What: want}) {
			t.Errorf("the last event is %+v, want %q", last, want)
		}
		if !f.Resolved.Equal(minutes(5)) {
			t.Errorf("resolved at %s, want %s", f.Resolved, minutes(5))
		}
	}
}

func TestAdvance_TheTimelineIsBoundedAndKeepsItsBeginning(t *testing.T) {
	f := in("")
	for i := range 3 * finding.MaxTimeline {
		f, _ = finding.Advance(f, stock(9, 10+i), minutes(i))
	}
	f, _ = finding.Advance(f, standing(finding.Agrees), minutes(99))
	if len(f.Timeline) != finding.MaxTimeline {
		t.Errorf("%d events, want %d", len(f.Timeline), finding.MaxTimeline)
	}
	if first := f.Timeline[0].What; !strings.HasPrefix(first, "opened") {
		t.Errorf("the first event is %q", first)
	}
	if last := f.Timeline[len(f.Timeline)-1]; last.What != "the systems agree again" {
		t.Errorf("the last event is %q", last.What)
	}
	if !slices.IsSortedFunc(f.Timeline, func(a, b finding.Event) int { return a.At.Compare(b.At) }) {
		t.Error("the events are not in order")
	}
}

func TestAdvance_TwoFuturesOfOneFindingDoNotMeet(t *testing.T) {
	f := in("")
	for i := range 6 {
		f, _ = finding.Advance(f, stock(9, 10+i), minutes(i))
	}
	ended, _ := finding.Advance(f, standing(finding.Agrees), minutes(8))
	changed, _ := finding.Advance(f, stock(9, 99), minutes(8))
	if a, b := ended.Timeline[6].What, changed.Timeline[6].What; a != "the systems agree again" || b != "now available is 99, should be 9" {
		t.Errorf("one future ends with %q, the other with %q", a, b)
	}
}

func TestAdvance_WorstIsTheLargestDifferenceEverSeen(t *testing.T) {
	f := in("")
	for _, c := range []struct{ actual, worst int }{{12, 3}, {10, 3}, {4, -5}, {14, -5}, {15, 6}, {9, 6}} {
		f, _ = finding.Advance(f, stock(9, c.actual), nine)
		if got := f.Worst.String(); got != fmt.Sprint(c.worst) {
			t.Errorf("after %d instead of 9 the worst difference is %s, want %d", c.actual, got, c.worst)
		}
	}
}

func TestAdvance_ADifferenceWithoutANumberHasNoWorst(t *testing.T) {
	e := stock(9, 12)
	e.Differences[0].Delta = nil
	if f, _ := finding.Advance(in(""), e, nine); f.Worst != nil {
		t.Errorf("worst %s", f.Worst)
	}
	e.Differences = nil
	f, _ := finding.Advance(in(""), e, nine)
	if f.Worst != nil || f.Timeline[0].What != "opened: late" {
		t.Errorf("worst %v, timeline %v", f.Worst, f.Timeline)
	}
}

func TestAdvance_SKUsThatJoinLaterAreTold(t *testing.T) {
	e := finding.Evidence{Standing: finding.Differs, Class: finding.UnmappedSKU, Since: nine, Why: "SKU MUG-1 of wms is not known to erp"}
	f, _ := finding.Advance(in(""), e, nine)
	if again, notice := finding.Advance(f, e, minutes(1)); notice != finding.Nothing || len(again.Timeline) != 1 {
		t.Errorf("the same list again: notice %d, %v", notice, again.Timeline)
	}
	e.Why = "2 SKUs of wms are not known to erp: MUG-1, MUG-2"
	f, notice := finding.Advance(f, e, minutes(2))
	if notice != finding.Changed || f.Why != e.Why || f.Timeline[1].What != "now "+e.Why {
		t.Errorf("notice %d, %s, %v", notice, f.Why, f.Timeline)
	}
}

func TestSameAmount_ComparesByHowMuchAndNotWhat(t *testing.T) {
	of := func(e finding.Evidence) finding.Finding { return finding.Finding{Differences: e.Differences} }
	three := of(stock(9, 12))
	word := finding.Finding{Differences: []finding.Difference{{Facet: "status", Expected: "active", Actual: "draft"}}}
	two := of(stock(9, 12))
	two.Differences = append(two.Differences, word.Differences...)
	opened, _ := finding.Advance(in(""), stock(9, 12), nine)
	moved, _ := finding.Advance(opened, stock(7, 12), minutes(1))
	if !moved.SameAmount(three) || !moved.SameAmount(of(stock(7, 12))) || moved.SameAmount(of(stock(8, 12))) {
		t.Errorf("told by %v and last seen by %+v", moved.Began, moved.Differences)
	}
	for name, c := range map[string]struct {
		other finding.Finding
		same  bool
	}{
		"other values": {of(stock(30, 33)), true}, "another amount": {of(stock(9, 13)), false}, "the other way": {of(stock(12, 9)), false},
		"one facet more": {two, false}, "no facet": {finding.Finding{}, false},
	} {
		if got := three.SameAmount(c.other); got != c.same {
			t.Errorf("%s: %t, want %t", name, got, c.same)
		}
	}
	if word.SameAmount(word) {
		t.Error("words are an amount")
	}
}

func TestVoid_WhatWasNeverReportedCanNoLongerOpen(t *testing.T) {
	f := finding.Void(in(""), minutes(1))
	if f.State != finding.Resolved || !f.Silent || f.Told() || !f.Resolved.Equal(minutes(1)) {
		t.Errorf("state %q, silent %t, told %t", f.State, f.Silent, f.Told())
	}
	if got, notice := finding.Advance(f, stock(9, 12), minutes(2)); notice != finding.Nothing || got.State != finding.Resolved {
		t.Errorf("a slower writer opened it: %q, notice %d", got.State, notice)
	}
}

func TestAdvance_TheSameEvidenceTwiceIsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := in(finding.State(rapid.SampledFrom([]string{"", "open", "acknowledged", "waived"}).Draw(t, "state")))
		worst := commerce.Int(0)
		for i, e := range rapid.SliceOfN(evidence(), 1, 40).Draw(t, "evidence") {
			once, first := finding.Advance(f, e, minutes(i))
			twice, second := finding.Advance(once, e, minutes(i+1))
			if second != finding.Nothing {
				t.Fatalf("step %d: notice %d, and again %d", i, first, second)
			}
			if diff := cmp.Diff(once, twice, exact); diff != "" {
				t.Fatalf("step %d: the second time changed the finding:\n%s", i, diff)
			}
			if once.Told() != (once.State != "") || (once.State == finding.Resolved) != !once.Resolved.IsZero() {
				t.Fatalf("step %d: state %q, opened %s, resolved %s", i, once.State, once.Opened, once.Resolved)
			}
			if once.Worst != nil {
				if once.Worst.Abs().Cmp(worst) < 0 {
					t.Fatalf("step %d: the worst difference shrank from %s to %s", i, worst, once.Worst)
				}
				worst = once.Worst.Abs()
			}
			if len(once.Timeline) > finding.MaxTimeline {
				t.Fatalf("step %d: %d events", i, len(once.Timeline))
			}
			f = once
		}
	})
}

func evidence() *rapid.Generator[finding.Evidence] {
	return rapid.Custom(func(t *rapid.T) finding.Evidence {
		s := finding.Standing(rapid.IntRange(0, int(finding.Differs)).Draw(t, "standing"))
		if s != finding.Differs && rapid.IntRange(0, 9).Draw(t, "ends") > 0 {
			s = finding.Unknown
		}
		if s != finding.Differs {
			return standing(s)
		}
		e := stock(9, rapid.IntRange(0, 20).Draw(t, "actual"))
		e.Class = rapid.SampledFrom([]finding.Class{finding.Late, finding.ValueDiffers}).Draw(t, "class")
		return e
	})
}

func TestNewID_NamesOneSpellOfOneRecordUnderOneRule(t *testing.T) {
	id := func(integration, rule string, record commerce.RecordID, second int, rev int64) string {
		v := commerce.NewVersion(commerce.VersionParts{Clock: nine.Add(time.Duration(second) * time.Second)}, [8]byte{})
		return finding.NewID(integration, rule, record, v, rev)
	}
	seen := map[string]bool{}
	for _, name := range []string{
		id("stock", "stock", "inventory|1:a|4:east", 1, 1),
		id("stock2", "stock", "inventory|1:a|4:east", 1, 1),
		id("stock", "2stock", "inventory|1:a|4:east", 1, 1),
		id("stock", "stock", "inventory|1:b|4:east", 1, 1),
		id("stock", "stock", "inventory|1:a|4:east", 2, 1),
		id("stock", "stock", "inventory|1:a|4:east", 1, 2),
	} {
		if seen[name] || len(name) != 12 {
			t.Errorf("id %s is used twice or not of 12 digits", name)
		}
		seen[name] = true
	}
	if !seen[id("stock", "stock", "inventory|1:a|4:east", 1, 1)] {
		t.Error("the same spell has two ids")
	}
}
