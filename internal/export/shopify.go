package export

import "github.com/plumbline/plumbline/internal/commerce"

func shopifyPresets() []Preset {
	return []Preset{
		shopifyInventory(), shopifyInventoryByLocation(), shopifyOrders(),
		shopifyProducts(), shopifyPayouts(), shopifyTransactions(),
	}
}

// notStocked is what Shopify writes where an item is not stocked at a location: its
// available quantity is null, as the webhook of a level has it.
var notStocked = map[string]string{"not stocked": "null", "not tracked": "null"}

func stockOf(facet, column string) FacetColumn {
	return FacetColumn{Facet: facet, Column: column, Type: Number, Style: machineStyle, Values: notStocked}
}

// notTracked are the same words for whether it is tracked.
var notTracked = map[string]string{"not stocked": "false", "not tracked": "false"}

func shopifyInventory() Preset {
	return Preset{
		Name: "shopify-inventory", Title: "Shopify inventory", Platform: "shopify", Verified: Public,
		Needs: []string{"SKU", "Location", "Available (not editable)"},
		Has: []string{
			"Handle", "Title", "Option1 Name", "Option1 Value", "HS Code", "COO", "Bin name", "On hand (new)",
		},
		Renamed: map[string][]string{
			"Available (not editable)":   {"Available"},
			"On hand (current)":          {"On hand"},
			"Committed (not editable)":   {"Committed"},
			"Unavailable (not editable)": {"Unavailable"},
			"Incoming (not editable)":    {"Incoming"},
			"SKU":                        {"Variant SKU"},
		},
		Mappings: []Mapping{{
			Kind: commerce.Inventory, Part: "level",
			Key: []KeyColumn{{Part: "sku", Column: "SKU"}, {Part: "location", Column: "Location", As: LocationKey}},
			Facets: []FacetColumn{
				stockOf("available", "Available (not editable)"),
				{Facet: "tracked", Column: "Available (not editable)", Type: Given, Values: notTracked},
				stockOf("on_hand", "On hand (current)"),
				stockOf("committed", "Committed (not editable)"),
				stockOf("unavailable", "Unavailable (not editable)"),
				stockOf("incoming", "Incoming (not editable)"),
			},
		}},
	}
}

// shopifyInventoryByLocation is the form with a column for each location.
func shopifyInventoryByLocation() Preset {
	return Preset{
		Name: "shopify-inventory-by-location", Title: "Shopify inventory, a column for each location", Platform: "shopify", Verified: Memory,
		Needs:   []string{"Handle", "SKU", "Option1 Name", "COO"},
		Has:     []string{"Title", "Option1 Value", "HS Code"},
		Lacks:   []string{"Location", "Available", "Available (not editable)", "On hand", "Variant Price"},
		Spreads: "COO",
		Mappings: []Mapping{{
			Kind: commerce.Inventory, Part: "level",
			Key: []KeyColumn{{Part: "sku", Column: "SKU"}},
			Spread: &Spread{Part: "location", Facets: []FacetColumn{
				stockOf("available", ""),
				{Facet: "tracked", Type: Given, Values: notTracked},
			}},
		}},
	}
}

// shopifyOrders has a row for each line of an order. What is the order's stands in
// its first row only.
func shopifyOrders() Preset {
	money := func(facet, column string) FacetColumn {
		return FacetColumn{Facet: facet, Column: column, Type: Money, Style: machineStyle}
	}
	return Preset{
		Name: "shopify-orders", Title: "Shopify orders", Platform: "shopify", Verified: Public,
		Needs: []string{"Name", "Financial Status", "Lineitem quantity"},
		Has: []string{
			"Email", "Paid at", "Fulfilled at", "Accepts Marketing", "Subtotal", "Discount Code", "Shipping Method",
			"Lineitem name", "Lineitem price", "Lineitem requires shipping", "Lineitem fulfillment status", "Billing Name",
			"Shipping Name", "Payment Method", "Refunded Amount", "Vendor", "Tags", "Risk Level", "Outstanding Balance",
		},
		Mappings: []Mapping{{
			Kind: commerce.Order, Part: "order", Group: Adjacent,
			Key:     []KeyColumn{{Part: "number", Column: "Name", As: NumberKey}},
			Native:  []string{"Id"},
			Created: &TimeColumn{Column: "Created at"}, Currency: "Currency",
			Facets: []FacetColumn{
				{Facet: "payment", Column: "Financial Status"},
				{Facet: "fulfilment", Column: "Fulfillment Status", Blank: "unfulfilled"},
				{Facet: "cancelled", Column: "Cancelled at", Type: Given},
				{Facet: "channel", Column: "Source"},
				{Facet: "created", Column: "Created at", Type: Time},
				money("total", "Total"), money("tax", "Taxes"), money("discount", "Discount Amount"),
				money("shipping", "Shipping"), money("duties", "Duties"),
				{Facet: "units", Column: "Lineitem quantity", Type: Number, Style: machineStyle, Rows: Sum},
				{Facet: "lines", Column: "Lineitem quantity", Rows: Count},
			},
			Lines: &LineColumns{SKU: "Lineitem sku", Units: "Lineitem quantity"},
		}},
	}
}

