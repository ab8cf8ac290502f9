package merge_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// itemLink says of which SKU an inventory item of the shop is.
func itemLink(item, sku string, change int) commerce.Observation {
	return observe(commerce.Observation{
		System: "shop", Kind: commerce.Link, Key: commerce.Key{"shop", "item", item}, Part: "link", Native: item,
		Facets: commerce.Facets{"sku": commerce.Text(sku)},
	}, change)
}

// itemStock is a stock level of an inventory item, whose SKU it does not say.
func itemStock(item string, amount, change int) commerce.Observation {
	return observe(commerce.Observation{
		System: "shop", Kind: commerce.Inventory, Key: commerce.Key{"", "east"}, Via: &commerce.Via{Type: "item", Native: item},
		Part: "level", Native: item + "/501", Slot: "501", Facets: commerce.Facets{"available": number(amount)},
	}, change)
}

func (w *world) stock(t testing.TB, sku string) string {
	t.Helper()
	return shown(w.row(t, commerce.Inventory, sku, "east"), "shop", "available")
}

func (w *world) waiting(t testing.TB, kind, native string) []commerce.Observation {
	t.Helper()
	return w.row(t, commerce.Link, "shop", kind, native).Waiting
}

func TestLinks_StockWaitsForItsProduct(t *testing.T) {
	w := newWorld()
	early := w.message(itemStock("1", 12, 1))
	if failed := w.merge(t, early); failed != nil || len(w.archive.bodies) != 1 {
		t.Fatalf("failed %v, %d archived: stock that waits is stored and need not come again", failed, len(w.archive.bodies))
	}
	if got := w.waiting(t, "item", "1"); len(got) != 1 {
		t.Fatalf("%d observations wait, want 1", len(got))
	}
	w.deliver(t, itemStock("1", 9, 3))
	w.deliver(t, itemStock("1", 10, 2))
	if got := w.waiting(t, "item", "1"); len(got) != 1 {
		t.Fatalf("%d observations wait, want the newest of the view alone", len(got))
	}
	w.deliver(t, itemLink("1", "MUG", 1))
	if got := w.stock(t, "MUG"); got != "9" {
		t.Errorf("the row shows %q, want 9", got)
	}
	if got := w.waiting(t, "item", "1"); len(got) != 0 {
		t.Errorf("%d observations still wait", len(got))
	}
}

func TestLinks_AKnownLinkIsReadAndNotWritten(t *testing.T) {
	w := newWorld()
	w.deliver(t, itemLink("1", "MUG", 1))
	w.records.forget()
	w.deliver(t, itemStock("1", 12, 1))
	if len(w.records.reads) != 2 || len(w.records.puts) != 1 || w.stock(t, "MUG") != "12" {
		t.Errorf("reads %v, writes %v; want the link read, and the row read and written", w.records.reads, w.records.puts)
	}
}

func TestLinks_WhatTheBatchItselfLearnsIsNotWaitedFor(t *testing.T) {
	for _, swapped := range []bool{false, true} {
		w := newWorld()
		stock, link := w.message(itemStock("1", 12, 1)), w.message(itemLink("1", "MUG", 1))
		batch := []merge.Message{stock, link}
		if swapped {
			batch = []merge.Message{link, stock}
		}
		if failed := w.merge(t, batch...); failed != nil {
			t.Fatal(failed)
		}
		if w.stock(t, "MUG") != "12" || len(w.records.puts) != 2 {
			t.Errorf("the row shows %q after the writes %v, want one of the link and one of the row", w.stock(t, "MUG"), w.records.puts)
		}
	}
}

// TestLinks_ACrashAnywhereLosesNothing refuses each write in turn, once, and
// lets the queue deliver again.
func TestLinks_ACrashAnywhereLosesNothing(t *testing.T) {
	for crash := 1; ; crash++ {
		w := newWorld()
		w.deliver(t, itemStock("1", 12, 1))
		writes, crashed := 0, false
		w.records.refuse = func(record.Row) error {
			if writes++; writes == crash {
				crashed = true
				return errDown
			}
			return nil
		}
		link := w.message(itemLink("1", "MUG", 1))
		failed := w.merge(t, link)
		if crashed != (len(failed) > 0) {
			t.Errorf("write %d refused %t, and the message was returned %t", crash, crashed, len(failed) > 0)
		}
		if again := w.merge(t, link); again != nil {
			t.Fatalf("after write %d was refused the next try failed", crash)
		}
		if got := w.stock(t, "MUG"); got != "12" || len(w.waiting(t, "item", "1")) != 0 {
			t.Errorf("after write %d was refused the row shows %q, and %d observations wait", crash, got, len(w.waiting(t, "item", "1")))
		}
		if !crashed {
			if crash != 4 {
				t.Errorf("%d writes, want three: the link, the row, and the link without what waited", crash-1)
			}
			return
		}
	}
}

