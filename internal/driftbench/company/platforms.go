package company

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
)

// What platforms do is told by whoever reads their deliveries and asks their APIs,
// and what a file says beside webhooks by whoever loads it, which is not part of
// this: the company says what would be told.

// reshaped lets the storefront send another type in a field that is read.
func (c *Company) reshaped(cause *Cause) {
	c.maps(cause, commerce.Key{Shop, "shape", fmt.Sprintf("orders/v%d", c.rand.IntN(1000))}, "total_price is a number, it was a text")
}

// outdated lets the storefront write its webhooks in a version that ends.
func (c *Company) outdated(cause *Cause) {
	c.maps(cause, commerce.Key{Shop, "version", fmt.Sprintf("orders/v%d", c.rand.IntN(1000))}, "version 2025-07 ends in 21 days")
}

// unsubscribed lets somebody remove a webhook.
func (c *Company) unsubscribed(cause *Cause) {
	c.maps(cause, commerce.Key{Shop, "subscription", fmt.Sprintf("refunds/v%d", c.rand.IntN(1000))}, "has no webhook to here")
}

// refused lets a credential end.
func (c *Company) refused(cause *Cause) {
	c.maps(cause, commerce.Key{CRM, "credential", fmt.Sprintf("contacts/v%d", c.rand.IntN(1000))}, "401")
}

// losesWebhooks lets an export say what webhooks did not.
func (c *Company) losesWebhooks(cause *Cause) {
	c.maps(cause, commerce.Key{Shop, "lost", fmt.Sprintf("inventory/v%d", c.rand.IntN(1000))}, "12 of 300 records changed without a webhook")
}

// unknownPart lets a kit be made of what the warehouse never reported.
func (c *Company) unknownPart(cause *Cause) {
	c.maps(cause, commerce.Key{WMS, "component", fmt.Sprintf("PART-%03d", c.rand.IntN(1000))}, "a component of KIT-07, of which no stock was ever reported")
}
