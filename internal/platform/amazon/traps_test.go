package amazon_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/amazon"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

// Newer types are written in another case, all the way down.
func TestNamesAreReadInAnyCase(t *testing.T) {
	pascal, camel := told(t, "order-unshipped"), told(t, "order-camel-case")
	if camel.Topic != "ORDER_CHANGE" || camel.ID != "n-0008" {
		t.Errorf("%s %s", camel.Topic, camel.ID)
	}
	a, b := reading(t, pascal), reading(t, camel)
	if len(a.Observations) != 2 || len(b.Observations) != 2 {
		t.Fatalf("%d and %d observations", len(a.Observations), len(b.Observations))
	}
	for i := range a.Observations {
		if a.Observations[i].Version != b.Observations[i].Version || !a.Observations[i].Facets.Equal(b.Observations[i].Facets) {
			t.Errorf("%v and %v", a.Observations[i], b.Observations[i])
		}
	}
}

func TestOrderHasUnitsAndStatusAndNoMoney(t *testing.T) {
	for name, want := range map[string][4]string{
		"order-pending":        {"pending", "unfulfilled", "false", "0"},
		"order-unshipped":      {"paid", "unfulfilled", "false", "0"},
		"order-partly-shipped": {"paid", "partial", "false", "2"},
		"order-shipped":        {"paid", "fulfilled", "false", "3"},
		"order-canceled":       {"voided", "missing", "true", "0"},
		"order-unknown-status": {"missing", "missing", "missing", "0"},
	} {
		o := part(t, reading(t, told(t, name)), "order")
		got := [4]string{platformtest.Facet(o, "payment"), platformtest.Facet(o, "fulfilment"), platformtest.Facet(o, "cancelled"), platformtest.Facet(o, "units_shipped")}
		if got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		for facet := range o.Facets {
			if commerce.Order.CurrencyOf(facet) != "" {
				t.Errorf("%s has the amount %s", name, facet)
			}
		}
	}
	o := part(t, reading(t, told(t, "order-unshipped")), "items")
	if platformtest.Facet(o, "units") != "3" || len(o.Lines) != 2 || o.Lines[0].SKU != "00123" {
		t.Errorf("%v, lines %v", o.Facets, o.Lines)
	}
}

// What lists only the items that changed does not say what the order has.
func TestItemsAreThoseOfTheWholeOrderAlone(t *testing.T) {
	if r := reading(t, told(t, "order-item-level")); len(r.Observations) != 1 || r.Observations[0].Part != "order" || len(r.Observations[0].Lines) > 0 {
		t.Errorf("%+v", r.Observations)
	}
}

func TestTheLaterStatusOfOneInstantWins(t *testing.T) {
	var versions []commerce.Version
	for _, name := range []string{"order-pending", "order-unshipped", "order-partly-shipped", "order-canceled", "order-shipped"} {
		versions = append(versions, part(t, reading(t, told(t, name)), "order").Version)
	}
	if !slices.IsSortedFunc(versions, commerce.Version.Compare) {
		t.Error("pending, unshipped, partly shipped and cancelled at one time, shipped a second later are not in this order")
	}
}

func TestMarketplaceIsTheStore(t *testing.T) {
	if o := part(t, reading(t, told(t, "order-unshipped")), "order"); o.Key.Text(o.Kind) != "amazon-us/902-3159896-1390916" {
		t.Errorf("key %v", o.Key)
	}
	if r := reading(t, told(t, "order-other-marketplace")); r.Ignored != "order of no store of the registry" {
		t.Errorf("%+v", r)
	}
	alone := func(c *platform.Config) { c.OrderNumber.Stores = nil }
	if o := part(t, reading(t, told(t, "order-other-marketplace"), alone), "order"); o.Key[0] != "amazon-us" {
		t.Errorf("without stores the key is %v", o.Key)
	}
}

func TestWhatEventBridgeWrappedIsTheSame(t *testing.T) {
	d := told(t, "listing-quantity-eventbridge")
	o := part(t, reading(t, d), "listed")
	if d.Topic != "LISTINGS_ITEM_MFN_QUANTITY_CHANGE" || d.ID != "n-0012" || platformtest.Facet(o, "available") != "0" || o.Key.Text(o.Kind) != "MUG-BLU@east" {
		t.Errorf("%s %s %v %v", d.Topic, d.ID, o.Key, o.Facets)
	}
}

// European marketplaces show one stock each; adding it up would double it.
func TestTwoMarketplacesAtOneLocationAreADuplicate(t *testing.T) {
	both := func(c *platform.Config) {
		c.Locations = platform.Locations{"ATVPDKIKX0DER": "pool", "A2EUQ1WTGCTBG2": "pool", "A1AM78C64UM0Y8": "pool"}
	}
	r := reading(t, told(t, "fba-stock"), both)
	if len(r.Observations) != 3 || r.Observations[0].Slot != r.Observations[1].Slot || r.Observations[0].Native == r.Observations[1].Native {
		t.Errorf("%+v", r.Observations)
	}
}

func TestStockIsToldPerMarketplace(t *testing.T) {
	r := reading(t, told(t, "fba-stock"))
	o := part(t, r, "stored")
	if o.Key.Text(o.Kind) != "MUG-BLU@amazon-warehouses" || platformtest.Facet(o, "available") != "40" || platformtest.Facet(o, "committed") != "3" || platformtest.Facet(o, "incoming") != "30" || platformtest.Facet(o, "unavailable") != "1" {
		t.Errorf("%v %v", o.Key, o.Facets)
	}
	if m := part(t, r, "mapping"); m.Native != "A1AM78C64UM0Y8" || len(r.Observations) != 2 {
		t.Errorf("%+v", r.Observations)
	}
}

func TestUnusableNotificationsSayWhere(t *testing.T) {
	for name, want := range map[string]string{
		"bad-seller":        "payload.orderChangeNotification.sellerId: want the seller of this system",
		"bad-no-time":       "payload.orderChangeNotification.orderChangeTrigger.timeOfOrderChange: want a time",
		"bad-quantity":      "payload.quantity: want a decimal number",
		"bad-quantity-null": "payload.quantity: want a decimal number",
		"bad-twice":         "body: want every name once in an object",
		"bad-ahead":         "eventTime: want a time at most 24 hours after",
	} {
		if _, err := newEndpoint(t).Normalise(told(t, name)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func TestSendersAreThoseOfTheSettings(t *testing.T) {
	senders := newEndpoint(t).(platform.Inbox).Senders()
	if len(senders) != 2 || senders[0].ARN != "arn:aws:iam::437568002678:root" || !senders[0].Asks || senders[1].Asks || !strings.Contains(senders[1].ARN, ":rule/") {
		t.Errorf("%v", senders)
	}
	without := newEndpoint(t, func(c *platform.Config) {
		c.Settings["rule"], c.Settings["sender"] = "", "arn:aws:iam::111122223333:role/acme/notifier"
	})
	if got := without.(platform.Inbox).Senders(); len(got) != 1 || got[0].ARN != "arn:aws:iam::111122223333:role/acme/notifier" {
		t.Errorf("%v", got)
	}
	for name, value := range map[string]string{
		"seller_id": "acme", "sender": "*", "rule": "arn:aws:iam::111122223333:root",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := amazon.Platform().New(c); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s %q: %v", name, value, err)
		}
	}
}
