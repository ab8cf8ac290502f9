package drift_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// refunding compares the total and the units of orders within half an hour, and
// expects refunds in the ERP after the given time.
func refunding(booked time.Duration) *registry.Registry {
	r := stockRegistry("from.free", 5*time.Minute)
	expect := func(kind commerce.Kind, facet string) registry.Expectation {
		return registry.Expectation{Facet: facet, Value: compile(kind, "from."+facet, commerce.NumberType)}
	}
	r.Integrations[1].Rules = []registry.Rule{
		{
			Integration: "orders", ID: "order-money", Kind: commerce.Order, From: "shop", To: "erp",
			Check: registry.Equal, Mode: registry.Alert, Settle: registry.Settle{For: 30 * time.Minute, By: -1},
			Expect: []registry.Expectation{expect(commerce.Order, "total_current"), expect(commerce.Order, "units_current")},
		},
		{
			Integration: "orders", ID: "refund-booked", Kind: commerce.Refund, From: "shop", To: "erp",
			Check: registry.Present, Mode: registry.Alert, Settle: registry.Settle{For: booked, By: -1},
			Expect: []registry.Expectation{expect(commerce.Refund, "amount")},
		},
	}
	return r
}

// tell lets a system report an order or its refunds, now.
func (w *world) tell(t *testing.T, kind commerce.Kind, system string, facets map[string]int64) {
	t.Helper()
	o := commerce.Observation{
		System: system, Kind: kind, Key: commerce.Key{"shop", "US0988"}, Part: "document", Native: system + string(kind), Slot: "document",
		Facets: commerce.Facets{"currency": commerce.Text("USD")}, Created: w.now,
	}
	for name, n := range facets {
		o.Facets[name] = commerce.Number(commerce.Int(n))
	}
	o.Stamp(commerce.VersionParts{Clock: w.now, Sequence: 1})
	w.deliver(t, o)
}

// refund lets the shop refund some of an order of 186 for three pieces that both
// systems had.
func (w *world) refund(t *testing.T, order, refund map[string]int64) {
	t.Helper()
	for _, system := range []string{"shop", "erp"} {
		w.tell(t, commerce.Order, system, map[string]int64{"total_current": 186, "units_current": 3})
		w.tell(t, commerce.Refund, system, map[string]int64{"amount": 0})
	}
	w.now = at(9, 10)
	w.tell(t, commerce.Order, "shop", order)
	w.tell(t, commerce.Refund, "shop", refund)
}

func TestRefund_AnOrderIsNoSecondFinding(t *testing.T) {
	type numbers = map[string]int64
	for _, c := range []struct {
		name          string
		order, refund numbers
		opens         bool
	}{
		{name: "money alone", order: numbers{"total_current": 128, "units_current": 3}, refund: numbers{"amount": 58}},
		{name: "with the goods", order: numbers{"total_current": 128, "units_current": 2}, refund: numbers{"amount": 58}},
		{name: "another amount", order: numbers{"total_current": 120, "units_current": 3}, refund: numbers{"amount": 58}, opens: true},
		{name: "goods that came to the order", order: numbers{"total_current": 128, "units_current": 4}, refund: numbers{"amount": 58}, opens: true},
		{name: "goods without money", order: numbers{"total_current": 186, "units_current": 2}, refund: numbers{"amount": 58}, opens: true},
		{name: "no refund", order: numbers{"total_current": 128, "units_current": 3}, refund: numbers{"amount": 0}, opens: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(refunding(20 * time.Minute))
			w.refund(t, c.order, c.refund)
			w.until(t, at(11, 0))
			if got := len(w.opened(t, "order-money")); got != map[bool]int{true: 1}[c.opens] {
				t.Errorf("%d findings about the order, want one %t", got, c.opens)
			}
			if got := len(w.opened(t, "refund-booked")); (got == 1) != (c.refund["amount"] != 0) {
				t.Errorf("%d findings about the refund", got)
			}
		})
	}
}

// TestRefund_ExplainsFromItsBeginningToItsEnd: before its own finding opens, with
// its finding, and no longer once it is booked.
func TestRefund_ExplainsFromItsBeginningToItsEnd(t *testing.T) {
	w := newWorld(refunding(90 * time.Minute))
	w.refund(t, map[string]int64{"total_current": 128, "units_current": 3}, map[string]int64{"amount": 58})
	why := func() string {
		t.Helper()
		verdicts, err := w.drift.Verdicts(t.Context(), w.rowOf(t, commerce.Order, "shop", "US0988"))
		if err != nil || len(verdicts) != 1 {
			t.Fatalf("%d verdicts, %v", len(verdicts), err)
		}
		return string(verdicts[0].Outcome) + ": " + verdicts[0].Why
	}
	w.until(t, at(10, 0))
	if got, want := why(), "pending: it is the refund of 58.00 USD that erp has not booked yet"; got != want {
		t.Errorf("while the refund has time: %s, want %s", got, want)
	}
	w.until(t, at(11, 0))
	refunds := w.opened(t, "refund-booked")
	if len(refunds) != 1 || !strings.HasSuffix(why(), "has not booked: finding "+refunds[0].ID) {
		t.Fatalf("with %d findings about the refund: %s", len(refunds), why())
	}
	w.tell(t, commerce.Refund, "erp", map[string]int64{"amount": 58})
	w.until(t, at(12, 30))
	if got := w.opened(t, "refund-booked"); got[0].State != finding.Resolved {
		t.Errorf("the refund's finding is %s", got[0].State)
	}
	got := w.opened(t, "order-money")
	if len(got) != 1 || got[0].State != finding.Open {
		t.Errorf("%d findings about an order that no refund explains any more", len(got))
	}
}

// TestRefund_IsReadOnlyWhenAFindingIsAboutToOpen counts what the store is asked.
func TestRefund_IsReadOnlyWhenAFindingIsAboutToOpen(t *testing.T) {
	w := newWorld(refunding(20 * time.Minute))
	w.refund(t, map[string]int64{"total_current": 120, "units_current": 3}, map[string]int64{"amount": 0})
	w.until(t, at(9, 31)) // the refund's own looks are over by then
	reads := &refundReads{Records: w.records}
	w.drift.Records = reads
	w.until(t, at(9, 39))
	if reads.n > 0 {
		t.Errorf("%d reads inside the settle time", reads.n)
	}
	w.until(t, at(9, 42))
	before := reads.n
	if before == 0 || before > 3 {
		t.Errorf("%d reads when the finding opens", before)
	}
	w.until(t, at(18, 0))
	if reads.n > before {
		t.Errorf("%d reads of an order whose finding is open", reads.n-before)
	}
}

// refundReads counts reads of refunds that are read for an order.
type refundReads struct {
	drift.Records
	n int
}

func (r *refundReads) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	if len(ids) == 1 && strings.HasPrefix(string(ids[0]), string(commerce.Refund)+"|") {
		r.n++
	}
	return r.Records.Get(ctx, ids)
}
