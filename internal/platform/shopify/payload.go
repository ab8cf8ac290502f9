package shopify

import "github.com/plumbline/plumbline/internal/platform/body"

// field is one value as it stands in the body.
type field = body.Field

// The shapes of Shopify's bodies, as far as they are read. Every leaf is a
// field, so that a value which is absent, null, of the wrong type or too long
// for a machine number is still told apart after decoding.

// ref names an entity by its number and by its global id. Numbers above 2^53
// are damaged by some senders, the text of the global id never is.
type ref struct {
	ID  field `json:"id"`
	GID field `json:"admin_graphql_api_id"`
}

type order struct {
	ref
	Name              field `json:"name"`
	CreatedAt         field `json:"created_at"`
	UpdatedAt         field `json:"updated_at"`
	CancelledAt       field `json:"cancelled_at"`
	FinancialStatus   field `json:"financial_status"`
	FulfillmentStatus field `json:"fulfillment_status"`
	Test              field `json:"test"`
	SourceName        field `json:"source_name"`
	LocationID        field `json:"location_id"`

	Currency            field `json:"currency"`
	PresentmentCurrency field `json:"presentment_currency"`
	TotalPrice          field `json:"total_price"`
	CurrentTotalPrice   field `json:"current_total_price"`
	TotalTax            field `json:"total_tax"`
	CurrentTotalTax     field `json:"current_total_tax"`
	TotalDiscounts      field `json:"total_discounts"`
	TotalTipReceived    field `json:"total_tip_received"`

	TotalPriceSet        moneySet `json:"total_price_set"`
	CurrentTotalPriceSet moneySet `json:"current_total_price_set"`
	TotalTaxSet          moneySet `json:"total_tax_set"`
	ShippingSet          moneySet `json:"total_shipping_price_set"`
	DutiesSet            moneySet `json:"original_total_duties_set"`
	RoundedPaymentSet    moneySet `json:"total_cash_rounding_payment_adjustment_set"`
	RoundedRefundSet     moneySet `json:"total_cash_rounding_refund_adjustment_set"`

	TaxLines     []taxLine     `json:"tax_lines"`
	LineItems    []lineItem    `json:"line_items"`
	Fulfillments []fulfillment `json:"fulfillments"`
}

type moneySet struct {
	Shop        money `json:"shop_money"`
	Presentment money `json:"presentment_money"`
}

type money struct {
	Amount   field `json:"amount"`
	Currency field `json:"currency_code"`
}

type taxLine struct {
	Price         field `json:"price"`
	ChannelLiable field `json:"channel_liable"`
}

type lineItem struct {
	SKU                 field `json:"sku"`
	Price               field `json:"price"`
	Quantity            field `json:"quantity"`
	CurrentQuantity     field `json:"current_quantity"`
	FulfillableQuantity field `json:"fulfillable_quantity"`
	RequiresShipping    field `json:"requires_shipping"`
	GiftCard            field `json:"gift_card"`
}

type fulfillment struct {
	ref
	OrderID         field      `json:"order_id"`
	Status          field      `json:"status"`
	CreatedAt       field      `json:"created_at"`
	UpdatedAt       field      `json:"updated_at"`
	LocationID      field      `json:"location_id"`
	TrackingCompany field      `json:"tracking_company"`
	TrackingNumber  field      `json:"tracking_number"`
	LineItems       []lineItem `json:"line_items"`
	Destination     field      `json:"destination"`
}
