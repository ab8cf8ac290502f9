package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// kitWorld sells sets of two mugs and a tray, which the ERP stocks in parts.
func kitWorld(expect string) *world {
	r := stockRegistry(expect, 5*time.Minute)
	r.Kits = registry.NewKits(map[string][]registry.Component{
		"SET": {{SKU: "MUG", Units: commerce.Int(2)}, {SKU: "TRAY", Units: commerce.Int(1)}},
	}, "erp")
	return newWorld(r)
}

func TestKits_AreComparedByTheirComponents(t *testing.T) {
	w := kitWorld("from.free")
	w.deliver(t, w.levelOf("erp", "MUG", 9))
	w.deliver(t, w.levelOf("erp", "TRAY", 7))
	w.deliver(t, w.levelOf("shop", "SET", 4))
	w.until(t, at(9, 30))
	if all := w.all(t); len(all) != 0 {
		t.Fatalf("findings %v, want none: nine mugs make four sets", all)
	}
	w.deliver(t, w.levelOf("erp", "MUG", 5))
	w.until(t, at(9, 50))
	f := w.only(t)
	if f.Key.Text(f.Kind) != "SET@east" || f.Differences[0].Expected != "2" || f.Differences[0].Actual != "4" {
		t.Errorf("%s: %+v", f.Key, f.Differences)
	}
	if f.Since.Before(at(9, 30)) || f.Since.After(at(9, 31)) || f.Cause.System != "erp" {
		t.Errorf("since %v because of %s, want the mugs' change", f.Since, f.Cause.System)
	}
	w.deliver(t, w.levelOf("shop", "SET", 2))
	w.until(t, at(10, 0))
	if f = w.only(t); f.State != finding.Resolved {
		t.Errorf("state %s after the shop followed", f.State)
	}
}

func TestKits_WithAComponentOfWhichNothingIsKnownNothingCanBeTold(t *testing.T) {
	w := kitWorld("from.free")
	w.deliver(t, w.levelOf("erp", "MUG", 9))
	w.deliver(t, w.levelOf("shop", "SET", 40))
	w.until(t, at(10, 0))
	if all := w.all(t); len(all) != 0 {
		t.Errorf("findings %v", all)
	}
}

// TestKits_ComponentsOfSoldSetsAreInFlight: the shop sells a set, and the ERP
// still counts its mugs.
func TestKits_ComponentsOfSoldSetsAreInFlight(t *testing.T) {
	w := kitWorld("from.free - in_flight")
	w.deliver(t, w.levelOf("erp", "MUG", 10))
	w.deliver(t, w.levelOf("shop", "MUG", 10))
	w.until(t, at(9, 10))
	w.deliver(t, ordered("shop", 1, commerce.Line{SKU: "SET", Location: "east", Units: commerce.Int(2)}))
	w.deliver(t, w.levelOf("shop", "MUG", 6))
	w.until(t, at(9, 40))
	if all := w.all(t); len(all) != 0 {
		t.Errorf("findings %v, want none: four mugs are in two sets on their way", all)
	}
}

func TestKits_AComponentThatASystemNeverToldOfIsOneFinding(t *testing.T) {
	w := kitWorld("from.free")
	w.deliver(t, w.levelOf("erp", "MUG", 9))
	w.until(t, at(9, 30))
	w.now = w.now.AddDate(0, 0, 2)
	w.deliver(t, w.levelOf("erp", "MUG", 8))
	w.until(t, w.now.Add(10*time.Minute))
	if all := w.all(t); len(all) != 1 {
		t.Fatalf("%d findings, want one for the component", len(all))
	}
	f := w.all(t)[0]
	if f.Class != finding.UnknownMapping || f.Key.Text(f.Kind) != "erp/component/TRAY" || f.State != finding.Open {
		t.Fatalf("%s %s %s", f.Class, f.Key, f.State)
	}
	w.deliver(t, w.levelOf("erp", "MUG", 7))
	w.until(t, w.now.Add(10*time.Minute))
	if all := w.all(t); len(all) != 1 {
		t.Errorf("%d findings, want one for the component", len(all))
	}
}

func TestKits_AComponentThatIsReportedAtLastEndsItsFinding(t *testing.T) {
	w := kitWorld("from.free")
	w.drift.Sweeps = w.findings
	w.deliver(t, w.levelOf("erp", "MUG", 9))
	w.until(t, at(9, 30))
	w.now = w.now.AddDate(0, 0, 2)
	w.deliver(t, w.levelOf("erp", "MUG", 8))
	w.until(t, w.now.Add(10*time.Minute))
	w.deliver(t, w.levelOf("erp", "TRAY", 5))
	if err := w.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.until(t, w.now.Add(10*time.Minute))
	if all := w.all(t); len(all) != 1 || all[0].State != finding.Resolved {
		t.Errorf("findings %v, want one that is over", all)
	}
}
