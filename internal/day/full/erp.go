package full

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// The ERP's API.
const (
	erpHost    = "api.businesscentral.dynamics.com"
	erpBase    = erpHost + "/v2.0/" + tenant + "/production/api/"
	erpCompany = "/companies(" + companyID + ")/"
	erpLists   = "GET " + erpBase + "v2.0" + erpCompany
)

// The entity sets that it tells of.
const (
	salesOrders = "salesOrders"
	shipments   = "salesShipments"
	invoices    = "salesInvoices"
	creditMemos = "salesCreditMemos"
	items       = "items"
)

// erp is Business Central: believed for stock and prices, and it must have every
// web order. It tells which record changed and no more; stock it never tells.
type erp struct {
	stock map[bin]*held
	// dirty places changed for reasons other than web orders; the stock job
	// passes them on. Paused ones it leaves out.
	dirty, paused map[place]bool
	// asked is the stock as it was last written down for whoever asks.
	asked     string
	documents int
}

// bin is a SKU at a location as the ERP names it: EAST and EAST2 are both east.
type bin struct{ sku, native string }

type held struct{ onHand, committed int }

func (h held) free() int { return h.onHand - h.committed }

// document is one of its records.
type document struct{ set, id, number string }

func (d document) call() string { return erpLists + d.set + "(" + d.id + ")" }

func erpLocation(location string) string {
	if location == west {
		return "WEST"
	}
	return "EAST"
}

func placeOf(b bin) place {
	if b.native == "WEST" {
		return place{b.sku, west}
	}
	return place{b.sku, east}
}

// binsOf are the ERP's bins of a place that exist.
func (c *company) binsOf(p place) []bin {
	natives := []string{"EAST", "EAST2"}
	if p.location == west {
		natives = []string{"WEST"}
	}
	var all []bin
	for _, native := range natives {
		if b := (bin{p.sku, native}); c.erp.stock[b] != nil {
			all = append(all, b)
		}
	}
	return all
}

// expected is what the shop should show of a place: the ERP's free stock without
// the buffer and without what buyers took meanwhile.
func (c *company) expected(p place) int {
	free := 0
	for _, b := range c.binsOf(p) {
		free += c.erp.stock[b].free()
	}
	return max(0, free-bufferOf(p)) - c.unimported(p)
}

// tellStock writes down what the stock page answers, when it changed.
func (c *company) tellStock() {
	var rows []object
	for _, b := range slices.SortedFunc(maps.Keys(c.erp.stock), compareBins) {
		h := c.erp.stock[b]
		rows = append(rows, object{"itemNumber": b.sku, "locationCode": b.native, "inventory": h.onHand, "available": h.free()})
	}
	page := object{"value": rows}
	if text := script.Text(page); text != c.erp.asked {
		c.erp.asked = text
		c.answer("GET "+erpBase+"acme/plumbline/v1.0"+erpCompany+"stock", "", page)
	}
}

func compareBins(a, b bin) int {
	return cmp.Or(cmp.Compare(a.sku, b.sku), cmp.Compare(a.native, b.native))
}

// adjust changes stock for reasons other than web orders.
func (c *company) adjust(changes map[bin]int) {
	for b, units := range changes {
		c.erp.stock[b].onHand += units
		c.erp.dirty[placeOf(b)] = true
	}
}

// stockJob passes changed stock on to the shop, one or two minutes later.
func (c *company) stockJob() {
	for _, p := range sortedPlaces(c.erp.dirty) {
		if !c.erp.paused[p] {
			delete(c.erp.dirty, p)
			c.In(c.Jitter(60*time.Second, 110*time.Second), func() { c.setLevel(p, c.expected(p), travel{}) })
		}
	}
}

func sortedPlaces(places map[place]bool) []place {
	return slices.SortedFunc(maps.Keys(places), func(a, b place) int { return cmp.Compare(a.key(), b.key()) })
}

// change is one element of a notification.
type change struct {
	document
	kind string
}

