package erpnext_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/erpnext"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/record"
)

const (
	samples         = "../../../events/erpnext"
	signatureHeader = "X-Frappe-Webhook-Signature"
)

// received is 09:14:30 on the site's clocks.
var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

func config() platform.Config {
	return platform.Config{
		System: "erp", Settings: map[string]string{"order_fields": "shopify_order_number, po_no"},
		Timezone: zone("America/New_York"), Currency: "USD",
		Locations:   platform.Locations{"East - ACME": "east", "West - ACME": "west", "Quarantine - ACME": platform.Ignore},
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: erpnext.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret",
		Dir: samples, Received: received,
		SignatureHeader: signatureHeader,
		Extra:           extra,
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// extra: neither method nor content type is signed, and neither matters.
func extra(t *testing.T, c platformtest.Case) {
	for _, content := range []string{"", "application/x-www-form-urlencoded", "application/json"} {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
			req := platformtest.With(c.Request, "Content-Type", content)
			req.Method = method
			if err := c.Endpoint.Verify(req, []platform.Secret{suite().Secret}); err != nil || !platform.Delivers(c.Endpoint, method) {
				t.Errorf("%s of %q: %v", method, content, err)
			}
			if topic, _ := c.Endpoint.Identify(req); topic != c.Delivery.Topic {
				t.Errorf("%s of %q is about %q", method, content, topic)
			}
		}
	}
	if platform.Delivers(c.Endpoint, http.MethodGet) {
		t.Error("a GET is a delivery")
	}
}

func newEndpoint(t testing.TB) platform.Endpoint {
	t.Helper()
	e, err := erpnext.Platform().New(config())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// read is what a sample says, with texts of its body replaced.
func read(t *testing.T, name string, replace ...string) (platform.Reading, error) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("%s does not hold %s", name, replace[i])
		}
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	return newEndpoint(t).Normalise(commerce.Delivery{System: "erp", Topic: "x", Received: received, Body: []byte(text)})
}

func observed(t *testing.T, kind commerce.Kind, name string, replace ...string) commerce.Observation {
	t.Helper()
	r, err := read(t, name, replace...)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(r.Observations, func(o commerce.Observation) bool { return o.Kind == kind })
	if at < 0 {
		t.Fatalf("%s: no %s: %s", name, kind, r.Ignored)
	}
	return r.Observations[at]
}

func TestATopicHasNoSpaces(t *testing.T) {
	topic, id := newEndpoint(t).Identify(platform.Request{Body: []byte(`{"doc": {"doctype": "Sales Order"}}`)})
	if topic != "Sales-Order" || id != "" {
		t.Errorf("got %q, %q", topic, id)
	}
}

func TestTimesAreTheSites(t *testing.T) {
	o := observed(t, commerce.Inventory, "bin")
	if got := o.Version.Parts().Clock.Format(time.RFC3339Nano); got != "2026-03-03T14:14:06.999999Z" {
		t.Errorf("got %s", got)
	}
	price := observed(t, commerce.Price, "item-price")
	if platformtest.Facet(price, "from") != "2026-03-01T05:00:00Z" || platformtest.Facet(price, "until") != "2026-03-09T04:00:00Z" {
		t.Errorf("valid from %s until %s", platformtest.Facet(price, "from"), platformtest.Facet(price, "until"))
	}
}

func TestFloatsAreReadDigitByDigit(t *testing.T) {
	for text, want := range map[string]string{"0.30000000000000004": "0.30000000000000004", "1e-05": "0.00001", "1e+16": "10000000000000000", "-0.0": "0"} {
		if got := platformtest.Facet(observed(t, commerce.Inventory, "bin", "0.30000000000000004", text), "incoming"); got != want {
			t.Errorf("%s: got %s", text, got)
		}
	}
}

func TestDraftsAreNoFacts(t *testing.T) {
	if r, err := read(t, "sales-order-draft"); err != nil || r.Ignored == "" {
		t.Errorf("got %+v, %v", r, err)
	}
	if r, err := read(t, "credit-note", `"docstatus": 1`, `"docstatus": 0`); err != nil || r.Ignored == "" {
		t.Errorf("got %+v, %v", r, err)
	}
	_, err := read(t, "sales-order", `"docstatus": 1`, `"docstatus": 3`)
	var problem *platform.BodyError
	if !errors.As(err, &problem) || problem.Where != "doc.docstatus" {
		t.Errorf("got %v", err)
	}
}

