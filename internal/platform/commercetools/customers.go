package commercetools

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// customer observes an account. Its e-mail address becomes a keyed hash here;
// nothing else of the person is read, but for whether there is a company.
func (n *normaliser) customer(raw []byte) {
	var c struct {
		ID      body.Field `json:"id"`
		Version body.Field `json:"version"`
		Email   body.Field `json:"email"`
		Company body.Field `json:"companyName"`
		Created body.Field `json:"createdAt"`
	}
	n.decode(raw, &c)
	n.whole(c.Version)
	id, hash := n.id(c.ID), n.CustomerHash(n.OptionalText("email", c.Email))
	o := account(id)
	o.Facets = commerce.Facets{"b2b": commerce.Bool(n.OptionalText("companyName", c.Company) != "")}
	if c.Created.Given() {
		o.Created = n.Instant("createdAt", c.Created)
	}
	if n.Problem() != nil {
		return
	}
	if hash == "" {
		n.skip("customer without an e-mail address")
		return
	}
	o.Key, o.Via = commerce.Key{hash}, nil
	n.observe(o)
	n.link(customerLink, id, id, commerce.Facets{"hash": commerce.Text(hash)})
}

// account is an observation of a customer whose hash only the link knows.
func account(id string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Customer, Key: commerce.Key{""}, Via: &commerce.Via{Type: customerLink, Native: id},
		Part: "customer", Native: id, Slot: "customer",
	}
}

func (n *normaliser) customerGone(id string) { n.final(account(id)) }
