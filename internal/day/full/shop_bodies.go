package full

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// money writes an amount in the shop's currency and in the buyer's.
func (o *order) money(c script.Cents) object {
	shop := object{"amount": c.String(), "currency_code": "USD"}
	if o.rate == 0 {
		return object{"shop_money": shop, "presentment_money": shop}
	}
	return object{"shop_money": shop, "presentment_money": object{"amount": (c * o.rate / 100).String(), "currency_code": "CAD"}}
}

func (o *order) presentment() string {
	if o.rate != 0 {
		return "CAD"
	}
	return "USD"
}

func (c *company) orderBody(o *order) object {
	return object{
		"id": o.id, "admin_graphql_api_id": gid("Order", o.id), "name": "#" + o.number(), "number": o.n - 1000, "order_number": o.n,
		"created_at": second(o.created), "processed_at": second(o.created), "updated_at": second(o.updated), "cancelled_at": nil,
		"confirmed": true, "test": o.test, "source_name": o.source, "email": o.buyer.email, "tags": "",
		"currency": "USD", "presentment_currency": o.presentment(), "taxes_included": false,
		"financial_status": o.payment, "fulfillment_status": textOrNull(fulfilmentStatus(o)), "location_id": o.till(),
		"total_price": o.total().String(), "total_price_set": o.money(o.total()),
		"current_total_price": o.totalCurrent().String(), "current_total_price_set": o.money(o.totalCurrent()),
		"subtotal_price": o.goods(ordered).String(), "current_subtotal_price": o.goods(kept).String(),
		"total_line_items_price": o.goods(ordered).String(), "total_discounts": "0.00", "current_total_discounts": "0.00",
		"total_tax": o.tax(ordered).String(), "total_tax_set": o.money(o.tax(ordered)), "current_total_tax": o.tax(kept).String(),
		"total_tip_received": o.tip.String(), "total_shipping_price_set": o.money(o.shipping), "original_total_duties_set": nil,
		"total_cash_rounding_payment_adjustment_set": o.money(o.rounding), "total_cash_rounding_refund_adjustment_set": o.money(0),
		"tax_lines":             o.taxLines(),
		"customer":              object{"id": o.buyer.id, "email": o.buyer.email, "state": "disabled", "currency": "USD"},
		"shipping_address":      object{"city": "Springfield", "zip": "01101", "province_code": "MA", "country_code": "US"},
		"shipping_lines":        []object{{"id": o.id + 1<<20, "price": o.shipping.String(), "title": "Standard"}},
		"payment_gateway_names": o.gateways(), "line_items": lineBodies(o), "fulfillments": fulfilmentBodies(o), "refunds": refundBodies(o),
	}
}

func (o *order) gateways() []string {
	if o.gift > 0 {
		return []string{"gift_card", "stripe"}
	}
	return []string{"stripe"}
}

func (o *order) taxLines() []object {
	if o.tax(ordered) == 0 {
		return []object{}
	}
	return []object{{"price": o.tax(ordered).String(), "rate": 0.08, "title": "State Tax", "channel_liable": o.marketplace}}
}

// till is the location of a sale in a store.
func (o *order) till() any {
	if o.source != "pos" {
		return nil
	}
	return storeLocation
}

func textOrNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func lineBodies(o *order) []object {
	all := make([]object, 0, len(o.lines))
	for _, l := range o.lines {
		all = append(all, lineBody(l, l.units))
	}
	return all
}

func lineBody(l *line, quantity int) object {
	v := l.variant
	b := object{
		"id": l.id, "admin_graphql_api_id": gid("LineItem", l.id), "sku": v.sku, "title": v.product.title, "variant_title": v.title,
		"vendor": v.product.vendor, "product_id": v.product.id, "variant_id": v.id, "price": l.price.String(), "quantity": quantity,
		"current_quantity": kept(l), "fulfillable_quantity": l.open(), "fulfillment_status": nil, "gift_card": false,
		"requires_shipping": true, "taxable": !l.untaxed,
	}
	switch {
	case l.told > 0 && l.told >= kept(l):
		b["fulfillment_status"] = "fulfilled"
	case l.told > 0:
		b["fulfillment_status"] = "partial"
	}
	return b
}