// side merges the orders of samples into one row.
func side(t *testing.T, names ...string) record.Side {
	t.Helper()
	var row record.Row
	for _, name := range names {
		r, err := read(t, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range r.Observations {
			if o.Kind == commerce.Order {
				row.Kind, row.Key = o.Kind, commerce.Key{"shopify-us", "US1042"}
				row, _ = record.Merge(row, o, record.Source{Delivery: name, Received: received})
			}
		}
	}
	return row.SideOf("erp")
}

func TestTheWebOrderIsTheSalesOrderWithWhatFollowed(t *testing.T) {
	for name, c := range map[string]struct {
		samples []string
		want    string
	}{
		"submitted":         {[]string{"sales-order"}, "159.61 7.5 7.5 0 false"},
		"delivered in part": {[]string{"sales-order", "delivery-note"}, "159.61 7.5 5 2.5 false"},
		"returned in part":  {[]string{"sales-order", "delivery-note", "credit-note"}, "143.63 6.5 5 2.5 false"},
		"delivery undone":   {[]string{"sales-order", "delivery-note", "delivery-note-cancelled"}, "159.61 7.5 7.5 0 false"},
		"invoiced":          {[]string{"sales-order", "sales-invoice"}, "159.61 7.5 7.5 0 false"},
		"cancelled":         {[]string{"sales-order", "sales-order-cancelled"}, "0 0 0 0 true"},
		"amended":           {[]string{"sales-order-cancelled", "sales-order-amended"}, "159.61 7.5 7.5 0 false"},
		"amended, late":     {[]string{"sales-order-amended", "sales-order", "sales-order-cancelled"}, "159.61 7.5 7.5 0 false"},
		"closed early":      {[]string{"sales-order-closed"}, "159.61 3 2 0 false"},
	} {
		s := side(t, c.samples...)
		var got []string
		for _, facet := range []string{"total_current", "units_current", "units_open", "units_shipped", "cancelled"} {
			got = append(got, s.Facets[facet].String())
		}
		if text := strings.Join(got, " "); text != c.want || s.Duplicate || s.Gone() {
			t.Errorf("%s: got %s, want %s; duplicate %t, gone %t", name, text, c.want, s.Duplicate, s.Gone())
		}
	}
	if s := side(t, "sales-order", "sales-order-trashed"); !s.Gone() {
		t.Error("a deleted order is still there")
	}
}

func TestADeliveryNoteOfSeveralOrdersBelongsToNone(t *testing.T) {
	if r, _ := read(t, "delivery-note-two-orders"); r.Ignored == "" {
		t.Errorf("got %+v", r.Observations)
	}
	one := observed(t, commerce.Order, "delivery-note")
	if one.Via == nil || one.Via.Native != "SAL-ORD-2026-00012" {
		t.Errorf("got %+v", one)
	}
}

func TestOnlyASignedEventDeletes(t *testing.T) {
	if o := observed(t, commerce.Product, "item-trashed"); !o.Gone {
		t.Error("on_trash does not delete")
	}
	e := newEndpoint(t)
	raw, err := os.ReadFile(filepath.Join(samples, "item.body.json"))
	if err != nil {
		t.Fatal(err)
	}
	req := platform.Request{Method: http.MethodDelete, Body: raw, Received: received}
	r, err := e.Normalise(platformtest.Deliver(e, "erp", req))
	if err != nil || len(r.Observations) != 1 || r.Observations[0].Gone {
		t.Errorf("the method alone deletes: %+v, %v", r, err)
	}
}

func TestProblemsSayWhereInTheBody(t *testing.T) {
	for name, where := range map[string]string{
		"bad-not-a-number": "body", "bad-quantity": "doc.items[0].qty", "bad-ahead": "doc.modified",
	} {
		_, err := read(t, name)
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != where {
			t.Errorf("%s: got %v, want an error at %s", name, err, where)
		}
	}
	if _, err := read(t, "sales-order-bare", `"qty": 2.5`, `"qty": null`); err == nil || !strings.HasPrefix(err.Error(), "items[1].qty") {
		t.Errorf("got %v", err)
	}
}

func TestOrderFieldsAreNames(t *testing.T) {
	c := config()
	c.Settings = map[string]string{"order_fields": "po_no,"}
	if _, err := erpnext.Platform().New(c); err == nil || !strings.Contains(err.Error(), "order_fields") {
		t.Errorf("got %v", err)
	}
}