// notify tells of changed records, and of nothing that they hold.
func (c *company) notify(changes ...change) {
	var value []object
	for _, ch := range changes {
		resource := "api/v2.0" + erpCompany + ch.set
		if ch.id != "" {
			resource += "(" + ch.id + ")"
		} else {
			resource += "?$filter=" + ch.number
		}
		value = append(value, object{
			"subscriptionId": subscription(ch.set), "clientState": Secrets()[erpName], "expirationDateTime": millis(c.Clock(60, 0, 0)),
			"resource": resource, "changeType": ch.kind, "lastModifiedDateTime": millis(c.Now),
		})
	}
	c.send(erpName, "", object{"value": value}, travel{delay: c.Jitter(20*time.Second, 40*time.Second)})
}

// subscription is the id of the subscription to an entity set.
func subscription(set string) string { return fmt.Sprintf("a1f0c6d2b7e84c0f9c3d5e6f%08d", len(set)) }

func (c *company) document(set, series string) document {
	c.erp.documents++
	return document{set, c.UUID(), fmt.Sprintf("%s%d", series, 103000+c.erp.documents)}
}

// importOrders takes over what buyers ordered until now.
func (c *company) importOrders() {
	var taken []*order
	var changes []change
	for _, o := range c.shop.orders {
		if o.importable() {
			taken = append(taken, o)
			changes = append(changes, c.importOrder(o))
		}
	}
	if len(taken) > 0 {
		c.notify(changes...)
		c.In(c.Jitter(7*time.Minute, 9*time.Minute), func() { c.release(taken) })
	}
}

// importable reports whether the ERP's import takes the order. Sales in a store
// are posted by the till, but for those that are sent from the warehouse.
func (o *order) importable() bool {
	posted := o.web() || o.source == "pos" && o.rounding != 0
	return posted && !o.progress.skipImport && o.progress.imported.IsZero()
}

func (c *company) importOrder(o *order) change {
	o.progress.imported = c.Now
	o.progress.document = c.document(salesOrders, "S-ORD")
	c.writeOrder(o)
	for _, l := range o.lines {
		if h := c.erp.stock[bin{l.variant.sku, erpLocation(l.location)}]; h != nil {
			h.committed += l.units
		}
	}
	return change{o.progress.document, "created"}
}

// writeOrder writes down what is known of a sales order from now on.
func (c *company) writeOrder(o *order) { c.answer(o.progress.document.call(), "", c.salesOrderBody(o)) }

// invoice posts the shipments and invoices of parcels. A sales order that is
// through is deleted; its invoices took over from it.
func (c *company) invoice(parcels []parcel) {
	var changes []change
	for _, p := range parcels {
		changes = append(changes, c.post(p)...)
	}
	c.notify(changes...)
}

func (c *company) post(p parcel) []change {
	o := p.order
	shipment, invoice := c.document(shipments, "S-SHPT"), c.document(invoices, "PS-INV")
	total, tax := script.Cents(0), script.Cents(0)
	for i, l := range p.lines {
		if l.apart {
			continue
		}
		l.invoiced += p.units[i]
		tax += l.tax(p.units[i])
		total += l.price*script.Cents(p.units[i]) + l.tax(p.units[i])
		if h := c.erp.stock[bin{l.variant.sku, erpLocation(l.location)}]; h != nil {
			h.onHand -= p.units[i]
			h.committed -= p.units[i]
		}
	}
	if o.progress.invoice == 0 {
		total += o.shipping + o.rounding
	}
	o.progress.invoice++
	c.answer(shipment.call(), "", c.shipmentBody(shipment, o, p))
	if p.lines[0].apart {
		return []change{{shipment, "created"}}
	}
	body := c.invoiceBody(invoice, o, o.number(), total, tax, p.lines, p.units)
	c.answer(invoice.call(), "", body)
	o.progress.invoices = append(o.progress.invoices, body)
	c.listInvoices(o)
	changes := []change{{shipment, "created"}, {invoice, "created"}}
	if o.through() {
		c.answerNone(o.progress.document.call())
		return append(changes, change{o.progress.document, "deleted"})
	}
	c.writeOrder(o)
	return append(changes, change{o.progress.document, "updated"})
}

// through reports whether everything of a sales order is invoiced.
func (o *order) through() bool {
	return !slices.ContainsFunc(o.lines, func(l *line) bool { return !l.apart && l.invoiced < kept(l) })
}

// listInvoices writes down which invoices a sales order has.
func (c *company) listInvoices(o *order) {
	c.answer(erpLists+invoices, "orderId eq "+o.progress.document.id, object{"value": o.progress.invoices})
}
