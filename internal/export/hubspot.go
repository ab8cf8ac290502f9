package export

import "github.com/plumbline/plumbline/internal/commerce"

// hubSpotPresets has contacts. Of a contact's e-mail address only a keyed hash is
// made, and nothing else of the person is read.
func hubSpotPresets() []Preset {
	return []Preset{{
		Name: "hubspot-contacts", Title: "HubSpot contacts", Platform: "hubspot", Verified: Public,
		Needs: []string{"Record ID", "Email"},
		Has: []string{
			"First Name", "Last Name", "Phone Number", "Contact owner", "Primary Company", "Last Activity Date", "Lead Status",
			"Marketing contact status", "Lifecycle Stage", "Associated Company", "Original Source",
		},
		Lacks:   []string{"Deal Name", "Company name", "Ticket name"},
		Renamed: map[string][]string{"Record ID": {"Contact ID", "Record ID - Contact"}, "Last Modified Date": {"Last modified date (local)"}},
		Mappings: []Mapping{{
			Kind: commerce.Customer, Part: "contact", Native: []string{"Record ID"},
			Key:     []KeyColumn{{Part: "hash", Column: "Email", As: EmailKey}},
			Updated: &TimeColumn{Column: "Last Modified Date"}, Created: &TimeColumn{Column: "Create Date"},
			Facets: []FacetColumn{
				{Facet: "copies", Constant: "1", Type: Number},
				{Facet: "consent", Column: "Unsubscribed from all email", Blank: "subscribed", Values: map[string]string{
					"true": "unsubscribed", "yes": "unsubscribed", "false": "subscribed", "no": "subscribed",
				}},
				{Facet: "country", Column: "Country/Region Code"},
			},
		}},
	}}
}
