package drift_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
)

// ordered is a web order of some units as a system reports it.
func ordered(system string, n int, lines ...commerce.Line) commerce.Observation {
	o := order(system, n)
	o.Lines = lines
	o.Stamp(commerce.VersionParts{Clock: nine, Sequence: uint64(n) + 1})
	return o
}

func line(sku, location string, units int64) commerce.Line {
	return commerce.Line{SKU: sku, Location: location, Units: commerce.Int(units)}
}

// TestFlight_OrdersOnTheirWayExplainStock lets the shop show three less than the
// ERP, and asks which orders account for that.
func TestFlight_OrdersOnTheirWayExplainStock(t *testing.T) {
	taken := ordered("erp", 1)
	taken.Gone = true
	posted := taken
	posted.SucceededBy = "PSI-1"
	second := goneFrom("shop", 1, line("CAP-BLK", "east", 3))
	second.Native = "shop-1-draft"
	for _, c := range []struct {
		name      string
		orders    []commerce.Observation
		explained bool
	}{
		{name: "none"},
		{name: "one of three at the location", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "east", 3))}, explained: true},
		{
			name:      "two that together have three",
			orders:    []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "east", 1)), ordered("shop", 2, line("CAP-BLK", "east", 2), line("MUG", "east", 9))},
			explained: true,
		},
		{name: "one of which nobody says from where it leaves", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "", 3))}, explained: true},
		{name: "floating units may leave from elsewhere", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "", 5))}, explained: true},
		{name: "too few", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "east", 2))}},
		{name: "too many that certainly leave from here", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "east", 4))}},
		{
			name: "the newest of them",
			orders: []commerce.Observation{
				ordered("shop", 1, line("CAP-BLK", "east", 2)), ordered("shop", 2, line("CAP-BLK", "east", 3)),
			},
			explained: true,
		},
		{
			name: "the older of them alone",
			orders: []commerce.Observation{
				ordered("shop", 1, line("CAP-BLK", "east", 3)), ordered("shop", 2, line("CAP-BLK", "east", 2)),
			},
		},
		{name: "of another SKU", orders: []commerce.Observation{ordered("shop", 1, line("MUG", "east", 3))}},
		{name: "from another location", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "west", 3))}},
		{name: "that the ERP has", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "east", 3)), ordered("erp", 1)}},
		{name: "that the ERP has posted", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "east", 3)), posted}},
		{name: "that the ERP lost", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "east", 3)), taken}, explained: true},
		{name: "that the shop no longer has", orders: []commerce.Observation{goneFrom("shop", 1, line("CAP-BLK", "east", 3))}},
		{name: "of which one document is gone", orders: []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "east", 3)), second}, explained: true},
		{
			name:      "that the warehouse reports too",
			orders:    []commerce.Observation{ordered("shop", 1, line("CAP-BLK", "east", 3)), ordered("wms", 1, line("CAP-BLK", "east", 3))},
			explained: true,
		},
		{name: "that only the ERP has", orders: []commerce.Observation{ordered("erp", 1, line("CAP-BLK", "east", 3))}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := stockRegistry("from.free - in_flight", 5*time.Minute)
			told := r.Integrations[1].Rules[0]
			told.ID, told.From, told.To = "order-in-wms", "erp", "wms"
			r.Integrations[1].Rules = append(r.Integrations[1].Rules, told)
			w := newWorld(r)
			w.deliver(t, w.levelOf("erp", "CAP-BLK", 12))
			w.deliver(t, w.levelOf("shop", "CAP-BLK", 9))
			for _, o := range c.orders {
				w.now = w.now.Add(time.Second)
				w.deliver(t, o)
			}
			w.now = at(9, 1)
			verdicts, err := w.drift.Verdicts(t.Context(), w.rowOf(t, commerce.Inventory, "CAP-BLK", "east"))
			if err != nil {
				t.Fatal(err)
			}
			if v := verdicts[0]; v.Explained != c.explained || v.Outcome != judge.Pending {
				t.Errorf("%s, explained %t (%s), want %t", v.Outcome, v.Explained, v.Why, c.explained)
			}
			if c.explained && (verdicts[0].Why == "" || strings.Contains(verdicts[0].Why, " 0 ")) {
				t.Errorf("why %q, want units and orders counted", verdicts[0].Why)
			}
			w.until(t, at(9, 50))
			if found := len(w.opened(t, "stock")) > 0; found == c.explained {
				t.Errorf("found %t, and explained by orders %t", found, c.explained)
			}
		})
	}
}

