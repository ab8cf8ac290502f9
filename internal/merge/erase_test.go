package merge_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// newPersonalWorld has a rule about customers, one that looks for customers who
// are there twice, and one about the company of orders.
func newPersonalWorld() *world {
	r := shopAndERP(5 * time.Minute)
	add := func(id string, kind commerce.Kind, facet string) {
		r.Integrations[0].Rules = append(r.Integrations[0].Rules, registry.Rule{
			Integration: "acme", ID: id, Kind: kind, From: "shop", To: "erp", Check: registry.Equal, Mode: registry.Alert,
			Settle: registry.Settle{For: time.Minute, By: -1},
			Expect: []registry.Expectation{{Facet: facet, Value: compile(kind, "from."+facet, commerce.TextType)}},
		})
	}
	add("contact", commerce.Customer, "country")
	add("company", commerce.Order, "company")
	add("one-customer", commerce.Customer, "country")
	rules := r.Integrations[0].Rules
	rules[len(rules)-1].Check, rules[len(rules)-1].Expect = registry.Identity, nil
	return newWorldOf(r)
}

// contact is what a system says of a customer account.
func contact(system, native, hash string, change int) commerce.Observation {
	return observe(commerce.Observation{
		System: system, Kind: commerce.Customer, Key: commerce.Key{hash}, Part: "customer", Native: native, Slot: "customer",
		Facets: commerce.Facets{"country": commerce.Text("US")},
	}, change)
}

// account is what a native id of the shop stands for, with what else it is known
// by.
func account(native, hash string, change int) commerce.Observation {
	return knownBy("shop", native, change, "hash", hash, "phone", "phone of "+hash, "external", "shop/"+native)
}

// knownBy is what a native id of a system stands for.
func knownBy(system, native string, change int, names ...string) commerce.Observation {
	f := commerce.Facets{}
	for i := 0; i < len(names); i += 2 {
		if names[i+1] != "" {
			f[names[i]] = commerce.Text(names[i+1])
		}
	}
	return observe(commerce.Observation{
		System: system, Kind: commerce.Link, Key: commerce.Key{system, commerce.CustomerLink, native}, Part: "link", Native: native, Facets: f,
	}, change)
}

// accountGone is the deletion of an account, whose person only the link knows.
func accountGone(native string, change int) commerce.Observation {
	return observe(commerce.Observation{
		System: "shop", Kind: commerce.Customer, Key: commerce.Key{""}, Via: &commerce.Via{Type: commerce.CustomerLink, Native: native},
		Part: "customer", Native: native, Slot: "customer", Gone: true,
	}, change)
}

// request is the message of a delivery that asks to forget.
func (w *world) request(requests ...commerce.Erasure) merge.Message {
	m := w.message()
	e, err := queue.Decode(m.Body)
	if err != nil {
		panic(err)
	}
	e.Erase = requests
	if m.Body, err = queue.Encode(e); err != nil {
		panic(err)
	}
	return m
}

func (w *world) forget(t testing.TB, requests ...commerce.Erasure) {
	t.Helper()
	if failed := w.merge(t, w.request(requests...)); failed != nil {
		t.Fatalf("%v not carried out", failed)
	}
}

var quillon = commerce.Erasure{System: "shop", Native: "account-77", Hash: "quillon", Orders: []string{"shop-5"}}

