package drift_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/registry"
)

// lawful adds a law to the registry: an equation of the terms.
func lawful(left, right string, terms ...registry.Term) func(*registry.Registry) {
	side := func(text string) *formula.Formula {
		f, err := formula.Compile(text, func(string) (commerce.Type, bool) { return commerce.NumberType, true }, commerce.NumberType)
		if err != nil {
			panic(err)
		}
		return f
	}
	return func(r *registry.Registry) {
		day := r.Integrations[0].Rules[1]
		day.ID, day.Kind, day.When, day.Expect = "law", "", nil, nil
		totals := *day.Totals
		totals.Count = false
		day.Totals = &totals
		day.Law = &registry.Law{Left: side(left), Right: side(right), Terms: terms}
		r.Integrations[0].Rules = []registry.Rule{day}
		since := nine.AddDate(0, 0, -2)
		for _, s := range r.Systems {
			s.CoveredSince[commerce.Payment], s.CoveredSince[commerce.Payout] = since, since
		}
	}
}

func when(kind commerce.Kind, text string) *formula.Formula {
	f, err := formula.Compile(text, func(name string) (commerce.Type, bool) {
		f, ok := kind.FacetOf(name)
		return f.Type, ok
	}, commerce.BoolType)
	if err != nil {
		panic(err)
	}
	return f
}

// ordersPaid says that what orders changed by was paid or is open.
func ordersPaid() func(*registry.Registry) {
	return lawful("orders.total", "captures.amount + open.total",
		registry.Term{Name: "captures", System: "erp", Kind: commerce.Payment, Facets: []string{"amount"}},
		registry.Term{Name: "open", System: "shop", Kind: commerce.Order, Facets: []string{"total"}, Change: true, When: when(commerce.Order, `payment == "pending"`)},
		registry.Term{Name: "orders", System: "shop", Kind: commerce.Order, Facets: []string{"total"}, Change: true},
	)
}

func (f *fleet) paid(v *version, number int, amount, payment string) {
	o := f.webOrder("shop", number, amount)
	o.Facets["payment"] = commerce.Text(payment)
	o.Created = at(12, 0)
	o.Stamp(commerce.VersionParts{Clock: f.now, Sequence: uint64(f.sent) + 1})
	f.receive(v, o)
}

func (f *fleet) capture(v *version, id, amount string) {
	o := commerce.Observation{
		System: "erp", Kind: commerce.Payment, Key: commerce.Key{id}, Part: "payment", Native: id, Created: f.now,
		Facets: commerce.Facets{"amount": commerce.Number(commerce.MustDecimal(amount)), "currency": commerce.Text("USD")},
	}
	o.Stamp(commerce.VersionParts{Clock: f.now})
	f.receive(v, o)
}

func (f *fleet) lawLedger(t *testing.T, period string) string {
	t.Helper()
	return f.ledgerOf(t, "orders/law", period)
}

func TestLaws_HoldOverSeveralKindsOfRecords(t *testing.T) {
	f, v := accounts(ordersPaid())
	f.paid(v, 100, "10", "paid")
	f.capture(v, "c-100", "10")
	f.paid(v, 101, "25", "pending")
	f.run(t, v, 22*time.Hour)
	compare(t, "USD agree: \n  holds 35 / 35 explained 0 waiting 0 rest 0", f.lawLedger(t, "2026-03-03"))

	// Paid on the next day: what was open is open no longer, and the law holds.
	f.paid(v, 101, "25", "paid")
	f.capture(v, "c-101", "25")
	f.run(t, v, 24*time.Hour)
	compare(t, "USD agree: \n  holds 0 / 0 explained 0 waiting 0 rest 0", f.lawLedger(t, "2026-03-04"))
	if len(f.all(t)) > 0 {
		t.Errorf("findings %v", f.open(t))
	}
}

func TestLaws_ABrokenOneIsAFindingWithItsTerms(t *testing.T) {
	f, v := accounts(ordersPaid())
	f.paid(v, 100, "10", "paid")
	f.capture(v, "c-100", "7")
	f.paid(v, 101, "25", "pending")
	f.run(t, v, 22*time.Hour)
	found, ok := f.open(t)["law orders/law/2026-03-03/USD"]
	if !ok || found.Why != "captures.amount is 7; open.total is 25; orders.total is 35" {
		t.Fatalf("%+v", found)
	}
	if d := found.Differences[0]; d.Facet != registry.HoldsMeasure || d.Expected != "32" || d.Actual != "35" {
		t.Errorf("%+v", d)
	}
}

func TestLaws_PayoutsHoldOneByOne(t *testing.T) {
	payouts := registry.Term{Name: "p", System: "shop", Kind: commerce.Payout, Facets: []string{"net", "gross", "fees"}}
	f, v := accounts(lawful("p.net", "p.gross - p.fees", payouts))
	for i, net := range []string{"97", "98", "96"} {
		o := commerce.Observation{
			System: "shop", Kind: commerce.Payout, Key: commerce.Key{fmt.Sprintf("po-%d", i)}, Part: "payout", Native: fmt.Sprint(i), Created: f.now,
			Facets: commerce.Facets{
				"net": commerce.Number(commerce.MustDecimal(net)), "gross": commerce.Number(commerce.Int(100)), "fees": commerce.Number(commerce.Int(3)),
				"currency": commerce.Text("USD"),
			},
		}
		o.Stamp(commerce.VersionParts{Clock: f.now})
		f.receive(v, o)
	}
	f.run(t, v, 22*time.Hour)
	if got := f.lawLedger(t, "2026-03-03"); !strings.HasPrefix(got, "USD differ: 2 records do not add up by themselves\n  holds 291 / 291") {
		t.Error(got)
	}
	found, ok := f.open(t)["law orders/law/2026-03-03/USD"]
	if !ok || found.Class != finding.TotalDiffers || found.Why != "nothing is known of po-1, po-2" {
		t.Errorf("%+v", found)
	}
}
