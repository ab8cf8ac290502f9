package tuesday

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// erp is the system that is believed for stock and prices, and that must have
// every order.
type erp struct {
	stock map[bin]*held
	// dirty shelves changed for reasons other than web orders; the stock job
	// passes them on.
	dirty map[place]bool
	// paused places are left out by the stock job.
	paused    map[place]bool
	documents int
	sequence  uint64
}

// place is a SKU at one of the company's locations.
type place struct{ sku, location string }

// bin is a SKU at a location as the ERP names it: EAST and EAST2 are both east.
type bin struct{ sku, native string }

type held struct{ onHand, committed int }

func (h held) free() int { return h.onHand - h.committed }

func erpLocation(location string) string {
	if location == west {
		return "WEST"
	}
	return "EAST"
}

// bins are the ERP's bins of a place that exist.
func (c *company) bins(p place) []bin {
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

// expected is what the shop should show of a place: the ERP's free stock
// without the buffer and without what buyers took meanwhile.
func (c *company) expected(p place) int {
	free := 0
	for _, b := range c.bins(p) {
		free += c.erp.stock[b].free()
	}
	return max(0, free-bufferOf(p)) - c.unimported(c.find(p.sku), p.location)
}

// stockRecords reports bins as they are now.
func (c *company) stockRecords(bins []bin) []reported {
	bins = slices.Clone(bins)
	slices.SortFunc(bins, func(a, b bin) int { return cmp.Or(cmp.Compare(a.sku, b.sku), cmp.Compare(a.native, b.native)) })
	var records []reported
	for _, b := range slices.Compact(bins) {
		c.erp.sequence++
		h := c.erp.stock[b]
		records = append(records, reported{
			Kind: "inventory", ID: b.sku + "/" + b.native, Key: map[string]any{"sku": b.sku, "location": b.native},
			UpdatedAt: stamp(c.Now), Sequence: c.erp.sequence,
			Facets: map[string]any{
				"free": strconv.Itoa(h.free()), "on_hand": strconv.Itoa(h.onHand), "tracked": true,
				"price": c.find(b.sku).regular().String(),
			},
		})
	}
	return records
}

// adjust changes stock in the ERP for reasons other than web orders and reports
// it. Nobody has told the shop yet.
func (c *company) adjust(changes map[bin]int) {
	bins := slices.Collect(maps.Keys(changes))
	for b, units := range changes {
		c.erp.stock[b].onHand += units
		c.erp.dirty[placeOf(b)] = true
	}
	c.report(erpName, c.stockRecords(bins), travel{})
}

func placeOf(b bin) place {
	if b.native == "WEST" {
		return place{b.sku, west}
	}
	return place{b.sku, east}
}

// stockJob passes changed stock on to the shop, one or two minutes later.
func (c *company) stockJob() {
	for _, p := range sortedPlaces(c.erp.dirty) {
		if c.erp.paused[p] {
			continue
		}
		delete(c.erp.dirty, p)
		c.In(c.Jitter(60*time.Second, 110*time.Second), func() { c.push(p) })
	}
}

// push sets the shop's stock of a place to what it should be.
func (c *company) push(p place) { c.setLevel(c.find(p.sku), p.location, c.expected(p), travel{}) }

func sortedPlaces(places map[place]bool) []place {
	return slices.SortedFunc(maps.Keys(places), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.sku, b.sku), cmp.Compare(a.location, b.location))
	})
}

// importOrders takes over what buyers ordered until now. Its report comes when
// the job is through, about a minute later.
func (c *company) importOrders() {
	var records []reported
	var bins []bin
	var taken []*order
	for _, o := range c.shop.orders {
		if !o.importable() {
			continue
		}
		taken = append(taken, o)
		o.progress.imported = c.Now
		o.progress.document = c.document("SO")
		records = append(records, c.salesOrder(o, o.progress.document))
		for _, l := range o.lines {
			b := bin{l.variant.sku, erpLocation(l.location)}
			if c.erp.stock[b] != nil {
				c.erp.stock[b].committed += l.units
				bins = append(bins, b)
			}
		}
	}
	c.In(c.Jitter(7*time.Minute, 9*time.Minute), func() { c.release(taken) })
	c.report(erpName, append(records, c.stockRecords(bins)...), travel{delay: c.Jitter(60*time.Second, 90*time.Second)})
}

