package full

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// firstNumber is the number of the shop's first order of the day.
const firstNumber = 1001

// order is an order as its shop knows it, and how far it has come.
type order struct {
	n     int
	store string // the shop's name in the registry
	id    int64
	buyer buyer

	created, updated time.Time
	lines            []*line
	payment          string // Shopify's word
	source           string // "web", "pos" or a marketplace
	test             bool
	// shipping is what the buyer pays for it, tip what is added, rounding what
	// the till adds, and gift what a gift card pays of it.
	shipping, tip, rounding, gift script.Cents
	// rate is how many Canadian cents a cent is for a buyer who pays in them,
	// in hundredths, or 0.
	rate script.Cents
	// marketplace remits the tax itself.
	marketplace bool
	refunds     []refund
	fulfilments []fulfilment
	progress    progress
}

// progress is what the other systems have done with an order.
type progress struct {
	// skipImport: the ERP's import fails on it.
	skipImport bool
	// held says where the order stays today, or is blank.
	held string
	// backOrdered lines cannot be picked yet.
	backOrdered        map[*line]bool
	imported, released time.Time
	// document is the ERP's live sales order, invoices what it has invoiced of it,
	// and invoice how many parcels those are.
	document document
	invoices []map[string]any
	invoice  int
	// wmsID is the warehouse's number of the order, and cancelled the units that
	// it will not ship.
	wmsID     int64
	cancelled map[*line]int
	parcels   []parcel
}

// Where an order may be held.
const (
	heldAtERP = "erp"
	heldAtWMS = "wms"
)

// line is one line of an order.
type line struct {
	id       int64
	variant  *variant
	price    script.Cents
	units    int // as ordered
	removed  int // taken back by refunds, edits or exchanges
	shipped  int // by the warehouse
	told     int // shipped units that the shop knows of
	invoiced int // by the ERP
	location string
	untaxed  bool
	// added lines came to the order after it was placed; apart ones the ERP
	// invoices by themselves: goods of an exchange.
	added, apart bool
}

// fulfilment is one parcel as the shop knows it.
type fulfilment struct {
	id       int64
	at       time.Time
	tracking string
	location string
	lines    []*line
	units    []int
}

// parcel is what left the warehouse of one order in one go.
type parcel struct {
	order    *order
	id       int64
	at       time.Time
	tracking string
	lines    []*line
	units    []int
}

// refund is money paid back in the shop.
type refund struct {
	id               int64
	at               time.Time
	amount, shipping script.Cents
	note             string
}

// number is the order's number as all systems know it.
func (o *order) number() string {
	if o.store == outletName {
		return fmt.Sprintf("OUT%d", o.n)
	}
	return fmt.Sprintf("US%d", o.n)
}

// key is the order's key as people write it.
func (o *order) key() string { return o.store + "/" + o.number() }

func (o *order) sum(count func(*line) int) (sum int) {
	for _, l := range o.lines {
		sum += count(l)
	}
	return sum
}

func ordered(l *line) int {
	if l.added {
		return 0
	}
	return l.units
}
func kept(l *line) int { return l.units - l.removed }
func told(l *line) int { return l.told }

// goods is the value of the lines that count returns units of.
func (o *order) goods(count func(*line) int) (sum script.Cents) {
	for _, l := range o.lines {
		sum += l.price * script.Cents(count(l))
	}
	return sum
}

func (o *order) tax(count func(*line) int) (sum script.Cents) {
	for _, l := range o.lines {
		sum += l.tax(count(l))
	}
	return sum
}

// tax is that of some units of the line.
func (l *line) tax(units int) script.Cents {
	if l.untaxed {
		return 0
	}
	return script.TaxOn(l.price * script.Cents(units))
}

// total is what the buyer owed when the order was placed.
func (o *order) total() script.Cents {
	return o.goods(ordered) + o.tax(ordered) + o.shipping + o.tip
}

// totalCurrent is what is owed after edits, exchanges and refunds of shipping.
func (o *order) totalCurrent() script.Cents {
	sum := o.goods(kept) + o.tax(kept) + o.shipping + o.tip
	for _, r := range o.refunds {
		sum -= r.shipping
	}
	return sum
}

// web reports whether the ERP must have the order.
func (o *order) web() bool {
	return o.source != "pos" && !o.test && (o.payment == "paid" || o.payment == "partially_refunded")
}
