package export

import "github.com/plumbline/plumbline/internal/commerce"

// avalaraPresets has the sales among AvaTax's transactions. Returns are documents
// of their own, which the file does not join to their orders.
func avalaraPresets() []Preset {
	return []Preset{{
		Name: "avalara-transactions", Title: "Avalara transactions", Platform: "avalara", Verified: Memory,
		Needs: []string{"Document Code", "Document Type", "Total Tax"},
		Has: []string{
			"Document Date", "Document Status", "Customer Code", "Company Code", "Total Exempt", "Total Taxable", "Tax Date",
			"Location Code", "Region", "Document ID", "Last Modified",
		},
		Renamed: map[string][]string{
			"Document Code": {"Doc Code", "DocumentCode", "Transaction Code"}, "Document Type": {"Doc Type", "DocumentType", "Transaction Type"},
			"Total Tax": {"TotalTax", "Tax Amount"}, "Total Amount": {"TotalAmount", "Sales Amount"}, "Document Status": {"Doc Status", "DocumentStatus", "Status"},
			"Document Date": {"Doc Date", "DocumentDate"}, "Customer Code": {"Customer/Vendor Code"}, "Currency Code": {"Currency"},
			"Purchase Order Number": {"Purchase Order", "PO Number"},
		},
		Mappings: []Mapping{{
			Kind: commerce.Order, Part: "sale", Native: []string{"Document Code"}, Currency: "Currency Code",
			Key: []KeyColumn{{
				Part: "number", Column: "Purchase Order Number", As: NumberKey, Or: []string{"Reference Code", "Document Code"},
			}},
			Skip: []Filter{
				{Column: "Document Type", Not: []string{"sales invoice", "salesinvoice"}, Why: "transaction that is no sale"},
				{Column: "Document Status", Not: []string{"committed", "posted", "saved"}, Why: "transaction that is not filed"},
			},
			Facets: []FacetColumn{
				{Facet: "committed", Column: "Document Status", Type: Bool, Values: map[string]string{"committed": "true"}, Others: "false"},
				{Facet: "tax", Column: "Total Tax", Type: Money, Style: machineStyle},
				{Facet: "tax_current", Column: "Total Tax", Type: Money, Style: machineStyle},
				{
					Facet: "total", Column: "Total Amount", Type: Money, Style: machineStyle,
					With: []string{"Total Tax"}, Combine: Plus,
				},
				{
					Facet: "total_current", Column: "Total Amount", Type: Money, Style: machineStyle,
					With: []string{"Total Tax"}, Combine: Plus,
				},
				{Facet: "discount", Column: "Total Discount", Type: Money, Style: machineStyle},
			},
		}},
	}}
}
