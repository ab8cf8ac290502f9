package commercetools

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type order struct {
	ID      body.Field `json:"id"`
	Version body.Field `json:"version"`
	Number  body.Field `json:"orderNumber"`
	Created body.Field `json:"createdAt"`
	Store   struct {
		Key body.Field `json:"key"`
	} `json:"store"`
	Origin   body.Field `json:"origin"`
	State    body.Field `json:"orderState"`
	Payment  body.Field `json:"paymentState"`
	Shipment body.Field `json:"shipmentState"`
	Total    body.Field `json:"totalPrice"`
	Taxed    struct {
		Net   body.Field `json:"totalNet"`
		Gross body.Field `json:"totalGross"`
		Tax   body.Field `json:"totalTax"`
	} `json:"taxedPrice"`
	Lines    []line   `json:"lineItems"`
	Shipping shipping `json:"shippingInfo"`
	Ways     []struct {
		Info shipping `json:"shippingInfo"`
	} `json:"shipping"`
}

type line struct {
	Quantity body.Field `json:"quantity"`
	Variant  struct {
		SKU body.Field `json:"sku"`
	} `json:"variant"`
	Channel body.Field `json:"supplyChannel"`
}

// Words for how far an order is, by commercetools' own. A payment that failed or
// is short is as open as one that nobody has tried.
var (
	paid = map[string]string{
		"Paid": "paid", "CreditOwed": "paid", "Pending": "pending", "BalanceDue": "pending", "Failed": "pending",
	}
	fulfilled = map[string]string{
		"Shipped": "fulfilled", "Delivered": "fulfilled", "Partial": "partial",
		"Ready": "unfulfilled", "Pending": "unfulfilled", "Delayed": "unfulfilled", "Backorder": "unfulfilled",
	}
)

// order observes an order with its deliveries.
func (n *normaliser) order(raw []byte) {
	var o order
	n.decode(raw, &o)
	n.whole(o.Version)
	id, f := n.id(o.ID), n.orderFacets(&o)
	lines := n.lines(&o, f)
	n.Inside("store")
	store := n.OptionalText("key", o.Store.Key)
	n.Leave()
	store, number, ok := n.OrderNumber.Read(store, n.OptionalText("orderNumber", o.Number))
	made := n.Instant("createdAt", o.Created)
	n.Clock("createdAt", made, n.delivery.Received)
	if n.Problem() != nil {
		return
	}
	if !ok {
		n.skip("order number is not a web order's")
		return
	}
	key := commerce.Key{store, number}
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: key, Part: "order", Native: id, Slot: "order", Created: made, Facets: f.Values, Lines: lines,
	})
	n.link(orderLink, id, id, commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number)})
	n.shipped(&o, key)
}

func (n *normaliser) orderFacets(o *order) body.Facets {
	f := n.facets()
	total, currency := n.money("totalPrice", o.Total)
	n.Inside("taxedPrice")
	if o.Taxed.Gross.Given() {
		total, _ = n.money("totalGross", o.Taxed.Gross)
	}
	if o.Taxed.Tax.Given() {
		tax, _ := n.money("totalTax", o.Taxed.Tax)
		f.Put("tax", commerce.Number(tax))
	} else if o.Taxed.Gross.Given() && o.Taxed.Net.Given() {
		net, _ := n.money("totalNet", o.Taxed.Net)
		f.Put("tax", commerce.Number(n.Sum("totalNet", total, net.Neg())))
	}
	n.Leave()
	if tax, ok := f.Values["tax"]; ok {
		f.Put("tax_current", tax)
	}
	// An edit changes the order itself, and a refund is the payment's.
	f.Put("total", commerce.Number(total))
	f.Put("total_current", commerce.Number(total))
	f.Put("currency", commerce.Text(currency))
	f.PutInstant("created", "createdAt", o.Created)
	f.Put("cancelled", commerce.Bool(n.Text("orderState", o.State) == "Cancelled"))
	// There are no test orders: whoever tests has another project.
	f.Put("test", commerce.Bool(false))
	f.Put("channel", commerce.Text(strings.ToLower(n.OptionalText("origin", o.Origin))))
	n.word(f, "payment", "paymentState", o.Payment, paid)
	n.word(f, "fulfilment", "shipmentState", o.Shipment, fulfilled)
	return f
}

// word puts what a state means, where that is known.
func (n *normaliser) word(f body.Facets, facet, name string, state body.Field, words map[string]string) {
	if word, ok := words[n.OptionalText(name, state)]; ok {
		f.Put(facet, commerce.Text(word))
	}
}

// lines counts what was ordered, and says which units wait for stock where.
func (n *normaliser) lines(o *order, f body.Facets) []commerce.Line {
	if o.Lines == nil {
		n.Fail("lineItems", "a list")
	}
	n.Limit("lineItems", len(o.Lines), maxItems)
	var sum commerce.Decimal
	bySKU := map[[2]string]commerce.Decimal{}
	for i := range o.Lines {
		n.Enter("lineItems", i)
		quantity, sku := n.Number("quantity", o.Lines[i].Quantity), n.sku(o.Lines[i].Variant.SKU)
		at := [2]string{sku, n.place(o.Lines[i].Channel)}
		sum, bySKU[at] = n.Sum("quantity", sum, quantity), n.Sum("quantity", bySKU[at], quantity)
		n.Leave()
	}
	f.Put("units", commerce.Number(sum))
	f.Put("units_current", commerce.Number(sum))
	f.Count("lines", int64(len(o.Lines)))
	var lines []commerce.Line
	for at, units := range bySKU {
		if at[0] != "" && units.Sign() > 0 {
			lines = append(lines, commerce.Line{SKU: at[0], Location: at[1], Units: units})
		}
	}
	slices.SortFunc(lines, func(a, b commerce.Line) int {
		return strings.Compare(a.SKU+"\x00"+a.Location, b.SKU+"\x00"+b.Location)
	})
	return lines
}

// place is the location of a supply channel, or blank where it is not known: the
// stock itself asks for the mapping.
func (n *normaliser) place(f body.Field) string {
	location, known, ignored := n.Locations.Locate(n.channel("supplyChannel", f))
	if !known || ignored || location == platform.Ignore {
		return ""
	}
	return location
}

// orderGone ends an order. What it was known by its link knows.
func (n *normaliser) orderGone(id string) {
	n.final(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: id}, Part: "order", Native: id, Slot: "order",
	})
}
