package subject_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/subject"
)

var nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

type world struct {
	records  memory.Records
	findings memory.Findings
}

// say stores a view of a row; facets are names and texts in turn.
func (w *world) say(t *testing.T, kind commerce.Kind, key commerce.Key, system, native string, facets ...string) {
	t.Helper()
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{key.ID(kind)})
	if err != nil {
		t.Fatal(err)
	}
	o := commerce.Observation{System: system, Kind: kind, Key: key, Part: "p", Native: native, Facets: commerce.Facets{}}
	for i := 0; i < len(facets); i += 2 {
		o.Facets[facets[i]] = commerce.Text(facets[i+1])
	}
	row := rows[key.ID(kind)]
	row.Kind, row.Key = kind, key
	o.Stamp(commerce.VersionParts{Clock: nine.Add(time.Duration(row.Rev) * time.Second)})
	row, _ = record.Merge(row, o, record.Source{Received: nine})
	if err := w.records.Put(t.Context(), row); err != nil {
		t.Fatal(err)
	}
}

func customerLink(system, native string) commerce.Key {
	return commerce.Key{system, commerce.CustomerLink, native}
}

// newWorld has quillon with an account in two systems, who had another address
// before, and merriam who shares a telephone with her.
func newWorld(t *testing.T) *world {
	w := &world{}
	w.say(t, commerce.Customer, commerce.Key{"old quillon"}, "shop", "77", "country", "US")
	w.say(t, commerce.Customer, commerce.Key{"quillon"}, "shop", "77", "country", "US")
	w.say(t, commerce.Customer, commerce.Key{"quillon"}, "erp", "C-9", "country", "US")
	w.say(t, commerce.Link, customerLink("shop", "77"), "shop", "77", "hash", "old quillon")
	w.say(t, commerce.Link, customerLink("shop", "77"), "shop", "77", "hash", "quillon", "phone", "number")
	w.say(t, commerce.Link, customerLink("erp", "C-9"), "erp", "C-9", "hash", "quillon")
	w.say(t, commerce.Anchor, commerce.Key{"phone", "number"}, "shop", "77", "hash", "quillon")
	w.say(t, commerce.Anchor, commerce.Key{"phone", "number"}, "shop", "78", "hash", "merriam")
	w.say(t, commerce.Customer, commerce.Key{"merriam"}, "shop", "78", "country", "US")
	w.say(t, commerce.Link, customerLink("shop", "78"), "shop", "78", "hash", "merriam", "phone", "number")
	for _, key := range []string{"quillon", "merriam"} {
		f := finding.Finding{ID: key, Kind: commerce.Customer, Key: commerce.Key{key}, State: finding.Open}
		if err := w.findings.PutFinding(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func (w *world) find(t *testing.T, q subject.Query) subject.Known {
	t.Helper()
	k, err := subject.Find(t.Context(), &w.records, &w.findings, q)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestFind_FollowsAPersonThroughAllSystemsAndStopsAtOthers(t *testing.T) {
	w := newWorld(t)
	want := map[commerce.RecordID]bool{
		commerce.Key{"quillon"}.ID(commerce.Customer): true, commerce.Key{"old quillon"}.ID(commerce.Customer): true,
		customerLink("shop", "77").ID(commerce.Link): true, customerLink("erp", "C-9").ID(commerce.Link): true,
		commerce.Key{"phone", "number"}.ID(commerce.Anchor): true,
	}
	for name, q := range map[string]subject.Query{
		"by address": {Hash: "quillon"}, "by an earlier address": {Hash: "old quillon"},
		"by the shop's account": {Account: subject.Account{System: "shop", Native: "77"}},
		"by the ERP's account":  {Account: subject.Account{System: "erp", Native: "C-9"}},
	} {
		k := w.find(t, q)
		got := map[commerce.RecordID]bool{}
		for _, row := range k.Rows {
			got[row.ID()] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if diff := cmp.Diff([]subject.Account{{System: "erp", Native: "C-9"}, {System: "shop", Native: "77"}}, k.Accounts()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if len(k.Findings) != 1 || k.Findings[0].ID != "quillon" || k.Erased {
			t.Errorf("%s: findings %v, erased %t", name, k.Findings, k.Erased)
		}
	}
}

func TestFind_OfNobodyIsNothing(t *testing.T) {
	w := newWorld(t)
	for _, q := range []subject.Query{{Hash: "somebody"}, {Account: subject.Account{System: "shop", Native: "404"}}} {
		if k := w.find(t, q); len(k.Rows)+len(k.Findings) > 0 || k.Erased {
			t.Errorf("%+v: %+v", q, k)
		}
	}
}

func TestFind_TellsWhoWasErased(t *testing.T) {
	w := newWorld(t)
	id := commerce.Key{"quillon"}.ID(commerce.Customer)
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{id})
	if err != nil {
		t.Fatal(err)
	}
	row, _ := record.Suppress(rows[id], nine)
	if err := w.records.Put(t.Context(), row); err != nil {
		t.Fatal(err)
	}
	if k := w.find(t, subject.Query{Hash: "quillon"}); !k.Erased || len(k.Accounts()) > 0 {
		t.Errorf("%+v", k)
	}
}

func TestFind_AnAccountThatStandsForManyIsNobodys(t *testing.T) {
	w := newWorld(t)
	for i := range 250 {
		w.say(t, commerce.Link, customerLink("erp", "GUESTS"), "erp", fmt.Sprint(i), "hash", fmt.Sprint("guest ", i))
	}
	if _, err := subject.Find(t.Context(), &w.records, &w.findings, subject.Query{Account: subject.Account{System: "erp", Native: "GUESTS"}}); err == nil {
		t.Error("hundreds of persons were taken for one")
	}
}

func TestRequest_NamesKeysAndNativeIDsAlone(t *testing.T) {
	orders := []subject.Account{{System: "shop", Native: "5"}, {System: "erp", Native: "SO-1"}, {System: "shop", Native: "6"}}
	for _, c := range []struct {
		name   string
		query  subject.Query
		orders []subject.Account
		want   []commerce.Erasure
	}{
		{"an address", subject.Query{Hash: "quillon"}, nil, []commerce.Erasure{{System: commerce.Plumbline, Hash: "quillon"}}},
		{"an account with orders", subject.Query{Account: subject.Account{System: "shop", Native: "77"}}, orders, []commerce.Erasure{
			{System: "shop", Native: "77", Orders: []string{"5", "6"}}, {System: "erp", Orders: []string{"SO-1"}},
		}},
		{"orders alone", subject.Query{}, orders[:1], []commerce.Erasure{{System: "shop", Orders: []string{"5"}}}},
	} {
		e := subject.Request(c.query, c.orders, "r-1", nine)
		if diff := cmp.Diff(c.want, e.Erase); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if e.Delivery.System != commerce.Plumbline || e.Delivery.ID != "r-1" || len(e.Delivery.Body) > 0 || !e.Delivery.Received.Equal(nine) {
			t.Errorf("%s: delivery %+v", c.name, e.Delivery)
		}
	}
}

func TestParseAccount_TakesNoAddress(t *testing.T) {
	if a, err := subject.ParseAccount("shopify-us/gid://shopify/Customer/8123"); err != nil || a.System != "shopify-us" || a.Native != "gid://shopify/Customer/8123" {
		t.Errorf("%+v, %v", a, err)
	}
	for _, text := range []string{"", "shop", "shop/", "/8123", "quillon@acme.example", "shop/quillon@acme.example"} {
		if _, err := subject.ParseAccount(text); !errors.Is(err, subject.ErrAccount) || strings.Contains(err.Error(), "quillon") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
