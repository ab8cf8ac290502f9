package shopify_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/record"
)

func TestRegularPriceIsThePriceBeforeAReduction(t *testing.T) {
	for _, tc := range []struct{ name, price, compareAt, regular, sale, effective string }{
		{"no reduction", `"14.50"`, `null`, "14.5", "null", "14.5"},
		{"reduced", `"12.00"`, `"14.50"`, "14.5", "12", "12"},
		{"zero left behind", `"12.00"`, `"0.00"`, "12", "null", "12"},
		{"same price", `"12.00"`, `"12.00"`, "12", "null", "12"},
		{"lower", `"12.00"`, `"9.00"`, "12", "null", "12"},
		{"price is null", `null`, `"9.00"`, "missing", "missing", "null"},
	} {
		price := one(t, read(t, "products-update-big-ids",
			replace(`"price":"12.00"`, `"price":`+tc.price),
			replace(`"compare_at_price":null`, `"compare_at_price":`+tc.compareAt)), commerce.Price, "price")
		want := []string{tc.regular, tc.sale, tc.effective}
		got := []string{platformtest.Facet(price, "regular"), platformtest.Facet(price, "sale"), platformtest.Facet(price, "effective")}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

func TestValuesThatABodyLeavesOutStayMissing(t *testing.T) {
	order := one(t, read(t, "orders-updated", body(`{"id":5,"name":"#US5","updated_at":"2026-03-03T09:14:07-05:00"}`)), commerce.Order, "order")
	if len(order.Facets) > 0 || len(order.Lines) > 0 {
		t.Errorf("made up out of nothing: %v %v", order.Facets.Names(), order.Lines)
	}
	price := one(t, read(t, "products-update-big-ids", replace(`"compare_at_price":null,`, ``)), commerce.Price, "price")
	if platformtest.Facet(price, "regular") != "missing" || platformtest.Facet(price, "effective") != "12" {
		t.Errorf("regular %s, effective %s", platformtest.Facet(price, "regular"), platformtest.Facet(price, "effective"))
	}
}

func TestNullAvailableIsUntrackedAndNotZero(t *testing.T) {
	for available, want := range map[string][2]string{
		"null": {"null", "false"}, "0": {"0", "true"}, "-3": {"-3", "true"},
	} {
		level := one(t, read(t, "inventory-levels-update", replace(`"available":17`, `"available":`+available)), commerce.Inventory, "level")
		if got := [2]string{platformtest.Facet(level, "available"), platformtest.Facet(level, "tracked")}; got != want {
			t.Errorf("%s: got %v, want %v", available, got, want)
		}
	}
	unreadable(t, "available", "inventory-levels-update", replace(`"available":17,`, ``))
}

func TestRefundAmountsAreExactAsTextAndAsNumber(t *testing.T) {
	o := one(t, read(t, "refunds-create-numbers"), commerce.Refund, "refund")
	for name, want := range map[string]string{"items": "199.2", "tax": "0.3", "shipping": "5", "amount": "199.2", "adjustment": "0"} {
		if got := platformtest.Facet(o, name); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestRefundIsInTheCurrencyInWhichMoneyWentBack(t *testing.T) {
	o := one(t, read(t, "refunds-create-presentment"), commerce.Refund, "refund")
	if platformtest.Facet(o, "currency") != "CAD" || platformtest.Facet(o, "items") != "19.83" {
		t.Errorf("got %s %s", platformtest.Facet(o, "items"), platformtest.Facet(o, "currency"))
	}
	mixed := one(t, read(t, "refunds-create", replace(`"amount":"25.00","authorization":null,"created_at":"2026-03-03T09:14:07-05:00","currency":"USD"`,
		`"amount":"25.00","authorization":null,"created_at":"2026-03-03T09:14:07-05:00","currency":"CAD"`)), commerce.Refund, "refund")
	if platformtest.Facet(mixed, "amount") != "missing" || platformtest.Facet(mixed, "currency") != "missing" {
		t.Errorf("two currencies were added up to %s %s", platformtest.Facet(mixed, "amount"), platformtest.Facet(mixed, "currency"))
	}
	bare := one(t, read(t, "refunds-create-numbers", replace(`"currency":"USD"`, `"currency":"CAD"`)), commerce.Refund, "refund")
	if platformtest.Facet(bare, "items") != "missing" {
		t.Errorf("shop money was taken for CAD: %s", platformtest.Facet(bare, "items"))
	}
}

func TestIdsAboveTwoToThe53AreExactEvenBesideADamagedNumber(t *testing.T) {
	paid := one(t, read(t, "orders-paid", replace(`"id":9007199254740993001`, `"id":9007199254740993000`)), commerce.Order, "order")
	if paid.Native != "9007199254740993001" {
		t.Errorf("order %s", paid.Native)
	}
	level := one(t, read(t, "inventory-levels-update-big-ids", replace(`"inventory_item_id":271878346590000017,`, `"inventory_item_id":271878346590000000,`)), commerce.Inventory, "level")
	if level.Via.Native != "271878346590000017" {
		t.Errorf("item %s", level.Via.Native)
	}
	for _, id := range []string{"0", "-5", "1e18", "5.0", `"5"`, "null", "99999999999999999999999"} {
		unreadable(t, "id", "orders-delete", body(`{"id":`+id+`}`))
	}
}

func TestUnchangedVariantIsADuplicate(t *testing.T) {
	row := record.Row{}
	from := record.Source{Delivery: "first", Received: received}
	for _, o := range read(t, "products-update", triggered("2026-03-03T14:14:07.1Z")) {
		if o.Kind == commerce.Price && o.Native == "48123456789001" {
			row, _ = record.Merge(row, o, from)
		}
	}
	later := read(t, "products-update", triggered("2026-03-03T14:20:00.1Z"),
		replace(`"updated_at":"2026-03-03T09:14:07-05:00"`, `"updated_at":"2026-03-03T09:20:00-05:00"`))
	for _, o := range later {
		if o.Kind != commerce.Price || o.Native != "48123456789001" {
			continue
		}
		if _, changed := record.Merge(row, o, from); changed {
			t.Error("a body that shows the variant unchanged is a write")
		}
		return
	}
	t.Fatal("the variant is not in the sample")
}

func TestOneSecondsChangesAreOrderedByWhenTheyWereTriggered(t *testing.T) {
	first := read(t, "inventory-levels-update", triggered("2026-03-03T14:14:07.1Z"))[0]
	second := read(t, "inventory-levels-update", triggered("2026-03-03T14:14:07.2Z"), replace(`"available":17`, `"available":16`))[0]
	if second.Version.Compare(first.Version) <= 0 {
		t.Error("the later change is not the newer version")
	}
	unknown := read(t, "inventory-levels-update-no-trigger")[0]
	if unknown.Version.Parts().Sequence != 0 || !unknown.Version.SameInstant(first.Version) {
		t.Error("without triggered-at the order is unknown, within the same instant")
	}
	for _, junk := range []string{"", "yesterday", "2026-03-03", "99999999999"} {
		if o := read(t, "inventory-levels-update", triggered(junk))[0]; o.Version != read(t, "inventory-levels-update", triggered(""))[0].Version {
			t.Errorf("%q counts for something", junk)
		}
	}
}

func TestForgedTriggeredAtReordersInsideOneSecondOnly(t *testing.T) {
	next := read(t, "inventory-levels-update", triggered(""), replace("09:14:07", "09:14:08"))[0]
	before := read(t, "inventory-levels-update", triggered(""), replace("09:14:07", "09:14:06"))[0]
	for _, forged := range []string{
		"2026-03-03T14:14:07.999999999Z", "2036-01-01T00:00:00Z", "2262-01-01T00:00:00Z", "1999-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
	} {
		o := read(t, "inventory-levels-update", triggered(forged))[0]
		if o.Version.Compare(next.Version) >= 0 || o.Version.Compare(before.Version) <= 0 {
			t.Errorf("triggered at %s: the version left its second", forged)
		}
	}
}

func TestReplayUnderAnotherTopicOfTheSameShapeIsADuplicate(t *testing.T) {
	want := read(t, "orders-updated")
	for _, topic := range []string{"orders/create", "orders/paid", "orders/cancelled", "orders/fulfilled", "orders/partially_fulfilled"} {
		if diff := cmp.Diff(versions(want), versions(read(t, "orders-updated", under(topic)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", topic, diff)
		}
	}
}

func versions(all []commerce.Observation) map[string]string {
	versions := map[string]string{}
	for _, o := range all {
		versions[string(o.Key.ID(o.Kind))+" "+o.Part+" "+o.Native] = o.Version.String()
	}
	return versions
}

// shapes are one sample of each shape that a topic may have.
var shapes = map[string]string{
	"orders/updated": "orders-updated", "orders/edited": "orders-edited", "orders/delete": "orders-delete",
	"products/update": "products-update", "inventory_levels/update": "inventory-levels-update",
	"inventory_levels/disconnect": "inventory-levels-disconnect", "inventory_items/update": "inventory-items-update",
	"customers/update": "customers-update", "customers/delete": "customers-delete", "customers/merge": "customers-merge",
	"fulfillments/update": "fulfillments-update", "refunds/create": "refunds-create",
	"customers/data_request": "customers-data-request", "customers/redact": "customers-redact", "shop/redact": "shop-redact",
}

// TestReplayUnderAnotherTopicOfAnotherShapeHasNoEffect: of all pairs only a bare
// id passes, among deletions that carry nothing else.
func TestReplayUnderAnotherTopicOfAnotherShapeHasNoEffect(t *testing.T) {
	bare := map[string]bool{"orders/delete": true, "products/delete": true, "inventory_items/delete": true, "customers/delete": true}
	topics := maps.Clone(shapes)
	topics["products/delete"], topics["inventory_items/delete"] = "products-delete", "inventory-items-delete"
	for from, sample := range topics {
		for topic := range topics {
			if topic == from || (bare[from] && bare[topic] && from != "customers/delete") {
				continue
			}
			reading, err := normalise(t, sample, under(topic))
			if err == nil {
				t.Errorf("%s under %s: %d observations, %d erasures, ignored %q", from, topic, len(reading.Observations), len(reading.Erase), reading.Ignored)
			}
		}
	}
}

func TestRedactionNeverGrowsToTheWholeShop(t *testing.T) {
	for _, id := range []string{``, `"id":null,`, `"id":0,`, `"id":"",`} {
		unreadable(t, "customer.id", "customers-redact", replace(`"id":7123000000001,`, id))
	}
	unreadable(t, "customer", "customers-redact", replace(`"customer":{`, `"other":{`))
	for _, part := range []string{`"customer":{}`, `"orders_to_redact":[]`, `"orders_requested":[]`, `"data_request":null`} {
		unreadable(t, "customer", "shop-redact", replace(`"shop_id":70001`, part))
	}
}

func TestTooManyOfAThingIsRefused(t *testing.T) {
	line := `{"sku":"A","quantity":1}`
	order := func(lines int) change {
		return body(`{"id":5,"name":"#US5","updated_at":"2026-03-03T09:14:07-05:00","line_items":[` + strings.Repeat(line+",", lines-1) + line + `]}`)
	}
	if o := one(t, read(t, "orders-updated", order(500)), commerce.Order, "order"); platformtest.Facet(o, "units") != "500" {
		t.Errorf("units %s", platformtest.Facet(o, "units"))
	}
	unreadable(t, "line_items", "orders-updated", order(501))
}

func TestProblemsSayWhereTheyAre(t *testing.T) {
	unreadable(t, "line_items[1].sku", "orders-updated", replace(`"sku":"TENT-2P"`, `"sku":7`))
	unreadable(t, "line_items[0].quantity", "orders-updated", replace(`"quantity":2,`, `"quantity":-2,`))
	unreadable(t, "fulfillments[0].line_items[0].quantity", "orders-updated", replace(`"fulfillments":[]`, `"fulfillments":[{"status":"success","line_items":[{"quantity":"2"}]}]`))
	unreadable(t, "tax_lines[0].price", "orders-updated", replace(`"channel_liable":false}],"taxes_included"`, `"channel_liable":true}],"taxes_included"`), replace(`"tax_lines":[{"price":"12.40"`, `"tax_lines":[{"price":"12,40"`))
	unreadable(t, "updated_at", "orders-updated", replace(`"updated_at":"2026-03-03T09:14:07-05:00"`, `"updated_at":"2026-03-03 09:14:07"`))
	unreadable(t, "name", "orders-updated", replace(`"name":"#US1042"`, `"name":null`))
}

func TestLinkOfAnOrderIsTheSameInEveryDelivery(t *testing.T) {
	created := one(t, read(t, "orders-create"), commerce.Link, "link")
	updated := one(t, read(t, "orders-updated"), commerce.Link, "link")
	if created.Version != updated.Version {
		t.Error("an order's later deliveries write its link again")
	}
}

func TestClockOfADeletionIsTheReceivedTime(t *testing.T) {
	for _, sample := range []string{"orders-delete", "products-delete", "inventory-levels-disconnect", "inventory-items-delete", "customers-delete", "customers-merge"} {
		for _, o := range read(t, sample) {
			if !o.Gone || !o.Version.Parts().Clock.Equal(received) || o.Via == nil {
				t.Errorf("%s: %s gone %t at %s", sample, o.Kind, o.Gone, o.Version.Parts().Clock.Format(time.RFC3339))
			}
		}
	}
}

func TestDeletedProductEndsWhatItsVariantsAre(t *testing.T) {
	ended := map[string]bool{}
	for _, o := range read(t, "products-delete") {
		ended[string(o.Kind)+" "+o.Part+" "+o.Native] = o.Via.Each
	}
	for _, o := range append(read(t, "products-create"), read(t, "inventory-levels-update")...) {
		native := map[string]string{"variant": "{variant}", "product": "{variant}", "price": "{variant}", "vendor": "{variant}", "level": "{item}/655441491"}[o.Part]
		if o.Kind != commerce.Link && !ended[string(o.Kind)+" "+o.Part+" "+native] {
			t.Errorf("%s %s outlives its product", o.Kind, o.Part)
		}
	}
}

func TestTrackingNumberThatComesLaterReplacesTheId(t *testing.T) {
	before := one(t, read(t, "fulfillments-create-untracked"), commerce.Shipment, "shipment")
	after := read(t, "fulfillments-update")
	if diff := cmp.Diff(before.Key, after[0].Key); diff != "" || !after[0].Gone || after[1].Gone || after[1].Key[2] != "1ZACME0005" {
		t.Errorf("got %v gone %t, %v gone %t", after[0].Key, after[0].Gone, after[1].Key, after[1].Gone)
	}
}

func TestStoreOfAnOrderIsTheSystemUnlessTheRegistrySaysOtherwise(t *testing.T) {
	o := one(t, read(t, "orders-updated"), commerce.Order, "order")
	if diff := cmp.Diff(commerce.Key{"shopify-us", "US1042"}, o.Key); diff != "" {
		t.Error(diff)
	}
}

func TestUnitsOpenAreThoseThatAWarehouseShips(t *testing.T) {
	o := one(t, read(t, "orders-fulfilled", replace(`"fulfillable_quantity":0`, `"fulfillable_quantity":1`)), commerce.Order, "order")
	if platformtest.Facet(o, "units_open") != "1" || platformtest.Facet(o, "units") != "3" || platformtest.Facet(o, "units_shipped") != "2" {
		t.Errorf("open %s of %s, shipped %s", platformtest.Facet(o, "units_open"), platformtest.Facet(o, "units"), platformtest.Facet(o, "units_shipped"))
	}
}

func TestLinesSayWhereUnitsComeFromOnlyWhenSoldThere(t *testing.T) {
	for location, want := range map[string]string{"655441491": "east", "655441777": "", "null": ""} {
		o := one(t, read(t, "orders-create-pos", replace(`"location_id":655441491`, `"location_id":`+location)), commerce.Order, "order")
		if len(o.Lines) != 2 || o.Lines[0].Location != want {
			t.Errorf("%s: got %v, want %q", location, o.Lines, want)
		}
	}
	ignored := one(t, read(t, "orders-create-pos", replace(`"location_id":655441491`, `"location_id":70001`)), commerce.Order, "order")
	if len(ignored.Lines) > 0 {
		t.Error("units of a location that is not compared count as in flight")
	}
}

func TestGlobalIdsNameTheirEntity(t *testing.T) {
	for sample, entity := range map[string]string{
		"orders-updated": `shopify\/Order\/`, "products-update": `shopify\/Product\/`, "inventory-levels-update": `shopify\/InventoryLevel\/`,
		"inventory-items-update": `shopify\/InventoryItem\/`, "customers-update": `shopify\/Customer\/`,
		"fulfillments-update": `shopify\/Fulfillment\/`, "refunds-create": `shopify\/Refund\/`, "customers-delete": `shopify\/Customer\/`,
	} {
		unreadable(t, "admin_graphql_api_id", sample, replace(entity, `shopify\/Other\/`))
	}
}
