package shipbob

import (
	"bytes"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	orderPart    = "order"
	shipmentPart = "shipment"
	notWebOrder  = "order of no web shop"
	cancelled    = "Cancelled"
)

type order struct {
	ID      body.Field `json:"id"`
	OrderID body.Field `json:"order_id"`
	Status  body.Field `json:"status"`
	Created body.Field `json:"created_date"`
	Channel struct {
		Name body.Field `json:"name"`
	} `json:"channel"`
	Products  []orderProduct `json:"products"`
	Shipments []shipment     `json:"shipments"`
}

type orderProduct struct {
	SKU      body.Field `json:"sku"`
	Quantity body.Field `json:"quantity"`
}

// hint reads which order a webhook is about, and what it shows of it if it shows
// it whole.
func (n *normaliser) hint() error {
	var o order
	if err := body.Decode(n.delivery.Body, &o); err != nil {
		return err
	}
	if o.OrderID.Given() {
		n.ask(orderTopic, orderTopic+"/"+n.ID("order_id", o.OrderID))
		return nil
	}
	if o.Shipments == nil {
		n.Fail("order_id", "an order's id")
		return nil
	}
	if err := n.order(n.delivery.Body); err != nil || n.reading.Ignored != "" {
		return err
	}
	n.ask(orderTopic, orderTopic+"/"+n.ID("id", o.ID))
	return nil
}

// fetchedOrder reads an order that was asked for. One that does not exist is gone;
// which web order it was its link knows.
func (n *normaliser) fetchedOrder() error {
	if !n.missing() {
		return n.order(n.delivery.Body)
	}
	native := n.native()
	n.observe(commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: orderLink, Native: native},
		Part: orderPart, Native: native, Slot: orderPart, Gone: true,
	})
	return nil
}

// orders reads a page of orders: a list, alone or as items.
func (n *normaliser) orders() error {
	if n.missing() {
		return n.ignore("no such list")
	}
	var page struct {
		Items []body.Field `json:"items"`
	}
	decoded := any(&page)
	if raw := bytes.TrimLeft(n.delivery.Body, " \t\r\n"); len(raw) > 0 && raw[0] == '[' {
		decoded = &page.Items
	}
	if err := body.Decode(n.delivery.Body, decoded); err != nil {
		return err
	}
	if page.Items == nil {
		n.Fail("items", "a list")
	}
	n.Limit("items", len(page.Items), maxPage)
	for i, raw := range page.Items {
		n.Enter("items", i)
		err := n.order(raw)
		n.Leave()
		if err != nil {
			return err
		}
	}
	if len(page.Items) >= pageSize {
		if target, ok := nextPage(n.delivery.Header[platform.FetchedHeader]); ok {
			n.ask(ordersTopic, target)
		}
	}
	return n.otherwise("nothing on the page that is compared")
}

// order observes an order with its shipments.
func (n *normaliser) order(raw []byte) error {
	var o order
	var values map[string]body.Field
	if err := body.Decode(raw, &o); err != nil {
		return err
	}
	if err := body.Decode(raw, &values); err != nil {
		return err
	}
	native := n.ID("id", o.ID)
	key, ok := n.webOrder(values, n.OptionalText("channel.name", o.Channel.Name))
	if !ok {
		return n.otherwise(notWebOrder)
	}
	observed := commerce.Observation{Kind: commerce.Order, Key: key, Part: orderPart, Native: native, Slot: orderPart}
	f := n.facets()
	if o.Created.Given() {
		observed.Created = n.instant("created_date", o.Created)
		f.Put("created", commerce.Time(observed.Created))
	}
	status := n.OptionalText("status", o.Status)
	n.status(f, status)
	if lines := n.ordered(f, o.Products); status != cancelled {
		observed.Lines = lines
	}
	shipments := n.shipments(f, o.Shipments)
	observed.Facets = f.Values
	n.observe(observed)
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, orderLink, native}, Part: "link", Native: native,
		Facets: commerce.Facets{"store": commerce.Text(key[0]), "number": commerce.Text(key[1])},
	})
	for _, s := range shipments {
		s.Key[0], s.Key[1] = key[0], key[1]
		n.observe(s)
	}
	return nil
}

// webOrder finds the web order's number: the first of the configured fields that
// holds one.
func (n *normaliser) webOrder(values map[string]body.Field, channel string) (commerce.Key, bool) {
	for _, name := range n.orderFields {
		text, _ := values[name].Text()
		if store, number, ok := n.OrderNumber.Read(channel, text); text != "" && ok {
			return commerce.Key{store, number}, true
		}
	}
	return commerce.Key{"", ""}, false
}

// status puts what an order's status says.
func (n *normaliser) status(f body.Facets, status string) {
	if status == "" {
		return
	}
	f.Put("cancelled", commerce.Bool(status == cancelled))
	switch status {
	case "Fulfilled":
		f.Put("fulfilment", commerce.Text("fulfilled"))
	case "PartiallyFulfilled":
		f.Put("fulfilment", commerce.Text("partial"))
	case "Processing", "Exception", "ImportReview":
		f.Put("fulfilment", commerce.Text("unfulfilled"))
	}
}

// ordered puts what was ordered, and returns it by SKU.
func (n *normaliser) ordered(f body.Facets, products []orderProduct) (lines []commerce.Line) {
	if products == nil {
		return nil
	}
	var units commerce.Decimal
	n.Limit("products", len(products), maxLines)
	for i, p := range products {
		n.Enter("products", i)
		quantity := n.Number("quantity", p.Quantity)
		units = n.Sum("quantity", units, quantity)
		lines = n.take(lines, n.OptionalText("sku", p.SKU), quantity)
		n.Leave()
	}
	f.Put("units", commerce.Number(units))
	f.Count("lines", int64(len(products)))
	return lines
}

// take adds units of a SKU, in the order of SKUs.
func (n *normaliser) take(lines []commerce.Line, sku string, units commerce.Decimal) []commerce.Line {
	if sku == "" || units.Sign() <= 0 {
		return lines
	}
	at := slices.IndexFunc(lines, func(l commerce.Line) bool { return l.SKU >= sku })
	switch {
	case at < 0:
		return append(lines, commerce.Line{SKU: sku, Units: units})
	case lines[at].SKU == sku:
		lines[at].Units = n.Sum("quantity", lines[at].Units, units)
		return lines
	default:
		return slices.Insert(lines, at, commerce.Line{SKU: sku, Units: units})
	}
}
