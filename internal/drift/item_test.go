package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// TestItem_OrdersThatAnItemKeepsOutAreOneAlert lets a second order be missing ten
// hours after a first one.
func TestItem_OrdersThatAnItemKeepsOutAreOneAlert(t *testing.T) {
	for _, c := range []struct {
		name          string
		first, second []commerce.Line
		arrives       bool
		days          int
		want          int
	}{
		{name: "of the same kit", first: lines("KIT-07", "MUG"), second: lines("TEE", "KIT-07"), want: 1},
		{name: "of the same kit, two days later", first: lines("KIT-07"), second: lines("KIT-07"), days: 2, want: 1},
		{name: "of the same kit, four days later", first: lines("KIT-07"), second: lines("KIT-07"), days: 4, want: 2},
		{name: "of other items", first: lines("KIT-07", "MUG"), second: lines("TEE"), want: 2},
		{name: "of which nobody knows the items", want: 2},
		{name: "of the same kit, of which an order has arrived", first: lines("KIT-07"), second: lines("KIT-07"), arrives: true, want: 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(stockRegistry("from.free - in_flight", 5*time.Minute))
			w.deliver(t, order("erp", 9))
			w.deliver(t, ordered("shop", 1, c.first...))
			w.until(t, at(13, 0))
			if c.arrives {
				w.deliver(t, ordered("erp", 1))
			}
			w.until(t, at(19, 0).AddDate(0, 0, c.days))
			w.deliver(t, ordered("shop", 2, c.second...))
			w.until(t, at(23, 0).AddDate(0, 0, c.days))
			if n := len(w.opened(t, "order-in-erp")); n != 2 {
				t.Fatalf("%d orders are missing, want 2", n)
			}
			if all := w.ofClass(t, finding.Missing); len(all) != c.want {
				t.Errorf("%d alerts, want %d", len(all), c.want)
			}
		})
	}
}

func lines(skus ...string) []commerce.Line {
	var all []commerce.Line
	for _, sku := range skus {
		all = append(all, line(sku, "east", 1))
	}
	return all
}
