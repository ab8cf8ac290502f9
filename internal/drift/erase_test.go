package drift_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// contacts has a rule about customers, and two about orders of which one names
// somebody.
func contacts() *registry.Registry {
	r := stockRegistry("from.free", time.Minute)
	equal := func(id string, kind commerce.Kind, facet string) registry.Rule {
		d, _ := kind.FacetOf(facet)
		return registry.Rule{
			Integration: "contacts", ID: id, Kind: kind, From: "shop", To: "erp", Check: registry.Equal, Mode: registry.Alert,
			Severity: "normal", Settle: registry.Settle{For: time.Minute, By: -1},
			Expect: []registry.Expectation{{Facet: facet, Value: compile(kind, "from."+facet, d.Type)}},
		}
	}
	r.Integrations = append(r.Integrations, registry.Integration{
		Name: "contacts", Owner: registry.Owner{Team: "crm"}, From: "shop", To: "erp",
		Rules: []registry.Rule{
			equal("contact", commerce.Customer, "country"), equal("company", commerce.Order, "company"), equal("total", commerce.Order, "total"),
		},
	})
	return r
}

var changes int

func said(o commerce.Observation) commerce.Observation {
	changes++
	o.Stamp(commerce.VersionParts{Clock: nine.Add(time.Duration(changes) * time.Second), Sequence: uint64(changes)})
	return o
}

func contact(system, hash, native, country string) commerce.Observation {
	return said(commerce.Observation{
		System: system, Kind: commerce.Customer, Key: commerce.Key{hash}, Part: "customer", Native: native, Slot: "customer",
		Facets: commerce.Facets{"country": commerce.Text(country)},
	})
}

func purchase(system, company string, total int64) commerce.Observation {
	return said(commerce.Observation{
		System: system, Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}, Part: "order", Native: system + "-5",
		Facets: commerce.Facets{"company": commerce.Text(company), "total": commerce.Number(commerce.Int(total)), "currency": commerce.Text("USD")},
	})
}

var quillon = commerce.Erasure{System: "shop", Native: "native-quillon", Hash: "hash-quillon", Orders: []string{"shop-5"}}

// forget merges a request.
func (w *world) forget(t testing.TB, request commerce.Erasure) {
	t.Helper()
	w.sent++
	id := fmt.Sprintf("delivery-%d", w.sent)
	w.envelopes[id] = queue.Envelope{Delivery: commerce.Delivery{ID: id, System: request.System, Received: w.now}, Erase: []commerce.Erasure{request}}
	if failed := w.merge.Merge(t.Context(), []merge.Message{{ID: id, Body: id, Receives: 1}}); len(failed) > 0 {
		t.Fatal("the request was not carried out")
	}
}

// apart makes the systems differ about two customers and an order, so that
// findings open. One finding about the first customer has ended before.
func (w *world) apart(t *testing.T) {
	t.Helper()
	link := said(commerce.Observation{
		System: "shop", Kind: commerce.Link, Key: commerce.Key{"shop", commerce.OrderLink, "shop-5"}, Part: "link", Native: "shop-5",
		Facets: commerce.Facets{"store": commerce.Text("shop"), "number": commerce.Text("US1042")},
	})
	w.deliver(t, contact("shop", "hash-quillon", "native-quillon", "US"), contact("erp", "hash-quillon", "C-quillon", "US"))
	w.deliver(t, contact("shop", "hash-other", "native-other", "US"), contact("erp", "hash-other", "C-other", "US"))
	w.deliver(t, link, purchase("shop", "Quillon & Daughters", 9), purchase("erp", "Quillon & Daughters", 9))
	for _, country := range []string{"CA", "US", "CA"} {
		w.deliver(t, contact("erp", "hash-quillon", "C-quillon", country))
		w.until(t, w.now.Add(3*time.Minute))
	}
	w.deliver(t, contact("erp", "hash-other", "C-other", "CA"))
	w.deliver(t, purchase("erp", "Quillon Ltd", 8))
	w.until(t, w.now.Add(3*time.Minute))
	if n := len(w.all(t)); n != 5 {
		t.Fatalf("%d findings, want two of the first customer, one of the other and two of the order", n)
	}
}

