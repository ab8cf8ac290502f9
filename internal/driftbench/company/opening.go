package company

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// opening tells everything that there is when Plumbline is switched on: all
// stock, prices and products, and some orders of the past weeks.
func (c *Company) opening() {
	var erp, shop, wms, market []commerce.Observation
	for _, s := range c.shelves {
		erp, shop, wms = append(erp, erpLevel(s)), append(shop, shopLevel(s)), append(wms, wmsLevel(s))
		if s.onMarket {
			market = append(market, marketLevel(s))
		}
	}
	for _, it := range c.items {
		erp, shop = append(erp, price(it, it.cents, 0), product(it)), append(shop, price(it, it.cents, 0), product(it))
	}
	c.tell(ERP, erp...)
	c.tell(Shop, shop...)
	c.tell(WMS, wms...)
	c.tell(Market, market...)
	c.openListings()
	c.openBarcodes()
	for range 60 {
		c.past()
	}
}

func product(it *item) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Product, Key: commerce.Key{it.sku}, Part: "item", Native: it.sku, Slot: "item",
		Facets: commerce.Facets{"unit": commerce.Text(it.unit), "pack": count(it.pack), "vendor": commerce.Text(it.vendor), "barcode": commerce.Text(it.code())},
	}
}

// past tells an order that is over: shipped, invoiced, paid and known
// everywhere, its refund included.
func (c *Company) past() {
	c.orders++
	created := c.Start.Add(-c.between(48*time.Hour, 480*time.Hour))
	o := &order{number: fmt.Sprintf("US%06d", 100000+c.orders), created: created, kit: -1, inERP: true, posted: true, documents: 1}
	s := c.shelves[c.rand.IntN(len(c.shelves))]
	o.lines = []line{{shelf: s, units: 1, shipped: 1, told: 1}}
	o.customer = c.someCustomer()
	o.customer.created, o.customer.orders, o.customer.inCRM = created, 1, true
	o.total = s.cents + s.cents*8/100
	o.tax, o.booked, o.native = s.cents*8/100, o.total, "SO-"+o.number
	invoice := c.erpOrder(o)
	invoice.Part, invoice.Native, invoice.Slot = "invoice", "INV-"+o.number, ""
	p := &parcel{order: o, tracking: "T" + o.number}
	paid := commerce.Observation{
		Kind: commerce.Payment, Key: commerce.Key{"P" + o.number}, Part: "payment", Native: "P" + o.number, Created: created.UTC(),
		Facets: commerce.Facets{"amount": cents(o.total), "currency": commerce.Text("USD")},
	}
	refund := commerce.Observation{
		Kind: commerce.Refund, Key: o.key(), Part: "refund", Native: "F" + o.number, Slot: "refund", Created: created.UTC(),
		Facets: commerce.Facets{"amount": cents(o.total), "currency": commerce.Text("USD")},
	}
	payout := commerce.Observation{
		Kind: commerce.Payout, Key: commerce.Key{"PO-" + o.number}, Part: "payout", Native: "PO-" + o.number, Created: created.UTC(),
		Facets: commerce.Facets{
			"gross": cents(o.total), "refunds": cents(0), "adjustments": cents(0), "fees": cents(0), "net": cents(o.total),
			"currency": commerce.Text("USD"),
		},
	}
	c.tell(Shop, c.shopOrder(o), o.customer.atShop(), paid)
	c.tell(ERP, invoice, c.shipment(p, s.location))
	c.tell(WMS, c.wmsOrder(o), c.shipment(p, s.location))
	c.tell(Tax, c.taxOrder(o, "X"+o.number))
	c.tell(CRM, o.customer.inTheCRM())
	c.tell(Pay, paid, payout)
	c.tell(ERP, payout)
	if c.orders%20 == 0 {
		c.tell(Shop, refund)
		c.tell(ERP, refund)
		return
	}
	c.shipped = append(c.shipped, o)
}
