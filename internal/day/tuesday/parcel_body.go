package tuesday

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/day/script"
)

// The bodies of the shop's webhooks about parcels and refunds.

type fulfilmentBody struct {
	ID              int64      `json:"id"`
	OrderID         int64      `json:"order_id"`
	Status          string     `json:"status"`
	CreatedAt       string     `json:"created_at"`
	Service         string     `json:"service"`
	UpdatedAt       string     `json:"updated_at"`
	TrackingCompany string     `json:"tracking_company"`
	ShipmentStatus  *string    `json:"shipment_status"`
	LocationID      int64      `json:"location_id"`
	LineItems       []lineBody `json:"line_items"`
	TrackingNumber  string     `json:"tracking_number"`
	TrackingNumbers []string   `json:"tracking_numbers"`
	Name            string     `json:"name"`
	GID             string     `json:"admin_graphql_api_id"`
}

type refundBody struct {
	ID               int64             `json:"id"`
	OrderID          int64             `json:"order_id"`
	CreatedAt        string            `json:"created_at"`
	Note             string            `json:"note"`
	ProcessedAt      string            `json:"processed_at"`
	Restock          bool              `json:"restock"`
	GID              string            `json:"admin_graphql_api_id"`
	OrderAdjustments []adjustmentBody  `json:"order_adjustments"`
	ShippingLines    []struct{}        `json:"refund_shipping_lines"`
	RefundLineItems  []refundLineBody  `json:"refund_line_items"`
	Transactions     []transactionBody `json:"transactions"`
}

type adjustmentBody struct {
	ID           int64    `json:"id"`
	OrderID      int64    `json:"order_id"`
	RefundID     int64    `json:"refund_id"`
	Amount       string   `json:"amount"`
	TaxAmount    string   `json:"tax_amount"`
	Kind         string   `json:"kind"`
	Reason       string   `json:"reason"`
	AmountSet    moneySet `json:"amount_set"`
	TaxAmountSet moneySet `json:"tax_amount_set"`
}

// refundLineBody: subtotal and total_tax are numbers here, and texts nowhere
// else.
type refundLineBody struct {
	ID          int64         `json:"id"`
	Quantity    int           `json:"quantity"`
	LineItemID  int64         `json:"line_item_id"`
	LocationID  *int64        `json:"location_id"`
	RestockType string        `json:"restock_type"`
	Subtotal    script.Number `json:"subtotal"`
	TotalTax    script.Number `json:"total_tax"`
	SubtotalSet moneySet      `json:"subtotal_set"`
	TotalTaxSet moneySet      `json:"total_tax_set"`
	LineItem    lineBody      `json:"line_item"`
}

type transactionBody struct {
	ID          int64  `json:"id"`
	OrderID     int64  `json:"order_id"`
	Kind        string `json:"kind"`
	Gateway     string `json:"gateway"`
	Status      string `json:"status"`
	CreatedAt   string `json:"created_at"`
	ProcessedAt string `json:"processed_at"`
	Test        bool   `json:"test"`
	Amount      string `json:"amount"`
	Currency    string `json:"currency"`
	GID         string `json:"admin_graphql_api_id"`
}

func fulfilmentBodies(o *order) []fulfilmentBody {
	all := make([]fulfilmentBody, 0, len(o.fulfilments))
	for i := range o.fulfilments {
		all = append(all, o.fulfilmentBody(i))
	}
	return all
}

func (o *order) fulfilmentBody(i int) fulfilmentBody {
	f := o.fulfilments[i]
	b := fulfilmentBody{
		ID: f.id, OrderID: o.id, Status: "success", CreatedAt: second(f.at), Service: "manual", UpdatedAt: second(f.at),
		TrackingCompany: "UPS", LocationID: nativeLocation(f.location), TrackingNumber: f.tracking,
		TrackingNumbers: []string{f.tracking}, Name: fmt.Sprintf("#%s.%d", o.number(), i+1), GID: gid("Fulfillment", f.id),
	}
	for n, l := range f.lines {
		b.LineItems = append(b.LineItems, bodyOf(o, l, f.units[n]))
	}
	return b
}

func refundBodies(o *order) []refundBody {
	all := make([]refundBody, 0, len(o.refunds))
	for _, r := range o.refunds {
		all = append(all, o.refundBody(r))
	}
	return all
}

func (o *order) refundBody(r refund) refundBody {
	b := refundBody{
		ID: r.id, OrderID: o.id, CreatedAt: second(r.at), Note: r.note, ProcessedAt: second(r.at), GID: gid("Refund", r.id),
		OrderAdjustments: []adjustmentBody{}, ShippingLines: []struct{}{}, RefundLineItems: []refundLineBody{},
		Transactions: []transactionBody{{
			ID: r.id + 1, OrderID: o.id, Kind: "refund", Gateway: "shopify_payments", Status: "success", CreatedAt: second(r.at),
			ProcessedAt: second(r.at), Amount: r.amount.String(), Currency: "USD", GID: gid("OrderTransaction", r.id+1),
		}},
	}
	if r.line == nil {
		b.OrderAdjustments = append(b.OrderAdjustments, adjustmentBody{
			ID: r.id + 2, OrderID: o.id, RefundID: r.id, Amount: (-r.amount).String(), TaxAmount: "0.00",
			Kind: "refund_discrepancy", Reason: "Refund discrepancy", AmountSet: both(-r.amount), TaxAmountSet: both(0),
		})
		return b
	}
	goods := r.line.price * script.Cents(r.units)
	b.RefundLineItems = append(b.RefundLineItems, refundLineBody{
		ID: r.id + 3, Quantity: r.units, LineItemID: r.line.id, RestockType: "no_restock",
		Subtotal: script.Number(goods), TotalTax: script.Number(r.amount - goods), SubtotalSet: both(goods), TotalTaxSet: both(r.amount - goods),
		LineItem: bodyOf(o, r.line, r.line.units),
	})
	return b
}
