package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// variants is a world whose shop reports stock by inventory item.
func variants() *world {
	r := stockRegistry("from.free", 5*time.Minute)
	shop := r.Systems["shop"]
	shop.Locations = map[string]string{"501": "east"}
	r.Systems["shop"] = shop
	return newWorld(r)
}

func (w *world) link(item, sku string) commerce.Observation {
	o := commerce.Observation{
		System: "shop", Kind: commerce.Link, Key: commerce.Key{"shop", "item", item}, Part: "link", Native: item,
		Facets: commerce.Facets{"sku": commerce.Text(sku)},
	}
	o.Stamp(commerce.VersionParts{Clock: w.now})
	return o
}

func (w *world) itemStock(item string, amount int) commerce.Observation {
	o := commerce.Observation{
		System: "shop", Kind: commerce.Inventory, Key: commerce.Key{"", "east"}, Via: &commerce.Via{Type: "item", Native: item},
		Part: "level", Native: item + "/501", Slot: "501", Facets: commerce.Facets{"available": commerce.Number(commerce.Int(int64(amount)))},
	}
	o.Stamp(commerce.VersionParts{Clock: w.now})
	return o
}

func TestMoved_AVariantWithAnotherSKUDoesNotSpeakForItsOldOne(t *testing.T) {
	w := variants()
	w.deliver(t, w.link("1", "CAP-BLK"), w.itemStock("1", 12), w.levelOf("erp", "CAP-BLK", 12))
	w.now = at(9, 10)
	w.deliver(t, w.link("1", "CAP-BLU"))
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 5), w.levelOf("erp", "CAP-BLU", 12))
	w.until(t, at(10, 0))
	if all := w.all(t); len(all) > 0 {
		t.Errorf("findings %+v", all)
	}
	row := w.rowOf(t, commerce.Inventory, "CAP-BLK", "east")
	if row.SideOf("shop").Known || !row.SideOf("erp").Live {
		t.Errorf("views %+v, want the ERP's alone", row.Views)
	}
	if got := w.rowOf(t, commerce.Inventory, "CAP-BLU", "east").SideOf("shop").Facets["available"].String(); got != "12" {
		t.Errorf("the new SKU shows %s, want 12", got)
	}
}

func TestMoved_WhatDidNotMoveIsFound(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, *world){
		"the link names the row's SKU": func(*testing.T, *world) {},
		"the link is gone": func(t *testing.T, w *world) {
			gone := w.link("1", "CAP-BLK")
			gone.Gone, gone.Facets = true, nil
			gone.Stamp(commerce.VersionParts{Clock: w.now})
			w.deliver(t, gone)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := variants()
			w.deliver(t, w.link("1", "CAP-BLK"), w.itemStock("1", 12), w.levelOf("erp", "CAP-BLK", 12))
			w.now = at(9, 10)
			prepare(t, w)
			w.deliver(t, w.levelOf("erp", "CAP-BLK", 5))
			w.until(t, at(10, 0))
			if f := w.only(t); f.State != finding.Open {
				t.Errorf("state %s", f.State)
			}
		})
	}
}

// TestMoved_OnlyTheMovedViewIsDropped lets two items of one SKU lie at two native
// locations of east, and takes the SKU from one of them.
func TestMoved_OnlyTheMovedViewIsDropped(t *testing.T) {
	w := variants()
	second := w.itemStock("2", 7)
	second.Native, second.Slot = "2/502", "502"
	w.deliver(t, w.link("1", "CAP-BLK"), w.link("2", "CAP-BLK"), w.levelOf("erp", "CAP-BLK", 19))
	w.deliver(t, w.itemStock("1", 12), second)
	w.now = at(9, 10)
	w.deliver(t, w.link("1", "CAP-BLU"))
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 7))
	w.until(t, at(10, 0))
	if all := w.all(t); len(all) > 0 {
		t.Errorf("findings %+v", all)
	}
	if got := w.rowOf(t, commerce.Inventory, "CAP-BLK", "east").SideOf("shop").Facets["available"].String(); got != "7" {
		t.Errorf("the SKU shows %s, want the stock of the item that it still has, 7", got)
	}
}

// TestMoved_AProductOfSeveralVariantsMovesNone deletes a product whose link
// names a SKU for each variant.
func TestMoved_AProductOfSeveralVariantsMovesNone(t *testing.T) {
	r := stockRegistry("from.free", 5*time.Minute)
	rule := r.Integrations[0].Rules[0]
	rule.ID, rule.Kind, rule.Check, rule.Expect = "listed", commerce.Product, registry.Present, nil
	r.Integrations[0].Rules = append(r.Integrations[0].Rules, rule)
	w := newWorld(r)
	product := func(system, sku, native string) commerce.Observation {
		o := commerce.Observation{System: system, Kind: commerce.Product, Key: commerce.Key{sku}, Part: "product", Native: native, Slot: "sku", Created: nine}
		o.Stamp(commerce.VersionParts{Clock: w.now})
		return o
	}
	variant := func(sku, native string) commerce.Observation {
		o := commerce.Observation{
			System: "shop", Kind: commerce.Link, Key: commerce.Key{"shop", "product", "9"}, Part: "link", Native: native,
			Facets: commerce.Facets{"sku": commerce.Text(sku), "variant": commerce.Text(native)},
		}
		o.Stamp(commerce.VersionParts{Clock: w.now})
		return o
	}
	w.deliver(t, product("erp", "CAP-BLK", "C1"), product("erp", "CAP-BLU", "C2"))
	w.deliver(t, variant("CAP-BLK", "71"), variant("CAP-BLU", "72"), product("shop", "CAP-BLK", "71"), product("shop", "CAP-BLU", "72"))
	w.now = at(9, 10)
	deleted := product("shop", "", "{variant}")
	deleted.Via, deleted.Gone = &commerce.Via{Type: "product", Native: "9", Each: true}, true
	w.deliver(t, deleted)
	w.until(t, at(9, 30))
	got := w.opened(t, "listed")
	if len(got) != 2 || got[0].Class != finding.Gone || got[1].Class != finding.Gone {
		t.Errorf("findings %+v, want one for each variant that the shop deleted and the ERP still has", got)
	}
}
