package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Order is what an order of the shop is turned into.
type Order struct {
	Native  string         `json:"native"`
	Number  string         `json:"number"`
	Updated time.Time      `json:"updated"`
	Facets  map[string]any `json:"facets"`
	Lines   []Line         `json:"lines"`
}

// Line is how many units of a SKU are ordered.
type Line struct {
	SKU   string `json:"sku"`
	Units int    `json:"units"`
}

type shopifyOrder struct {
	ID                  int64     `json:"id"`
	Name                string    `json:"name"`
	CreatedAt           time.Time `json:"created_at"`
	UpdatedAt           time.Time `json:"updated_at"`
	CancelledAt         *string   `json:"cancelled_at"`
	FinancialStatus     string    `json:"financial_status"`
	FulfillmentStatus   *string   `json:"fulfillment_status"`
	Test                bool      `json:"test"`
	SourceName          string    `json:"source_name"`
	Currency            string    `json:"currency"`
	PresentmentCurrency string    `json:"presentment_currency"`
	TotalPrice          string    `json:"total_price"`
	CurrentTotalPrice   string    `json:"current_total_price"`
	TotalTax            string    `json:"total_tax"`
	CurrentTotalTax     string    `json:"current_total_tax"`
	TotalDiscounts      string    `json:"total_discounts"`
	TotalTipReceived    string    `json:"total_tip_received"`
	TotalPriceSet       moneySet  `json:"total_price_set"`
	CurrentTotalSet     moneySet  `json:"current_total_price_set"`
	TotalTaxSet         moneySet  `json:"total_tax_set"`
	ShippingSet         moneySet  `json:"total_shipping_price_set"`
	RoundedPaymentSet   moneySet  `json:"total_cash_rounding_payment_adjustment_set"`
	RoundedRefundSet    moneySet  `json:"total_cash_rounding_refund_adjustment_set"`
	TaxLines            []struct {
		Price         string `json:"price"`
		ChannelLiable bool   `json:"channel_liable"`
	} `json:"tax_lines"`
	LineItems    []lineItem `json:"line_items"`
	Fulfillments []struct {
		Status    string     `json:"status"`
		LineItems []lineItem `json:"line_items"`
	} `json:"fulfillments"`
}

type moneySet struct {
	Shop        money `json:"shop_money"`
	Presentment money `json:"presentment_money"`
}

type money struct {
	Amount string `json:"amount"`
}

type lineItem struct {
	SKU                 string `json:"sku"`
	Price               string `json:"price"`
	Quantity            int    `json:"quantity"`
	CurrentQuantity     int    `json:"current_quantity"`
	FulfillableQuantity int    `json:"fulfillable_quantity"`
	RequiresShipping    *bool  `json:"requires_shipping"`
	GiftCard            bool   `json:"gift_card"`
}

func (i lineItem) ships() bool { return i.RequiresShipping == nil || *i.RequiresShipping }

func isGenuine(body []byte, signature, secret string) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hmac.Equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(signature))
}

func normalise(body []byte) (Order, error) {
	var o shopifyOrder
	if err := json.Unmarshal(body, &o); err != nil {
		return Order{}, fmt.Errorf("decode order: %w", err)
	}
	return Order{
		Native: strconv.FormatInt(o.ID, 10), Number: strings.TrimPrefix(o.Name, "#"), Updated: o.UpdatedAt.UTC(),
		Facets: facetsOf(o), Lines: linesOf(o.LineItems),
	}, nil
}

func facetsOf(o shopifyOrder) map[string]any {
	var units, current, open, shipped int
	var liable, gifts float64
	for _, i := range o.LineItems {
		units, current = units+i.Quantity, current+i.CurrentQuantity
		if i.ships() {
			open += i.FulfillableQuantity
		}
		if i.GiftCard {
			gifts += number(i.Price) * float64(i.Quantity)
		}
	}
	for _, f := range o.Fulfillments {
		for _, i := range f.LineItems {
			if f.Status == "success" && i.ships() {
				shipped += i.Quantity
			}
		}
	}
	for _, t := range o.TaxLines {
		if t.ChannelLiable {
			liable += number(t.Price)
		}
	}
	fulfilment := "unfulfilled"
	if o.FulfillmentStatus != nil {
		fulfilment = *o.FulfillmentStatus
	}
	return map[string]any{
		"payment": o.FinancialStatus, "fulfilment": fulfilment, "cancelled": o.CancelledAt != nil, "test": o.Test, "channel": o.SourceName,
		"currency": o.Currency, "presentment_currency": o.PresentmentCurrency, "created": o.CreatedAt.UTC(),
		"total": o.TotalPrice, "total_current": o.CurrentTotalPrice, "tax": o.TotalTax, "tax_current": o.CurrentTotalTax,
		"discount": o.TotalDiscounts, "tips": o.TotalTipReceived, "shipping": o.ShippingSet.Shop.Amount,
		"presentment_total": o.TotalPriceSet.Presentment.Amount, "presentment_total_current": o.CurrentTotalSet.Presentment.Amount,
		"presentment_tax":    o.TotalTaxSet.Presentment.Amount,
		"rounding":           fmt.Sprintf("%.2f", number(o.RoundedPaymentSet.Shop.Amount)+number(o.RoundedRefundSet.Shop.Amount)),
		"tax_channel_liable": fmt.Sprintf("%.2f", liable), "gift_sold": fmt.Sprintf("%.2f", gifts),
		"lines": len(o.LineItems), "units": units, "units_current": current, "units_open": open, "units_shipped": shipped,
	}
}

func number(text string) float64 {
	n, _ := strconv.ParseFloat(text, 64)
	return n
}

func linesOf(items []lineItem) []Line {
	units := map[string]int{}
	for _, i := range items {
		if i.SKU != "" && i.CurrentQuantity > 0 {
			units[i.SKU] += i.CurrentQuantity
		}
	}
	lines := make([]Line, 0, len(units))
	for sku, n := range units {
		lines = append(lines, Line{SKU: sku, Units: n})
	}
	sort.Slice(lines, func(i, j int) bool { return lines[i].SKU < lines[j].SKU })
	return lines
}