// open is how many units the shop still waits for.
func (l *line) open() int { return max(0, kept(l)-l.told) }

// fulfilmentStatus is blank for an order of which the shop knows no parcel.
func fulfilmentStatus(o *order) string {
	switch open := o.sum((*line).open); {
	case o.sum(told) == 0:
		return ""
	case open == 0:
		return "fulfilled"
	default:
		return "partial"
	}
}

func fulfilmentBodies(o *order) []object {
	all := make([]object, 0, len(o.fulfilments))
	for i := range o.fulfilments {
		all = append(all, o.fulfilmentBody(i))
	}
	return all
}

func (o *order) fulfilmentBody(i int) object {
	f := o.fulfilments[i]
	var lines []object
	for n, l := range f.lines {
		lines = append(lines, lineBody(l, f.units[n]))
	}
	return object{
		"id": f.id, "admin_graphql_api_id": gid("Fulfillment", f.id), "order_id": o.id, "name": fmt.Sprintf("#%s.%d", o.number(), i+1),
		"status": "success", "created_at": second(f.at), "updated_at": second(f.at), "location_id": nativeLocation(f.location),
		"tracking_company": "UPS", "tracking_number": f.tracking, "line_items": lines,
	}
}

func refundBodies(o *order) []object {
	all := make([]object, 0, len(o.refunds))
	for _, r := range o.refunds {
		all = append(all, o.refundBody(r))
	}
	return all
}

func (o *order) refundBody(r refund) object {
	return object{
		"id": r.id, "admin_graphql_api_id": gid("Refund", r.id), "order_id": o.id, "created_at": second(r.at), "processed_at": second(r.at),
		"note": r.note, "refund_line_items": []object{},
		"refund_shipping_lines": []object{{"id": r.id + 2, "subtotal_amount_set": o.money(r.shipping)}},
		"order_adjustments":     []object{},
		"transactions": []object{{
			"id": r.id + 1, "kind": "refund", "status": "success", "gateway": "stripe", "amount": r.amount.String(), "currency": "USD",
			"created_at": second(r.at), "processed_at": second(r.at),
		}},
	}
}

func (c *company) productBody(p *product) object {
	b := object{
		"id": p.id, "admin_graphql_api_id": gid("Product", p.id), "title": p.title, "handle": p.handle, "vendor": p.vendor,
		"product_type": "Gear", "status": "active", "created_at": second(p.created), "updated_at": second(c.Now),
	}
	var variants []object
	for i, v := range p.variants {
		variants = append(variants, object{
			"id": v.id, "admin_graphql_api_id": gid("ProductVariant", v.id), "product_id": p.id, "sku": v.sku, "title": v.title,
			"position": i + 1, "price": v.price.String(), "compare_at_price": nil, "barcode": nil, "inventory_item_id": v.item,
			"inventory_policy": "deny", "created_at": second(p.created), "updated_at": second(c.Now),
		})
	}
	b["variants"] = variants
	return b
}

func (c *company) levelBody(v *variant, location int64, available int) object {
	return object{
		"inventory_item_id": v.item, "location_id": location, "available": available, "updated_at": second(c.Now),
		"admin_graphql_api_id": fmt.Sprintf("gid://shopify/InventoryLevel/%d?inventory_item_id=%d", location, v.item),
	}
}

func (c *company) customerBody(b buyer, orders int, since time.Time) object {
	return object{
		"id": b.id, "admin_graphql_api_id": gid("Customer", b.id), "email": b.email, "state": "disabled", "tax_exempt": false,
		"orders_count": orders, "created_at": second(since), "updated_at": second(c.Now), "currency": "USD",
		"email_marketing_consent": object{"state": b.consent, "opt_in_level": "single_opt_in"},
		"default_address":         object{"id": b.id + 1, "country_code": "US", "city": "Springfield"},
	}
}
