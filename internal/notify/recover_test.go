package notify_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/store/memory"
)

func TestRecover_EndsWhatAKilledRunHeld(t *testing.T) {
	now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	alerts := &memory.Findings{}
	for id, lease := range map[string]time.Time{"held": now.Add(time.Minute), "free": {}, "past": now.Add(-time.Minute)} {
		if err := alerts.PutAlert(t.Context(), alert.Alert{ID: id, Lease: lease}); err != nil {
			t.Fatal(err)
		}
	}
	if err := notify.Recover(t.Context(), alerts, now); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]time.Time{"held": now, "free": {}, "past": now.Add(-time.Minute)} {
		a, err := alerts.GetAlert(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if !a.Lease.Equal(want) {
			t.Errorf("the lease of %s ends %s, want %s: one that was never taken is in no doubt", id, a.Lease, want)
		}
	}
}
