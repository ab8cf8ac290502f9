package export

import "github.com/plumbline/plumbline/internal/commerce"

// businessCentralPresets are lists that were opened in Excel, or exported, with
// English captions.
func businessCentralPresets() []Preset {
	return []Preset{
		businessCentralItems(), businessCentralStock(), businessCentralLedger(), businessCentralItemsByLocation(),
		businessCentralOrders(), businessCentralInvoices(),
	}
}

// stockedOnly leaves out items whose quantity is not counted.
var stockedOnly = []Filter{{Column: "Type", Not: []string{"inventory"}, Why: "item whose quantity is not counted"}}

func businessCentralItems() Preset {
	sku := KeyColumn{Part: "sku", Column: "No."}
	return Preset{
		Name: "businesscentral-items", Title: "Business Central items", Platform: "businesscentral", Verified: Memory,
		Needs: []string{"No.", "Description", "Base Unit of Measure"},
		Has: []string{
			"Substitutes Exist", "Assembly BOM", "Production BOM No.", "Cost is Adjusted", "Unit Cost", "Vendor No.",
			"Item Category Code", "Search Description", "Costing Method", "Blocked", "Last Date Modified", "Shelf No.",
		},
		Lacks:   []string{"Location Code", "Sell-to Customer No."},
		Renamed: map[string][]string{"No.": {"Item No.", "No"}, "Tax Group Code": {"VAT Prod. Posting Group"}, "Inventory": {"Quantity on Hand"}},
		Mappings: []Mapping{
			{
				// The list has the sum over all locations.
				Kind: commerce.Inventory, Part: "stock", Skip: stockedOnly,
				Key: []KeyColumn{sku, {Part: "location", Constant: Everywhere, As: LocationKey}},
				Facets: []FacetColumn{
					{Facet: "on_hand", Column: "Inventory", Type: Number, Style: machineStyle},
					{Facet: "tracked", Constant: "true", Type: Bool},
				},
			},
			{
				Kind: commerce.Price, Part: "price",
				Key: []KeyColumn{sku, {Part: "list", Constant: "base"}},
				Facets: []FacetColumn{
					{Facet: "regular", Column: "Unit Price", Type: Money, Style: machineStyle},
					{Facet: "tax_included", Column: "Price Includes VAT", Type: Bool},
				},
			},
			{
				Kind: commerce.Product, Part: "item",
				Key: []KeyColumn{sku},
				Facets: []FacetColumn{
					{Facet: "status", Column: "Blocked", Values: map[string]string{
						"yes": "blocked", "true": "blocked", "no": "active", "false": "active",
					}},
					{Facet: "tracked", Column: "Type", Type: Bool, Values: map[string]string{"inventory": "true"}, Others: "false"},
					{Facet: "barcode", Column: "GTIN", Blank: "null"},
					{Facet: "unit", Column: "Base Unit of Measure", Blank: "null"},
					{Facet: "tax_class", Column: "Tax Group Code", Blank: "null"},
				},
			},
		},
	}
}

// businessCentralStock is a list with a row for each item at a location, such as
// that of stockkeeping units.
func businessCentralStock() Preset {
	return Preset{
		Name: "businesscentral-stock", Title: "Business Central stock by location", Platform: "businesscentral", Verified: Memory,
		Needs:   []string{"Item No.", "Location Code", "Inventory"},
		Has:     []string{"Variant Code", "Description", "Replenishment System", "Reordering Policy", "Reorder Point", "Unit Cost"},
		Lacks:   []string{"Entry Type", "Document No."},
		Renamed: map[string][]string{"Inventory": {"Quantity on Hand", "Qty. on Hand", "Inventory Quantity"}, "Location Code": {"Location"}},
		Mappings: []Mapping{{
			Kind: commerce.Inventory, Part: "stock",
			Key: []KeyColumn{{Part: "sku", Column: "Item No."}, {Part: "location", Column: "Location Code", As: LocationKey}},
			Facets: []FacetColumn{
				{Facet: "on_hand", Column: "Inventory", Type: Number, Style: machineStyle},
				{Facet: "free", Column: "Available Inventory", Type: Number, Style: machineStyle},
				{Facet: "tracked", Constant: "true", Type: Bool},
			},
		}},
	}
}

