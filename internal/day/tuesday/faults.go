package tuesday

import (
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/day"
)

// plantFaults plans everything that goes wrong today.
func (c *company) plantFaults() {
	c.changePrices()
	c.stopStockJob()
	c.failKits()
	c.importTwice()
	c.editAfterImport()
	c.cancelAtWarehouse()
	c.forgetCustomers()
	c.editStockByHand()
	c.payWithoutMemo()
	c.deleteInERP()
	c.passOnTooLate()
	c.openPopUp()
	c.sendRubbish()
}

// stopStockJob: wholesale takes stock of four SKUs, and the job that should
// tell the shop leaves them out until 10:30.
func (c *company) stopStockJob() {
	changes := map[bin]int{}
	var keys []string
	for i, sku := range stopped {
		changes[bin{sku, "EAST"}] = -5 - i
		keys = append(keys, place{sku, east}.key())
	}
	c.At(c.Clock(9, 14, 0), func() {
		for b := range changes {
			c.erp.paused[placeOf(b)] = true
		}
		c.adjust(changes)
	})
	c.At(c.Clock(10, 29, 0), func() { clear(c.erp.paused) })
	c.Planted(day.Alert{
		Name: "stock job stops for four SKUs", Integration: "stock-to-storefront", Rule: "stock", Class: "late", Keys: keys,
		From: "09:34", Until: "09:45", Resolves: "10:31",
		Why: "wholesale shipment of 09:14 was not passed on; the stock job ran again for these SKUs at 10:30",
	})
}

// failKits: the import does not know KIT-07.
func (c *company) failKits() {
	var orders []*order
	for _, at := range []time.Time{c.Clock(10, 1, 20), c.Clock(10, 2, 40), c.Clock(10, 4, 30)} {
		c.At(at, func() {
			orders = append(orders, c.buy([]want{{"KIT-07", 1, east}}, func(o *order) { o.progress.skipImport = true }))
		})
	}
	c.At(c.Clock(10, 5, 0), func() {
		c.Planted(day.Alert{
			Name: "kit orders fail import", Integration: "orders-to-erp", Rule: "order-in-erp", Class: "missing", Keys: orderKeys(orders),
			From: "10:31", Until: "10:50", Why: "all three contain KIT-07, which the ERP does not know",
		})
	})
}

func orderKeys(orders []*order) []string {
	var keys []string
	for _, o := range orders {
		keys = append(keys, o.key())
	}
	return keys
}

// importTwice: a second import makes a second sales order of one web order.
func (c *company) importTwice() {
	var o *order
	c.At(c.Clock(10, 52, 10), func() {
		o = c.buy([]want{{"POSTER-A2", 1, east}}, func(o *order) { o.progress.held = heldAtWMS })
	})
	c.At(c.Clock(11, 12, 5), func() {
		c.report(erpName, []reported{c.salesOrder(o, c.document("SO"))}, travel{})
		c.Planted(day.Alert{
			Name: "order imported twice", Integration: "orders-to-erp", Rule: "order-in-erp", Class: "duplicate", Keys: []string{o.key()},
			From: "11:42", Until: "11:50", Why: "two live sales orders in the ERP for one web order",
		})
	})
}

// editedOrder is the order that is edited after its import.
const editedOrder = 1033

// editAfterImport: somebody adds a line in the shop, and the ERP does not see
// it until the order is synchronised by hand.
func (c *company) editAfterImport() {
	c.shop.holds = map[int]string{editedOrder: heldAtERP}
	c.At(c.Clock(11, 20, 0), func() {
		o := c.findOrder(editedOrder)
		c.shop.lineIDs++
		v := c.find("SOCK-M")
		added := &line{id: 14123400000000 + c.shop.lineIDs, variant: v, price: v.price, units: 1, location: east, untaxed: true}
		o.lines = append(o.lines, added)
		c.fromShop("orders/edited", editBody{editOf(o, added, c.newID(), c.Now)},
			travel{outcome: day.Ignored, why: "an edit names no amounts; orders/updated follows"})
		c.update(o, "orders/updated")
	})
	c.At(c.Clock(13, 46, 30), func() {
		o := c.findOrder(editedOrder)
		c.report(erpName, []reported{c.salesOrder(o, o.progress.document)}, travel{})
		c.Planted(day.Alert{
			Name: "order edited after import", Integration: "orders-to-erp", Rule: "order-money", Class: "late", Keys: []string{o.key()},
			From: "11:50", Until: "12:00", Resolves: "13:46",
			Why: "the gap is exactly line SOCK-M × 1, $18.00, added by order edit 11:20, after the import",
		})
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
		c.wms.cancelled[o] = 1
		c.report(wmsName, []reported{c.warehouseOrder(o)}, travel{})
		c.Planted(day.Alert{
			Name: "warehouse cancels a line", Integration: "fulfilment", Rule: "line-cancelled", Class: "late", Keys: []string{o.key()},
			From: "12:15", Until: "12:25", Why: "one unit was cancelled at the warehouse at 11:45, the shop still waits for it",
		})
	})
}

