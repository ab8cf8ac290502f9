package heal

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// WooCommerce's import finds products by their SKU, and changes the columns that
// it is given alone.
func wooCommerce() []Format {
	const where = "WooCommerce › Products › Import, with “Update existing products”"
	return []Format{
		{
			Name: "woocommerce-stock", Platform: "woocommerce", Kind: commerce.Inventory, Facets: []string{"available"},
			Where: where, Verified: public, Header: []string{"SKU", "Stock"},
			Row: func(t Target, _ Own, _ time.Time) ([]string, string) {
				if _, reason := stockMove(t); reason != "" {
					return nil, reason
				}
				return []string{t.Key[0], t.Changes[0].Judged}, ""
			},
		},
		{
			Name: "woocommerce-regular-prices", Platform: "woocommerce", Kind: commerce.Price, Facets: []string{"regular"},
			Where: where, Verified: public, Header: []string{"SKU", "Regular price"}, Row: wooPrice,
		},
		{
			Name: "woocommerce-sale-prices", Platform: "woocommerce", Kind: commerce.Price, Facets: []string{"sale"},
			Where: where, Verified: public, Header: []string{"SKU", "Sale price"}, Row: wooPrice,
		},
	}
}

func wooPrice(t Target, _ Own, _ time.Time) ([]string, string) {
	if t.Key[1] != "base" {
		return nil, "the import sets the base prices alone, not those of list " + t.Key[1]
	}
	return []string{t.Key[0], t.Changes[0].Judged}, ""
}