// everything is what findings, alerts and rows say, as text.
func (w *world) everything(t *testing.T) string {
	t.Helper()
	var rows []record.Row
	err := w.records.Scan(t.Context(), "", func(row record.Row) error {
		if row.Suppressed.IsZero() {
			rows = append(rows, row)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal([]any{w.all(t), w.alerts(t)})
	if err != nil {
		t.Fatal(err)
	}
	return strings.ToLower(fmt.Sprintf("%s %v", text, rows))
}

func (w *world) wantForgotten(t *testing.T, where string) {
	t.Helper()
	if told := w.everything(t); strings.Contains(told, "quillon") {
		at := strings.Index(told, "quillon")
		t.Fatalf("%s: still told: …%s…", where, told[max(0, at-200):min(len(told), at+100)])
	}
	for _, name := range []string{
		"spells/contacts/contact/" + string(commerce.Key{"hash-quillon"}.ID(commerce.Customer)), // how often the record came
		"person/shop/native-quillon", // which alerts are about the person
	} {
		if _, err := w.findings.GetGroup(t.Context(), name); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("%s: the group %s is still known: %v", where, name, err)
		}
	}
	var open []string
	for _, f := range w.all(t) {
		if f.State == finding.Open {
			open = append(open, f.Rule+" "+f.Key.Text(f.Kind))
		}
	}
	if len(open) != 2 {
		t.Fatalf("%s: open are %v, want the other customer and the order's total", where, open)
	}
	describes := 0
	for _, a := range w.alerts(t) {
		for _, m := range a.Members {
			if m.Key == "erased record" && m.State == finding.Resolved {
				describes++
			}
		}
	}
	if describes == 0 {
		t.Fatalf("%s: no alert says that a record was erased", where)
	}
}

func TestErase_FindingsAndAlertsForgetTheRecord(t *testing.T) {
	w := newWorld(contacts())
	w.apart(t)
	if told := w.everything(t); !strings.Contains(told, "quillon") {
		t.Fatal("the test would see nothing")
	}
	w.forget(t, quillon)
	w.until(t, w.now.Add(20*time.Minute))
	w.wantForgotten(t, "after the looks")
	seq := map[string]int64{}
	for _, a := range w.alerts(t) {
		seq[a.ID] = a.Seq
	}
	w.forget(t, quillon)
	w.until(t, w.now.Add(20*time.Minute))
	for _, a := range w.alerts(t) {
		if a.Seq != seq[a.ID] {
			t.Errorf("a repeated request changes alert %s", a.ID)
		}
	}
}

// crashErase also ends an invocation at what is deleted.
type crashErase struct{ crashFindings }

func (c crashErase) DeleteFinding(ctx context.Context, id string) error {
	return c.call(func() error { return c.Findings.DeleteFinding(ctx, id) })
}

func (c crashErase) DeleteGroup(ctx context.Context, name string) error {
	return c.call(func() error { return c.Findings.DeleteGroup(ctx, name) })
}

func TestErase_ACrashAtAnyCallIsMadeGood(t *testing.T) {
	erase := func(c *crash) {
		w := newWorld(contacts())
		w.apart(t)
		w.forget(t, quillon)
		w.drift.Findings = crashErase{crashFindings{w.findings, c}}
		for range 4 { // the queue hands a look out again
			c.dead = false
			w.drift.Look(t.Context(), []drift.Message{
				{ID: "a", Body: lookAt(commerce.Customer, "hash-quillon")}, {ID: "b", Body: lookAt(commerce.Order, "shop", "US1042")},
			})
		}
		w.wantForgotten(t, fmt.Sprintf("call %d, applied %t", c.at, c.applied))
	}
	undisturbed := &crash{}
	erase(undisturbed)
	if undisturbed.calls < 8 {
		t.Errorf("%d calls: the test looks at too little", undisturbed.calls)
	}
	for at := 1; at <= undisturbed.calls; at++ {
		erase(&crash{at: at})
		erase(&crash{at: at, applied: true})
	}
}

// A drift that had claimed its finding before the request came writes it after.
func TestErase_ASlowerDriftBringsNothingBack(t *testing.T) {
	w := newWorld(contacts())
	w.deliver(t, contact("shop", "hash-quillon", "native-quillon", "US"), contact("erp", "hash-quillon", "C-quillon", "CA"))
	w.now = w.now.Add(2 * time.Minute)
	erased := false
	restore := w.tamper(nil, func(finding.Finding) error {
		if !erased {
			erased = true
			w.forget(t, quillon)
			w.drift.Look(t.Context(), []drift.Message{{ID: "a", Body: lookAt(commerce.Customer, "hash-quillon")}})
		}
		return nil
	})
	w.runLooks(t)
	restore()
	if !erased {
		t.Fatal("no finding was written")
	}
	w.until(t, w.now.Add(20*time.Minute))
	if told := w.everything(t); strings.Contains(told, "quillon") {
		t.Errorf("the finding is back: %s", told)
	}
}

func TestErase_AnAlertOnItsWayIntoAnotherIsWaitedFor(t *testing.T) {
	w := newWorld(contacts())
	w.apart(t)
	a := w.alertOf(t, "contact")
	into := a
	into.ID, into.Rev = "into", 0
	if err := w.findings.PutAlert(t.Context(), into); err != nil {
		t.Fatal(err)
	}
	a.Into = "into"
	if err := w.findings.PutAlert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	w.forget(t, quillon)
	look := []drift.Message{{ID: "a", Body: lookAt(commerce.Customer, "hash-quillon")}}
	if failed := w.drift.Look(t.Context(), look); len(failed) != 1 {
		t.Fatal("what moves on was not waited for")
	}
	a.Rev++
	a.Members = nil
	if err := w.findings.PutAlert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if failed := w.drift.Look(t.Context(), look); failed != nil {
		t.Fatal("the look failed again")
	}
	into, err := w.findings.GetAlert(t.Context(), "into")
	if err != nil || into.Members[0].Key != "erased record" {
		t.Errorf("the alert that the finding went into says %+v, %v", into.Members, err)
	}
}

func (w *world) alertOf(t *testing.T, rule string) alert.Alert {
	t.Helper()
	for _, a := range w.alerts(t) {
		if a.Rule == rule {
			return a
		}
	}
	t.Fatalf("no alert of %s", rule)
	return alert.Alert{}
}
