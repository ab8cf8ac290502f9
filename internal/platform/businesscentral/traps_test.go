package businesscentral_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/record"
)

// delivered is a sample as it is read, with texts of its body replaced.
func delivered(t *testing.T, name string, replace ...string) commerce.Delivery {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(raw), replace[i]) {
			t.Fatalf("%s does not hold %s", name, replace[i])
		}
	}
	head, err := os.ReadFile(filepath.Join(samples, name+".headers.json"))
	var header map[string]string
	if err != nil || json.Unmarshal(head, &header) != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d := commerce.Delivery{System: "erp", Topic: header["plumbline-topic"], Received: received, Header: header}
	d.Body = []byte(strings.NewReplacer(replace...).Replace(string(raw)))
	if d.Topic == "" {
		d.Topic = "notifications"
	}
	return d
}

func reading(t *testing.T, e platform.Endpoint, d commerce.Delivery) platform.Reading {
	t.Helper()
	r, err := e.Normalise(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func of(t *testing.T, r platform.Reading, kind commerce.Kind) commerce.Observation {
	t.Helper()
	for _, o := range r.Observations {
		if o.Kind == kind {
			return o
		}
	}
	t.Fatalf("no %s in %+v", kind, r)
	return commerce.Observation{}
}

func TestResourceWithAndWithoutALeadingSlashIsTheSame(t *testing.T) {
	e := newEndpoint(t)
	bare := reading(t, e, delivered(t, "orders-updated"))
	slash := reading(t, e, delivered(t, "orders-updated", `"api/v2.0`, `"/api/v2.0`))
	if len(bare.Fetch) != 1 || len(slash.Fetch) != 1 || bare.Fetch[0] != slash.Fetch[0] {
		t.Errorf("got %v and %v", bare.Fetch, slash.Fetch)
	}
}

func TestSeveralChangesOfARecordAreOneFetch(t *testing.T) {
	topics := []string{}
	for _, f := range reading(t, newEndpoint(t), delivered(t, "mixed")).Fetch {
		topics = append(topics, f.Topic)
	}
	if got := strings.Join(topics, " "); got != "salesOrders items salesOrders salesInvoices" {
		t.Errorf("got %s", got)
	}
}

func TestNotificationsThatCannotBeReadSayWhere(t *testing.T) {
	for name, c := range map[string]struct{ where, old, new string }{
		"another path":            {"value[0].resource", `"api/v2.0`, `"api/../v2.0`},
		"a host":                  {"value[0].resource", `"api/v2.0`, `"https://elsewhere.example/api/v2.0`},
		"a list that was updated": {"value[0].resource", `(0b54a7f1-6a0f-4d3c-8a55-0f9e4b7d1c01)`, ``},
		"one entity as a list":    {"value[0].resource", `"updated"`, `"collection"`},
		"another change":          {"value[0].changeType", `"updated"`, `"renamed"`},
		"no change":               {"value[0].changeType", `"changeType":"updated",`, ``},
	} {
		_, err := newEndpoint(t).Normalise(delivered(t, "orders-updated", c.old, c.new))
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != c.where {
			t.Errorf("%s: got %v, want an error at %s", name, err, c.where)
		}
	}
	_, err := newEndpoint(t).Normalise(delivered(t, "collection", "14:00:00.000Z", "14:00:00.000Z#x"))
	if err == nil {
		t.Error("a filter with a fragment was taken")
	}
}

func TestNextPageIsFollowedOnTheAPIAlone(t *testing.T) {
	const link = "https://api.businesscentral.dynamics.com/v2.0/acme.onmicrosoft.com/production/api/"
	for _, other := range []string{
		"https://elsewhere.example/v2.0/a/b/api/", "http://api.businesscentral.dynamics.com/v2.0/a/b/api/",
		"https://api.businesscentral.dynamics.com.elsewhere.example/v2.0/a/b/api/", "https://x@api.businesscentral.dynamics.com/v2.0/a/b/api/",
		"https://api.businesscentral.dynamics.com:8443/v2.0/a/b/api/", "https://api.businesscentral.dynamics.com/v2.0/a/b/api/../admin/", "/api/",
	} {
		_, err := newEndpoint(t).Normalise(delivered(t, "items-page", link, other))
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != "@odata.nextLink" {
			t.Errorf("%s: got %v", other, err)
		}
	}
}

func TestWebNumberIsInTheFirstFieldThatHoldsOne(t *testing.T) {
	e := newEndpoint(t)
	for name, want := range map[string]string{"order": "US1042", "custom-order": "US1043", "shipment": "US1042"} {
		if o := of(t, reading(t, e, delivered(t, name)), commerce.Order); o.Key[1] != want {
			t.Errorf("%s: got %s, want %s", name, o.Key[1], want)
		}
	}
	if r := reading(t, e, delivered(t, "order-other")); r.Ignored == "" {
		t.Errorf("a purchase order's number was taken for a web order's: %+v", r)
	}
}

func TestBlankCurrencyIsTheLocalOne(t *testing.T) {
	if got := platformtest.Facet(of(t, reading(t, newEndpoint(t), delivered(t, "invoice")), commerce.Order), "currency"); got != "USD" {
		t.Errorf("got %s", got)
	}
	nowhere := newEndpoint(t, func(c *platform.Config) { c.Currency = "" })
	if got := platformtest.Facet(of(t, reading(t, nowhere, delivered(t, "invoice")), commerce.Order), "currency"); got != "missing" {
		t.Errorf("a currency was made up: %s", got)
	}
}

func TestAmountsWithoutLinesAreMissing(t *testing.T) {
	o := of(t, reading(t, newEndpoint(t), delivered(t, "order", "salesOrderLines", "otherLines")), commerce.Order)
	if platformtest.Facet(o, "total_current") != "missing" || platformtest.Facet(o, "units_current") != "missing" || platformtest.Facet(o, "currency") != "CAD" {
		t.Errorf("got %v", o.Facets)
	}
}

// folded merges what the samples say into the order's row.
func folded(t *testing.T, readings ...platform.Reading) record.Side {
	t.Helper()
	var row record.Row
	for _, r := range readings {
		for _, o := range r.Observations {
			if o.Kind == commerce.Order {
				o.Key = commerce.Key{"shopify-us", "US1042"}
				row.Kind, row.Key = o.Kind, o.Key
				row, _ = record.Merge(row, o, record.Source{Delivery: "d", Received: received})
			}
		}
	}
	return row.SideOf("erp")
}

func TestPartialInvoicingCountsNothingTwice(t *testing.T) {
	e := newEndpoint(t)
	side := folded(t, reading(t, e, delivered(t, "order-partly-invoiced")), reading(t, e, delivered(t, "invoice")), reading(t, e, delivered(t, "shipment")))
	for name, want := range map[string]string{
		"total_current": "159.61", "tax_current": "14.51", "units_current": "5.5", "units_shipped": "3", "units_open": "1.5", "currency": "USD",
	} {
		if got := side.Facets[name].String(); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	credited := folded(t, reading(t, e, delivered(t, "order-partly-invoiced")), reading(t, e, delivered(t, "invoice")), reading(t, e, delivered(t, "credit-memo")))
	if got := credited.Facets["total_current"].String(); got != "143.63" {
		t.Errorf("with the credit memo: %s", got)
	}
}

func TestAPostedOrderIsSucceededAndADeletedOneIsGone(t *testing.T) {
	e := newEndpoint(t)
	same := []string{"c01", "c02"}
	asked := reading(t, e, delivered(t, "order-gone"))
	if len(asked.Observations) != 0 || len(asked.Fetch) != 1 || asked.Fetch[0].Topic != "salesOrders/succession" {
		t.Fatalf("a posted order is said to be gone before its invoices are known: %+v", asked)
	}
	order := reading(t, e, delivered(t, "order", same...))
	posted := folded(t, order, reading(t, e, delivered(t, "succession")))
	if posted.Gone() || !posted.Succeeded || posted.Facets["total_current"].String() != "159.61" {
		t.Errorf("posted: %+v", posted)
	}
	if deleted := folded(t, order, reading(t, e, delivered(t, "succession-none"))); !deleted.Gone() {
		t.Errorf("deleted: %+v", deleted)
	}
}

func TestNeverModifiedIsOlderThanEveryChange(t *testing.T) {
	e := newEndpoint(t)
	old := of(t, reading(t, e, delivered(t, "item", "2026-03-03T09:00:00.25Z", "0001-01-01T00:00:00Z")), commerce.Product)
	newer := of(t, reading(t, e, delivered(t, "item")), commerce.Product)
	if old.Version.Compare(newer.Version) >= 0 {
		t.Error("what was never modified counts as newer")
	}
}

func TestAFetchRightAfterAChangeIsNoReadBack(t *testing.T) {
	e := newEndpoint(t)
	for at, want := range map[string]bool{"2026-03-03T14:14:26Z": false, "2026-03-03T14:14:25Z": true} {
		o := of(t, reading(t, e, delivered(t, "item", "2026-03-03T09:00:00.25Z", at)), commerce.Product)
		if got := o.Version.Parts().ReadBack; got != want {
			t.Errorf("%s: got %t", at, got)
		}
	}
}

func TestStockIsPulledAndNeverTakenFromItems(t *testing.T) {
	e := newEndpoint(t)
	for _, o := range reading(t, e, delivered(t, "item", `"unitPrice"`, `"inventory":12,"unitPrice"`)).Observations {
		if o.Kind == commerce.Inventory {
			t.Errorf("stock out of a notified item: %+v", o)
		}
	}
	summed := newEndpoint(t, setting("stock_page", ""), func(c *platform.Config) { c.Locations["*"] = "east" })
	d := commerce.Delivery{System: "erp", Topic: "stock", Received: received, Body: []byte(
		`{"value":[{"number":"MUG-BLU","type":"Inventory","inventory":12.5},{"number":"SETUP","type":"Service","inventory":0}]}`)}
	r := reading(t, summed, d)
	if o := of(t, r, commerce.Inventory); len(r.Observations) != 1 || platformtest.Facet(o, "on_hand") != "12.5" || o.Key[1] != "east" {
		t.Errorf("got %+v", r.Observations)
	}
}

func TestStockByBarcodeGoesThroughTheItemsLink(t *testing.T) {
	e := newEndpoint(t, setting("sku", "gtin"))
	o := of(t, reading(t, e, delivered(t, "stock")), commerce.Inventory)
	if o.Key[0] != "" || o.Via == nil || o.Via.Type != "number" || o.Via.Native != "MUG-BLU" {
		t.Errorf("got %+v", o)
	}
	if r := reading(t, e, delivered(t, "item")); r.Ignored == "" {
		t.Error("an item without a barcode has a record")
	}
	linked := reading(t, e, delivered(t, "item", `"gtin":""`, `"gtin":"00012345678905"`))
	if o := of(t, linked, commerce.Product); o.Key[0] != "00012345678905" || len(linked.Observations) != 4 {
		t.Errorf("got %+v", linked.Observations)
	}
}

func TestChoresAskOnlyForWhatThereIs(t *testing.T) {
	names := func(e platform.Endpoint) string {
		var all []string
		for _, c := range e.(platform.Recurring).Chores() {
			all = append(all, c.Name)
			f := c.Fetch
			f.Target = strings.ReplaceAll(f.Target, "{since}", "2026-03-03T14:00:00Z")
			req, err := e.(platform.API).Request(f, "token")
			if err != nil || c.Every < time.Minute || strings.ContainsAny(req.URL.RequestURI(), "{} ") {
				t.Errorf("%s: %v", c.Name, err)
			}
		}
		return strings.Join(all, " ")
	}
	const always = "subscriptions items salesCreditMemos salesInvoices salesOrders salesShipments"
	if got := names(newEndpoint(t)); got != always+" stock" {
		t.Errorf("got %s", got)
	}
	if got := names(newEndpoint(t, setting("stock_page", ""))); got != always {
		t.Errorf("without a place for stock: got %s", got)
	}
}

func TestRenewalIsAPatchThatChangesNothing(t *testing.T) {
	e := newEndpoint(t).(platform.API)
	req, err := e.Request(platform.Fetch{Topic: "subscriptions/renewal", Target: "v2.0/subscriptions('a1f0')"}, "token")
	if err != nil || req.Method != http.MethodPatch || req.Header.Get("If-Match") != "*" || req.ContentLength != 2 {
		t.Errorf("got %v, %v", req, err)
	}
	if req.Header.Get("Authorization") != "Bearer token" {
		t.Error("the call is not authorised")
	}
}

func TestTokenIsAskedForWithTheClientsSecretAlone(t *testing.T) {
	e := newEndpoint(t).(platform.API)
	req, err := e.Token(`{"client_id":"c 1","client_secret":"s&1"}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := req.ParseForm(); err != nil || req.URL.String() != "https://login.microsoftonline.com/acme.onmicrosoft.com/oauth2/v2.0/token" ||
		req.PostForm.Get("client_secret") != "s&1" || req.PostForm.Get("grant_type") != "client_credentials" ||
		req.PostForm.Get("scope") != "https://api.businesscentral.dynamics.com/.default" {
		t.Errorf("got %s %v, %v", req.URL, req.PostForm, err)
	}
	for _, credential := range []platform.Secret{"", "hush", `{"client_id":"hush"}`} {
		if _, err := e.Token(credential); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", string(credential), err)
		}
	}
	token, lasts, err := e.ReadToken([]byte(`{"token_type":"Bearer","expires_in":3599,"access_token":"t-1"}`))
	if token != "t-1" || lasts != 3599*time.Second || err != nil {
		t.Errorf("got %s for %s, %v", string(token), lasts, err)
	}
	for _, answer := range []string{``, `{}`, `{"access_token":"hush"}`, `{"access_token":"hush","expires_in":-1}`, `{"access_token":"","expires_in":1}`} {
		if _, _, err := e.ReadToken([]byte(answer)); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", answer, err)
		}
	}
}
