package amazon

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type order struct {
	Change struct {
		Level   body.Field `json:"notificationLevel"`
		Seller  body.Field `json:"sellerId"`
		ID      body.Field `json:"amazonOrderId"`
		Trigger struct {
			At body.Field `json:"timeOfOrderChange"`
		} `json:"orderChangeTrigger"`
		Summary summary `json:"summary"`
	} `json:"orderChangeNotification"`
}

type summary struct {
	Marketplace body.Field `json:"marketplaceId"`
	Status      body.Field `json:"orderStatus"`
	Purchased   body.Field `json:"purchaseDate"`
	Fulfilled   body.Field `json:"fulfillmentType"`
	Shipped     body.Field `json:"numberOfItemsShipped"`
	Unshipped   body.Field `json:"numberOfItemsUnshipped"`
	Items       []item     `json:"orderItems"`
}

type item struct {
	SKU      body.Field `json:"sellerSku"`
	Quantity body.Field `json:"quantity"`
}

// ofOrder is the level of a notification that lists all items of an order. Others
// list only those that changed.
const ofOrder = "OrderLevel"

// status is what a status of an order means, in the order in which they come.
type status struct {
	name, payment, fulfilment string
	cancelled                 bool
}

// An order is pending until the payment is authorised. From then on Amazon pays.
var statuses = []status{
	{name: "PendingAvailability", payment: "pending", fulfilment: "unfulfilled"},
	{name: "Pending", payment: "pending", fulfilment: "unfulfilled"},
	{name: "Unshipped", payment: "paid", fulfilment: "unfulfilled"},
	{name: "InvoiceUnconfirmed", payment: "paid", fulfilment: "unfulfilled"},
	{name: "PartiallyShipped", payment: "paid", fulfilment: "partial"},
	{name: "Shipped", payment: "paid", fulfilment: "fulfilled"},
	{name: "Unfulfillable", payment: "paid", fulfilment: "unfulfilled"},
	{name: "Canceled", payment: "voided", cancelled: true},
}

// order observes how far an order is, and, where all of them are listed, its
// items. It has no prices.
func (n *normaliser) order(raw body.Field, _ time.Time) {
	var o order
	n.decode(raw, &o)
	n.Inside("orderChangeNotification")
	defer n.Leave()
	c := &o.Change
	n.mine(c.Seller)
	id := n.Text("amazonOrderId", c.ID)
	n.Inside("orderChangeTrigger")
	at := n.Clock("timeOfOrderChange", n.Instant("timeOfOrderChange", c.Trigger.At), n.delivery.Received)
	n.Leave()
	n.Inside("summary")
	defer n.Leave()
	rank, f := n.progress(&c.Summary)
	items, lines := n.items(&c.Summary)
	store, number, ok := n.OrderNumber.Read(n.Text("marketplaceId", c.Summary.Marketplace), id)
	if id == "" {
		n.Fail("amazonOrderId", "the order's number")
	}
	if n.Problem() != nil {
		return
	}
	if !ok {
		n.skip("order of no store of the registry")
		return
	}
	one := commerce.Observation{Kind: commerce.Order, Key: commerce.Key{store, number}, Part: "order", Native: id, Slot: "order", Facets: f.Values}
	if c.Summary.Purchased.Given() {
		one.Created = n.Instant("purchaseDate", c.Summary.Purchased)
	}
	n.observe(one, at, rank)
	if level, _ := c.Level.Text(); level != ofOrder || c.Summary.Items == nil {
		return
	}
	one.Part, one.Facets, one.Lines = "items", items.Values, lines
	n.observe(one, at, rank)
}

// progress reads how far the order is, and which place that has among all states.
func (n *normaliser) progress(s *summary) (rank uint64, f body.Facets) {
	f = n.facets()
	name := n.Text("orderStatus", s.Status)
	f.PutInstant("created", "purchaseDate", s.Purchased)
	// Amazon has a sandbox of its own for tests.
	f.Put("test", commerce.Bool(false))
	if s.Fulfilled.Given() {
		f.Put("channel", commerce.Text(strings.ToLower(n.Text("fulfillmentType", s.Fulfilled))))
	}
	f.PutNumber("units_shipped", "numberOfItemsShipped", s.Shipped)
	f.PutNumber("units_open", "numberOfItemsUnshipped", s.Unshipped)
	if s.Shipped.Given() && s.Unshipped.Given() {
		f.Put("units_current", commerce.Number(n.Sum("numberOfItemsUnshipped",
			n.Number("numberOfItemsShipped", s.Shipped), n.Number("numberOfItemsUnshipped", s.Unshipped))))
	}
	at := slices.IndexFunc(statuses, func(one status) bool { return one.name == name })
	if at < 0 {
		return 0, f
	}
	f.Put("cancelled", commerce.Bool(statuses[at].cancelled))
	f.Put("payment", commerce.Text(statuses[at].payment))
	if word := statuses[at].fulfilment; word != "" {
		f.Put("fulfilment", commerce.Text(word))
	}
	return uint64(at) + 1, f
}

// items counts what was ordered. Where it is sent from is not told.
func (n *normaliser) items(s *summary) (f body.Facets, lines []commerce.Line) {
	f = n.facets()
	var sum commerce.Decimal
	bySKU := map[string]commerce.Decimal{}
	n.Limit("orderItems", len(s.Items), maxItems)
	for i, one := range s.Items {
		n.Enter("orderItems", i)
		quantity, sku := n.Number("quantity", one.Quantity), strings.TrimSpace(n.OptionalText("sellerSku", one.SKU))
		sum, bySKU[sku] = n.Sum("quantity", sum, quantity), n.Sum("quantity", bySKU[sku], quantity)
		n.Leave()
	}
	f.Put("units", commerce.Number(sum))
	f.Count("lines", int64(len(s.Items)))
	for sku, units := range bySKU {
		if sku != "" && units.Sign() > 0 {
			lines = append(lines, commerce.Line{SKU: sku, Units: units})
		}
	}
	slices.SortFunc(lines, func(a, b commerce.Line) int { return strings.Compare(a.SKU, b.SKU) })
	return f, lines
}
