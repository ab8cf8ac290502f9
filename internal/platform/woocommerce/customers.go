package woocommerce

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// staff are WordPress's and WooCommerce's own roles of those who work there.
var staff = []string{"administrator", "editor", "author", "contributor", "shop_manager"}

// customer observes an account. Its e-mail address becomes a keyed hash here;
// nothing else of the person is read. Guests have no account, and so no record.
func (n *normaliser) customer(element []byte) error {
	var c struct {
		failure
		dates
		ID      body.Field `json:"id"`
		Email   body.Field `json:"email"`
		Role    body.Field `json:"role"`
		Billing struct {
			Country body.Field `json:"country"`
		} `json:"billing"`
	}
	if err := body.Decode(element, &c); err != nil {
		return err
	}
	n.refuse(c.failure, c.ID)
	if c.Email.Absent() {
		n.Fail("email", "an e-mail address")
	}
	native, modified := n.ID("id", c.ID), n.modified(c.dates)
	hash := n.CustomerHash(n.OptionalText("email", c.Email))
	role := n.OptionalText("role", c.Role)
	f := n.facets()
	n.Inside("billing")
	f.PutText("country", "country", none(c.Billing.Country))
	n.Leave()
	switch {
	case n.Problem() != nil:
		return n.Problem()
	case slices.Contains(staff, role):
		return n.ignore("account of the shop's staff")
	case hash == "":
		return n.ignore("customer without an e-mail address")
	}
	o := account(native)
	o.Key, o.Via, o.Created, o.Facets = commerce.Key{hash}, nil, n.created(c.dates), f.Values
	n.observe(o, modified)
	n.observe(n.link(customerLink, native, native, commerce.Facets{"hash": commerce.Text(hash)}), modified)
	return nil
}

// account is an observation of a customer whose hash only the link knows.
func account(native string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Customer, Key: commerce.Key{""}, Via: &commerce.Via{Type: customerLink, Native: native},
		Part: "customer", Native: native, Slot: "customer",
	}
}

// customerGone ends an account that the API no longer has.
func (n *normaliser) customerGone(native string) {
	o := account(native)
	o.Gone = true
	n.observeReceived(o)
}
