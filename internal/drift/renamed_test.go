package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// variant is what a shop says of a variant: its link from the product, and its
// stock under the SKU that it has.
func variant(native, sku string, available, version int) []commerce.Observation {
	at := commerce.VersionParts{Clock: nine.Add(time.Duration(version) * time.Second)}
	link := commerce.Observation{
		System: "shop", Kind: commerce.Link, Key: commerce.Key{"shop", "product", "P"}, Part: "link", Native: native,
		Facets: commerce.Facets{"sku": commerce.Text(sku)},
	}
	link.Stamp(at)
	stock := commerce.Observation{
		System: "shop", Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}, Via: &commerce.Via{Type: "product", Native: "P"},
		Part: "level", Native: native, Slot: "east",
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(int64(available)))},
	}
	stock.Stamp(at)
	return []commerce.Observation{stock, link}
}

func TestRenamed_AVariantDoesNotSpeakForItsFormerSKU(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.deliver(t, level("erp", "free", 9, 1))
	w.deliver(t, append(variant("V1", "CAP-BLK", 9, 1), variant("V2", "CAP-RED", 4, 1)...)...)
	w.now = w.now.Add(time.Hour)
	w.deliver(t, variant("V1", "CAP-NEW", 9, 2)...)
	w.now = w.now.Add(time.Minute)
	w.deliver(t, level("erp", "free", 3, 3))
	for range 12 {
		w.now = w.now.Add(time.Minute)
		w.runLooks(t)
		w.tick(t)
	}
	if got := w.opened(t, "stock"); len(got) > 0 {
		t.Errorf("the former SKU has %d findings: %+v", len(got), got[0].Timeline)
	}
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{capAtEast})
	if err != nil {
		t.Fatal(err)
	}
	if rows[capAtEast].SideOf("shop").Known {
		t.Error("the row still holds the view of the renamed variant")
	}
}

func TestRenamed_WhatIsOpenOfTheFormerSKUEndsSoonAfter(t *testing.T) {
	reg := stockRegistry("from.free", 5*time.Minute)
	shop := reg.Systems["shop"]
	shop.Locations = map[string]string{"east": "east"}
	reg.Systems["shop"] = shop
	w := newWorld(reg)
	w.deliver(t, level("erp", "free", 9, 1))
	w.deliver(t, variant("V1", "CAP-BLK", 4, 1)...)
	turns := func(n int) {
		for range n {
			w.now = w.now.Add(time.Minute)
			w.runLooks(t)
			w.tick(t)
		}
	}
	turns(10)
	if got := len(w.opened(t, "stock")); got != 1 {
		t.Fatalf("%d findings are open, want one of the SKU that differs", got)
	}
	w.deliver(t, variant("V1", "CAP-NEW", 4, 2)...)
	turns(3)
	if got := w.opened(t, "stock"); got[0].State != finding.Resolved {
		t.Errorf("three minutes after the SKU was renamed its finding is %s", got[0].State)
	}
}
