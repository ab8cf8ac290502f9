package full

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
	"github.com/plumbline/plumbline/internal/platform"
)

// plantFaults plans everything that goes wrong today.
func (c *company) plantFaults() {
	c.dropPrices()
	c.stopStockJob()
	c.failKits()
	c.editAfterImport()
	c.cancelAtWarehouse()
	c.forgetCustomers()
	c.bookInTheWrongCurrency()
	c.fallSilent()
	c.leak()
	c.openPopUp()
	c.commitTwice()
}

// dropped is how many prices of the vendor the price job leaves out.
const (
	dropped       = 214
	droppedVendor = "ACME"
)

// dropPrices decides new prices in the ERP at 02:00. The job passes them on
// before 06:00, except those of one vendor.
func (c *company) dropPrices() {
	var left, passed []*variant
	for _, v := range c.variants {
		switch {
		case v.product.vendor == droppedVendor && len(left) < dropped:
			left = append(left, v)
		case v.product.vendor == "Northgate" && v.sku != kit && v.sku != giftBox && !v.uncounted:
			passed = append(passed, v)
		}
	}
	const raise = script.Cents(150)
	c.At(c.Clock(2, 0, 0), func() {
		var changed []object
		for _, v := range slices.Concat(left, passed) {
			changed = append(changed, c.itemBody(v, v.price+raise))
		}
		const since = "systemModifiedAt gt 2026-03-03T07:00:00Z"
		c.pages(items, since, "prices", changed)
		c.notify(change{document{set: items, number: since}, "collection"})
	})
	pass := func(variants []*variant) {
		var products []*product
		for _, v := range variants {
			v.price += raise
			if !slices.Contains(products, v.product) {
				products = append(products, v.product)
			}
		}
		for _, p := range products {
			c.publish(p)
		}
	}
	c.At(c.Clock(5, 30, 0), func() { pass(passed) })
	c.At(c.Clock(11, 5, 20), func() { pass(left) })
	c.Planted(day.Alert{
		Name: "price job drops a vendor", Integration: "prices", Rule: "price", Class: "late", Records: dropped,
		From: "06:00", Until: "06:10", Resolves: "11:05",
		Why: "the ERP changed 214 prices of vendor ACME at 02:00, the night job passed on those of another vendor only",
	})
}

// stopStockJob: wholesale takes stock of four SKUs, and the job that should tell
// the shop leaves them out until 10:30.
func (c *company) stopStockJob() {
	changes := map[bin]int{}
	var keys []string
	for i, sku := range stopped {
		changes[bin{sku, "EAST"}] = -5 - i
		keys = append(keys, place{sku, east}.key())
	}
	c.At(c.Clock(9, 14, 0), func() {
		for _, sku := range stopped {
			c.erp.paused[place{sku, east}] = true
			c.count(place{sku, east}, changes[bin{sku, "EAST"}])
		}
		c.adjust(changes)
	})
	c.At(c.Clock(10, 29, 30), func() {
		clear(c.erp.paused)
		c.stockJob()
	})
	c.Planted(day.Alert{
		Name: "stock job stops for four SKUs", Integration: "stock-to-storefront", Rule: "stock", Class: "late", Keys: keys,
		From: "09:35", Until: "09:45", Resolves: "10:31",
		Why: "the wholesale shipment of 09:14 was not passed on; the stock job ran again for these SKUs at 10:30",
	})
}

// failKits: the import does not know KIT-07.
func (c *company) failKits() {
	var orders []*order
	for _, second := range []int{80, 160, 270} {
		c.At(c.Clock(10, 0, second), func() {
			orders = append(orders, c.buy([]want{{kit, 1, east}}, func(o *order) { o.progress.skipImport = true }))
		})
	}
	c.At(c.Clock(10, 5, 0), func() {
		c.Planted(day.Alert{
			Name: "kit orders fail import", Integration: "orders-to-erp", Rule: "order-in-erp", Class: "missing", Keys: keysOf(orders),
			From: "10:31", Until: "10:36", Why: "all three contain KIT-07, which the ERP does not know",
		})
	})
}

func keysOf(orders []*order) []string {
	var keys []string
	for _, o := range orders {
		keys = append(keys, o.key())
	}
	return keys
}

// editedOrder is the order that is edited after its import.
const editedOrder = 1033