func TestLinks_WhatIsMergedIsReleasedLaterWhereTheLinkChangedMeanwhile(t *testing.T) {
	w := newWorld()
	w.deliver(t, itemStock("1", 12, 1))
	w.records.refuse = func(row record.Row) error {
		if row.Kind == commerce.Link && len(row.Waiting) == 0 {
			return &store.LostError{Current: row}
		}
		return nil
	}
	link := w.message(itemLink("1", "MUG", 1))
	if failed := w.merge(t, link); failed != nil {
		t.Fatalf("failed %v, although merging what waits once more changes nothing", failed)
	}
	w.records.refuse = nil
	w.deliver(t, itemStock("1", 9, 2))
	if got := w.stock(t, "MUG"); got != "9" || len(w.waiting(t, "item", "1")) != 0 {
		t.Errorf("the row shows %q, and %d observations wait; want 9 and none", got, len(w.waiting(t, "item", "1")))
	}
}

func TestLinks_ALinkThatDoesNotKnowTheKeyKeepsWhatNeedsIt(t *testing.T) {
	for name, change := range map[string]func(*commerce.Observation){
		"it names no SKU":   func(o *commerce.Observation) { o.Facets = commerce.Facets{"variant": commerce.Text("7")} },
		"the SKU is null":   func(o *commerce.Observation) { o.Facets = commerce.Facets{"sku": commerce.Null()} },
		"the SKU is blank":  func(o *commerce.Observation) { o.Facets = commerce.Facets{"sku": commerce.Text("")} },
		"it is gone by now": func(o *commerce.Observation) { o.Gone = true },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			link := itemLink("1", "MUG", 1)
			change(&link)
			w.deliver(t, observe(link, 1))
			w.deliver(t, itemStock("1", 12, 1))
			if got := w.waiting(t, "item", "1"); len(got) != 1 {
				t.Fatalf("%d observations wait, want 1: an acknowledged event is never lost", len(got))
			}
			w.deliver(t, itemLink("1", "MUG", 2))
			if got := w.stock(t, "MUG"); got != "12" {
				t.Errorf("the row shows %q, want 12", got)
			}
		})
	}
}

// variant is what the shop says of one variant of a product, and its link.
func variant(product, native, sku string, change int) []commerce.Observation {
	return []commerce.Observation{
		observe(commerce.Observation{
			System: "shop", Kind: commerce.Product, Key: commerce.Key{sku}, Part: "product", Native: native, Slot: "sku",
			Facets: commerce.Facets{"status": commerce.Text("active")},
		}, change),
		observe(commerce.Observation{
			System: "shop", Kind: commerce.Link, Key: commerce.Key{"shop", "product", product}, Part: "link", Native: native,
			Facets: commerce.Facets{"sku": commerce.Text(sku), "variant": commerce.Text(native)},
		}, change),
	}
}