// businessCentralLedger are item ledger entries. What is left of them is the stock.
func businessCentralLedger() Preset {
	return Preset{
		Name: "businesscentral-item-ledger", Title: "Business Central item ledger entries", Platform: "businesscentral", Verified: Memory,
		Needs:   []string{"Entry Type", "Item No.", "Location Code", "Remaining Quantity"},
		Has:     []string{"Posting Date", "Document Type", "Document No.", "Invoiced Quantity", "Open", "Entry No.", "Cost Amount (Actual)", "Sales Amount (Actual)"},
		Renamed: map[string][]string{"Remaining Quantity": {"Quantity"}},
		Mappings: []Mapping{{
			Kind: commerce.Inventory, Part: "stock", Group: Anywhere,
			Key: []KeyColumn{{Part: "sku", Column: "Item No."}, {Part: "location", Column: "Location Code", As: LocationKey}},
			Facets: []FacetColumn{
				{Facet: "on_hand", Column: "Remaining Quantity", Type: Number, Style: machineStyle, Rows: Sum},
				{Facet: "tracked", Constant: "true", Type: Bool},
			},
		}},
	}
}

// businessCentralItemsByLocation is the matrix with a column for each location.
func businessCentralItemsByLocation() Preset {
	return Preset{
		Name: "businesscentral-items-by-location", Title: "Business Central items by location", Platform: "businesscentral", Verified: Memory,
		Needs: []string{"No.", "Description"},
		Lacks: []string{
			"Base Unit of Measure", "Type", "Inventory", "Unit Price", "Unit Cost", "Location Code", "Status", "Amount",
			"Sell-to Customer No.", "Quantity",
		},
		Spreads: "Description",
		Mappings: []Mapping{{
			Kind: commerce.Inventory, Part: "stock",
			Key: []KeyColumn{{Part: "sku", Column: "No."}},
			Spread: &Spread{Part: "location", Facets: []FacetColumn{
				{Facet: "on_hand", Type: Number, Style: machineStyle, Blank: "0"},
				{Facet: "tracked", Constant: "true", Type: Bool},
			}},
		}},
	}
}

// businessCentralNumber is where connectors put the number of the web order, the
// surest first. Microsoft's puts the customer's purchase order into the external
// document number.
var businessCentralNumber = []KeyColumn{{
	Part: "number", Column: "Shopify Order No.", As: NumberKey,
	Or: []string{"External Document No.", "Your Reference", "Order No.", "No."},
}}

var includingTax = map[string][]string{
	"Amount Including VAT": {"Amount Including Tax", "Amt. Incl. VAT"}, "Shopify Order No.": {"Shpfy Order No."},
}

// documentAmounts are the amounts of a sales document. The list has the amount
// without tax and with it.
func documentAmounts() []FacetColumn {
	return []FacetColumn{
		{Facet: "total_current", Column: "Amount Including VAT", Type: Money, Style: machineStyle},
		{
			Facet: "tax_current", Column: "Amount Including VAT", Type: Money, Style: machineStyle,
			With: []string{"Amount"}, Combine: Minus,
		},
	}
}

func businessCentralOrders() Preset {
	return Preset{
		Name: "businesscentral-sales-orders", Title: "Business Central sales orders", Platform: "businesscentral", Verified: Memory,
		Needs: []string{"No.", "Sell-to Customer No.", "Status", "Amount Including VAT"},
		Has: []string{
			"Sell-to Customer Name", "External Document No.", "Location Code", "Assigned User ID", "Document Date", "Requested Delivery Date",
			"Completely Shipped", "Shipped Not Invoiced", "Amt. Ship. Not Inv. (LCY)", "Shipment Date", "Amount",
		},
		Lacks:   []string{"Remaining Amount", "Closed"},
		Renamed: includingTax,
		Mappings: []Mapping{{
			Kind: commerce.Order, Part: "order", Key: businessCentralNumber, Currency: "Currency Code",
			Facets: append(documentAmounts(), FacetColumn{
				Facet: "fulfilment", Column: "Completely Shipped", Others: "missing",
				Values: map[string]string{"yes": "fulfilled", "true": "fulfilled"},
			}),
		}},
	}
}

func businessCentralInvoices() Preset {
	return Preset{
		Name: "businesscentral-posted-invoices", Title: "Business Central posted sales invoices", Platform: "businesscentral", Verified: Memory,
		Needs: []string{"No.", "Amount Including VAT", "Remaining Amount"},
		Has: []string{
			"Customer No.", "Customer", "Sell-to Customer No.", "Due Date", "Posting Date", "Amount", "No. Printed", "Closed", "Cancelled",
			"Corrective", "Document Exchange Status", "Order No.", "External Document No.", "Location Code",
		},
		Renamed: includingTax,
		Mappings: []Mapping{{
			Kind: commerce.Order, Part: "invoice", Many: true, Native: []string{"No."},
			Key: businessCentralNumber, Currency: "Currency Code",
			Skip:   []Filter{{Column: "Cancelled", Is: []string{"yes", "true"}, Why: "invoice that a credit memo took back"}},
			Facets: documentAmounts(),
		}},
	}
}