// editAfterImport: somebody adds a line in the shop, and the ERP does not see it
// until the order is synchronised by hand.
func (c *company) editAfterImport() {
	c.shop.holds[editedOrder] = heldAtERP
	c.At(c.Clock(11, 20, 0), func() {
		o := c.findOrder(editedOrder)
		added := c.line(want{"SOCK-M", 1, o.lines[0].location})
		added.untaxed, added.added = true, true
		o.lines = append(o.lines, added)
		c.update(o, "orders/updated")
	})
	c.At(c.Clock(13, 46, 0), func() {
		o := c.findOrder(editedOrder)
		c.writeOrder(o)
		c.notify(change{o.progress.document, "updated"})
	})
	c.Planted(day.Alert{
		Name: "order edited after import", Integration: "orders-to-erp", Rule: "order-money", Class: "late",
		Keys: []string{(&order{n: editedOrder, store: shopName}).key()}, From: "11:50", Until: "11:55", Resolves: "13:46",
		Why: "the gap is exactly line SOCK-M × 1, $18.00, added by the order edit of 11:20, after the import",
	})
}

// cancelAtWarehouse: the warehouse will not ship one of three units and tells
// nobody else.
func (c *company) cancelAtWarehouse() {
	var o *order
	c.At(c.Clock(9, 47, 15), func() {
		o = c.buy([]want{{"POSTER-A3", 1, east}, {"SOCK-L", 2, east}}, func(o *order) { o.progress.held = heldAtWMS })
	})
	c.At(c.Clock(11, 45, 0), func() {
		o.progress.cancelled[o.lines[1]] = 1
		c.tellOrder(o, "Order Deallocated")
		c.Planted(day.Alert{
			Name: "warehouse cancels a line", Integration: "fulfilment", Rule: "line-cancelled", Class: "late", Keys: []string{o.key()},
			From: "12:15", Until: "12:20", Why: "one unit was cancelled at the warehouse at 11:45, the shop still waits for it",
		})
	})
}

// forgetCustomers: of what ships at 12:30, the second parcel of a split order
// among it, the shop hears at 14:40.
func (c *company) forgetCustomers() {
	c.wms.lost, c.wms.told = c.Clock(12, 30, 0), c.Clock(14, 40, 0)
	c.At(c.Clock(12, 31, 0), func() {
		c.Planted(day.Alert{
			Name: "shipped, customers not told", Integration: "fulfilment", Rule: "shipped-told", Class: "late", Keys: keysOf(c.wms.forgotten),
			From: "13:00", Until: "13:05", Resolves: "14:40", Why: "the fulfilments of the 12:30 wave never came to the shop",
		})
	})
}

// bookInTheWrongCurrency: the shipping of an order that was paid in Canadian
// dollars is refunded, and the ERP books as many US dollars.
func (c *company) bookInTheWrongCurrency() {
	const amount, rate = script.Cents(1200), script.Cents(135)
	var o *order
	c.At(c.Clock(7, 12, 0), func() {
		o = c.buy([]want{{"POSTER-A2", 2, east}}, func(o *order) { o.rate, o.shipping = rate, amount })
	})
	c.At(c.Clock(13, 50, 0), func() {
		c.payBack(o, refund{amount: amount, shipping: amount, note: "arrived late"})
		c.In(9*time.Minute, func() {
			memo := c.document(creditMemos, "PS-CR")
			c.answer(memo.call(), "", c.memoBody(memo, o, amount*rate/100, 0))
			c.notify(change{memo, "created"})
		})
		c.Planted(day.Alert{
			Name: "refund booked in the wrong currency", Integration: "refunds", Rule: "refund-booked", Class: "value_differs",
			Keys: []string{o.key()}, From: "14:35", Until: "14:45",
			Why: "12.00 USD were refunded, 16.20 CAD for the buyer, and the ERP booked 16.20 USD: the gap is the rate, 1.35",
		})
	})
}

// fallSilent: nothing is heard of the warehouse for 52 minutes. What it had to
// say comes all at once then.
func (c *company) fallSilent() {
	c.At(c.Clock(14, 59, 50), func() { c.wms.down = c.Clock(15, 52, 0) })
	c.At(c.Clock(15, 52, 5), c.recount)
	c.Planted(day.Alert{
		Name: "warehouse silent", Integration: "shelves-to-erp", Rule: "silence-wms", Class: "silent", Keys: []string{wmsName + "/silence/inventory"},
		From: "15:20", Until: "15:50", Resolves: "15:52",
		Why: "no delivery of ShipHero between 15:00 and 15:52; what depends on it cannot be told meanwhile",
	})
}