func TestLinks_ADeletedProductEndsEachOfItsVariantsNowAndLater(t *testing.T) {
	deletion := func(change int) []commerce.Observation {
		var all []commerce.Observation
		for part, native := range map[string]string{"product": "{variant}", "item": "{item}"} {
			all = append(all, observe(commerce.Observation{
				System: "shop", Kind: commerce.Product, Key: commerce.Key{""}, Via: &commerce.Via{Type: "product", Native: "9", Each: true},
				Part: part, Native: native, Slot: "sku", Gone: true,
			}, change))
		}
		return all
	}
	type step = []commerce.Observation
	for _, c := range []struct {
		name  string
		steps []step
		gone  map[string]bool
	}{
		{
			"variants known before",
			[]step{variant("9", "71", "MUG", 1), variant("9", "72", "CAP", 1), deletion(5)},
			map[string]bool{"MUG": true, "CAP": true},
		},
		{
			"a variant learnt later, from a delivery that was late",
			[]step{variant("9", "71", "MUG", 1), deletion(5), variant("9", "72", "CAP", 2)},
			map[string]bool{"MUG": true, "CAP": true},
		},
		{
			"no variant known before",
			[]step{deletion(5), variant("9", "71", "MUG", 1), variant("9", "72", "CAP", 1)},
			map[string]bool{"MUG": true, "CAP": true},
		},
		{
			"another product's variants",
			[]step{variant("8", "81", "BAG", 1), variant("9", "71", "MUG", 1), deletion(5)},
			map[string]bool{"MUG": true, "BAG": false},
		},
		{
			"a SKU that another product has as well",
			[]step{variant("9", "71", "MUG", 1), variant("8", "81", "MUG", 2), deletion(5)},
			map[string]bool{"MUG": false},
		},
		{
			"a variant that is changed after the deletion",
			[]step{variant("9", "71", "MUG", 1), deletion(5), variant("9", "71", "MUG", 6)},
			map[string]bool{"MUG": false},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			for _, s := range c.steps {
				w.deliver(t, s...)
				w.deliver(t, s...)
			}
			for sku, gone := range c.gone {
				if got := w.row(t, commerce.Product, sku).SideOf("shop"); got.Gone() != gone {
					t.Errorf("%s is gone: %t, want %t", sku, got.Gone(), gone)
				}
			}
			for view := range w.canonical(t) {
				if strings.HasPrefix(view, "product|") && strings.Contains(view, "{item}") {
					t.Errorf("a variant whose item is not known has the view %s", view)
				}
			}
		})
	}
}

func TestLinks_OneMoreVariantIsNoMove(t *testing.T) {
	w := newWorld()
	w.deliver(t, variant("9", "72", "CAP", 1)...)
	w.deliver(t, observe(commerce.Observation{
		System: "shop", Kind: commerce.Product, Key: commerce.Key{""}, Via: &commerce.Via{Type: "product", Native: "9", Each: true},
		Part: "product", Native: "{variant}", Slot: "sku", Gone: true,
	}, 2))
	w.deliver(t, variant("9", "71", "MUG", 3)...)
	for _, v := range w.row(t, commerce.Product, "MUG").Views {
		if v.Native != "71" {
			t.Errorf("the new variant's SKU has a view of variant %s", v.Native)
		}
	}
}

func TestLinks_StockFollowsItsVariantToAnotherSKU(t *testing.T) {
	w := newWorld()
	w.deliver(t, itemLink("1", "MUG", 1))
	w.deliver(t, itemStock("1", 12, 1), level("erp", "MUG", 12, 1))
	w.records.forget()
	renamed := w.message(itemLink("1", "MUG-2", 2))
	if failed := w.merge(t, renamed); failed != nil {
		t.Fatal(failed)
	}
	if got := w.stock(t, "MUG-2"); got != "12" {
		t.Errorf("the new SKU shows %q, want 12", got)
	}
	if row := w.row(t, commerce.Inventory, "MUG-2", "east"); len(row.Views) != 1 || row.Views[0].System != "shop" {
		t.Errorf("views %+v, want the shop's alone: the ERP's stock did not move", row.Views)
	}
	for _, read := range w.records.reads {
		for _, id := range read {
			if id == (commerce.Key{"MUG", "ignore"}).ID(commerce.Inventory) {
				t.Error("looked for stock at the location ignore")
			}
		}
	}
	w.deliver(t, itemStock("1", 9, 2))
	if was, is := w.stock(t, "MUG"), w.stock(t, "MUG-2"); was != "12" || is != "9" {
		t.Errorf("after the next change the old SKU shows %q and the new one %q, want 12 and 9", was, is)
	}
	if len(w.waiting(t, "item", "1")) != 0 {
		t.Error("something still waits")
	}
}