// forgetCustomers: what ships at 12:30 is not told to the shop before 15:20.
func (c *company) forgetCustomers() {
	wave := c.Clock(12, 30, 0)
	c.At(wave.Add(-time.Second), func() {
		for _, o := range c.shop.orders {
			if o.shipped() == 0 {
				o.progress.toldLater = c.Clock(15, 20, 0)
			}
		}
	})
	c.At(wave.Add(time.Second), func() {
		var keys []string
		for _, o := range c.shop.orders {
			switch {
			case o.progress.toldLater.IsZero():
			case o.shipped() > 0:
				keys = append(keys, o.key())
			default:
				o.progress.toldLater = time.Time{}
			}
		}
		c.Planted(day.Alert{
			Name: "shipped, customers not told", Integration: "fulfilment", Rule: "shipped-told", Class: "late", Keys: keys,
			From: "13:00", Until: "13:10", Resolves: "15:20", Why: "the fulfilment webhooks of the 12:30 wave never came to the shop",
		})
	})
}

// editStockByHand: somebody takes three units off a SKU that sells.
func (c *company) editStockByHand() {
	change := func(by int) func() {
		return func() { c.setLevel(c.find(edited), east, c.shop.available[shelf{c.find(edited), east}]+by, travel{}) }
	}
	for _, at := range []time.Time{c.Clock(12, 51, 10), c.Clock(13, 27, 0), c.Clock(13, 38, 30)} {
		c.At(at, func() { c.buy([]want{{edited, 1, east}}) })
	}
	c.At(c.Clock(13, 20, 0), change(-3))
	c.At(c.Clock(15, 2, 0), change(+3))
	c.Planted(day.Alert{
		Name: "stock edited by hand", Integration: "stock-to-storefront", Rule: "stock", Class: "value_differs",
		Keys: []string{place{edited, east}.key()}, From: "13:40", Until: "13:50", Resolves: "15:02",
		Why: "three units were taken off in the shop at 13:20 while the SKU sells; put back at 15:02",
	})
}

// payWithoutMemo: a goodwill payment leaves the shop and is never booked.
func (c *company) payWithoutMemo() {
	var o *order
	c.At(c.Clock(7, 12, 0), func() { o = c.buy([]want{{"JACK-OLV-M", 1, east}}) })
	c.At(c.Clock(10, 40, 0), func() {
		c.payBack(o, refund{amount: 5800, note: "arrived late"})
		c.Planted(day.Alert{
			Name: "refund without credit memo", Integration: "refunds", Rule: "refund-booked", Class: "missing", Keys: []string{o.key()},
			From: "14:40", Until: "14:50", Why: "$58.00 were paid out at 10:40, and the ERP has no credit memo",
		})
	})
}

// deleteInERP: somebody deletes a sales order that the shop still has.
func (c *company) deleteInERP() {
	var o *order
	c.At(c.Clock(14, 33, 10), func() {
		o = c.buy([]want{{"POSTER-A3", 2, east}}, func(o *order) { o.progress.held = heldAtERP })
	})
	c.At(c.Clock(15, 10, 0), func() {
		gone := c.orderRecord(o, "order", o.progress.document)
		gone.Gone = true
		c.report(erpName, []reported{gone}, travel{})
		c.Planted(day.Alert{
			Name: "order deleted in the ERP", Integration: "orders-to-erp", Rule: "order-in-erp", Class: "gone", Keys: []string{o.key()},
			From: "15:40", Until: "15:50", Why: "the sales order was deleted at 15:10, the shop's order lives",
		})
	})
}

// passOnTooLate: a change that is passed on a minute after its settle time. The
// finding is right, and short.
func (c *company) passOnTooLate() {
	p := place{trailing, west}
	c.At(c.Clock(15, 52, 0), func() {
		c.erp.paused[p] = true
		c.adjust(map[bin]int{{trailing, "WEST"}: 12})
	})
	c.At(c.Clock(16, 13, 20), func() {
		delete(c.erp.paused, p)
		delete(c.erp.dirty, p)
		c.push(p)
	})
	c.Planted(day.Alert{
		Name: "agreement right after opening", Integration: "stock-to-storefront", Rule: "stock", Class: "late", Keys: []string{p.key()},
		From: "16:12", Until: "16:14", Resolves: "16:13",
		Why: "a receipt of 15:52 reached the shop at 16:13, a minute after the settle time: opened, and resolved at once",
	})
}

// openPopUp: stock of a location that nobody added to the registry.
func (c *company) openPopUp() {
	skus := slices.Sorted(slices.Values(counted()))[:22]
	for i, sku := range skus {
		c.At(c.Clock(17, 0, 0).Add(time.Duration(i)*1500*time.Millisecond), func() {
			c.fromShop("inventory_levels/update", c.levelBody(c.find(sku), popUpLocation, 5), travel{})
		})
	}
	c.Planted(day.Alert{
		Name: "unknown location", Integration: "stock-to-storefront", Class: "unknown_mapping", Keys: []string{shopName + "/location/70002"},
		From: "17:00", Until: "17:10", Why: "22 stock events of location 70002, which the registry does not map: one finding",
	})
}

// sendRubbish: a genuine report with a facet that does not exist.
func (c *company) sendRubbish() {
	c.At(c.Clock(21, 10, 0), func() {
		record := c.warehouseOrder(c.findOrder(firstNumber))
		record.Facets = maps.Clone(record.Facets)
		record.Facets["units_opened"] = "0"
		c.report(wmsName, []reported{record}, travel{outcome: day.Unreadable, why: "a facet that orders do not have"})
	})
	c.Planted(day.Alert{
		Name: "unreadable delivery", Integration: "fulfilment", Class: "unreadable", Keys: []string{wmsName + "/topic/records.reported"},
		From: "21:10", Until: "21:20", Why: "a genuine report of the WMS holds a facet that does not exist; it waits in quarantine",
	})
}

// key writes a place as people write an inventory key.
func (p place) key() string { return p.sku + "@" + p.location }
