package full

import (
	"fmt"
	"time"
)

const (
	outletAPI = "GET " + outletHost + "/wp-json/wc/v3/"
	labelAPI  = "GET api.easypost.com/v2/"
)

// outlet is the WooCommerce shop for what is left over. Its orders go to the
// warehouse straight away and are no business of the ERP.
type outlet struct{ orders []*order }

// sellLeftovers places an order in the outlet, and the warehouse gets it.
func (c *company) sellLeftovers() {
	n := 3001 + len(c.outlet.orders)
	o := &order{n: n, store: outletName, id: 52000 + int64(n), created: c.Now, updated: c.Now, payment: "paid", source: "web", shipping: 795}
	o.lines = []*line{c.line(want{[]string{"SOCK-S", "SOCK-L", "POSTER-A2"}[c.Chance.IntN(3)], 1 + c.Chance.IntN(2), east})}
	c.outlet.orders = append(c.outlet.orders, o)
	l := o.lines[0]
	tax := o.tax(ordered)
	c.send(outletName, "order.created", object{
		"id": o.id, "parent_id": 0, "number": o.number(), "created_via": "checkout", "version": "9.4.2", "status": "processing",
		"currency": "USD", "date_created_gmt": plain(c.Now), "date_modified_gmt": plain(c.Now), "date_paid_gmt": plain(c.Now),
		"discount_total": "0.00", "discount_tax": "0.00", "shipping_total": o.shipping.String(), "shipping_tax": "0.00",
		"total": o.total().String(), "total_tax": tax.String(), "prices_include_tax": false, "customer_id": 0,
		"line_items": []object{{
			"id": l.id, "name": l.variant.product.title, "product_id": 93, "variation_id": 0, "quantity": l.units, "sku": l.variant.sku,
			"total": (l.price * 1).String(), "price": 18,
		}},
		"refunds": []object{},
	}, travel{delay: c.Jitter(20*time.Second, 6*time.Minute)})
	c.In(c.Jitter(10*time.Minute, 25*time.Minute), func() { c.take(o) })
}

// answerOutlet writes down what the outlet's API says when it is asked for what
// it did not tell.
func (c *company) answerOutlet() {
	c.answer(outletAPI+"orders", "", []object{})
	c.answer(outletAPI+"products", "", []object{})
	var hooked []object
	for i, topic := range []string{
		"order.created", "order.updated", "order.deleted", "order.restored",
		"product.created", "product.updated", "product.deleted", "product.restored",
	} {
		hooked = append(hooked, object{"id": i + 1, "status": "active", "topic": topic, "delivery_url": hooks + outletName})
	}
	c.answer(outletAPI+"webhooks", "", hooked)
}

// label buys the label of a parcel. The event knows the parcel, and only the
// label's own record knows the order.
func (c *company) label(p parcel) {
	id := fmt.Sprintf("shp_acme%d", p.id)
	tracker := object{
		"id": fmt.Sprintf("trk_acme%d", p.id), "object": "Tracker", "mode": "production", "tracking_code": p.tracking, "status": "pre_transit",
		"created_at": millis(c.Now), "updated_at": millis(c.Now), "weight": 614.0, "shipment_id": id, "carrier": "UPS",
		"tracking_details": []object{{"object": "TrackingDetail", "status": "pre_transit", "datetime": millis(c.Now)}},
	}
	c.answer(labelAPI+"shipments/"+id, "", object{
		"id": id, "object": "Shipment", "mode": "production", "created_at": millis(c.Now), "updated_at": millis(c.Now), "is_return": false,
		"reference": p.order.number(), "status": "pre_transit", "tracking_code": p.tracking, "refund_status": nil, "options": object{},
		"selected_rate": object{"id": "rate_a", "object": "Rate", "carrier": "UPS", "service": "Ground", "rate": "7.90", "currency": "USD"},
		"tracker":       tracker,
	})
	c.send(labelName, "", object{
		"description": "tracker.created", "mode": "production", "previous_attributes": object{}, "created_at": millis(c.Now),
		"updated_at": millis(c.Now), "id": fmt.Sprintf("evt_acme%032d", p.id), "status": "pending", "object": "Event", "result": tracker,
	}, travel{})
}

// answerLabels writes down what the label service says when it is asked for what
// it did not tell.
func (c *company) answerLabels() {
	c.answer(labelAPI+"shipments", "", object{"shipments": []object{}, "has_more": false})
	c.answer(labelAPI+"webhooks", "", object{"webhooks": []object{{
		"id": "hook_a", "object": "Webhook", "mode": "production", "url": hooks + labelName, "disabled_at": nil,
	}}})
}