// shopifyProducts has a row for each variant, and rows that only hold a picture.
// The product's status stands in the first row of a product only, so that it is not
// read.
func shopifyProducts() Preset {
	return Preset{
		Name: "shopify-products", Title: "Shopify products", Platform: "shopify", Verified: Public,
		Needs: []string{"Handle", "Variant SKU", "Variant Price"},
		Has: []string{
			"Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
			"Variant Grams", "Variant Inventory Policy", "Variant Fulfillment Service", "Variant Requires Shipping",
			"Variant Taxable", "Image Src", "Image Position", "Gift Card", "SEO Title", "Cost per item", "Status",
		},
		Lacks: []string{"Available (not editable)", "Lineitem quantity"},
		Renamed: map[string][]string{
			"Handle": {"URL handle"}, "Variant SKU": {"SKU"}, "Variant Price": {"Price"},
			"Variant Compare At Price": {"Compare-at price"}, "Variant Barcode": {"Barcode"},
			"Variant Inventory Tracker": {"Inventory tracker"}, "Body (HTML)": {"Description"},
			"Published": {"Published on online store"}, "Image Src": {"Product image URL"},
			"Variant Inventory Policy":    {"Continue selling when out of stock"},
			"Variant Fulfillment Service": {"Fulfillment service"}, "Variant Requires Shipping": {"Requires shipping"},
			"Variant Taxable": {"Charge tax"}, "Variant Grams": {"Weight value (grams)"},
		},
		Mappings: []Mapping{
			{
				Kind: commerce.Price, Part: "price",
				Key: []KeyColumn{{Part: "sku", Column: "Variant SKU"}, {Part: "list", Constant: "base"}},
				Facets: []FacetColumn{
					shopifyPrice("effective"),
					// The price before a reduction counts only when it is the greater one.
					{Facet: "regular", Column: "Variant Price", Type: Money, Style: machineStyle, With: []string{"Variant Compare At Price"}, Combine: Greatest},
					{Facet: "sale", Column: "Variant Price", Type: Money, Style: machineStyle, Below: "Variant Compare At Price"},
				},
			},
			{
				Kind: commerce.Product, Part: "variant",
				Key: []KeyColumn{{Part: "sku", Column: "Variant SKU"}},
				Facets: []FacetColumn{
					{Facet: "barcode", Column: "Variant Barcode", Blank: "null"},
					{Facet: "tracked", Column: "Variant Inventory Tracker", Type: Given},
				},
			},
		},
	}
}

func shopifyPrice(facet string) FacetColumn {
	return FacetColumn{Facet: facet, Column: "Variant Price", Type: Money, Style: machineStyle}
}

// shopifyPayouts has no id of a payout: its day and its amount identify it.
func shopifyPayouts() Preset {
	money := func(facet, column string) FacetColumn {
		return FacetColumn{Facet: facet, Column: column, Type: Money, Style: machineStyle}
	}
	// What goes off is written as negative, and the facets are what went off.
	off := func(facet, column string) FacetColumn {
		f := money(facet, column)
		f.Factor = "-1"
		return f
	}
	return Preset{
		Name: "shopify-payouts", Title: "Shopify payouts", Platform: "shopify", Verified: Public,
		Needs:   []string{"Payout Date", "Charges", "Total"},
		Has:     []string{"Status", "Refunds", "Adjustments", "Reserved Funds", "Fees", "Retried Amount", "Bank Reference"},
		Renamed: map[string][]string{"Payout ID": {"Payout Id"}},
		Mappings: []Mapping{{
			Kind: commerce.Payout, Part: "payout",
			Key:      []KeyColumn{{Part: "payout", Column: "Payout ID", Or: []string{"Bank Reference", "Payout Date"}}},
			Currency: "Currency",
			Facets: []FacetColumn{
				{Facet: "status", Column: "Status"},
				{Facet: "paid_at", Column: "Payout Date", Type: Time},
				money("gross", "Charges"), off("refunds", "Refunds"), money("adjustments", "Adjustments"),
				off("fees", "Fees"), money("net", "Total"),
			},
		}},
	}
}

// shopifyTransactions are the transactions of Shopify Payments. Each has a row, and
// the sum of a payout's is the payout.
func shopifyTransactions() Preset {
	sum := func(facet, column string) FacetColumn {
		return FacetColumn{Facet: facet, Column: column, Type: Money, Style: machineStyle, Rows: Sum}
	}
	return Preset{
		Name: "shopify-payout-transactions", Title: "Shopify payout transactions", Platform: "shopify", Verified: Public,
		Needs: []string{"Transaction Date", "Payout ID", "Net"},
		Has:   []string{"Type", "Order", "Card Brand", "Card Source", "Payout Status", "Payout Date", "Available On", "Checkout", "Payment Method Name"},
		Mappings: []Mapping{{
			Kind: commerce.Payout, Part: "payout", Group: Anywhere, Currency: "Currency",
			Key:  []KeyColumn{{Part: "payout", Column: "Payout ID"}},
			Skip: []Filter{{Column: "Payout ID", Is: []string{""}, Why: "not paid out yet"}},
			Facets: []FacetColumn{
				{Facet: "status", Column: "Payout Status"},
				{Facet: "paid_at", Column: "Payout Date", Type: Time},
				sum("net", "Net"), sum("fees", "Fee"),
				{Facet: "count", Column: "Amount", Rows: Count},
			},
		}},
	}
}
