package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
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
