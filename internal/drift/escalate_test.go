package drift_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// climbing is the stock registry with a ladder: a quarter of an hour, then an
// hour, and nights for what is not critical.
func climbing(severity string) *registry.Registry {
	r := stockRegistry("from.free", 5*time.Minute)
	i := &r.Integrations[0]
	i.Rules[0].Severity = severity
	i.Escalate = map[string]registry.Escalation{
		"critical": {After: 15 * time.Minute, Then: time.Hour}, "major": {After: 15 * time.Minute, Then: time.Hour},
	}
	i.Deputy.Quiet = registry.Hours{From: 20 * 60, Until: 7 * 60}
	return r
}

func (w *world) calls(t testing.TB) []string {
	t.Helper()
	var calls []string
	for _, a := range w.alerts(t) {
		for _, c := range a.Calls {
			calls = append(calls, c.At.Format("2 15:04 ")+c.Whom)
		}
	}
	return calls
}

func TestEscalation_CallsEachOnceAndIsPublished(t *testing.T) {
	w := newWorld(climbing("major"))
	w.differ(t, "CAP-BLK")
	w.until(t, at(23, 0))
	if diff := cmp.Diff([]string{"3 09:20 deputy", "3 10:20 team"}, w.calls(t)); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
	if a := w.alerts(t)[0]; a.Published != a.Seq || !a.Next.IsZero() {
		t.Errorf("published %d of %d, wakes at %s", a.Published, a.Seq, a.Next)
	}
	if w.published != 3 {
		t.Errorf("%d messages, want the alert and two calls", w.published)
	}
}

func TestEscalation_WaitsForTheMorningUnlessItIsCritical(t *testing.T) {
	for severity, want := range map[string][]string{
		"major":    {"4 07:00 deputy", "4 08:00 team"},
		"critical": {"3 20:20 deputy", "3 21:20 team"},
		"minor":    nil,
	} {
		w := newWorld(climbing(severity))
		w.now = at(20, 0)
		w.differ(t, "CAP-BLK")
		w.until(t, at(20, 0).Add(20*time.Hour))
		if diff := cmp.Diff(want, w.calls(t)); diff != "" {
			t.Errorf("%s: calls (-want +got):\n%s", severity, diff)
		}
	}
}

func TestEscalation_EndsWhenSomebodyAnswers(t *testing.T) {
	for name, answer := range map[string]func(*world, alert.Alert){
		"it is taken on": func(w *world, a alert.Alert) {
			a.Taken = alert.Taken{By: "U1", At: w.now}
			a.Seq++
			w.put(t, a)
		},
		"it is acknowledged": func(w *world, a alert.Alert) {
			f := w.only(t)
			f.State = finding.Acknowledged
			if err := w.findings.PutFinding(t.Context(), f); err != nil {
				t.Fatal(err)
			}
			f.Rev++
			a, _ = alert.Refresh(a, f)
			w.put(t, a)
		},
		"the sides agree": func(w *world, _ alert.Alert) { w.deliver(t, w.levelOf("shop", "CAP-BLK", 12)) },
	} {
		w := newWorld(climbing("critical"))
		w.differ(t, "CAP-BLK")
		w.until(t, at(9, 30))
		answer(w, w.alerts(t)[0])
		w.until(t, at(12, 0))
		if diff := cmp.Diff([]string{"3 09:20 deputy"}, w.calls(t)); diff != "" {
			t.Errorf("%s: calls (-want +got):\n%s", name, diff)
		}
		if out, _ := w.findings.Outbox(t.Context(), at(23, 59)); len(out) > 0 {
			t.Errorf("%s: the alert wakes at %s for nothing", name, out[0].Next)
		}
	}
}

func TestEscalation_AnOwnerWhoseTimeHasPassedIsNotWaitedFor(t *testing.T) {
	r := climbing("major")
	r.Integrations[0].Owner.Until = at(0, 0)
	w := newWorld(r)
	w.differ(t, "CAP-BLK")
	w.until(t, at(9, 30))
	if diff := cmp.Diff([]string{"3 09:05 deputy"}, w.calls(t)); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

// TestEscalation_AStopAnywhereCallsOnce stops the minute in which the deputy is
// called at each of its writes.
func TestEscalation_AStopAnywhereCallsOnce(t *testing.T) {
	for write := 1; ; write++ {
		w := newWorld(climbing("major"))
		w.differ(t, "CAP-BLK")
		w.until(t, at(9, 19))
		w.now = at(9, 20)
		stop := &stopping{Findings: w.findings, at: write, after: write%2 == 0}
		w.drift.Findings = stop
		_ = w.drift.Tick(t.Context())
		w.drift.Findings = w.findings
		if stop.at > 0 {
			return
		}
		w.until(t, at(9, 40))
		if got := w.calls(t); len(got) != 1 {
			t.Errorf("stopped at write %d: calls %v", write, got)
		}
		if a := w.alerts(t)[0]; a.Published != a.Seq {
			t.Errorf("stopped at write %d: published %d of %d", write, a.Published, a.Seq)
		}
	}
}
