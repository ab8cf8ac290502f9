package tuesday

import (
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// The bodies of the shop's webhooks about orders, with the fields in the shop's
// order.

type moneySet struct {
	ShopMoney        moneyBody `json:"shop_money"`
	PresentmentMoney moneyBody `json:"presentment_money"`
}

type moneyBody struct {
	Amount       string `json:"amount"`
	CurrencyCode string `json:"currency_code"`
}

func both(c script.Cents) moneySet {
	m := moneyBody{c.String(), "USD"}
	return moneySet{m, m}
}

type orderBody struct {
	ID                    int64             `json:"id"`
	GID                   string            `json:"admin_graphql_api_id"`
	AppID                 int64             `json:"app_id"`
	CancelReason          *string           `json:"cancel_reason"`
	CancelledAt           *string           `json:"cancelled_at"`
	ClosedAt              *string           `json:"closed_at"`
	Confirmed             bool              `json:"confirmed"`
	ContactEmail          string            `json:"contact_email"`
	CreatedAt             string            `json:"created_at"`
	Currency              string            `json:"currency"`
	CurrentSubtotalPrice  string            `json:"current_subtotal_price"`
	CurrentTotalDiscounts string            `json:"current_total_discounts"`
	CurrentTotalPrice     string            `json:"current_total_price"`
	CurrentTotalPriceSet  moneySet          `json:"current_total_price_set"`
	CurrentTotalTax       string            `json:"current_total_tax"`
	Email                 string            `json:"email"`
	FinancialStatus       string            `json:"financial_status"`
	FulfillmentStatus     *string           `json:"fulfillment_status"`
	LocationID            *int64            `json:"location_id"`
	Name                  string            `json:"name"`
	Note                  *string           `json:"note"`
	Number                int               `json:"number"`
	OrderNumber           int               `json:"order_number"`
	DutiesSet             *moneySet         `json:"original_total_duties_set"`
	PresentmentCurrency   string            `json:"presentment_currency"`
	ProcessedAt           string            `json:"processed_at"`
	SourceName            string            `json:"source_name"`
	SubtotalPrice         string            `json:"subtotal_price"`
	Tags                  string            `json:"tags"`
	TaxLines              []taxBody         `json:"tax_lines"`
	TaxesIncluded         bool              `json:"taxes_included"`
	Test                  bool              `json:"test"`
	TotalDiscounts        string            `json:"total_discounts"`
	TotalLineItemsPrice   string            `json:"total_line_items_price"`
	TotalOutstanding      string            `json:"total_outstanding"`
	TotalPrice            string            `json:"total_price"`
	TotalPriceSet         moneySet          `json:"total_price_set"`
	TotalShippingPriceSet moneySet          `json:"total_shipping_price_set"`
	TotalTax              string            `json:"total_tax"`
	TotalTaxSet           moneySet          `json:"total_tax_set"`
	TotalTipReceived      string            `json:"total_tip_received"`
	UpdatedAt             string            `json:"updated_at"`
	Customer              customerBody      `json:"customer"`
	Fulfillments          []fulfilmentBody  `json:"fulfillments"`
	LineItems             []lineBody        `json:"line_items"`
	Refunds               []refundBody      `json:"refunds"`
	ShippingAddress       *addressBody      `json:"shipping_address"`
	ShippingLines         []shippingBody    `json:"shipping_lines"`
	DiscountCodes         []discountApplied `json:"discount_codes"`
}

type taxBody struct {
	Price         string  `json:"price"`
	Rate          float64 `json:"rate"`
	Title         string  `json:"title"`
	ChannelLiable bool    `json:"channel_liable"`
}

type customerBody struct {
	ID        int64  `json:"id"`
	Email     string `json:"email"`
	State     string `json:"state"`
	CreatedAt string `json:"created_at"`
	UpdatedAt string `json:"updated_at"`
	Currency  string `json:"currency"`
	GID       string `json:"admin_graphql_api_id"`
}

type lineBody struct {
	ID                  int64   `json:"id"`
	GID                 string  `json:"admin_graphql_api_id"`
	CurrentQuantity     int     `json:"current_quantity"`
	FulfillableQuantity int     `json:"fulfillable_quantity"`
	FulfillmentService  string  `json:"fulfillment_service"`
	FulfillmentStatus   *string `json:"fulfillment_status"`
	GiftCard            bool    `json:"gift_card"`
	Grams               int     `json:"grams"`
	Name                string  `json:"name"`
	Price               string  `json:"price"`
	ProductID           int64   `json:"product_id"`
	Quantity            int     `json:"quantity"`
	RequiresShipping    bool    `json:"requires_shipping"`
	SKU                 string  `json:"sku"`
	Taxable             bool    `json:"taxable"`
	Title               string  `json:"title"`
	TotalDiscount       string  `json:"total_discount"`
	VariantID           int64   `json:"variant_id"`
	VariantTitle        string  `json:"variant_title"`
	Vendor              string  `json:"vendor"`
}

type addressBody struct {
	City         string `json:"city"`
	Zip          string `json:"zip"`
	ProvinceCode string `json:"province_code"`
	CountryCode  string `json:"country_code"`
}

type shippingBody struct {
	ID    int64  `json:"id"`
	Price string `json:"price"`
	Title string `json:"title"`
}

type discountApplied struct {
	Code   string `json:"code"`
	Amount string `json:"amount"`
	Type   string `json:"type"`
}

func (c *company) orderBody(o *order) orderBody {
	return orderBody{
		ID: o.id, GID: gid("Order", o.id), AppID: 580111, CancelReason: cancelReason(o), CancelledAt: secondOrNull(o.cancelled),
		Confirmed: true, ContactEmail: o.email, CreatedAt: second(o.created), Currency: "USD",
		CurrentSubtotalPrice: (o.goods(kept) - o.discount).String(), CurrentTotalDiscounts: o.discount.String(),
		CurrentTotalPrice: o.totalCurrent().String(), CurrentTotalPriceSet: both(o.totalCurrent()),
		CurrentTotalTax: o.tax(kept).String(), Email: o.email,
		FinancialStatus: o.payment, FulfillmentStatus: fulfilmentStatus(o), LocationID: o.till(),
		Name: "#" + o.number(), Number: o.n - 1000, OrderNumber: o.n, PresentmentCurrency: "USD", ProcessedAt: second(o.created),
		SourceName: o.source, SubtotalPrice: (o.goods(ordered) - o.discount).String(), TaxLines: taxLines(o), Test: o.test,
		TotalDiscounts: o.discount.String(), TotalLineItemsPrice: o.goods(ordered).String(), TotalOutstanding: "0.00",
		TotalPrice: o.total().String(), TotalPriceSet: both(o.total()), TotalShippingPriceSet: both(o.shipping),
		TotalTax: o.tax(ordered).String(), TotalTaxSet: both(o.tax(ordered)), TotalTipReceived: "0.00", UpdatedAt: second(o.updated),
		Customer:     customerOf(o),
		Fulfillments: fulfilmentBodies(o), LineItems: lineBodies(o), Refunds: refundBodies(o),
		ShippingAddress: &addressBody{"Springfield", "01101", "MA", "US"},
		ShippingLines:   []shippingBody{{o.id + 1<<20, o.shipping.String(), "Standard"}},
		DiscountCodes:   discounts(o),
	}
}

func customerOf(o *order) customerBody {
	id := 7123000000000 + int64(o.n)
	return customerBody{id, o.email, "disabled", second(o.created), second(o.created), "USD", gid("Customer", id)}
}

func taxLines(o *order) []taxBody {
	if o.tax(ordered) == 0 {
		return []taxBody{}
	}
	return []taxBody{{o.tax(ordered).String(), 0.08, "State Tax", false}}
}

func discounts(o *order) []discountApplied {
	if o.discount == 0 {
		return []discountApplied{}
	}
	return []discountApplied{{"FRIEND100", o.discount.String(), "percentage"}}
}

func lineBodies(o *order) []lineBody {
	all := make([]lineBody, 0, len(o.lines))
	for _, l := range o.lines {
		all = append(all, bodyOf(o, l, l.units))
	}
	return all
}

func bodyOf(o *order, l *line, quantity int) lineBody {
	v := l.variant
	b := lineBody{
		ID: l.id, GID: gid("LineItem", l.id), CurrentQuantity: l.units - l.refunded, FulfillableQuantity: l.open(o),
		FulfillmentService: "manual", GiftCard: v.giftCard, Grams: v.grams, Name: v.product.title + " - " + v.title,
		Price: l.price.String(), ProductID: v.product.id, Quantity: quantity, RequiresShipping: !v.giftCard, SKU: v.sku,
		Taxable: !l.untaxed, Title: v.product.title, TotalDiscount: "0.00", VariantID: v.id, VariantTitle: v.title,
		Vendor: v.product.vendor,
	}
	switch {
	case l.told > 0 && l.told >= l.units-l.refunded:
		b.FulfillmentStatus = ptr("fulfilled")
	case l.told > 0:
		b.FulfillmentStatus = ptr("partial")
	}
	return b
}

// open is how many units the shop still waits for.
func (l *line) open(o *order) int {
	if !o.cancelled.IsZero() {
		return 0
	}
	return max(0, l.units-l.refunded-l.told)
}

func fulfilmentStatus(o *order) *string {
	told, open := 0, 0
	for _, l := range o.lines {
		told += l.told
		open += l.open(o)
	}
	switch {
	case told == 0:
		return nil
	case open == 0:
		return ptr("fulfilled")
	default:
		return ptr("partial")
	}
}

func cancelReason(o *order) *string {
	if o.cancelled.IsZero() {
		return nil
	}
	return ptr("customer")
}

func secondOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return ptr(second(t))
}

// till is the location of a sale in a store.
func (o *order) till() *int64 {
	if o.source != "pos" {
		return nil
	}
	return ptr(int64(storeLocation))
}

func ptr[T any](v T) *T { return &v }