// importable reports whether the ERP's import takes the order.
func (o *order) importable() bool {
	paid := o.payment == "paid" || o.payment == "partially_refunded"
	return paid && !o.test && o.source == "web" && o.cancelled.IsZero() && !o.progress.skipImport &&
		o.progress.imported.IsZero() && !o.lines[0].variant.giftCard
}

func (c *company) document(series string) string {
	c.erp.documents++
	return fmt.Sprintf("%s-%d", series, 10400+c.erp.documents)
}

// booked is what the ERP thinks the order is worth: it rounds tax on its own.
func (o *order) booked() script.Cents {
	if o.n%17 == 0 && o.discount == 0 {
		return o.totalCurrent() + 1
	}
	return o.totalCurrent()
}

func (c *company) orderRecord(o *order, part, id string) reported {
	c.erp.sequence++
	return reported{
		Kind: "order", Part: part, ID: id, Key: map[string]any{"store": "SHOPIFYUS", "number": "#" + o.number()},
		UpdatedAt: stamp(c.Now), Sequence: c.erp.sequence,
	}
}

// salesOrder is what is ordered and not invoiced yet.
func (c *company) salesOrder(o *order, id string) reported {
	r := c.orderRecord(o, "order", id)
	r.CreatedAt = stamp(o.progress.imported)
	units := 0
	for _, l := range o.lines {
		if open := l.units - l.refunded - l.shipped; open > 0 {
			units += open
			r.Lines = append(r.Lines, reportLine{l.variant.sku, strconv.Itoa(open), erpLocation(l.location)})
		}
	}
	r.Facets = amounts(o.booked()-o.progress.invoiced, units)
	return r
}

func amounts(total script.Cents, units int) map[string]any {
	return map[string]any{"total_current": total.String(), "units_current": strconv.Itoa(units), "currency": "USD"}
}

// parcel is what left the warehouse of one order in one go.
type parcel struct {
	order *order
	lines []*line
	units []int
}

// invoice posts shipments and their invoices. A sales order that is through
// disappears; the last invoice took over from it.
func (c *company) invoice(parcels []parcel) {
	var records []reported
	var bins []bin
	for _, p := range parcels {
		o := p.order
		shipment := c.orderRecord(o, "shipment", c.document("PS"))
		invoice := c.orderRecord(o, "invoice", c.document("PSI"))
		total, units := script.Cents(0), 0
		for i, l := range p.lines {
			goods := l.price * script.Cents(p.units[i])
			total, units = total+goods+script.TaxOn(goods), units+p.units[i]
			invoice.Lines = append(invoice.Lines, reportLine{l.variant.sku, strconv.Itoa(p.units[i]), erpLocation(l.location)})
			if h := c.erp.stock[bin{l.variant.sku, erpLocation(l.location)}]; h != nil {
				h.onHand -= p.units[i]
				h.committed -= p.units[i]
				bins = append(bins, bin{l.variant.sku, erpLocation(l.location)})
			}
		}
		if o.progress.invoices == 0 {
			total += o.shipping
		}
		last := o.shipped() == o.current()
		if last {
			total = o.booked() - o.progress.invoiced
		}
		o.progress.invoices++
		o.progress.invoiced += total
		shipment.Facets = map[string]any{"units_shipped": strconv.Itoa(units)}
		invoice.Facets = amounts(total, units)
		records = append(records, shipment, invoice)
		if last {
			gone := c.orderRecord(o, "order", o.progress.document)
			gone.Gone, gone.SucceededBy = true, invoice.ID
			records = append(records, gone)
		} else {
			records = append(records, c.salesOrder(o, o.progress.document))
		}
	}
	c.report(erpName, append(records, c.stockRecords(bins)...), travel{})
}

// creditMemo books a refund with goods.
func (c *company) creditMemo(o *order, r refund) {
	memo := c.orderRecord(o, "credit_memo", c.document("PCM"))
	memo.Facets = amounts(-r.amount, -r.units)
	booking := c.orderRecord(o, "", memo.ID)
	booking.Kind, booking.CreatedAt = "refund", stamp(c.Now)
	booking.Facets = map[string]any{"amount": r.amount.String(), "currency": "USD"}
	c.report(erpName, []reported{memo, booking}, travel{})
}
