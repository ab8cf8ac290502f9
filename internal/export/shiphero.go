package export

import "github.com/plumbline/plumbline/internal/commerce"

func shipHeroPresets() []Preset {
	number := func(facet, column string) FacetColumn {
		return FacetColumn{Facet: facet, Column: column, Type: Number, Style: machineStyle}
	}
	return []Preset{{
		Name: "shiphero-inventory", Title: "ShipHero inventory", Platform: "shiphero", Verified: Memory,
		Needs: []string{"Sku", "On Hand", "Allocated"},
		Has:   []string{"Name", "Barcode", "Backorder", "Sell Ahead", "Reorder Level", "Reorder Amount", "Value", "Vendor", "On Order", "Pick Location"},
		Lacks: []string{"Handle", "On hand (current)"},
		Renamed: map[string][]string{
			"Warehouse": {"Warehouse Name"}, "Reserve": {"Reserve Inventory"}, "Non Sellable": {"Non Sellable Quantity", "Non-Sellable"},
			"Backorder": {"Back Order"}, "Available": {"Available Inventory"}, "On Hand": {"Quantity On Hand"},
		},
		Mappings: []Mapping{{
			Kind: commerce.Inventory, Part: "warehouse",
			// Without a warehouse the quantities are the account's, of all warehouses.
			Key: []KeyColumn{{Part: "sku", Column: "Sku"}, {Part: "location", Column: "Warehouse", Constant: Everywhere, As: LocationKey}},
			Facets: []FacetColumn{
				number("on_hand", "On Hand"), number("committed", "Allocated"), number("available", "Available"),
				number("safety", "Reserve"), number("unavailable", "Non Sellable"),
				{Facet: "tracked", Constant: "true", Type: Bool},
			},
		}},
	}}
}