// TestFlight_UnitsAddedToAnOrderExplainStock lets the shop take off three more
// than the ERP, which has the order with fewer units than the shop.
func TestFlight_UnitsAddedToAnOrderExplainStock(t *testing.T) {
	sized := func(system string, units int64, lines ...commerce.Line) commerce.Observation {
		o := ordered(system, 1, lines...)
		o.Facets = commerce.Facets{"units_current": commerce.Number(commerce.Int(units))}
		return o
	}
	for _, c := range []struct {
		name      string
		orders    []commerce.Observation
		back      bool
		explained bool
	}{
		{name: "three more", orders: []commerce.Observation{sized("shop", 5, line("CAP-BLK", "east", 5)), sized("erp", 2)}, explained: true},
		{name: "three more, by a rule the other way", orders: []commerce.Observation{sized("shop", 5, line("CAP-BLK", "east", 5)), sized("erp", 2)}, back: true, explained: true},
		{name: "more than three, and some may be of another SKU", orders: []commerce.Observation{sized("shop", 9, line("CAP-BLK", "", 5), line("MUG", "", 4)), sized("erp", 2)}, explained: true},
		{name: "two more", orders: []commerce.Observation{sized("shop", 5, line("CAP-BLK", "east", 5)), sized("erp", 3)}},
		{name: "fewer", orders: []commerce.Observation{sized("shop", 2, line("CAP-BLK", "east", 2)), sized("erp", 5)}},
		{name: "more than the order has of the SKU", orders: []commerce.Observation{sized("shop", 5, line("CAP-BLK", "east", 2), line("MUG", "east", 3)), sized("erp", 2)}},
		{name: "the same", orders: []commerce.Observation{sized("shop", 5, line("CAP-BLK", "east", 5)), sized("erp", 5)}},
		{name: "of another SKU", orders: []commerce.Observation{sized("shop", 5, line("MUG", "east", 5)), sized("erp", 2)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := stockRegistry("from.free - in_flight", 20*time.Minute)
			units := r.Integrations[1].Rules[0]
			units.ID, units.Check, units.Settle = "order-units", registry.Equal, registry.Settle{For: 30 * time.Minute, By: -1}
			units.Expect = []registry.Expectation{{Facet: "units_current", Value: compile(commerce.Order, "from.units_current", commerce.NumberType)}}
			if c.back {
				units.From, units.To = units.To, units.From
			}
			r.Integrations[1].Rules = append(r.Integrations[1].Rules, units)
			w := newWorld(r)
			w.deliver(t, w.levelOf("erp", "CAP-BLK", 12))
			w.deliver(t, w.levelOf("shop", "CAP-BLK", 9))
			for _, o := range c.orders {
				w.deliver(t, o)
			}
			w.until(t, at(15, 0))
			if found := len(w.opened(t, "stock")) > 0; found == c.explained {
				t.Errorf("found %t, and explained by orders %t", found, c.explained)
			}
		})
	}
}

func goneFrom(system string, n int, lines ...commerce.Line) commerce.Observation {
	o := ordered(system, n, lines...)
	o.Gone = true
	return o
}

func TestFlight_WhatOrdersExplainedIsFoundOnceTheyArrived(t *testing.T) {
	w := newWorld(stockRegistry("from.free - in_flight", 5*time.Minute))
	w.deliver(t, w.levelOf("erp", "CAP-BLK", 12))
	w.deliver(t, ordered("shop", 1, line("CAP-BLK", "east", 3)))
	w.deliver(t, w.levelOf("shop", "CAP-BLK", 9))
	w.until(t, at(9, 30))
	if got := w.all(t); len(got) > 0 {
		t.Fatalf("findings %+v while an order explains it", got)
	}
	w.deliver(t, ordered("erp", 1, line("CAP-BLK", "east", 3)))
	w.until(t, at(10, 0))
	if f := w.only(t); f.Opened.Before(at(9, 35)) || f.Opened.After(at(9, 42)) {
		t.Errorf("opened %s, want a settle time after the ERP had the order and did not take its units off", f.Opened)
	}
}

func TestVerdicts_WriteNothing(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differ(t, "CAP-BLK")
	w.now = at(9, 30)
	before := w.rowOf(t, commerce.Inventory, "CAP-BLK", "east")
	verdicts, err := w.drift.Verdicts(t.Context(), before)
	if err != nil || len(verdicts) != 1 || verdicts[0].Outcome != judge.Differ {
		t.Fatalf("verdicts %+v, %v", verdicts, err)
	}
	if after := w.rowOf(t, commerce.Inventory, "CAP-BLK", "east"); after.Rev != before.Rev || len(w.all(t)) > 0 {
		t.Error("asking why wrote something")
	}
}
