package company

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Left is when the last day of the owner of barcodes has passed, with nobody to
// follow. Handed is when that of the owner of products has, whom another team has
// followed by then.
func (c *Company) Left() time.Time { return c.days(3) }

// Handed is when the last day of the former owner of products has passed.
func (c *Company) Handed() time.Time { return c.days(2) }

// days is the beginning of a day, in UTC, after one in so many of all days.
func (c *Company) days(part int) time.Time {
	return time.Date(c.Start.Year(), c.Start.Month(), c.Start.Day()+max(1, c.options.Days/part), 0, 0, 0, 0, time.UTC)
}

// HandOver is when another team takes products over: a day before nobody would.
func (c *Company) HandOver() time.Time { return c.Handed().AddDate(0, 0, -1) }

// barcode is an item as the warehouse has it.
func barcode(it *item, code string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{it.sku}, Part: "item", Native: it.sku, Slot: "item",
		Facets: commerce.Facets{"barcode": commerce.Text(code)},
	}
}

func (it *item) code() string { return "40000" + it.sku[len("SKU-"):] }

// openBarcodes tells all barcodes that the warehouse has.
func (c *Company) openBarcodes() {
	var all []commerce.Observation
	for _, it := range c.items {
		all = append(all, barcode(it, it.read))
	}
	c.tell(WMS, all...)
}

// misreads lets the warehouse have a wrong barcode of an item.
func (c *Company) misreads(cause *Cause) {
	it := c.items[c.rand.IntN(itemCount)]
	e := c.begin(cause, commerce.Product, commerce.Key{it.sku}, "barcodes/barcode")
	it.read = it.code() + "9"
	c.tell(WMS, barcode(it, it.read))
	c.repair(10*time.Hour, 20*time.Hour, func() {
		it.read = it.code()
		c.tell(WMS, barcode(it, it.read))
		c.end(e)
	})
}
