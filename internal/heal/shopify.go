package heal

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Shopify's imports know a variant by its product's handle and its options, and
// not by its SKU.
func shopify() []Format {
	return []Format{
		{
			Name: "shopify-inventory", Platform: "shopify", Kind: commerce.Inventory, Facets: []string{"available", "on_hand"},
			Where: "Shopify admin › Products › Inventory › Import", Verified: public,
			Header: []string{
				"Handle", "Title", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
				"SKU", "HS Code", "COO", "Location", "Bin name", "Incoming (not editable)", "Unavailable (not editable)",
				"Committed (not editable)", "Available (not editable)", "On hand (current)", "On hand (new)",
			},
			Own: []string{"SKU", locationColumn, "Handle", "On hand (current)"},
			Row: shopifyStock,
		},
		{
			Name: "shopify-prices", Platform: "shopify", Kind: commerce.Price, Facets: []string{"regular", "sale", "effective"},
			Where: "Shopify admin › Products › Import, with “Overwrite products with matching handles”", Verified: public,
			Header: []string{
				"Handle", "Title", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
				"Variant SKU", "Variant Price", "Variant Compare At Price",
			},
			Own: []string{"Variant SKU", "Handle", "Variant Price"},
			Row: shopifyPrice,
		},
	}
}

// public and memory say where columns' names are known from, as presets of exports
// do.
const (
	public = "public documentation or files"
	memory = "memory"
)

// shopifyStock sets what is on hand, which is all that the import sets. It goes by
// what the export has on hand, which is newer than what webhooks told.
func shopifyStock(t Target, own Own, _ time.Time) ([]string, string) {
	by, reason := stockMove(t)
	if reason != "" {
		return nil, reason
	}
	current, err := commerce.ParseDecimal(own["On hand (current)"])
	if err != nil {
		return nil, notStocked
	}
	wanted, err := current.Add(by)
	if err != nil || wanted.Sign() < 0 {
		return nil, belowZero
	}
	if available := own["Available (not editable)"]; available != "" {
		if c, told := t.Change("available"); told && available != c.Current {
			return nil, "the system's export has another available quantity than was judged: export it again, or wait for its webhook"
		}
	}
	return own.with(shopify()[0].Header, map[string]string{"On hand (new)": wanted.String()}), ""
}

// shopifyPrice sets a variant's price, and the price that is crossed out beside it:
// a reduced price is the price.
func shopifyPrice(t Target, own Own, _ time.Time) ([]string, string) {
	if t.Key[1] != "base" {
		return nil, "the import sets the base prices alone, not those of list " + t.Key[1]
	}
	after := func(facet string) string {
		if c, changed := t.Change(facet); changed {
			return c.Judged
		}
		if v, told := t.Side[facet]; told && !v.IsNull() {
			return v.String()
		}
		return ""
	}
	regular, sale := after("regular"), after("sale")
	if c, changed := t.Change("effective"); changed && sale != "" {
		sale = c.Judged
	} else if changed {
		regular = c.Judged
	}
	for _, text := range []string{regular, sale} {
		if d, err := commerce.ParseDecimal(text); text != "" && (err != nil || d.Sign() < 0) {
			return nil, "the judged price is no amount"
		}
	}
	if regular == "" {
		return nil, "the regular price is not known"
	}
	price, crossedOut := regular, ""
	if sale != "" {
		price, crossedOut = sale, regular
	}
	return own.with(shopify()[1].Header, map[string]string{"Variant Price": price, "Variant Compare At Price": crossedOut}), ""
}

// with is the export's own row under a header, with some cells replaced.
func (own Own) with(header []string, cells map[string]string) []string {
	row := make([]string, len(header))
	for i, column := range header {
		row[i] = own[column]
		if cell, replaced := cells[column]; replaced {
			row[i] = cell
		}
	}
	return row
}
