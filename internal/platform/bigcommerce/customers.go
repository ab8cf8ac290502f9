package bigcommerce

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

var customerTarget = lazyregexp.New(`^v3/customers\?id:in=(\d+)$`)

// customers reads the account that was asked for. It is gone when the list is
// empty.
func (n *normaliser) customers() error {
	ids, ok := n.asked(customerTarget)
	if !ok {
		return nil
	}
	found := false
	err := n.pages(func(element []byte) error {
		found = true
		return n.customer(element)
	})
	if err == nil && n.Problem() == nil && !found && !n.missing() {
		o := account(ids[0])
		o.Gone = true
		n.observeReceived(o)
	}
	return err
}

// customer observes an account. Its e-mail address becomes a keyed hash here;
// nothing else of the person is read.
func (n *normaliser) customer(element []byte) error {
	var c struct {
		ID       body.Field `json:"id"`
		Email    body.Field `json:"email"`
		Exempt   body.Field `json:"tax_exempt_category"`
		Created  body.Field `json:"date_created"`
		Modified body.Field `json:"date_modified"`
	}
	if err := body.Decode(element, &c); err != nil {
		return err
	}
	native, modified := n.ID("id", c.ID), n.Clock("date_modified", n.Instant("date_modified", c.Modified), n.delivery.Received)
	hash := n.CustomerHash(n.OptionalText("email", c.Email))
	f := n.facets()
	if c.Exempt.Given() {
		f.Put("tax_exempt", commerce.Bool(n.Text("tax_exempt_category", c.Exempt) != ""))
	}
	o := account(native)
	if c.Created.Given() {
		o.Created = n.Instant("date_created", c.Created)
	}
	if err := n.Problem(); err != nil {
		return err
	}
	if hash == "" {
		return n.ignore("customer without an e-mail address")
	}
	o.Key, o.Via, o.Facets = commerce.Key{hash}, nil, f.Values
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
