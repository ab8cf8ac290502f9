package respond_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/respond"
)

func TestADecisionIsTakenAboutEveryOpenFinding(t *testing.T) {
	for action, want := range map[finding.Action]struct{ states, taken string }{
		finding.Acknowledge: {"acknowledged", dana}, finding.Assign: {"open", lee}, finding.Waive: {"waived", ""},
	} {
		w := newWorld(t, 230) // more than an alert describes
		w.queued(t, decision(action))
		w.deliver(t)
		all, a := w.findings(t), w.alert(t)
		if states(all) != want.states || a.Taken.By != want.taken || len(a.Decided) != 1 || a.Closed.IsZero() == (action == finding.Waive) {
			t.Errorf("%s: findings %s, taken by %q, closed %v", action, states(all), a.Taken.By, a.Closed)
		}
		if action == finding.Assign && slices.ContainsFunc(all, func(f finding.Finding) bool { return f.AssignedTo != lee }) {
			t.Error("not every finding is assigned")
		}
		if a.Published != a.Seq || len(w.hints) != 1 || a.Members[0].Links["shop"] == "" {
			t.Errorf("%s: published %d of %d with %d hints; links %v", action, a.Published, a.Seq, len(w.hints), a.Members[0].Links)
		}
		var hint struct{ Alert string }
		must(t, json.Unmarshal([]byte(w.hints[0].Body), &hint))
		if hint.Alert != "a1" || w.hints[0].Attributes["owner"] != "inventory-ops" {
			t.Errorf("hint %+v", w.hints[0])
		}
	}
}

func TestAWaivedAlertIsOpenedAgain(t *testing.T) {
	w := newWorld(t, 210)
	w.queued(t, decision(finding.Waive))
	w.deliver(t)
	again := decision(finding.Reopen)
	again.At = nine.Add(time.Minute)
	w.queued(t, again)
	w.deliver(t)
	if a := w.alert(t); states(w.findings(t)) != "open" || a.Open() != 210 || !a.Closed.IsZero() {
		t.Errorf("findings %s, %d open, closed %v", states(w.findings(t)), a.Open(), a.Closed)
	}
}

// TestADecisionIsTakenOnceWhateverFails fails each call, before and after its
// effect, and lets the queue deliver again.
func TestADecisionIsTakenOnceWhateverFails(t *testing.T) {
	for k := 1; k <= 12; k++ {
		for _, afterwards := range []bool{false, true} {
			w := newWorld(t, 3)
			w.fault = func(call int, _ string) (before, after error) {
				switch {
				case call == k && afterwards:
					return nil, errIO
				case call == k:
					return errIO, nil
				}
				return nil, nil
			}
			w.queued(t, decision(finding.Waive))
			w.deliver(t)
			a := w.alert(t)
			for _, f := range w.findings(t) {
				if f.State != finding.Waived || len(f.Timeline) != 2 {
					t.Errorf("call %d (afterwards: %t): %s with timeline %v", k, afterwards, f.State, f.Timeline)
				}
			}
			if a.Open() != 0 || len(a.Decided) != 1 {
				t.Errorf("call %d (afterwards: %t): %d open, %d decisions", k, afterwards, a.Open(), len(a.Decided))
			}
			// What was not published is in the outbox.
			if at, wanted := a.Wakes(); len(w.hints) == 0 && (!wanted || at.After(w.now)) {
				t.Errorf("call %d (afterwards: %t): nobody is told", k, afterwards)
			}
		}
	}
}

func TestWhatHappensMeanwhileIsNotLost(t *testing.T) {
	w := newWorld(t, 2)
	// Drift resolves one finding between reading and writing it, and lets another
	// join the alert between reading and writing that.
	raced := map[string]bool{}
	w.fault = func(_ int, name string) (before, after error) {
		if raced[name] {
			return nil, nil
		}
		raced[name] = true
		ctx := context.Background()
		switch name {
		case "put finding":
			for _, id := range []string{"f0000", "f0001"} {
				f, err := w.Findings.GetFinding(ctx, id)
				must(t, err)
				if f.State != finding.Open {
					continue
				}
				f, _ = finding.Advance(f, finding.Evidence{Standing: finding.Agrees}, nine)
				must(t, w.Findings.PutFinding(ctx, f))
			}
		case "put alert":
			a, err := w.Findings.GetAlert(ctx, "a1")
			must(t, err)
			a, _ = alert.Join(a, alert.Member{Finding: "new", Key: "NEW@east", State: finding.Open, Opened: nine}, nine)
			must(t, w.Findings.PutAlert(ctx, a))
		}
		return nil, nil
	}
	w.queued(t, decision(finding.Acknowledge))
	w.deliver(t)
	if got := states(w.findings(t)); got != "resolved" {
		t.Errorf("findings %s: a decision brought back what had ended", got)
	}
	if a := w.alert(t); len(a.Members) != 3 || a.Taken.By != dana || a.Open() != 1 {
		t.Errorf("%d members, %d open, taken by %q", len(a.Members), a.Open(), a.Taken.By)
	}
}

func TestTheRestWaitsWhenTimeIsShort(t *testing.T) {
	w := newWorld(t, 3)
	w.queued(t, decision(finding.Acknowledge))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if failed := w.service().Apply(ctx, []respond.Message{{ID: "m", Body: w.sent[0]}}); !slices.Equal(failed, []string{"m"}) {
		t.Errorf("failed %v", failed)
	}
	w.deliver(t)
	if states(w.findings(t)) != "acknowledged" {
		t.Errorf("findings %s", states(w.findings(t)))
	}
}

func TestAPoisonedDecisionFailsAlone(t *testing.T) {
	w := newWorld(t, 1)
	w.queued(t, decision(finding.Acknowledge))
	unknown := decision(finding.Acknowledge)
	unknown.Alert = "gone"
	w.queued(t, unknown)
	failed := w.service().Apply(t.Context(), []respond.Message{{ID: "poison", Body: "{"}, {ID: "gone", Body: w.sent[1]}, {ID: "good", Body: w.sent[0]}})
	if !slices.Equal(failed, []string{"poison", "gone"}) || states(w.findings(t)) != "acknowledged" {
		t.Errorf("failed %v, findings %s", failed, states(w.findings(t)))
	}
}
