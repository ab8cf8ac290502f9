package company

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// ofVendor are the items of a vendor.
func (c *Company) ofVendor(vendor string) []*item {
	var all []*item
	for _, it := range c.items {
		if it.vendor == vendor {
			all = append(all, it)
		}
	}
	return all
}

// someVendor is a vendor of which the storefront has everything right.
func (c *Company) someVendor() (string, []*item) {
	for range 100 {
		vendor := c.items[c.rand.IntN(itemCount)].vendor
		items, right := c.ofVendor(vendor), true
		for _, it := range items {
			right = right && it.repacked == nil && it.shownPack == it.pack
		}
		if right && len(items) > 2 {
			return vendor, items
		}
	}
	return "", nil
}

// spoilsPacks lets an app write wrong packs of all items of a vendor to the
// storefront, one after the other.
func (c *Company) spoilsPacks(cause *Cause) {
	vendor, items := c.someVendor()
	if vendor == "" {
		c.In(day, func() { cause.Start = c.Now(); c.spoilsPacks(cause) })
		return
	}
	cause.What = vendor
	for _, it := range items {
		it.repacked = cause
		c.In(c.between(0, time.Hour), func() {
			it.shownPack = it.pack + 5
			c.begin(cause, commerce.Product, commerce.Key{it.sku}, "products/unit")
			c.tell(Shop, it.atShop())
		})
	}
	c.repair(10*time.Hour, 20*time.Hour, func() {
		for _, it := range items {
			it.repacked, it.shownPack = nil, it.pack
			c.tell(Shop, it.atShop())
		}
		for _, e := range cause.Episodes {
			c.end(e)
		}
	})
}

// repacks lets a vendor sell in other packs; the storefront follows in time.
func (c *Company) repacks() {
	vendor, items := c.someVendor()
	if vendor == "" {
		return
	}
	c.trap("vendor with other packs")
	for _, it := range items {
		it.pack++
		c.tell(ERP, product(it))
		c.In(c.between(time.Hour, 3*time.Hour), func() {
			it.shownPack = it.pack
			c.tell(Shop, it.atShop())
		})
	}
}

// saysItems lets each system tell again what it has of an item, as it does all the
// time.
func (c *Company) saysItems() {
	it := c.items[c.rand.IntN(itemCount)]
	c.tell(ERP, product(it))
	c.tell(Shop, it.atShop())
	c.tell(WMS, barcode(it, it.read))
}

// atShop is an item as the storefront has it.
func (it *item) atShop() commerce.Observation {
	o := product(it)
	o.Facets["pack"] = count(it.shownPack)
	return o
}
