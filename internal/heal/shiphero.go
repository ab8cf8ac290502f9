package heal

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// ShipHero sets what is on hand in a warehouse; what is allocated stays.
func shipHero() []Format {
	return []Format{{
		Name: "shiphero-inventory", Platform: "shiphero", Kind: commerce.Inventory, Facets: []string{"on_hand", "available"},
		Where: "ShipHero › Inventory › Bulk Edit › Upload CSV", Verified: memory,
		Header: []string{"Sku", "Warehouse", "On Hand"},
		Row: func(t Target, _ Own, _ time.Time) ([]string, string) {
			wanted, reason := onHand(t)
			if reason != "" {
				return nil, reason
			}
			warehouse, reason := locationName(t)
			if reason != "" {
				return nil, reason
			}
			return []string{t.Key[0], warehouse, wanted.String()}, ""
		},
	}}
}