// leaks is what nine days lost between warehouse and ERP, a line a day: what left
// the shelf and was never posted. The night's synchronisation hides it.
var leaks = []int{1, 2, 1, 0, 2, 1, 1, 0, 2}

// leak: one place loses a unit now and then. No difference is ever above what the
// rule lets pass; what gives it away is that it always goes one way.
func (c *company) leak() {
	p := place{leaky, west}
	shelf := c.wms.shelf[p]
	for _, units := range leaks {
		shelf += units
	}
	c.rememberShelf(c.Clock(-24*len(leaks), 6, 0), shelf)
	c.rememberStock(c.Clock(-24*len(leaks), 6, 15), shelf)
	for i, units := range leaks {
		if units == 0 {
			continue
		}
		shelf -= units
		days := -24 * (len(leaks) - i)
		c.rememberShelf(c.Clock(days+16, 20, 0), shelf)
		c.rememberStock(c.Clock(days+23, 30, 0), shelf)
	}
	c.At(c.Clock(14, 38, 0), func() { c.count(p, -1) })
	c.At(c.Clock(16, 40, 0), func() { c.count(p, -1) })
	c.Planted(day.Alert{
		Name: "one SKU leaks", Integration: "shelves-to-erp", Rule: "wms-count", Class: "slow_divergence", Keys: []string{p.key()},
		From: "16:40", Until: "16:50",
		Why: "11 units in 9 days, always one way, never above 2 at once: the night's synchronisation hides it each morning",
	})
}

// rememberShelf is what ShipHero said of the leaking place, and rememberStock what
// the ERP answered.
func (c *company) rememberShelf(at time.Time, onHand int) {
	c.Remember(day.Past{
		At: at, System: wmsName, Topic: "inventory-update", Headers: map[string]string{},
		Body: script.Text(c.shelfBody(place{leaky, west}, onHand, onHand)),
	})
}

func (c *company) rememberStock(at time.Time, onHand int) {
	c.Remember(day.Past{
		At: at, System: erpName, Topic: "stock",
		Headers: map[string]string{platform.FetchedHeader: "acme/plumbline/v1.0" + erpCompany + "stock", platform.StatusHeader: "200"},
		Body:    script.Text(object{"value": []object{{"itemNumber": leaky, "locationCode": "WEST", "inventory": onHand, "available": onHand - 4}}}),
	})
}

// openPopUp: stock of a location that nobody added to the registry.
func (c *company) openPopUp() {
	const skus = 80
	for i, sku := range c.counts()[:skus] {
		c.At(c.Clock(17, 0, 0).Add(time.Duration(i)*1500*time.Millisecond), func() {
			c.send(shopName, "inventory_levels/update", c.levelBody(c.find(sku), popUpLocation, 5), travel{})
		})
	}
	c.Planted(day.Alert{
		Name: "unknown location", Integration: "stock-to-storefront", Class: "unknown_mapping", Keys: []string{shopName + "/location/70002"},
		From: "17:00", Until: "17:10", Why: "80 stock events of location 70002, which the registry does not map: one finding",
	})
}

// commitTwice: somebody switches AvaTax on in the ERP as well, which commits what
// it invoiced today once more.
func (c *company) commitTwice() {
	const again = 31
	var twice []*order
	c.At(c.Clock(18, 30, 0), func() {
		for _, o := range slices.Backward(c.shop.orders) {
			if o.web() && !o.marketplace && o.progress.invoice == 1 && len(twice) < again {
				twice = append(twice, o)
				number, _ := o.progress.invoices[0]["number"].(string)
				c.commit(o, number, o.number())
			}
		}
		c.Planted(day.Alert{
			Name: "tax committed twice", Integration: "tax-to-avalara", Rule: "tax-once", Class: "duplicate", Keys: keysOf(twice),
			From: "20:15", Until: "20:25", Why: "AvaTax is on in Shopify and, since 18:30, in Business Central: 31 orders stand there under two codes",
		})
	})
}
