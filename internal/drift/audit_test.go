package drift_test

import (
	"errors"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/generation"
)

// forgotten is a fleet with rows whose looks were lost.
func forgotten(t *testing.T) (*fleet, *version) {
	t.Helper()
	f := newFleet()
	v := f.version(stocked("g1", "0", atEast))
	f.deploy(v)
	for _, sku := range []string{"CAP", "MUG", "TEE"} {
		f.receive(v, f.stockOf("erp", sku, "east", 10))
		f.receive(v, f.stockOf("shop", sku, "501", 12))
	}
	f.mergeAll(t, v)
	f.looks.waiting = nil
	f.run(t, v, time.Hour)
	if len(f.all(t)) > 0 {
		t.Fatalf("findings %v without a look", f.open(t))
	}
	return f, v
}

func TestAudit_FindsWhatNoLookAskedFor(t *testing.T) {
	f, v := forgotten(t)
	before := f.rowOf(t, commerce.Inventory, "CAP", "east")
	if err := v.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, 5*time.Minute)
	if len(f.open(t)) != 3 || len(f.alerts(t)) != 1 {
		t.Errorf("%d findings in %d alerts", len(f.open(t)), len(f.alerts(t)))
	}
	if got := f.alerts(t)[0]; got.Rule != "stock" || got.Common["event"] != "" {
		t.Errorf("the alert is of rule %q and event %q, want an ordinary one", got.Rule, got.Common["event"])
	}
	if f.rowOf(t, commerce.Inventory, "CAP", "east").Rev == before.Rev {
		t.Error("the row does not know its finding")
	}
	if s := f.sweep(t, "audit"); s.Ended.IsZero() || s.Segments[0].Rows+s.Segments[1].Rows+s.Segments[2].Rows+s.Segments[3].Rows != 3 {
		t.Errorf("%+v", s)
	}
}

func TestAudit_WritesNoRowThatIsAtRest(t *testing.T) {
	f := newFleet()
	old := f.version(stocked("g1", "5", atEast))
	f.deploy(old)
	f.apart(t, old, 3)
	before := f.rowOf(t, commerce.Inventory, "SKU-00", "east")
	if err := old.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.run(t, old, 5*time.Minute)
	if after := f.rowOf(t, commerce.Inventory, "SKU-00", "east"); after.Rev != before.Rev || len(f.all(t)) > 0 {
		t.Errorf("revision %d, was %d", after.Rev, before.Rev)
	}
}

func TestAudit_TwiceWithinTheHourIsOnce(t *testing.T) {
	f, v := forgotten(t)
	for range 3 {
		if err := v.drift.Audit(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(f.sweepMessages()); n != 4 {
		t.Errorf("%d messages, want one for each part", n)
	}
	first := f.sweep(t, "audit")
	f.now = f.now.Add(24 * time.Hour)
	if err := v.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, 5*time.Minute)
	if next := f.sweep(t, "audit"); next.Run == first.Run || next.Ended.IsZero() || len(f.open(t)) != 3 {
		t.Errorf("the audit of the next day: %+v", next)
	}
}

func TestAudit_AnOldDriftLeavesItToTheNewOne(t *testing.T) {
	f, v := forgotten(t)
	f.current = "g2"
	if err := v.drift.Audit(t.Context()); !errors.Is(err, generation.ErrOld) {
		t.Errorf("%v, want the call to come again", err)
	}
	if len(f.sweepMessages()) > 0 {
		t.Error("the old drift began to walk")
	}
}

// TestAudit_AnOrderThatExplainsStockGoesOnDoingSo: of a record that is missing
// nothing can be told before its side is known to be covered. Until its time has
// come it waits in the index, where stock finds it.
func TestAudit_AnOrderThatExplainsStockGoesOnDoingSo(t *testing.T) {
	f := newFleet()
	r := stockRegistry("from.free - in_flight", 5*time.Minute)
	v := f.version(r)
	f.deploy(v)
	f.receive(v, f.stockOf("erp", "CAP-BLK", "east", 12))
	f.receive(v, f.stockOf("shop", "CAP-BLK", "east", 9))
	f.receive(v, ordered("shop", 1, line("CAP-BLK", "east", 3)))
	f.mergeAll(t, v)
	before := f.rowOf(t, commerce.Order, "shop", "US1")
	if before.Due.IsZero() {
		t.Fatalf("the order is not in the index: %+v", before)
	}
	f.run(t, v, 3*time.Minute)
	if err := v.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, time.Hour)
	if after := f.rowOf(t, commerce.Order, "shop", "US1"); !after.Due.Equal(before.Due) {
		t.Errorf("due %s, was %s", after.Due, before.Due)
	}
	if len(f.open(t)) > 0 {
		t.Errorf("findings %v while an order explains the stock", f.open(t))
	}
}
