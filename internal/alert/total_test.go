package alert_test

import (
	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// totalSamples are a day with a difference, two days, and one on which records
// are counted.
func totalSamples() (one, many, counted, law built) {
	of := func() built {
		b := orders(finding.TotalDiffers)
		b.Rule, b.Kind = "day-close", commerce.Total
		return b
	}
	usd := func(m *alert.Member) {
		m.Impact, m.Currency = number("18"), "USD"
		m.Why = "nothing is known of shopify-us/US1033; open findings about 3 others are taken off"
	}
	one = of().with(member("orders-to-erp/day-close/2026-03-02/USD", "09:00", differs("total", "37044.2", "37062.2"), differs("tax", "1400", "1401.44")), usd)
	many = of().
		with(member("orders-to-erp/day-close/2026-03-01/USD", "09:00", differs("total", "100", "102")), usd).
		with(member("orders-to-erp/day-close/2025-12-31/USD", "09:00", differs("total", "37044.2", "37062.2")), usd)
	counted = of().with(member("orders-to-erp/day-close/2026-03-02/all", "09:00", differs("records", "411", "409")), func(m *alert.Member) {
		m.Why = "nothing is known of shopify-us/US1033, shopify-us/US1034"
	})
	law = of()
	law.Rule = "payout-adds-up"
	law = law.with(member("payouts/payout-adds-up/2026-03-02/USD", "09:00", differs("holds", "95", "97")), func(m *alert.Member) {
		m.Impact, m.Currency, m.Why = number("2"), "USD", "nothing is known of po-7"
	})
	return one, many, counted, law
}
