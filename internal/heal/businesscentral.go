package heal

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Business Central takes prices as fields of items, and stock as postings: lines of
// an item journal, which a person posts.
func businessCentral() []Format {
	return []Format{
		{
			Name: "businesscentral-item-journal", Platform: "businesscentral", Kind: commerce.Inventory, Facets: []string{"on_hand", "free", "available"},
			Where: "Business Central › Item Journals › Edit in Excel, or a configuration package", Verified: memory,
			Header: []string{"Posting Date", "Entry Type", "Document No.", "Item No.", "Location Code", "Quantity"},
			Row: func(t Target, _ Own, now time.Time) ([]string, string) {
				by, reason := stockMove(t)
				if reason != "" {
					return nil, reason
				}
				location, reason := locationName(t)
				if reason != "" {
					return nil, reason
				}
				entry := "Positive Adjmt."
				if by.Sign() < 0 {
					entry = "Negative Adjmt."
				}
				return []string{now.Format(time.DateOnly), entry, "PLUMBLINE", t.Key[0], location, by.Abs().String()}, ""
			},
		},
		{
			Name: "businesscentral-items", Platform: "businesscentral", Kind: commerce.Price, Facets: []string{"regular"},
			Where: "Business Central › Items › Edit in Excel, or a configuration package", Verified: memory,
			Header: []string{"No.", "Unit Price"},
			Row: func(t Target, _ Own, _ time.Time) ([]string, string) {
				if t.Key[1] != "base" {
					return nil, "the item has the base price alone, not that of list " + t.Key[1]
				}
				return []string{t.Key[0], t.Changes[0].Judged}, ""
			},
		},
	}
}
