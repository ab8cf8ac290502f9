package company

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

func price(it *item, regular, sale int) commerce.Observation {
	facets := commerce.Facets{"regular": cents(regular), "sale": commerce.Null(), "currency": commerce.Text("USD")}
	if sale > 0 {
		facets["sale"] = cents(sale)
	}
	return commerce.Observation{
		Kind: commerce.Price, Key: commerce.Key{it.sku, "base"}, Part: "price", Native: it.sku, Slot: "base", Facets: facets,
	}
}

func (c *Company) erpPrice(it *item) {
	c.tell(ERP, price(it, it.cents, it.sale))
	c.priceJob = append(c.priceJob, it)
}

// reprice changes a price in the ERP; the storefront gets it at night.
func (c *Company) reprice() {
	it := c.items[c.rand.IntN(itemCount)]
	it.cents += 50 * (1 + c.rand.IntN(8))
	c.erpPrice(it)
}

// campaign puts a vendor's items on sale for some days.
func (c *Company) campaign(vendor string, days int) {
	c.trap("sale window")
	set := func(share int) {
		for _, it := range c.items {
			if it.vendor == vendor {
				it.sale = it.cents * share / 100
				c.erpPrice(it)
			}
		}
	}
	set(80)
	c.In(time.Duration(days)*24*time.Hour, func() { set(0) })
}

// pricesJob passes the day's changed prices on to the storefront, all of them or
// not.
func (c *Company) pricesJob() {
	jobs := c.priceJob
	c.priceJob = nil
	if len(jobs) == 0 {
		return
	}
	cause := c.take(PriceJob, true)
	var levels []commerce.Observation
	seen := map[*item]bool{}
	for _, it := range jobs {
		if seen[it] {
			continue
		}
		seen[it] = true
		if it.shownCents == it.cents && it.shownSale == it.sale {
			continue
		}
		if cause != nil {
			c.oldPrice(it, cause)
			continue
		}
		levels = append(levels, c.showPrice(it))
	}
	c.tell(Shop, levels...)
	if cause != nil && len(cause.Episodes) == 0 {
		c.arm(cause)
	}
}

func (c *Company) showPrice(it *item) commerce.Observation {
	it.shownCents, it.shownSale = it.cents, it.sale
	c.end(it.wrongPrice)
	it.wrongPrice = nil
	return price(it, it.cents, it.sale)
}

// oldPrice leaves a price as it was until somebody runs the job again.
func (c *Company) oldPrice(it *item, cause *Cause) {
	if it.wrongPrice == nil {
		it.wrongPrice = c.begin(cause, commerce.Price, commerce.Key{it.sku, "base"}, "prices/price")
	}
	c.At(clock(c.Now().In(c.zone), 11, 0), func() {
		if it.wrongPrice != nil {
			c.tell(Shop, c.showPrice(it))
		}
	})
}
