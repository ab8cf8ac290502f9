package alert_test

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// newYork has the offset of the recorded day; no zone database is needed.
var newYork = time.FixedZone("EST", -5*3600)

func at(clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", "2026-03-03 "+clock+":00", newYork)
	if err != nil {
		panic(err)
	}
	return t
}

func number(text string) *commerce.Decimal {
	d := commerce.MustDecimal(text)
	return &d
}

// differs is the difference of a number.
func differs(facet, actual, expected string) finding.Difference {
	delta, err := commerce.MustDecimal(actual).Sub(commerce.MustDecimal(expected))
	if err != nil {
		panic(err)
	}
	return finding.Difference{Facet: facet, Expected: expected, Actual: actual, Delta: &delta}
}

// member is an open finding since the given time.
func member(key, since string, ds ...finding.Difference) alert.Member {
	return alert.Member{
		Finding: alert.NewID("", "", finding.Late, key+since), Key: key, State: finding.Open,
		Since: at(since), Opened: at(since).Add(20 * time.Minute), Differences: ds,
	}
}

func (b built) with(m alert.Member, change func(*alert.Member)) built {
	if change != nil {
		change(&m)
	}
	b.Alert, _ = alert.Join(b.Alert, m, m.Opened)
	return b
}

type built struct{ alert.Alert }

func stock(class finding.Class) built {
	return built{alert.Alert{
		ID:          alert.NewID("stock-to-storefront", "stock", class, "f"),
		Integration: "stock-to-storefront", Rule: "stock", Class: class, Severity: "critical",
		Owner: alert.Owner{Team: "inventory-ops", Slack: "#stock", Person: "dana@acme.example"},
		From:  "erp", To: "shopify-us", Kind: commerce.Inventory,
		Runbook:    "https://wiki.acme.example/stock",
		OnFailure:  "We oversell within the hour. Pause ads, set the buffer to 20.",
		FirstCheck: "erp › Job Queue Entries › Sync Stock to Shopify",
	}}
}

func orders(class finding.Class) built {
	return built{alert.Alert{
		ID:          alert.NewID("orders-to-erp", "order-in-erp", class, "f"),
		Integration: "orders-to-erp", Rule: "order-in-erp", Class: class, Severity: "major",
		Owner: alert.Owner{Team: "order-ops", Slack: "#order-ops"},
		From:  "shopify-us", To: "erp", Kind: commerce.Order,
		Runbook: "builtin", OnFailure: "Nobody packs the order.",
	}}
}

func mapping(class finding.Class) built {
	b := stock(class)
	b.Kind, b.Severity, b.FirstCheck, b.From, b.To = commerce.Mapping, "major", "", "shopify-us", ""
	return b
}

func worth(impact, currency string) func(*alert.Member) {
	return func(m *alert.Member) { m.Impact, m.Currency = number(impact), currency }
}

func fourSKUs() built {
	started := func(impact string) func(*alert.Member) {
		return func(m *alert.Member) {
			worth(impact, "USD")(m)
			m.Source, m.Delivery = "erp", "dlv-0914"
			m.Why = "the 09:15 stock job did not run"
			m.Links = map[string]string{"shopify-us": "https://admin.shopify.com/store/acme/products/inventory/1"}
		}
	}
	return stock(finding.Late).
		with(member("MUG-BLU@east", "09:14", differs("available", "14", "9")), started("95")).
		with(member("CAP-BLK@east", "09:14", differs("available", "30", "20")), started("150")).
		with(member("SOCK-M@east", "09:14", differs("available", "10", "6")), started("39")).
		with(member("TEE-RED-M@east", "09:14", differs("available", "7", "5")), started("20"))
}

// leaking is a slow divergence of each key, with its sum, impact and sentence.
func leaking(texts ...string) built {
	b := stock(finding.SlowDivergence)
	b.Severity, b.FirstCheck = "minor", ""
	for of := range slices.Chunk(texts, 4) {
		m := member(of[0], "11:00", differs("available", of[1], "0"))
		m.Since = m.Since.AddDate(0, 0, -9)
		b = b.with(m, func(m *alert.Member) { worth(of[2], "USD")(m); m.Why = of[3] })
	}
	return b
}

// oneSided is a policy finding of each segment of the orders.
func oneSided(segments ...string) built {
	b := orders(finding.OneSided)
	b.Kind, b.Rule, b.Severity = commerce.Trend, "order-money-trend", "minor"
	for _, segment := range segments {
		m := member("orders-to-erp/order-money/"+segment, "11:00", differs("total", "-2.12", "0"))
		m.Since = m.Since.AddDate(0, 0, -9)
		b = b.with(m, func(m *alert.Member) {
			worth("2.12", segment[len(segment)-3:])(m)
			m.Why = "total is 0.01 " + m.Currency + " too low on 212 of 240 orders, always one way: a rounding policy, not orders"
		})
	}
	return b
}

func resolve(b built, clock string) built {
	for _, m := range b.Members {
		m.State, m.Resolved = finding.Resolved, at(clock)
		b.Alert, _ = alert.Update(b.Alert, m)
	}
	return b
}