// personal lists what rows say of persons, by row.
func (w *world) personal(t testing.TB) []string {
	t.Helper()
	var said []string
	err := w.records.Scan(context.Background(), "", func(row record.Row) error {
		about := commerce.Observation{Kind: row.Kind, Key: row.Key}.Personal()
		for _, v := range row.Views {
			if about {
				said = append(said, fmt.Sprintf("%s: %v", row.ID(), v.ViewID))
			}
			for name := range v.Facets {
				if slices.Contains(row.Kind.NamingFacets(), name) {
					said = append(said, fmt.Sprintf("%s: %s", row.ID(), name))
				}
			}
		}
		for _, o := range row.Waiting {
			if o.Personal() {
				said = append(said, fmt.Sprintf("%s: waiting", row.ID()))
			}
		}
		if about && len(row.Marks) > 0 {
			said = append(said, fmt.Sprintf("%s: marks", row.ID()))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return said
}

func TestErase_LeavesMarkersOfThePersonInEverySystem(t *testing.T) {
	w := newPersonalWorld()
	w.deliver(t, contact("shop", "account-77", "quillon", 1), account("account-77", "quillon", 1))
	w.deliver(t, contact("erp", "C-9", "quillon", 1))
	w.now = w.now.Add(time.Hour)
	w.forget(t, quillon)
	if said := w.personal(t); len(said) > 0 {
		t.Errorf("still said: %v", said)
	}
	person := w.row(t, commerce.Customer, "quillon")
	if !person.Suppressed.Equal(w.now) || !person.Expires.IsZero() {
		t.Errorf("the row is suppressed at %s, expires %s; want now and never", person.Suppressed, person.Expires)
	}
	w.wantLooks(t, commerce.Customer, commerce.Key{"quillon"}, w.now, w.now.Add(queue.MaxDelay))
	for _, key := range []commerce.Key{{"shop", commerce.CustomerLink, "account-77"}, {"erp", commerce.CustomerLink, "C-9"}} {
		if link := w.row(t, commerce.Link, key...); !link.Suppressed.Equal(w.now) {
			t.Errorf("link %v is suppressed at %s", key, link.Suppressed)
		}
	}
	if len(w.archive.bodies) != 3 {
		t.Errorf("%d deliveries archived, want 3", len(w.archive.bodies))
	}
}

// wantLooks wants looks at a record at the times among those that were asked for.
func (w *world) wantLooks(t *testing.T, kind commerce.Kind, key commerce.Key, at ...time.Time) {
	t.Helper()
	asked := map[time.Time]bool{}
	for _, l := range w.looks.sent {
		asked[l.at] = asked[l.at] || l.Key.ID(l.Kind) == key.ID(kind)
	}
	for _, time := range at {
		if !asked[time] {
			t.Errorf("nobody looks for findings of %s at %s", key.ID(kind), time)
		}
	}
}

func TestErase_SomebodyWhoIsAskedForByAddressAlone(t *testing.T) {
	request := commerce.Erasure{System: commerce.Plumbline, Hash: "quillon"}
	late := [][]commerce.Observation{
		{contact("shop", "account-77", "quillon", 9), account("account-77", "quillon", 9)},
		{contact("erp", "C-9", "quillon", 9)},
		{contact("erp", "C-9", "another address", 10)},
	}
	known := newPersonalWorld()
	known.deliver(t, contact("shop", "account-77", "quillon", 1), account("account-77", "quillon", 1))
	known.deliver(t, contact("erp", "C-9", "quillon", 1))
	for name, w := range map[string]*world{"known in two systems": known, "not known yet": newPersonalWorld()} {
		archived := len(w.archive.bodies)
		m := w.request(request)
		e, err := queue.Decode(m.Body)
		if err != nil {
			t.Fatal(err)
		}
		e.Delivery.System = commerce.Plumbline
		if m.Body, err = queue.Encode(e); err != nil {
			t.Fatal(err)
		}
		if failed := w.merge(t, m); failed != nil {
			t.Fatalf("%s: not carried out", name)
		}
		if len(w.archive.bodies) != archived+1 {
			t.Errorf("%s: the request is not archived: a rebuild would bring the person back", name)
		}
		for _, o := range late {
			w.deliver(t, o...)
		}
		if said := w.personal(t); len(said) > 0 {
			t.Errorf("%s: still said: %v", name, said)
		}
	}
}

func TestErase_WhatComesLaterIsLeftOut(t *testing.T) {
	w := newPersonalWorld()
	w.deliver(t, contact("shop", "account-77", "quillon", 1), account("account-77", "quillon", 1))
	w.deliver(t, contact("erp", "C-9", "quillon", 1))
	w.forget(t, quillon)
	for name, late := range map[string][]commerce.Observation{
		"a redelivery":                       {contact("shop", "account-77", "quillon", 1), account("account-77", "quillon", 1)},
		"a later change":                     {contact("shop", "account-77", "quillon", 9), account("account-77", "quillon", 9)},
		"the deletion of the account":        {accountGone("account-77", 10)},
		"another system":                     {contact("erp", "C-9", "quillon", 11)},
		"another account of the same person": {contact("shop", "78", "quillon", 12)},
	} {
		w.deliver(t, late...)
		if said := w.personal(t); len(said) > 0 {
			t.Errorf("%s brings back %v", name, said)
		}
	}
	w.records.forget()
	w.deliver(t, contact("shop", "account-77", "quillon", 20), account("account-77", "quillon", 20))
	w.deliver(t, contact("shop", "78", "quillon", 21))
	if len(w.records.puts) > 0 {
		t.Errorf("what is left out is written: %v", w.records.puts)
	}
	w.deliver(t, contact("erp", "C-9", "another address", 13))
	w.deliver(t, contact("shop", "account-77", "another address", 13), account("account-77", "another address", 13))
	if said := w.personal(t); len(said) > 0 {
		t.Errorf("under another address comes back %v", said)
	}
	w.deliver(t, contact("shop", "79", "somebody else", 1), account("79", "somebody else", 1))
	if row := w.row(t, commerce.Customer, "somebody else"); len(row.Views) != 1 {
		t.Error("another customer was left out")
	}
}

// Whatever is delivered, in any order and any number of times, nothing of the
// person is left once the request is among it.
func TestErase_AnyOrderGivesTheSame(t *testing.T) {
	events := [][]commerce.Observation{
		{contact("shop", "account-77", "former address", 1), account("account-77", "former address", 1)},
		{contact("shop", "account-77", "quillon", 2), account("account-77", "quillon", 2)},
		{contact("erp", "C-9", "former address", 1)},
		{contact("erp", "C-9", "quillon", 2)},
		{contact("erp", "C-9", "another address", 3)},
		{accountGone("account-77", 3)},
		{sale("shop", "Canaryworth", 1), saleLink(1)},
		{sale("erp", "Canaryworth Ltd", 2)},
		nil, // the request
	}
	for _, known := range []string{"quillon", ""} {
		t.Run("by address "+known, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				w := newPersonalWorld()
				order := rapid.Permutation(append([]int{0, 1, 2, 3, 4, 5, 6, 7, 8}, rapid.SliceOfN(rapid.IntRange(0, 8), 0, 6).Draw(rt, "again")...)).Draw(rt, "order")
				var batch []merge.Message
				for i, n := range order {
					m := w.message(events[n]...)
					if events[n] == nil {
						m = w.request(commerce.Erasure{System: "shop", Native: "account-77", Hash: known, Orders: []string{"shop-5"}})
					}
					batch = append(batch, m)
					if i == len(order)-1 || rapid.Bool().Draw(rt, "batch ends") {
						if failed := w.merge(t, batch...); failed != nil {
							rt.Fatal(failed)
						}
						batch = nil
					}
				}
				if said := w.personal(t); len(said) > 0 {
					rt.Fatalf("in the order %v is left: %v", order, said)
				}
				if got := shown(w.row(t, commerce.Order, "shop", "US1042"), "erp", "total"); got != "9" {
					rt.Fatalf("the order's total is %q", got)
				}
			})
		})
	}
}

