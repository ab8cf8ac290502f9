package commercetools_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/commercetools"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

const (
	order = "0f3c9d1e-5b7a-4c2d-9e8f-1a2b3c4d5e6f"
	entry = "2b3c4d5e-5b7a-4c2d-9e8f-1a2b3c4d5e6f"
	goods = "1a2b3c4d-5b7a-4c2d-9e8f-1a2b3c4d5e6f"
)

func TestMoneyIsExactInAnyUnits(t *testing.T) {
	const cents = `"totalPrice":{"type":"centPrecision","currencyCode":"USD","centAmount":10497,"fractionDigits":2},"taxedPrice"`
	for text, want := range map[string]string{
		`{"type":"centPrecision","currencyCode":"USD","centAmount":10497,"fractionDigits":2}`:                              "104.97",
		`{"type":"centPrecision","currencyCode":"USD","centAmount":-5,"fractionDigits":2}`:                                 "-0.05",
		`{"type":"centPrecision","currencyCode":"JPY","centAmount":1980,"fractionDigits":0}`:                               "1980",
		`{"type":"centPrecision","currencyCode":"KWD","centAmount":1,"fractionDigits":3}`:                                  "0.001",
		`{"type":"centPrecision","currencyCode":"USD","centAmount":9007199254740993,"fractionDigits":2}`:                   "90071992547409.93",
		`{"type":"highPrecision","currencyCode":"USD","centAmount":0,"preciseAmount":123456,"fractionDigits":7}`:           "0.0123456",
		`{"type":"highPrecision","currencyCode":"USD","centAmount":500,"preciseAmount":4995000000000,"fractionDigits":12}`: "4.995",
		`{"currencyCode":"USD","centAmount":0,"fractionDigits":2}`:                                                         "0",
	} {
		d := told(t, "order-created", cents, `"totalPrice":`+text+`,"unread"`)
		if got := platformtest.Facet(of(t, reading(t, d), commerce.Order), "total"); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{
		`{"type":"centPrecision","currencyCode":"USD","centAmount":104.97,"fractionDigits":2}`,
		`{"type":"centPrecision","currencyCode":"USD","centAmount":"10497","fractionDigits":2}`,
		`{"type":"centPrecision","currencyCode":"USD","centAmount":10497}`,
		`{"type":"highPrecision","currencyCode":"USD","centAmount":10497,"fractionDigits":7}`,
		`{"type":"centPrecision","currencyCode":"usd","centAmount":10497,"fractionDigits":2}`,
		`{"type":"highPrecision","currencyCode":"USD","preciseAmount":1,"fractionDigits":21}`,
		`null`,
	} {
		if _, err := newEndpoint(t).Normalise(told(t, "order-created", cents, `"totalPrice":`+text+`,"unread"`)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}

// The gross is what the buyer pays, whichever of the two the total price is.
func TestTotalIsTheGrossOne(t *testing.T) {
	net := `"totalPrice":{"type":"centPrecision","currencyCode":"USD","centAmount":10497,`
	o := of(t, reading(t, told(t, "order-created", net, strings.Replace(net, "10497", "9720", 1))), commerce.Order)
	if platformtest.Facet(o, "total") != "104.97" || platformtest.Facet(o, "tax") != "7.77" {
		t.Errorf("total %s, tax %s", platformtest.Facet(o, "total"), platformtest.Facet(o, "tax"))
	}
	o = of(t, reading(t, told(t, "order-created", `"totalTax"`, `"unread"`)), commerce.Order)
	if platformtest.Facet(o, "tax") != "7.77" {
		t.Errorf("tax %s where only net and gross are told", platformtest.Facet(o, "tax"))
	}
	if platformtest.Facet(of(t, reading(t, told(t, "order-imported-yen")), commerce.Order), "tax") != "missing" {
		t.Error("there is tax on an order that has none yet")
	}
}

func TestVersionsOrderMessagesAnswersAndDeletions(t *testing.T) {
	version := func(d commerce.Delivery) commerce.Version { return of(t, reading(t, d), commerce.Inventory).Version }
	first := version(told(t, "inventory-quantity-set"))
	second := version(told(t, "inventory-quantity-set-no-sku"))
	body := []byte(strings.Replace(string(sample(t, "answer-inventory")), "9007199254740993", "9", 1))
	read := version(answer("inventory-entry", "inventory/"+entry+"@9", body))
	gone := version(told(t, "inventory-deleted", `"resourceVersion":30`, `"resourceVersion":9`))
	later := version(told(t, "inventory-quantity-set", `"resourceVersion":9`, `"resourceVersion":10`, `"sequenceNumber":9`, `"sequenceNumber":12`))
	for i, pair := range [][2]commerce.Version{{first, second}, {second, read}, {read, gone}, {gone, later}} {
		if pair[0].Compare(pair[1]) >= 0 {
			t.Errorf("step %d is not newer", i)
		}
	}
}

func TestStagedChangesAreNotLive(t *testing.T) {
	if r := reading(t, told(t, "product-price-changed-staged")); r.Ignored != "change that is only staged" || len(r.Fetch) > 0 {
		t.Errorf("a staged price: %+v", r)
	}
	for name, replace := range map[string][]string{
		"product-price-changed": nil,
		"product-created-draft": nil,
		"product-published":     {`"hasStagedChanges":false`, `"hasStagedChanges":true`},
	} {
		r := reading(t, told(t, name, replace...))
		if len(r.Observations) > 0 || len(r.Fetch) != 1 || !strings.HasPrefix(r.Fetch[0].Target, "product-projections/"+goods+"@") {
			t.Errorf("%s: %+v, want the current side fetched", name, r)
			continue
		}
		req, err := newEndpoint(t).(platform.API).Request(r.Fetch[0], "token")
		if want := "https://api.us-central1.gcp.commercetools.com/acme-prod/product-projections/" + goods + "?staged=false"; err != nil || req.URL.String() != want {
			t.Errorf("%v, %v", req.URL, err)
		}
	}
}

func TestPriceIsTheOneForEverybody(t *testing.T) {
	priceOf := func(sku string, changes ...func(*platform.Config)) commerce.Observation {
		d := answer("product", "product-projections/"+goods+"@12", sample(t, "answer-product"))
		for _, o := range reading(t, d, changes...).Observations {
			if o.Kind == commerce.Price && o.Key[0] == sku {
				return o
			}
		}
		t.Fatalf("no price of %s", sku)
		return commerce.Observation{}
	}
	if o := priceOf("MUG-BLU"); platformtest.Facet(o, "regular") != "14.5" || platformtest.Facet(o, "sale") != "12" || platformtest.Facet(o, "effective") != "12" {
		t.Errorf("%v", o.Facets)
	}
	if o := priceOf("MUG-BLU", setting("price_country", "CA")); platformtest.Facet(o, "regular") != "15" || platformtest.Facet(o, "sale") != "null" {
		t.Errorf("of the country: %v", o.Facets)
	}
	if o := priceOf("MUG-BLU", func(c *platform.Config) { c.Currency = "EUR" }); platformtest.Facet(o, "regular") != "13.99" {
		t.Errorf("of the currency: %v", o.Facets)
	}
	if o := priceOf("BOLT-M4"); platformtest.Facet(o, "regular") != "0.1234567" {
		t.Errorf("in high precision: %v", o.Facets)
	}
	if o := priceOf("MUG-GRN"); !o.Gone || len(o.Facets) > 0 {
		t.Errorf("without a price: %v", o)
	}
	d := answer("product", "product-projections/"+goods+"@12", sample(t, "answer-product"))
	if _, err := newEndpoint(t, func(c *platform.Config) { c.Currency = "" }).Normalise(d); err == nil || !strings.Contains(err.Error(), "currency") {
		t.Errorf("two currencies and none chosen: %v", err)
	}
}

// What a projection no longer has is ended by it, and what it has is not.
func TestAVariantThatIsLeftOutIsGone(t *testing.T) {
	r := reading(t, told(t, "product-published"))
	var each, live commerce.Observation
	for _, o := range r.Observations {
		if o.Kind == commerce.Product && o.Via.Each {
			each = o
		} else if o.Kind == commerce.Product {
			live = o
		}
	}
	if !each.Gone || each.Native != "{variant}" || each.Version.Compare(live.Version) >= 0 || !each.Version.SameInstant(live.Version) {
		t.Errorf("each %+v against live %+v", each.Version.Parts(), live.Version.Parts())
	}
}

func TestStockWithoutAChannelIsWhereTheSettingSays(t *testing.T) {
	d := told(t, "inventory-quantity-set-no-channel")
	if o := of(t, reading(t, d), commerce.Inventory); o.Key[1] != "outlet" {
		t.Errorf("key %v", o.Key)
	}
	r := reading(t, d, setting("stock_location", ""))
	if o := of(t, r, commerce.Mapping); o.Native != "no supply channel" || len(r.Observations) != 1 {
		t.Errorf("%+v", r.Observations)
	}
	if r := reading(t, d, setting("stock_location", platform.Ignore)); r.Ignored == "" {
		t.Errorf("%+v", r)
	}
}

func TestThinNotificationsAreAskedForAtTheirVersion(t *testing.T) {
	for name, want := range map[string]platform.Fetch{
		"order-updated-change":     {Topic: "order", Target: "orders/" + order + "@6"},
		"order-created-too-large":  {Topic: "order", Target: "orders/" + order + "@1"},
		"order-state-changed":      {Topic: "order", Target: "orders/" + order + "@5"},
		"cloudevents-order-change": {Topic: "order", Target: "orders/" + order + "@1"},
	} {
		if r := reading(t, told(t, name)); len(r.Fetch) != 1 || r.Fetch[0] != want || len(r.Observations) > 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestErasureIsOfTheCustomerAlone(t *testing.T) {
	if r := reading(t, told(t, "customer-deleted-erasure")); len(r.Erase) != 1 || r.Erase[0].System != "shop" || len(r.Observations) > 0 {
		t.Errorf("%+v", r)
	}
	if r := reading(t, told(t, "customer-deleted-erasure", `"dataErasure":true`, `"dataErasure":false`)); len(r.Erase) > 0 || !of(t, r, commerce.Customer).Gone {
		t.Errorf("%+v", r)
	}
	if r := reading(t, told(t, "order-deleted-change", `"dataErasure":false`, `"dataErasure":true`)); len(r.Erase) > 0 || !of(t, r, commerce.Order).Gone {
		t.Errorf("%+v", r)
	}
}

func TestBothFormatsSayTheSame(t *testing.T) {
	d := told(t, "cloudevents-quantity-set")
	o := of(t, reading(t, d), commerce.Inventory)
	if d.Topic != "inventory-entry/InventoryEntryQuantitySet" || d.ID != "7b000001-5b7a-4c2d-9e8f-1a2b3c4d5e6f" || o.Key.Text(o.Kind) != "MUG-BLU@west" {
		t.Errorf("%s %s %v", d.Topic, d.ID, o.Key)
	}
	if _, err := newEndpoint(t).Normalise(told(t, "cloudevents-quantity-set", `"data"`, `"dataref"`)); err == nil {
		t.Error("an event without data was read")
	}
}

func TestPaymentIsKnownByTheProvidersID(t *testing.T) {
	d := answer("payment", "payments/3c4d5e6f-5b7a-4c2d-9e8f-1a2b3c4d5e6f@4", sample(t, "answer-payment", `"interfaceId":"pi_acme1042"`, `"interfaceId":"psp-1"`))
	if o := of(t, reading(t, d), commerce.Payment); o.Key[0] != "pi_acme1042" {
		t.Errorf("key %v", o.Key)
	}
	if o := of(t, reading(t, d, setting("payment_id", "interface")), commerce.Payment); o.Key[0] != "psp-1" {
		t.Errorf("key %v", o.Key)
	}
}

func TestTokenIsAskedForInTheRegion(t *testing.T) {
	api := newEndpoint(t).(platform.API)
	req, err := api.Token(`{"client_id":"acme-id","client_secret":"acme-secret"}`)
	if err != nil {
		t.Fatal(err)
	}
	id, secret, _ := req.BasicAuth()
	if req.URL.String() != "https://auth.us-central1.gcp.commercetools.com/oauth/token" || id != "acme-id" || secret != "acme-secret" {
		t.Errorf("%s as %s", req.URL, id)
	}
	if _, err := api.Token("pasted-by-mistake"); err == nil || strings.Contains(err.Error(), "pasted") {
		t.Errorf("%v", err)
	}
	token, lasts, err := api.ReadToken([]byte(`{"access_token":"t","expires_in":172800,"scope":"view_orders:acme-prod","token_type":"Bearer"}`))
	if token != "t" || lasts.Hours() != 48 || err != nil {
		t.Errorf("%v %v", lasts, err)
	}
	for _, bad := range []string{`{}`, `{"access_token":"","expires_in":1}`, `{"access_token":"t","expires_in":-1}`, `[`} {
		if _, _, err := api.ReadToken([]byte(bad)); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	for name, value := range map[string]string{
		"project_key": "acme/prod", "region": "us-central1.gcp.elsewhere.example", "sender": "*", "price_country": "us", "payment_id": "any",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := commercetools.Platform().New(c); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s %q: %v", name, value, err)
		}
	}
	for _, region := range []string{"us-central1.gcp", "europe-west1.gcp", "australia-southeast1.gcp", "us-east-2.aws", "eu-central-1.aws"} {
		newEndpoint(t, setting("region", region))
	}
	senders := newEndpoint(t).(platform.Inbox).Senders()
	if len(senders) != 1 || senders[0] != (platform.Sender{ARN: "arn:aws:iam::362576667341:user/subscriptions"}) {
		t.Errorf("%v", senders)
	}
}
