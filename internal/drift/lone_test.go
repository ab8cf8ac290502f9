package drift_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// knownSKUs adds the rule that the shop knows every SKU of the ERP.
func knownSKUs(r *registry.Registry) {
	r.Integrations[0].Rules = append(r.Integrations[0].Rules, registry.Rule{
		Integration: r.Integrations[0].Name, ID: "known-sku", Kind: commerce.Inventory, From: "erp", To: "shop",
		Check: registry.Present, Mode: registry.Alert, Settle: registry.Settle{For: time.Hour, By: -1},
	})
}

// audit goes by all rows and what follows from that.
func (f *fleet) audit(t *testing.T, v *version) {
	t.Helper()
	if err := v.drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, 5*time.Minute)
	f.mergeAll(t, v)
	f.run(t, v, 5*time.Minute)
}

func TestUnmappedSKUs_AreOneFinding(t *testing.T) {
	f := newFleet()
	v := f.version(stocked("g1", "0", atEast, knownSKUs))
	f.deploy(v)
	f.receive(v, f.stockOf("erp", "MUG", "east", 10))
	f.receive(v, f.stockOf("shop", "MUG", "501", 10))
	f.receive(v, f.stockOf("erp", "MUG", "west", 4)) // the shop has it at the other location
	f.mergeAll(t, v)
	f.now = f.now.Add(time.Hour)
	unknown := func(n, amount int) commerce.Observation {
		o := f.stockOf("erp", fmt.Sprintf("NEW-%02d", n), "east", amount)
		o.Created = time.Time{}
		return o
	}
	for i := range 80 {
		f.receive(v, unknown(i, 5))
	}
	f.mergeAll(t, v)
	f.audit(t, v)
	if open := f.open(t); len(open) > 0 {
		t.Fatalf("%d findings on the first day", len(open))
	}
	f.now = f.now.Add(26 * time.Hour)
	f.audit(t, v)
	open := f.open(t)
	one := open["mapping-shop shop/sku/erp"]
	if len(open) != 1 || one.Class != finding.UnmappedSKU || one.Why != "80 SKUs of erp are not known to shop, such as NEW-00, NEW-01, NEW-02, NEW-03, NEW-04" {
		t.Fatalf("%d findings: %+v", len(open), open)
	}
	for i := range 80 {
		f.receive(v, f.stockOf("shop", fmt.Sprintf("NEW-%02d", i), "502", 5))
	}
	f.mergeAll(t, v)
	f.now = f.now.Add(24 * time.Hour)
	f.audit(t, v)
	for _, o := range f.open(t) {
		if o.Class == finding.UnmappedSKU {
			t.Errorf("still open, although all of them are known: %s", o.Why)
		}
	}
}

// TestUnmappedSKUs_AreToldWhenTheirDayIsOver lets one appear an hour before an
// audit and another one eight hours later: neither waits for the audit after next.
func TestUnmappedSKUs_AreToldWhenTheirDayIsOver(t *testing.T) {
	f := newFleet()
	v := f.version(stocked("g1", "0", atEast, knownSKUs))
	v.drift.Watch = drift.NewWatch(&memory.Arrivals{})
	f.deploy(v)
	f.receive(v, f.stockOf("shop", "MUG", "501", 10))
	f.mergeAll(t, v)
	f.now = f.now.Add(time.Hour)
	appear := func(sku string) time.Time {
		f.receive(v, f.stockOf("erp", sku, "east", 5))
		f.mergeAll(t, v)
		return f.now
	}
	pass := func(until time.Time) {
		for f.now.Before(until) {
			f.run(t, v, min(4*time.Minute, until.Sub(f.now)))
			f.mergeAll(t, v)
		}
	}
	told := func() string { return f.open(t)["mapping-shop shop/sku/erp"].Why }
	first := appear("NEW-1")
	pass(f.now.Add(time.Hour))
	f.audit(t, v)
	pass(first.Add(24*time.Hour - time.Minute))
	if why := told(); why != "" {
		t.Fatalf("told on its first day: %s", why)
	}
	pass(first.Add(24*time.Hour + 10*time.Minute))
	if why := told(); why != "SKU NEW-1 of erp is not known to shop" {
		t.Errorf("after a day: %q", why)
	}
	second := appear("NEW-2")
	f.audit(t, v)
	pass(second.Add(24*time.Hour + 10*time.Minute))
	if why := told(); why != "2 SKUs of erp are not known to shop: NEW-1, NEW-2" {
		t.Errorf("a day after the second: %q", why)
	}
}

func TestUnmappedSKUs_OfWhatASystemWasNotThereToHearCannotBeTold(t *testing.T) {
	for name, heard := range map[string]bool{
		"nothing was ever heard of its stock":     false,
		"it was first heard when they were there": true,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFleet()
			v := f.version(stocked("g1", "0", atEast, knownSKUs))
			f.deploy(v)
			for i := range 5 {
				f.receive(v, f.stockOf("erp", fmt.Sprintf("OLD-%02d", i), "east", 5))
			}
			f.mergeAll(t, v)
			f.now = f.now.Add(time.Hour)
			if heard {
				f.receive(v, f.stockOf("shop", "MUG", "501", 10))
				f.mergeAll(t, v)
			}
			f.now = f.now.Add(48 * time.Hour)
			f.audit(t, v)
			for _, one := range f.open(t) {
				if one.Class == finding.UnmappedSKU {
					t.Errorf("%s, want nothing told", one.Why)
				}
			}
		})
	}
}
