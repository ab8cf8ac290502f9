package export

import "github.com/plumbline/plumbline/internal/commerce"

func wooCommercePresets() []Preset { return []Preset{wooCommerceProducts(), wooCommerceOrders()} }

// wooCommerceProducts is the export of the shop itself: products and variations,
// each in a row.
func wooCommerceProducts() Preset {
	sku, native := KeyColumn{Part: "sku", Column: "SKU"}, []string{"ID"}
	sold := []Filter{{Column: "Type", Is: []string{"variable", "grouped"}, Why: "product that is sold by its variations"}}
	money := func(facet, column string) FacetColumn {
		return FacetColumn{Facet: facet, Column: column, Type: Money, Style: machineStyle, Blank: "null"}
	}
	return Preset{
		Name: "woocommerce-products", Title: "WooCommerce products", Platform: "woocommerce", Verified: Public,
		Needs: []string{"SKU", "Regular price", "In stock?"},
		Has: []string{
			"ID", "Type", "Name", "Is featured?", "Visibility in catalog", "Short description", "Description", "Tax status",
			"Low stock amount", "Sold individually?", "Allow customer reviews?", "Purchase note", "Categories", "Shipping class",
			"Images", "Download limit", "Parent", "Upsells", "Cross-sells", "External URL", "Position",
		},
		Mappings: []Mapping{
			{
				Kind: commerce.Inventory, Part: "stock", Native: native, Skip: sold,
				Key: []KeyColumn{sku, {Part: "location", Constant: Everywhere, As: LocationKey}},
				Facets: []FacetColumn{
					{Facet: "available", Column: "Stock", Type: Number, Style: machineStyle, Values: map[string]string{"parent": "null"}, Blank: "null"},
					{Facet: "tracked", Column: "Stock", Type: Given, Values: map[string]string{"parent": "false"}},
					{Facet: "oversell", Column: "Backorders allowed?", Type: Bool, Values: map[string]string{"notify": "true"}},
				},
			},
			{
				Kind: commerce.Price, Part: "price", Native: native, Skip: sold,
				Key: []KeyColumn{sku, {Part: "list", Constant: "base"}},
				Facets: []FacetColumn{
					money("regular", "Regular price"), money("sale", "Sale price"),
					{Facet: "from", Column: "Date sale price starts", Type: Time, Blank: "null"},
					{Facet: "until", Column: "Date sale price ends", Type: Time, Blank: "null"},
				},
			},
			{
				Kind: commerce.Product, Part: "product", Native: native, Skip: sold,
				Key: []KeyColumn{sku},
				Facets: []FacetColumn{
					{Facet: "status", Column: "Published", Values: map[string]string{"1": "publish", "0": "private", "-1": "draft"}},
					{Facet: "barcode", Column: "GTIN, UPC, EAN, or ISBN", Blank: "null"},
					{Facet: "tax_class", Column: "Tax class", Blank: "blank"},
					{Facet: "tracked", Column: "Stock", Type: Given, Values: map[string]string{"parent": "false"}},
				},
			},
		},
	}
}

// wooCommerceOrders is the layout of the usual export plug-in, with a row for each
// item of an order that repeats what is the order's. The shop itself exports no
// orders.
func wooCommerceOrders() Preset {
	money := func(facet, column string) FacetColumn {
		return FacetColumn{Facet: facet, Column: column, Type: Money, Style: machineStyle}
	}
	return Preset{
		Name: "woocommerce-orders", Title: "WooCommerce orders", Platform: "woocommerce", Verified: Public,
		Needs: []string{"Order Number", "Order Status", "Order Total Amount"},
		Has: []string{
			"Order Date", "Customer Note", "First Name (Billing)", "Email (Billing)", "Payment Method Title", "Cart Discount Amount",
			"Order Subtotal Amount", "Shipping Method Title", "Order Shipping Amount", "Item #", "Item Name", "Item Cost", "Coupon Code",
		},
		Renamed: map[string][]string{
			"Order Number": {"Order ID", "Order #"}, "Quantity": {"Quantity (- Refund)"},
			"Currency": {"Order Currency"},
		},
		Mappings: []Mapping{{
			Kind: commerce.Order, Part: "order", Group: Adjacent, Currency: "Currency",
			Key: []KeyColumn{{Part: "number", Column: "Order Number", As: NumberKey}},
			Skip: []Filter{{
				Column: "Order Status", Is: []string{"draft", "checkout-draft", "auto-draft", "trash"}, Why: "order that is not placed",
			}},
			Facets: []FacetColumn{
				money("total", "Order Total Amount"), money("tax", "Order Total Tax Amount"),
				{
					Facet: "total_current", Column: "Order Total Amount", Type: Money, Style: machineStyle,
					With: []string{"Order Refund Amount"}, Combine: Minus,
				},
				{Facet: "cancelled", Column: "Order Status", Type: Bool, Values: map[string]string{"cancelled": "true", "wc-cancelled": "true"}, Others: "false"},
				// Whether a paid order was refunded in part its status does not say.
				{Facet: "payment", Column: "Order Status", Others: "missing", Values: wooWords(map[string]string{
					"pending": "pending", "pending payment": "pending", "on-hold": "pending", "on hold": "pending",
					"cancelled": "voided", "failed": "voided", "refunded": "refunded",
				})},
				{Facet: "fulfilment", Column: "Order Status", Others: "missing", Values: wooWords(map[string]string{
					"completed": "fulfilled", "pending": "unfulfilled", "pending payment": "unfulfilled", "on-hold": "unfulfilled",
					"on hold": "unfulfilled", "processing": "unfulfilled", "cancelled": "unfulfilled", "failed": "unfulfilled",
				})},
				{Facet: "units", Column: "Quantity", Type: Number, Style: machineStyle, Rows: Sum},
				{Facet: "lines", Column: "Quantity", Rows: Count},
			},
			Lines: &LineColumns{SKU: "SKU", Units: "Quantity"},
		}},
	}
}

// wooWords adds the form of a status in the database, which has a prefix.
func wooWords(words map[string]string) map[string]string {
	all := make(map[string]string, 2*len(words))
	for word, means := range words {
		all[word], all["wc-"+word] = means, means
	}
	return all
}