// The request fails at each of its reads and writes, and is delivered again.
func TestErase_AStopAnywhereIsMadeGoodByTheNextDelivery(t *testing.T) {
	for stop := 1; ; stop++ {
		w := newPersonalWorld()
		w.deliver(t, contact("shop", "account-77", "former address", 1), account("account-77", "former address", 1))
		w.deliver(t, contact("erp", "C-8", "former address", 1))
		w.deliver(t, contact("shop", "account-77", "quillon", 2), account("account-77", "quillon", 2))
		w.deliver(t, contact("erp", "C-9", "another address", 1))
		w.deliver(t, contact("erp", "C-9", "quillon", 2))
		w.deliver(t, sale("shop", "Canaryworth", 1), saleLink(1))
		w.deliver(t, sale("erp", "Canaryworth Ltd", 2))
		calls := 0
		step := func() error {
			if calls++; calls == stop {
				return errDown
			}
			return nil
		}
		w.records.refuse = func(record.Row) error { return step() }
		w.records.beforeRead, w.looks.before = step, step
		m := w.request(quillon)
		failed := w.merge(t, m)
		if reached := calls >= stop; reached != (len(failed) == 1) {
			t.Fatalf("stopped at call %d of %d: failed %v", stop, calls, failed)
		}
		w.records.refuse, w.records.beforeRead, w.looks.before = nil, nil, nil
		if len(failed) == 0 {
			if stop < 12 {
				t.Errorf("only %d calls", stop)
			}
			return
		}
		if again := w.merge(t, m); again != nil {
			t.Fatalf("stopped at call %d: the next delivery failed: %v", stop, again)
		}
		if said := w.personal(t); len(said) > 0 {
			t.Fatalf("stopped at call %d: still said: %v", stop, said)
		}
		for _, hash := range []string{"quillon", "former address", "another address"} {
			w.wantLooks(t, commerce.Customer, commerce.Key{hash}, w.now, w.now.Add(queue.MaxDelay))
		}
		w.wantLooks(t, commerce.Order, commerce.Key{"shop", "US1042"}, w.now, w.now.Add(queue.MaxDelay))
		for _, native := range []string{"C-8", "C-9"} {
			if w.row(t, commerce.Link, "erp", commerce.CustomerLink, native).Suppressed.IsZero() {
				t.Fatalf("stopped at call %d: account %s may come back", stop, native)
			}
		}
	}
}

