package platform

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// AskedHeader is the time, in RFC 3339, that an API's own clock had not reached
// before it was asked. It is there where that clock is behind. No webhook can set
// it, because no endpoint keeps it.
const AskedHeader = "plumbline-asked"

// settled is how long after a change an answer shows all changes of its second.
const settled = 5 * time.Second

// ReadBack reports whether a delivery is an API's answer that shows all changes of
// the time at which a record changed, so that it settles what others of that time
// left open (commerce.VersionParts): it was asked for well after it, by the clock
// that dates the change too.
func ReadBack(d commerce.Delivery, changed time.Time) bool {
	if _, answer := d.Header[FetchedHeader]; !answer {
		return false
	}
	asked := d.Received
	if behind, err := time.Parse(time.RFC3339, d.Header[AskedHeader]); err == nil && behind.Before(asked) {
		asked = behind
	}
	return asked.Sub(changed) >= settled
}
