package tuesday

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// firstNumber is the number of the day's first order.
const firstNumber = 1001

// order is a web order as the shop knows it, and how far it has come.
type order struct {
	n       int
	id      int64
	email   string
	created time.Time
	updated time.Time
	lines   []*line
	payment string // Shopify's word
	source  string // "web" or "pos"
	test    bool
	// shipping is what the buyer pays for it, discount what is taken off.
	shipping, discount script.Cents
	cancelled          time.Time
	refunds            []refund
	fulfilments        []fulfilment
	progress           progress
}

// progress is what the other systems have done with an order.
type progress struct {
	// skipImport: the ERP's import fails on it.
	skipImport bool
	// held says where the order stays today, or is blank.
	held string
	// toldLater: the shop hears of the shipment only then.
	toldLater time.Time
	// backOrdered lines cannot be picked yet.
	backOrdered []int
	imported    time.Time
	released    time.Time
	// document is the ERP's live sales order.
	document string
	invoiced script.Cents
	invoices int
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
	refunded int // taken back by refunds or edits
	shipped  int // by the warehouse
	told     int // shipped units that the shop knows of
	location string
	untaxed  bool
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

// refund is money paid back in the shop.
type refund struct {
	id     int64
	at     time.Time
	amount script.Cents
	// line and units are the goods taken back, or nil for a goodwill payment.
	line  *line
	units int
	note  string
}

// number is the order's number as all systems know it.
func (o *order) number() string { return fmt.Sprintf("US%d", o.n) }

// key is the order's key as people write it.
func (o *order) key() string { return shopName + "/" + o.number() }

func (o *order) units() (sum int) {
	for _, l := range o.lines {
		sum += l.units
	}
	return sum
}

// current is what is still ordered: without what was refunded or removed.
func (o *order) current() (sum int) {
	for _, l := range o.lines {
		sum += l.units - l.refunded
	}
	return sum
}

func (o *order) shipped() (sum int) {
	for _, l := range o.lines {
		sum += l.shipped
	}
	return sum
}

// goods is the value of the lines that count returns units of.
func (o *order) goods(count func(*line) int) (sum script.Cents) {
	for _, l := range o.lines {
		sum += l.price * script.Cents(count(l))
	}
	return sum
}

func (o *order) tax(count func(*line) int) (sum script.Cents) {
	for _, l := range o.lines {
		if !l.untaxed && !l.variant.giftCard {
			sum += script.TaxOn(l.price * script.Cents(count(l)))
		}
	}
	if o.discount > 0 {
		return 0 // the day's only discount takes off everything
	}
	return sum
}

func ordered(l *line) int { return l.units }
func kept(l *line) int    { return l.units - l.refunded }

// total is what the buyer owed when the order was placed.
func (o *order) total() script.Cents {
	return o.goods(ordered) + o.tax(ordered) + o.shipping - o.discount
}

// totalCurrent is what is owed after edits and returns.
func (o *order) totalCurrent() script.Cents {
	if !o.cancelled.IsZero() {
		return 0
	}
	return o.goods(kept) + o.tax(kept) + o.shipping - o.discount
}
