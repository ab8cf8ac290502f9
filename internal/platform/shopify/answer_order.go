package shopify

import "strings"

type orderNode struct {
	ID          field `json:"id"`
	Name        field `json:"name"`
	CreatedAt   field `json:"createdAt"`
	UpdatedAt   field `json:"updatedAt"`
	CancelledAt field `json:"cancelledAt"`
	Payment     field `json:"displayFinancialStatus"`
	Fulfilment  field `json:"displayFulfillmentStatus"`
	Test        field `json:"test"`
	Source      field `json:"sourceName"`
	Currency    field `json:"currencyCode"`
	Presentment field `json:"presentmentCurrencyCode"`
	Location    struct {
		ID field `json:"id"`
	} `json:"retailLocation"`
	Total           bag `json:"totalPriceSet"`
	TotalCurrent    bag `json:"currentTotalPriceSet"`
	Tax             bag `json:"totalTaxSet"`
	TaxCurrent      bag `json:"currentTotalTaxSet"`
	Discounts       bag `json:"totalDiscountsSet"`
	Tips            bag `json:"totalTipReceivedSet"`
	Shipping        bag `json:"totalShippingPriceSet"`
	Duties          bag `json:"originalTotalDutiesSet"`
	RoundAdjustment struct {
		Payment bag `json:"paymentSet"`
		Refund  bag `json:"refundSet"`
	} `json:"totalCashRoundingAdjustment"`
	TaxLines []struct {
		Liable field `json:"channelLiable"`
		Price  bag   `json:"priceSet"`
	} `json:"taxLines"`
	Lines struct {
		Info  pageInfo `json:"pageInfo"`
		Nodes []struct {
			SKU         field `json:"sku"`
			Quantity    field `json:"quantity"`
			Current     field `json:"currentQuantity"`
			Unfulfilled field `json:"unfulfilledQuantity"`
			Ships       field `json:"requiresShipping"`
			GiftCard    field `json:"isGiftCard"`
			Price       bag   `json:"originalUnitPriceSet"`
		} `json:"nodes"`
	} `json:"lineItems"`
	Fulfilments []fulfilmentNode `json:"fulfillments"`
}

type fulfilmentNode struct {
	Status   field `json:"status"`
	Location struct {
		ID field `json:"id"`
	} `json:"location"`
	Lines struct {
		Info  pageInfo `json:"pageInfo"`
		Nodes []struct {
			Quantity field `json:"quantity"`
			Line     struct {
				Ships field `json:"requiresShipping"`
			} `json:"lineItem"`
		} `json:"nodes"`
	} `json:"fulfillmentLineItems"`
}

// bag is an amount in the shop's currency and in that of the buyer.
type bag struct {
	Shop struct {
		Amount field `json:"amount"`
	} `json:"shopMoney"`
	Presentment struct {
		Amount field `json:"amount"`
	} `json:"presentmentMoney"`
}

func (b bag) set() moneySet {
	return moneySet{Shop: money{Amount: b.Shop.Amount}, Presentment: money{Amount: b.Presentment.Amount}}
}

// mostFulfilments is how many of an order are read; the API tells of no more.
const mostFulfilments = 10

// graphOrder reads an order as webhooks tell it. One that has more lines than are
// read at once is left to webhooks: half of it would be read as the whole.
func (n *normaliser) graphOrder(g *orderNode) error {
	o := order{
		ref: ref{GID: g.ID}, Name: g.Name, CreatedAt: g.CreatedAt, UpdatedAt: g.UpdatedAt, CancelledAt: g.CancelledAt,
		FinancialStatus: lower(g.Payment), FulfillmentStatus: fulfilment(g.Fulfilment), Test: g.Test, SourceName: g.Source,
		LocationID: n.bare("retailLocation.id", "Location", g.Location.ID), Currency: g.Currency, PresentmentCurrency: g.Presentment,
		TotalPrice: g.Total.Shop.Amount, CurrentTotalPrice: g.TotalCurrent.Shop.Amount, TotalTax: g.Tax.Shop.Amount,
		CurrentTotalTax: g.TaxCurrent.Shop.Amount, TotalDiscounts: g.Discounts.Shop.Amount, TotalTipReceived: g.Tips.Shop.Amount,
		TotalPriceSet: g.Total.set(), CurrentTotalPriceSet: g.TotalCurrent.set(), TotalTaxSet: g.Tax.set(), ShippingSet: g.Shipping.set(),
		DutiesSet: g.Duties.set(), RoundedPaymentSet: g.RoundAdjustment.Payment.set(), RoundedRefundSet: g.RoundAdjustment.Refund.set(),
		TaxLines: []taxLine{}, LineItems: []lineItem{}, Fulfillments: []fulfillment{},
	}
	long := n.more("data.order.lineItems", g.Lines.Info) || len(g.Fulfilments) >= mostFulfilments
	for _, l := range g.TaxLines {
		o.TaxLines = append(o.TaxLines, taxLine{Price: l.Price.Shop.Amount, ChannelLiable: l.Liable})
	}
	for _, l := range g.Lines.Nodes {
		o.LineItems = append(o.LineItems, lineItem{
			SKU: l.SKU, Price: l.Price.Shop.Amount, Quantity: l.Quantity, CurrentQuantity: l.Current,
			FulfillableQuantity: l.Unfulfilled, RequiresShipping: l.Ships, GiftCard: l.GiftCard,
		})
	}
	for _, f := range g.Fulfilments {
		long = n.more("data.order.fulfillments.fulfillmentLineItems", f.Lines.Info) || long
		read := fulfillment{Status: lower(f.Status), LocationID: n.bare("location.id", "Location", f.Location.ID)}
		for _, l := range f.Lines.Nodes {
			read.LineItems = append(read.LineItems, lineItem{Quantity: l.Quantity, RequiresShipping: l.Line.Ships})
		}
		o.Fulfillments = append(o.Fulfillments, read)
	}
	if long {
		return n.ignore("order with more lines or fulfilments than are read at once")
	}
	return n.orderOf(&o)
}

// fulfilment writes the state of an order as webhooks do, which know only how much
// of it was sent: null is nothing.
func fulfilment(f field) field {
	switch strings.Trim(string(f), `"`) {
	case "FULFILLED":
		return field(`"fulfilled"`)
	case "PARTIALLY_FULFILLED":
		return field(`"partial"`)
	case "RESTOCKED":
		return field(`"restocked"`)
	default:
		return field("null")
	}
}
