package receive

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// errWholeShop sends the request to erase a shop to quarantine, where its owner
// is told of it: nothing may take a whole shop away without a person.
var errWholeShop = &platform.BodyError{Where: "request to erase the whole shop", Want: "a person to carry it out"}

// erasures turns requests to forget customers into tombstones: record and link
// say nothing any more, and their rows go 30 days after the last of their views.
func erasures(d commerce.Delivery, requests []commerce.Erasure) ([]commerce.Observation, error) {
	var out []commerce.Observation
	for _, e := range requests {
		if e.Native == "" {
			return nil, errWholeShop
		}
		for _, o := range erasure(d.System, e) {
			o.Stamp(commerce.VersionParts{Clock: d.Received})
			out = append(out, o)
		}
	}
	return out, nil
}

func erasure(system string, e commerce.Erasure) []commerce.Observation {
	customer := commerce.Observation{
		System: system, Kind: commerce.Customer, Key: commerce.Key{e.Hash},
		Part: "customer", Native: e.Native, Slot: "customer", Gone: true,
	}
	if e.Hash == "" {
		// Only the link knows the record, so the link has to stay.
		customer.Via = &commerce.Via{Type: "customer", Native: e.Native}
		return []commerce.Observation{customer}
	}
	return []commerce.Observation{customer, {
		System: system, Kind: commerce.Link, Key: commerce.Key{system, "customer", e.Native},
		Part: "link", Native: e.Native, Gone: true,
	}}
}