// Guests of all kinds are booked on one account.
func TestErase_AnAccountOfManyPersonsStays(t *testing.T) {
	w := newPersonalWorld()
	for i := range 40 {
		w.deliver(t, contact("erp", "GUESTS", fmt.Sprintf("guest-%02d", i), i+1))
	}
	w.deliver(t, contact("erp", "GUESTS", "quillon", 50))
	w.forget(t, quillon)
	w.deliver(t, contact("erp", "GUESTS", "quillon", 51))
	if row := w.row(t, commerce.Customer, "quillon"); row.Suppressed.IsZero() {
		t.Error("the person is not erased")
	}
	for i := range 40 {
		if row := w.row(t, commerce.Customer, fmt.Sprintf("guest-%02d", i)); len(row.Views) != 1 {
			t.Fatalf("guest %d was erased with another", i)
		}
	}
	if n := len(w.row(t, commerce.Link, "erp", commerce.CustomerLink, "GUESTS").Views); n > 16 {
		t.Errorf("the account's link has %d views, and grows with every guest", n)
	}
}

func TestErase_ALostRaceIsTriedAgain(t *testing.T) {
	w := newPersonalWorld()
	w.deliver(t, contact("shop", "account-77", "quillon", 1), account("account-77", "quillon", 1))
	raced := map[commerce.RecordID]bool{}
	w.records.before = func(row record.Row) {
		if raced[row.ID()] || row.Suppressed.IsZero() {
			return
		}
		raced[row.ID()] = true
		now, err := w.records.Records.Get(t.Context(), []commerce.RecordID{row.ID()})
		if err != nil {
			t.Fatal(err)
		}
		other := now[row.ID()]
		other.Kind, other.Key = row.Kind, row.Key
		late := contact("shop", "account-77", "quillon", 5)
		if row.Kind == commerce.Link {
			late = account("account-77", "raced address", 5)
		}
		other, _ = record.Merge(other, late, record.Source{Received: nine})
		if err := w.records.Records.Put(t.Context(), other); err != nil {
			t.Fatal(err)
		}
	}
	w.forget(t, quillon)
	if said := w.personal(t); len(said) > 0 || len(raced) < 2 {
		t.Errorf("after %d races is left %v", len(raced), said)
	}
	if w.row(t, commerce.Customer, "raced address").Suppressed.IsZero() {
		t.Error("the address that the account got meanwhile may come back")
	}
}
