package commerce_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestCurrencyOf_AmountsAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		kind        commerce.Kind
		facet, want string
	}{
		{commerce.Order, "total", "currency"},
		{commerce.Order, "presentment_total", "presentment_currency"},
		{commerce.Order, "units_open", ""},
		{commerce.Order, "lines", ""},
		{commerce.Order, "channel", ""},
		{commerce.Inventory, "available", ""},
		{commerce.Inventory, "cost", "currency"},
		{commerce.Price, "regular", "currency"},
		{commerce.Customer, "orders", ""},
		{commerce.Payout, "count", ""},
		{commerce.Order, "nothing", ""},
	} {
		if got := c.kind.CurrencyOf(c.facet); got != c.want {
			t.Errorf("%s %s is in %q, want %q", c.kind, c.facet, got, c.want)
		}
	}
}