func TestLinks_TheSKUThatAVariantLeftIsLookedAt(t *testing.T) {
	w := newWorld()
	w.deliver(t, itemLink("1", "MUG", 1))
	w.deliver(t, itemStock("1", 12, 1), level("erp", "MUG", 12, 1))
	renamed := w.message(itemLink("1", "MUG-2", 2))
	w.looks.down = errDown
	if failed := w.merge(t, renamed); len(failed) != 1 {
		t.Fatal("acknowledged, and nobody will look")
	}
	w.looks.down = nil
	if failed := w.merge(t, renamed); failed != nil {
		t.Fatal(failed)
	}
	for _, look := range w.looks.sent {
		if look.Key.Text(look.Kind) == (commerce.Key{"MUG", "east"}).Text(commerce.Inventory) && !look.at.Before(nine.Add(30*time.Second)) {
			return
		}
	}
	t.Errorf("looks %+v, want one at MUG once its link is stored", w.looks.sent)
}

func TestLinks_OnlyTheVariantsOwnStockFollowsIt(t *testing.T) {
	w := newWorld()
	other := itemStock("1", 5, 1)
	other.System = "shop-ca"
	otherLink := itemLink("1", "MUG", 1)
	otherLink.System, otherLink.Key = "shop-ca", commerce.Key{"shop-ca", "item", "1"}
	r := w.service.Rules[commerce.Inventory]
	r = append(r, r[0])
	r[1].ID, r[1].To = "stock-ca", "shop-ca"
	w.service.Rules[commerce.Inventory], w.service.Registry.Integrations[0].Rules = r, append(w.service.Registry.Integrations[0].Rules, r[1])
	w.deliver(t, itemLink("1", "MUG", 1), itemLink("2", "MUG", 1), otherLink)
	w.deliver(t, itemStock("1", 12, 1), itemStock("2", 7, 1), other)
	w.deliver(t, itemLink("1", "MUG-2", 2))
	if row := w.row(t, commerce.Inventory, "MUG-2", "east"); len(row.Views) != 1 || row.Views[0].Native != "1/501" || row.Views[0].System != "shop" {
		t.Errorf("views %+v, want the stock of item 1 of the shop alone", row.Views)
	}
}

func TestLinks_ACrashWhileStockFollowsLosesNothing(t *testing.T) {
	for crash := 1; crash <= 3; crash++ {
		w := newWorld()
		w.deliver(t, itemLink("1", "MUG", 1), itemStock("1", 12, 1))
		writes := 0
		w.records.refuse = func(record.Row) error {
			if writes++; writes == crash {
				return errDown
			}
			return nil
		}
		renamed := w.message(itemLink("1", "MUG-2", 2))
		if failed := w.merge(t, renamed); len(failed) != 1 {
			t.Fatalf("write %d was refused, and the message was acknowledged", crash)
		}
		if failed := w.merge(t, renamed); failed != nil || w.stock(t, "MUG-2") != "12" || len(w.waiting(t, "item", "1")) > 0 {
			t.Errorf("after write %d was refused: failed %v, the new SKU shows %q", crash, failed, w.stock(t, "MUG-2"))
		}
	}
}

func refund(order string, change int) commerce.Observation {
	return observe(commerce.Observation{
		System: "shop", Kind: commerce.Refund, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: "order", Native: order},
		Part: "refund", Native: fmt.Sprint(change), Facets: commerce.Facets{"amount": number(5)},
	}, change)
}

func TestLinks_ARefundOfAnOrderThatNeverComesExpires(t *testing.T) {
	w := newWorld()
	w.deliver(t, refund("5001", 1))
	if got := w.row(t, commerce.Link, "shop", "order", "5001").Expires; !got.Equal(nine.Add(record.Tombstones)) {
		t.Errorf("expires %s, want 30 days after it came", got)
	}
	link := observe(commerce.Observation{
		System: "shop", Kind: commerce.Link, Key: commerce.Key{"shop", "order", "5001"}, Part: "link", Native: "5001",
		Facets: commerce.Facets{"store": commerce.Text("shop"), "number": commerce.Text("US1042")},
	}, 2)
	w.deliver(t, link)
	row := w.row(t, commerce.Link, "shop", "order", "5001")
	if !row.Expires.IsZero() || len(row.Waiting) != 0 {
		t.Errorf("a known link expires %s with %d waiting", row.Expires, len(row.Waiting))
	}
	if !w.row(t, commerce.Refund, "shop", "US1042").SideOf("shop").Live {
		t.Error("the refund was not merged")
	}
}
