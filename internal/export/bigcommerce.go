package export

import "github.com/plumbline/plumbline/internal/commerce"

func bigCommercePresets() []Preset { return []Preset{bigCommerceProducts(), bigCommerceOrders()} }

// bigCommerceProducts has rows for products, and below them rows for their SKUs,
// rules and pictures.
func bigCommerceProducts() Preset {
	sku := KeyColumn{Part: "sku", Column: "Product Code/SKU"}
	sold := []Filter{{Column: "Item Type", Not: []string{"product", "sku", "variant", ""}, Why: "row of a picture, an option or a rule"}}
	products := []Filter{{Column: "Item Type", Not: []string{"product", ""}, Why: "row of a variant, which has the product's price and details"}}
	// Without a sale the price of one is 0.
	none := map[string]string{"0": "null", "0.00": "null", "0.0000": "null"}
	return Preset{
		Name: "bigcommerce-products", Title: "BigCommerce products", Platform: "bigcommerce", Verified: Public,
		Needs: []string{"Item Type", "Product Code/SKU", "Price", "Current Stock Level"},
		Has: []string{
			"Product ID", "Product Name", "Product Type", "Bin Picking Number", "Brand Name", "Option Set", "Product Description", "Retail Price",
			"Fixed Shipping Cost", "Free Shipping", "Product Weight", "Allow Purchases?", "Product Visible?", "Low Stock Level", "Category",
		},
		Renamed: map[string][]string{
			"Item Type": {"Item"}, "Product Code/SKU": {"SKU"}, "Current Stock Level": {"Current Stock"}, "Track Inventory": {"Inventory Tracking"},
			"Product ID": {"ID"}, "Product Name": {"Name"}, "Low Stock Level": {"Low Stock"}, "Product UPC/EAN": {"UPC/EAN"},
		},
		Mappings: []Mapping{
			{
				// The file has the sum over all locations.
				Kind: commerce.Inventory, Part: "level", Skip: sold,
				Key: []KeyColumn{sku, {Part: "location", Constant: Everywhere, As: LocationKey}},
				Facets: []FacetColumn{
					{Facet: "available", Column: "Current Stock Level", Type: Number, Style: machineStyle},
					{Facet: "cost", Column: "Cost Price", Type: Money, Style: machineStyle},
				},
			},
			{
				Kind: commerce.Price, Part: "price", Skip: products,
				Key: []KeyColumn{sku, {Part: "list", Constant: "base"}},
				Facets: []FacetColumn{
					{Facet: "regular", Column: "Price", Type: Money, Style: machineStyle},
					{Facet: "sale", Column: "Sale Price", Type: Money, Style: machineStyle, Values: none, Blank: "null"},
				},
			},
			{
				Kind: commerce.Product, Part: "variant", Skip: products,
				Key: []KeyColumn{sku},
				Facets: []FacetColumn{
					{Facet: "barcode", Column: "Product UPC/EAN"},
					{Facet: "tracked", Column: "Track Inventory", Type: Bool, Values: map[string]string{"none": "false"}, Others: "true"},
				},
			},
		},
	}
}

func bigCommerceOrders() Preset {
	money := func(facet, column string) FacetColumn {
		return FacetColumn{Facet: facet, Column: column, Type: Money, Style: machineStyle}
	}
	return Preset{
		Name: "bigcommerce-orders", Title: "BigCommerce orders", Platform: "bigcommerce", Verified: Public,
		Needs: []string{"Order ID", "Order Status", "Order Total (inc tax)"},
		Has: []string{
			"Order Date", "Order Time", "Customer ID", "Customer Name", "Subtotal (inc tax)", "Subtotal (ex tax)", "Shipping Cost (inc tax)",
			"Shipping Cost (ex tax)", "Ship Method", "Handling Cost (inc tax)", "Store Credit Redeemed", "Coupon Details", "Order Total (ex tax)",
			"Payment Method", "Date Shipped", "Exchange Rate", "Product Details", "Customer Message",
		},
		Mappings: []Mapping{{
			Kind: commerce.Order, Part: "order", Native: []string{"Order ID"}, Currency: "Order Currency Code",
			Key:  []KeyColumn{{Part: "number", Column: "Order ID", As: NumberKey}},
			Skip: []Filter{{Column: "Order Status", Is: []string{"incomplete"}, Why: "order that is not placed"}},
			Facets: []FacetColumn{
				money("total", "Order Total (inc tax)"), money("tax", "Tax Total"),
				{
					Facet: "total_current", Column: "Order Total (inc tax)", Type: Money, Style: machineStyle,
					With: []string{"Refund Amount"}, Combine: Minus,
				},
				money("gift_used", "Gift Certificate Amount Redeemed"),
				{Facet: "units", Column: "Total Quantity", Type: Number, Style: machineStyle},
				{Facet: "units_shipped", Column: "Total Shipped", Type: Number, Style: machineStyle},
				{Facet: "cancelled", Column: "Order Status", Type: Bool, Values: map[string]string{"cancelled": "true", "declined": "true"}, Others: "false"},
				{Facet: "payment", Column: "Order Status", Others: "missing", Values: map[string]string{
					"pending": "pending", "awaiting payment": "pending", "refunded": "refunded", "partially refunded": "partially_refunded",
					"cancelled": "voided", "declined": "voided",
				}},
				{Facet: "fulfilment", Column: "Order Status", Others: "missing", Values: map[string]string{
					"completed": "fulfilled", "shipped": "fulfilled", "partially shipped": "partial", "pending": "unfulfilled",
					"awaiting payment": "unfulfilled", "awaiting fulfillment": "unfulfilled", "awaiting shipment": "unfulfilled",
					"awaiting pickup": "unfulfilled",
				}},
			},
		}},
	}
}
