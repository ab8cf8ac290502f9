package shipstation

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const orderPart = "order"

type order struct {
	ID       body.Field  `json:"orderId"`
	Number   body.Field  `json:"orderNumber"`
	Status   body.Field  `json:"orderStatus"`
	Ordered  body.Field  `json:"orderDate"`
	Modified body.Field  `json:"modifyDate"`
	Total    body.Field  `json:"orderTotal"`
	Tax      body.Field  `json:"taxAmount"`
	Shipping body.Field  `json:"shippingAmount"`
	Items    []orderItem `json:"items"`
	Advanced options     `json:"advancedOptions"`
}

type orderItem struct {
	Quantity   body.Field `json:"quantity"`
	Adjustment body.Field `json:"adjustment"`
}

type options struct {
	Store body.Field `json:"storeId"`
	Split body.Field `json:"mergedOrSplit"`
}

// order observes an order. One that was merged or split stands beside others of
// the same number; any other that does is a second one.
func (n *normaliser) order(o *order) {
	id := n.ID("orderId", o.ID)
	changed := n.moment("modifyDate", o.Modified)
	key, ok := n.webOrder(o.Advanced.Store, o.Number)
	f := body.NewFacets(&n.Reader)
	f.PutNumber("total", "orderTotal", o.Total)
	f.PutNumber("tax", "taxAmount", o.Tax)
	f.PutNumber("shipping", "shippingAmount", o.Shipping)
	if n.Currency != "" {
		f.Put("currency", commerce.Text(n.Currency))
	}
	status := n.Text("orderStatus", o.Status)
	f.Put("cancelled", commerce.Bool(status == "cancelled"))
	n.units(f, o, status)
	seen := commerce.Observation{Kind: commerce.Order, Key: key, Part: orderPart, Native: id, Slot: orderPart, Facets: f.Values}
	if o.Advanced.Split.Given() && n.Truth("advancedOptions.mergedOrSplit", o.Advanced.Split) {
		seen.Slot = ""
	}
	if o.Ordered.Given() {
		seen.Created = n.Wall("orderDate", o.Ordered, n.pacific, n.delivery.Received)
		f.Put("created", commerce.Time(seen.Created))
	}
	if ok {
		n.observe(seen, changed)
	}
}

// units counts the pieces. Adjustments of the price are none.
func (n *normaliser) units(f body.Facets, o *order, status string) {
	if o.Items == nil {
		return
	}
	n.Limit("items", len(o.Items), maxElements)
	var units commerce.Decimal
	for i, item := range o.Items {
		n.Enter("items", i)
		if !item.Adjustment.Given() || !n.Truth("adjustment", item.Adjustment) {
			units = n.Sum("quantity", units, n.Number("quantity", item.Quantity))
		}
		n.Leave()
	}
	f.Put("units", commerce.Number(units))
	if status == "shipped" || status == "cancelled" {
		units = commerce.Decimal{}
	}
	f.Put("units_open", commerce.Number(units))
}
