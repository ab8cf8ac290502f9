package drift_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/silence"
)

// hushing is a shop that differs from an ERP which was last heard at five past ten.
func hushing(t *testing.T) *watching {
	t.Helper()
	w := watch(stockRegistry("from.free", 30*time.Minute))
	w.heard(t, erpStock, 8, nine)
	w.heard(t, shopStock, 8, nine)
	w.talk(t, at(10, 5), erpStock, shopStock)
	w.differ(t, "MUG")
	w.talk(t, at(10, 45), shopStock)
	w.expect(t)
	return w
}

func TestHush_WhatASystemThatFallsSilentLeavesBehindIsNotTold(t *testing.T) {
	w := hushing(t)
	v, err := w.drift.Verdicts(t.Context(), w.rowOf(t, commerce.Inventory, "MUG", "east"))
	if err != nil || len(v) != 1 || v[0].Outcome != judge.CannotTell || !strings.HasPrefix(v[0].Why, "erp says nothing since 10:10 UTC") {
		t.Errorf("verdicts %+v, %v", v, err)
	}
	w.talk(t, at(11, 30), shopStock)
	w.expect(t, erpSilent+"open")
}

func TestHush_WhoIsHeardAgainHoldsNothing(t *testing.T) {
	w := hushing(t)
	w.talk(t, at(11, 0), erpStock, shopStock)
	w.expect(t, "stock MUG@east value_differs open")
	if f := w.all(t)[0]; f.Opened.After(at(10, 58)) {
		t.Errorf("opened at %s, want it soon after the ERP was heard", f.Opened.Format("15:04"))
	}
}

// TestHush_OnceItsSilenceIsToldNothingOfTheSystemIsTold lets an ERP fall silent whose
// stock is known for too short a time to be called silent itself.
func TestHush_OnceItsSilenceIsToldNothingOfTheSystemIsTold(t *testing.T) {
	erpOrders := silence.Source{System: "erp", Kind: commerce.Order}
	w := watch(stockRegistry("from.free", 30*time.Minute))
	w.heard(t, erpOrders, 8, nine)
	w.heard(t, shopStock, 8, nine)
	w.talk(t, at(10, 5), erpOrders, erpStock, shopStock)
	w.differ(t, "MUG")
	w.talk(t, at(14, 30), shopStock)
	w.expect(t, "silence-erp erp/silence/order silent open")
}

func TestHush_WhereNothingIsUsualNothingIsHeld(t *testing.T) {
	w := watch(stockRegistry("from.free", 30*time.Minute))
	w.talk(t, at(10, 5), erpStock, shopStock)
	w.differ(t, "MUG")
	w.talk(t, at(10, 45), shopStock)
	w.expect(t, "stock MUG@east value_differs open")
}

// TestHush_KindsThatRestInTurnsNeverRestTogether has an ERP that tells of orders and
// of stock in turns, so that neither is odd when it rests for half an hour.
func TestHush_KindsThatRestInTurnsNeverRestTogether(t *testing.T) {
	erpOrders := silence.Source{System: "erp", Kind: commerce.Order}
	w := watch(stockRegistry("from.free", 30*time.Minute))
	for slot := nine.AddDate(0, 0, -56); slot.Before(nine); slot = slot.Add(silence.Length) {
		if slot.Weekday() == time.Saturday || slot.Weekday() == time.Sunday || slot.Hour() < 8 || slot.Hour() >= 18 {
			continue
		}
		source := erpStock
		if slot.Unix()/int64(silence.Length/time.Second)%8 < 4 {
			source = erpOrders
		}
		if err := w.arrivals.Arrive(t.Context(), source, slot); err != nil {
			t.Fatal(err)
		}
	}
	w.heard(t, shopStock, 8, nine)
	w.talk(t, at(10, 5), erpStock, erpOrders, shopStock)
	w.differ(t, "MUG")
	w.talk(t, at(10, 40), shopStock)
	w.expect(t)
}

// TestHush_WhatIsGoneWaitsForWhoHasIt has the ERP remove an order. Who said that it is
// gone need not be heard again.
func TestHush_WhatIsGoneWaitsForWhoHasIt(t *testing.T) {
	erpOrders := silence.Source{System: "erp", Kind: commerce.Order}
	shopOrders := silence.Source{System: "shop", Kind: commerce.Order}
	for _, c := range []struct {
		silent string
		talks  silence.Source
		want   []string
	}{
		{"shop, which has it", erpOrders, nil},
		{"erp, which removed it", shopOrders, []string{"order-in-erp shop/US1 gone open"}},
	} {
		t.Run(c.silent, func(t *testing.T) {
			r := stockRegistry("from.free", 30*time.Minute)
			r.Integrations[1].Rules[0].Settle.For = 30 * time.Minute
			w := watch(r)
			w.heard(t, erpOrders, 8, nine)
			w.heard(t, shopOrders, 8, nine)
			w.deliver(t, ordered("erp", 1))
			w.deliver(t, ordered("shop", 1))
			w.talk(t, at(10, 5), erpOrders, shopOrders)
			gone := goneFrom("erp", 1)
			gone.Stamp(commerce.VersionParts{Clock: w.now})
			w.deliver(t, gone)
			w.talk(t, at(10, 45), c.talks)
			w.expect(t, c.want...)
		})
	}
}
