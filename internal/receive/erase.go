package receive

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// errWholeShop sends the request to erase a shop to quarantine, where its owner
// is told of it: nothing may take a whole shop away without a person.
var errWholeShop = &platform.BodyError{Where: "request to erase the whole shop", Want: "a person to carry it out"}

// customersOnly refuses requests that a person has to carry out. The others
// travel with their delivery to whoever may write rows.
func customersOnly(requests []commerce.Erasure) error {
	for _, e := range requests {
		if e.Native == "" {
			return errWholeShop
		}
	}
	return nil
}
