package odoo_test

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/odoo"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/record"
)

const samples = "../../../events/odoo"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return platform.Config{
		System:   "erp",
		Settings: map[string]string{"order_fields": "client_order_ref, origin", "currencies": "2=USD, 3=EUR"},
		Timezone: zone, Currency: "USD",
		Locations:   platform.Locations{"8": "east", "18": platform.Ignore},
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: odoo.Platform(), Config: config(),
		Secret: "published-secret-of-the-samples", Other: "another-secret",
		Dir: samples, Received: received,
		Query:     "token=published-secret-of-the-samples",
		BigIDs:    map[string]string{"sale-order": "9007199254740993"},
		Forgeries: forgeries,
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

// forgeries are addresses that must not pass.
func forgeries(c platformtest.Case) map[string]platform.Request {
	all := map[string]platform.Request{}
	for name, query := range map[string]string{
		"no query":                 "",
		"no token":                 "token=",
		"another token":            "token=published-secret-of-the-sample",
		"a longer token":           "token=published-secret-of-the-samples1",
		"two tokens":               "token=published-secret-of-the-samples&token=published-secret-of-the-samples",
		"a right and a wrong one":  "token=published-secret-of-the-samples&token=guessed",
		"another parameter":        "secret=published-secret-of-the-samples",
		"capitals":                 "token=PUBLISHED-SECRET-OF-THE-SAMPLES",
		"capitals in the name":     "Token=published-secret-of-the-samples",
		"a query that is no query": "token=published-secret-of-the-samples&x=%zz",
		"joined with a semicolon":  "token=published-secret-of-the-samples;x=1",
	} {
		req := c.Request
		req.Query = query
		all[name] = req
	}
	return all
}

func newEndpoint(t testing.TB) platform.Endpoint {
	t.Helper()
	e, err := odoo.Platform().New(config())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

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

func TestAnEmptySecretIsNoToken(t *testing.T) {
	for _, query := range []string{"token=", "token", ""} {
		err := newEndpoint(t).Verify(platform.Request{Query: query}, []platform.Secret{"", suite().Secret})
		if !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%q: got %v", query, err)
		}
	}
}

func TestTheTokenIsNotKept(t *testing.T) {
	e := newEndpoint(t)
	if kept := platform.KeptQuery(e, "a=b&token=published-secret-of-the-samples"); kept != "" {
		t.Errorf("kept %q", kept)
	}
}

func TestFalseIsNullUnlessTheFieldIsACheckBox(t *testing.T) {
	product := observed(t, commerce.Product, "product")
	if platformtest.Facet(product, "barcode") != "null" || platformtest.Facet(product, "status") != "active" {
		t.Errorf("barcode %s, status %s", platformtest.Facet(product, "barcode"), platformtest.Facet(product, "status"))
	}
	archived := observed(t, commerce.Product, "product-archived")
	if platformtest.Facet(archived, "status") != "archived" || platformtest.Facet(archived, "tracked") != "true" {
		t.Errorf("status %s, tracked %s", platformtest.Facet(archived, "status"), platformtest.Facet(archived, "tracked"))
	}
	if got := platformtest.Facet(observed(t, commerce.Price, "product-archived"), "regular"); got != "0" {
		t.Errorf("zero became %s", got)
	}
	if got := platformtest.Facet(observed(t, commerce.Price, "product", `"lst_price": 14.5`, `"lst_price": false`), "regular"); got != "null" {
		t.Errorf("false became %s", got)
	}
	if got := platformtest.Facet(observed(t, commerce.Price, "product", `"lst_price": 14.5, `, ``), "regular"); got != "missing" {
		t.Errorf("a field that is not sent became %s", got)
	}
}

func TestReferencesAreIdsWithOrWithoutNames(t *testing.T) {
	for name, via := range map[string]string{"quant": "31", "quant-named": "31", "sale-order-line": "12", "sale-order-line-named": "12"} {
		r, err := read(t, name)
		if err != nil || r.Observations[0].Via.Native != via {
			t.Errorf("%s: got %+v, %v", name, r.Observations, err)
		}
	}
	for reference, want := range map[string]string{`[5, "CAD"]`: "CAD", `[3, "Euro"]`: "EUR", `3`: "EUR", `9`: "missing", `false`: "missing"} {
		if got := platformtest.Facet(observed(t, commerce.Order, "sale-order-named-currency", `[5, "CAD"]`, reference), "currency"); got != want {
			t.Errorf("currency %s: got %s, want %s", reference, got, want)
		}
	}
}

func TestTimesAreUTC(t *testing.T) {
	o := observed(t, commerce.Order, "sale-order")
	if got := o.Version.Parts().Clock.Format(time.RFC3339Nano); got != "2026-03-03T14:14:07.123456Z" {
		t.Errorf("got %s", got)
	}
	refund := observed(t, commerce.Refund, "credit-note")
	if got := platformtest.Facet(refund, "booked_at"); got != "2026-03-03T05:00:00Z" {
		t.Errorf("a date begins at %s, want the company's midnight", got)
	}
}

func TestTheWebOrderIsTheSalesOrderWithItsLinesAndCreditNotes(t *testing.T) {
	var row record.Row
	for _, name := range []string{"sale-order-cancelled", "sale-order", "sale-order-line", "sale-order-line-named", "credit-note"} {
		o := observed(t, commerce.Order, name)
		if name == "sale-order-cancelled" {
			o = observed(t, commerce.Order, name, "14:14:20", "14:14:00", `"_id": 12`, `"_id": 9007199254740993`)
		}
		row.Kind, row.Key = o.Kind, commerce.Key{"shopify-us", "US1042"}
		row, _ = record.Merge(row, o, record.Source{Delivery: name, Received: received})
	}
	side := row.SideOf("erp")
	for name, want := range map[string]string{
		"total_current": "143.63", "tax_current": "13.06", "units_current": "3.5", "units_shipped": "2", "units_open": "1.5", "cancelled": "false", "currency": "USD",
	} {
		if got := side.Facets[name].String(); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if cancelled := observed(t, commerce.Order, "sale-order-cancelled"); platformtest.Facet(cancelled, "cancelled") != "true" || platformtest.Facet(cancelled, "total_current") != "0" {
		t.Errorf("cancelled: %v", cancelled.Facets)
	}
}

func TestOnlyTheNamedActionDeletes(t *testing.T) {
	if !observed(t, commerce.Order, "sale-order-deleted").Gone {
		t.Error("the named action does not delete")
	}
	if observed(t, commerce.Order, "sale-order-deleted", "Plumbline deleted(", "Plumbline deleted too(").Gone {
		t.Error("another action deletes")
	}
}

func TestProblemsSayWhereInTheBody(t *testing.T) {
	for name, where := range map[string]string{
		"bad-no-write-date": "write_date", "bad-quantity": "quantity", "bad-reference": "product_id", "bad-not-json": "body",
	} {
		_, err := read(t, name)
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != where {
			t.Errorf("%s: got %v, want an error at %s", name, err, where)
		}
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{"order_fields": "a b", "sku_field": "x.y", "price_field": "List", "currencies": "USD=2"} {
		c := config()
		c.Settings = map[string]string{name: value}
		if _, err := odoo.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
