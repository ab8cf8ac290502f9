package shopify

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type customer struct {
	ref
	Email       field `json:"email"`
	Phone       field `json:"phone"`
	OrdersCount field `json:"orders_count"`
	TaxExempt   field `json:"tax_exempt"`
	CreatedAt   field `json:"created_at"`
	UpdatedAt   field `json:"updated_at"`
	Consent     field `json:"email_marketing_consent"`
	Address     field `json:"default_address"`
}

// personal is what is read of the objects inside a customer.
type personal struct {
	State       field `json:"state"`
	CountryCode field `json:"country_code"`
}

// personal reads an object inside a customer. Of null every value is null.
func (n *normaliser) personal(name string, f field) personal {
	null := personal{State: field("null"), CountryCode: field("null")}
	if !f.Given() {
		return null
	}
	var p personal
	if err := body.Decode(f, &p); err != nil {
		n.fail(name, "an object or null")
	}
	return p
}

// customer observes an account. Its e-mail address and telephone number become
// keyed hashes here; nothing else of the person is read.
func (n *normaliser) customer() error {
	var c customer
	if err := body.Decode(n.delivery.Body, &c); err != nil {
		return err
	}
	if c.Email.Absent() {
		n.fail("email", "an e-mail address or null")
	}
	native, updated := n.id("Customer", c.ref), n.clock("updated_at", c.UpdatedAt)
	person := platform.Person{
		Email: n.optionalText("email", c.Email), Phone: n.optionalText("phone", c.Phone), External: native, ExternalOf: n.System,
	}
	hash, known := n.CustomerHash(person.Email), n.Known(person)
	o := n.account(native)
	o.Key, o.Via, o.Created = commerce.Key{hash}, nil, n.created(c.CreatedAt)
	f := n.facets()
	f.number("orders", "orders_count", c.OrdersCount)
	f.truth("tax_exempt", "tax_exempt", c.TaxExempt)
	if consent := n.personal("email_marketing_consent", c.Consent); !c.Consent.Absent() {
		f.text("consent", "email_marketing_consent.state", consent.State)
	}
	if address := n.personal("default_address", c.Address); !c.Address.Absent() {
		f.text("country", "default_address.country_code", address.CountryCode)
	}
	if _, phone := known[commerce.PhoneAnchor]; hash == "" && !phone {
		return n.ignore("customer without an e-mail address")
	}
	if hash != "" {
		o.Facets = f.values
		n.observe(o, updated)
	}
	n.observe(n.link(customerLink, native, native, known), updated)
	return nil
}

// account is an observation of a customer whose hash only the link knows.
func (n *normaliser) account(native string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Customer, Key: commerce.Key{""}, Via: &commerce.Via{Type: customerLink, Native: native},
		Part: "customer", Native: native, Slot: "customer",
	}
}

func (n *normaliser) customerDeletion() error {
	native, err := n.deletion("Customer")
	if err != nil {
		return err
	}
	o := n.account(native)
	o.Gone = true
	n.observeReceived(o)
	return nil
}

// customerMerge ends the account that was merged into another one. What the
// kept account became, its own customers/update says.
func (n *normaliser) customerMerge() error {
	var doc struct {
		Kept    field `json:"admin_graphql_api_customer_kept_id"`
		Deleted field `json:"admin_graphql_api_customer_deleted_id"`
		Status  field `json:"status"`
	}
	if err := body.Decode(n.delivery.Body, &doc); err != nil {
		return err
	}
	kept := n.gid("admin_graphql_api_customer_kept_id", "Customer", doc.Kept)
	o := n.account(n.gid("admin_graphql_api_customer_deleted_id", "Customer", doc.Deleted))
	if n.text("status", doc.Status) != "completed" {
		return n.ignore("customer merge is not completed")
	}
	o.Gone, o.SucceededBy = true, kept
	n.observeReceived(o)
	return nil
}
