package alert_test

import (
	"fmt"
	"maps"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// sharing is n findings of SKUs at the given locations or lists in turn, with
// the traits of their places and more.
func sharing(b built, n int, more alert.Traits, places ...string) built {
	for i := range n {
		place := places[i%len(places)]
		d := alert.ByLocation
		if b.Kind == commerce.Price {
			d = alert.ByList
		}
		m := member(fmt.Sprintf("SKU-%03d@%s", i, place), "13:20", differs("available", "14", "9"))
		m.Source, m.Traits = "erp", maps.Clone(more)
		if m.Traits == nil {
			m.Traits = alert.Traits{}
		}
		m.Traits[d] = place
		b = b.with(m, nil)
	}
	return b
}

func oneImport() built {
	return sharing(stock(finding.ValueDiffers), 6, alert.Traits{alert.ByDelivery: "import-7"}, "east", "west")
}

func onePriceList() built {
	b := stock(finding.ValueDiffers)
	b.Kind = commerce.Price
	return sharing(b, 62, nil, "trade")
}

// oneVendor is one whose items are in two lists.
func oneVendor() built {
	b := stock(finding.Late)
	b.Kind = commerce.Price
	return sharing(b, 40, alert.Traits{alert.ByGroup: "vendor ACME"}, "base", "trade")
}

func manyAtEast() built { return sharing(stock(finding.Late), alert.MaxMembers+100, nil, "east") }

func dueAtOnce() built {
	b := stock(finding.Late)
	b.Kind = commerce.Price
	return sharing(b, 8, alert.Traits{alert.ByMinute: "2026-03-03T11:30"}, "base", "trade")
}

// editedOrder is an order whose edit was not passed on, which the rule about
// shipments sees as well.
func editedOrder() built {
	b := orders(finding.Late)
	b.Rule = "order-money"
	edited := func(m *alert.Member) { worth("43.99", "USD")(m); m.Source, m.Delivery = "shopify-us", "dlv-0931" }
	b = b.with(member("US106039", "09:31", differs("total_current", "47.50", "91.49"), differs("units_current", "1", "2")), edited)
	f := finding.Finding{Integration: "fulfilment", Rule: "line-cancelled", Class: finding.ValueDiffers, Kind: commerce.Order, From: "wms", To: "shopify-us"}
	return b.with(b.Tells(member("US106039", "09:31", differs("units_open", "2", "1")), f), func(m *alert.Member) {
		edited(m)
		m.Finding, m.Impact = "f-also", nil
	})
}

// oneEnds ends what the alert itself is about.
func oneEnds(b built, when string) built {
	m := b.Members[0]
	if m.Also != nil {
		m = b.Members[1]
	}
	m.State, m.Resolved = finding.Resolved, at(when)
	b.Alert, _ = alert.Update(b.Alert, m)
	return b
}
