package netsuite_test

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
	"github.com/plumbline/plumbline/internal/platform/netsuite"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/record"
)

const samples = "../../../events/netsuite"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err)
	}
	return platform.Config{
		System: "erp", Settings: map[string]string{"currencies": "1=USD, 4=EUR"}, Timezone: zone, Currency: "USD",
		Locations:   platform.Locations{"8": "east", "9": "west", "18": platform.Ignore},
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us"},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: netsuite.Platform(), Config: config(),
		Secret: "whsec_cHVibGlzaGVkIHNlY3JldCBvZiB0aGUgc2FtcGxlcw==", Other: "whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhlIHNhbXBsZXM=",
		Dir: samples, Received: received, SignatureHeader: "webhook-signature", Forgeries: misdated,
		BigIDs: map[string]string{"sales-order-great-id": "9007199254740993", "item-inactive": "00123"},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

func misdated(c platformtest.Case) map[string]platform.Request {
	late, early := c.Request, c.Request
	late.Received, early.Received = received.Add(5*time.Minute+time.Second), received.Add(-5*time.Minute-time.Second)
	return map[string]platform.Request{
		"too late": late, "too early": early, "no time": platformtest.With(c.Request, "webhook-timestamp"),
		"another time": platformtest.With(c.Request, "webhook-timestamp", "1772547271"), "another id": platformtest.With(c.Request, "webhook-id", "other"),
	}
}

func newEndpoint(t testing.TB) platform.Endpoint {
	t.Helper()
	e, err := netsuite.Platform().New(config())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// read reads a sample, with texts of its body replaced.
func read(t *testing.T, name string, replace ...string) (platform.Reading, error) {
	t.Helper()
	text := string(sample(t, name))
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(text, replace[i]) {
			t.Fatalf("%s does not hold %s", name, replace[i])
		}
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	return newEndpoint(t).Normalise(commerce.Delivery{System: "erp", Received: received, Body: []byte(text)})
}

func all(t *testing.T, kind commerce.Kind, name string, replace ...string) []commerce.Observation {
	t.Helper()
	r, err := read(t, name, replace...)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(r.Observations, func(o commerce.Observation) bool { return o.Kind != kind })
}

// side folds what the samples say of one record of the kind, as if they had been
// sent one second after the other.
func side(t *testing.T, kind commerce.Kind, key commerce.Key, names ...string) record.Side {
	t.Helper()
	row := record.Row{Kind: kind, Key: key}
	for i, name := range names {
		at := "2026-03-03T14:14:0" + string(rune('0'+i)) + ".250Z"
		for _, o := range all(t, kind, name, "2026-03-03T14:14:07.250Z", at) {
			row, _ = record.Merge(row, o, record.Source{Delivery: name, Received: received})
		}
	}
	return row.SideOf("erp")
}

func facet(f commerce.Facets, name string) string {
	if v, ok := f[name]; ok {
		return v.String()
	}
	return "missing"
}

func TestAnInlineEditOverwritesOnlyWhatItTells(t *testing.T) {
	key := commerce.Key{"shopify-us", "US1042"}
	for name, want := range map[string]string{
		"cancelled": "true", "total_current": "186.4", "tax_current": "13.06", "shipping": "null", "discount": "5", "currency": "USD",
		"units_current": "3", "units_shipped": "2", "units_open": "1", "created": "2026-03-03T14:02:00Z",
	} {
		if got := facet(side(t, commerce.Order, key, "sales-order", "sales-order-inline-status").Facets, name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	before := side(t, commerce.Order, key, "sales-order")
	if got := facet(before.Facets, "cancelled"); got != "false" {
		t.Errorf("cancelled %s before", got)
	}
	if after := side(t, commerce.Order, key, "sales-order", "sales-order-deleted"); len(after.Facets) > 0 {
		t.Errorf("a deleted order says %v", after.Facets)
	}
	item := side(t, commerce.Product, commerce.Key{"MUG-BLU"}, "item", "item-inline-inactive")
	if facet(item.Facets, "status") != "archived" || facet(item.Facets, "barcode") != "null" {
		t.Errorf("the item says %v", item.Facets)
	}
	customer := side(t, commerce.Customer, commerce.Key{"h"}, "customer", "customer-inline-consent")
	if facet(customer.Facets, "consent") != "unsubscribed" || facet(customer.Facets, "b2b") != "false" || facet(customer.Facets, "copies") != "1" {
		t.Errorf("the customer says %v", customer.Facets)
	}
}

func TestWhatAnInlineEditIsOfALinkKnows(t *testing.T) {
	for inline, whole := range map[string]string{
		"sales-order-inline-status": "sales-order", "item-inline-inactive": "item", "customer-inline-consent": "customer",
	} {
		r, err := read(t, inline)
		if err != nil || len(r.Observations) != 1 {
			t.Fatalf("%s: %+v, %v", inline, r, err)
		}
		o := r.Observations[0]
		links := all(t, commerce.Link, whole)
		if o.Via == nil || !slices.ContainsFunc(links, func(l commerce.Observation) bool { return l.Key[1] == o.Via.Type && l.Key[2] == o.Via.Native }) {
			t.Errorf("%s: %+v waits for none of %v", inline, o, links)
		}
	}
}

func TestMissingNullAndZeroAreThreeValues(t *testing.T) {
	for text, want := range map[string]string{`"shippingcost":null`: "null", `"shippingcost":"0"`: "0", `"shippingcost":"0.00"`: "0", `"other":"1"`: "missing"} {
		got := "missing"
		for _, o := range all(t, commerce.Order, "sales-order", `"shippingcost":null`, text) {
			if o.Part == "shippingcost" {
				got = facet(o.Facets, "shipping")
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestStockIsToldByLocation(t *testing.T) {
	levels := all(t, commerce.Inventory, "adjustment")
	if len(levels) != 2 {
		t.Fatalf("%d levels, want 2", len(levels))
	}
	east, west := levels[0], levels[1]
	if !slices.Equal(east.Key, commerce.Key{"MUG-BLU", "east"}) || facet(east.Facets, "on_hand") != "40" || facet(east.Facets, "free") != "37.5" || facet(east.Facets, "committed") != "2.5" {
		t.Errorf("%v says %v", east.Key, east.Facets)
	}
	if facet(west.Facets, "on_hand") != "null" {
		t.Errorf("what was never counted is %s", facet(west.Facets, "on_hand"))
	}
	if o := all(t, commerce.Mapping, "fulfillment"); len(o) != 1 || o[0].Native != "55" {
		t.Errorf("mappings %v, want one of location 55", o)
	}
}

func TestCreditsAreTakenOffTheirOrder(t *testing.T) {
	memo, refund := all(t, commerce.Order, "credit-memo")[0], all(t, commerce.Refund, "credit-memo")[0]
	if facet(memo.Facets, "total_current") != "-58" || facet(refund.Facets, "amount") != "58" || facet(refund.Facets, "booked_at") != "2026-03-03T05:00:00Z" {
		t.Errorf("%v and %v", memo.Facets, refund.Facets)
	}
	cash := all(t, commerce.Refund, "cash-refund")[0]
	if cash.Via == nil || cash.Via.Native != "4812" || facet(cash.Facets, "currency") != "EUR" || facet(cash.Facets, "tax") != "null" {
		t.Errorf("%+v", cash)
	}
}

func TestParcelsAreOfTheOrderThatIsFulfilled(t *testing.T) {
	parcels := all(t, commerce.Shipment, "fulfillment")
	if len(parcels) != 1 || parcels[0].Key[2] != "1Z0000000000000001" || parcels[0].Via.Native != "4812" {
		t.Fatalf("%+v", parcels)
	}
	if packed := all(t, commerce.Shipment, "fulfillment", `"shipstatus":"C"`, `"shipstatus":"B"`); len(packed) != 0 {
		t.Errorf("what is packed has left: %v", packed)
	}
	if gone := all(t, commerce.Shipment, "fulfillment-deleted"); len(gone) != 1 || !gone[0].Gone || gone[0].Native != parcels[0].Native {
		t.Errorf("%+v", gone)
	}
}

func TestACustomerWithoutAnAddressIsNone(t *testing.T) {
	for _, o := range all(t, commerce.Customer, "customer-without-address") {
		if !o.Gone || o.Via == nil {
			t.Errorf("%+v", o)
		}
	}
}

func TestProblemsSayWhere(t *testing.T) {
	for name, where := range map[string]string{
		"bad-amount": "records[0].fields.total", "bad-quantity": "records[0].lists.item[0].quantity", "bad-id": "records[0].id",
		"bad-event": "records[0].event", "bad-type": "type", "bad-ahead": "at", "bad-no-records": "records", "bad-day": "records[0].fields.trandate",
		"bad-not-json": "body",
	} {
		_, err := read(t, name)
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != where {
			t.Errorf("%s: got %v, want an error at %s", name, err, where)
		}
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{
		"order_fields": "a b", "sku_field": "Item", "currencies": "USD=1", "cancelled": "C,,", "shipped": "C D", "subscribed": "!",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := netsuite.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
