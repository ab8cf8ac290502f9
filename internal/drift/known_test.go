package drift_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/store"
)

// alertsRead counts how often alerts are read, and lets somebody else write before
// each write when it is told to.
type alertsRead struct {
	store.Findings
	times    int
	overtake func()
}

func (a *alertsRead) GetAlert(ctx context.Context, id string) (alert.Alert, error) {
	a.times++
	return a.Findings.GetAlert(ctx, id)
}

func (a *alertsRead) PutAlert(ctx context.Context, to alert.Alert) error {
	if a.overtake != nil {
		a.overtake()
	}
	return a.Findings.PutAlert(ctx, to)
}

// many is a fleet with 120 differences in one alert that was told, and a walk over
// them to come.
func many(t *testing.T) (*fleet, *version) {
	t.Helper()
	f := newFleet()
	v := f.version(stocked("g1", "0", atEast))
	f.deploy(v)
	for i := range 120 {
		f.receive(v, f.stockOf("erp", fmt.Sprintf("SKU-%03d", i), "east", 10))
		f.receive(v, f.stockOf("shop", fmt.Sprintf("SKU-%03d", i), "501", 12))
	}
	f.mergeAll(t, v)
	f.run(t, v, time.Hour)
	if len(f.open(t)) != 120 || len(f.alerts(t)) != 1 {
		t.Fatalf("%d findings in %d alerts, want 120 in one", len(f.open(t)), len(f.alerts(t)))
	}
	return f, v
}

func TestAudit_ReadsAnAlertOnceForAllOfItsFindings(t *testing.T) {
	f, v := many(t)
	counted := &alertsRead{Findings: v.drift.Findings}
	v.drift.Findings = counted
	if err := v.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, time.Minute)
	const segments = 4
	if s := f.sweep(t, "audit"); s.Ended.IsZero() || counted.times > segments {
		t.Errorf("the alert was read %d times by an audit of %d segments that ended at %v", counted.times, segments, s.Ended)
	}
}

func TestAudit_TellsAnAlertThatOthersWriteMeanwhile(t *testing.T) {
	f, v := many(t)
	// All agree by now, and no look said so.
	for i := range 120 {
		f.receive(v, f.stockOf("shop", fmt.Sprintf("SKU-%03d", i), "501", 10))
	}
	f.mergeAll(t, v)
	f.looks.waiting = nil
	id, writes := f.alerts(t)[0].ID, 0
	counted := &alertsRead{Findings: v.drift.Findings}
	counted.overtake = func() {
		if writes++; writes%10 != 0 {
			return
		}
		a, err := f.findings.GetAlert(t.Context(), id)
		if err == nil {
			err = f.findings.PutAlert(t.Context(), a)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	v.drift.Findings = counted
	if err := v.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, time.Minute)
	a := f.alerts(t)[0]
	for _, m := range a.Members {
		if m.State != finding.Resolved {
			t.Errorf("%s is %s in the alert", m.Key, m.State)
		}
	}
	if len(f.open(t)) > 0 || a.Closed.IsZero() || writes < 120 {
		t.Errorf("%d findings open, the alert closed at %v after %d writes", len(f.open(t)), a.Closed, writes)
	}
}
