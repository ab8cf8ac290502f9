package netsuite

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// customerParts are the fields of a customer, each of which may be told alone.
// That there is an address is what makes one of an account.
var customerParts = []part{
	{"email", commerce.Customer, func(_ *normaliser, f body.Facets, _ string, _ body.Field) { f.Count("copies", 1) }},
	{"isperson", commerce.Customer, func(n *normaliser, f body.Facets, name string, v body.Field) {
		f.Put("b2b", commerce.Bool(!n.Truth(name, truth(v))))
	}},
	{"globalsubscriptionstatus", commerce.Customer, func(n *normaliser, f body.Facets, name string, v body.Field) {
		consent := "unsubscribed"
		if means(n.subscribed, n.OptionalText(name, v)) {
			consent = "subscribed"
		}
		f.Put("consent", commerce.Text(consent))
	}},
}

// customer observes a customer, field by field, under the keyed hash of the e-mail
// address. One that has lost its address is none any more.
func (n *normaliser) customer(r *record) {
	hash := n.CustomerHash(n.OptionalText("fields.email", r.Fields["email"]))
	if r.event == whole && hash == "" {
		r.event = deleted
	}
	if r.event != whole {
		hash = ""
	}
	via := &commerce.Via{Type: commerce.CustomerLink, Native: r.id}
	n.parts(r, customerParts, func(commerce.Kind) (commerce.Key, *commerce.Via) { return commerce.Key{hash}, via })
	if hash != "" {
		n.link(r, commerce.CustomerLink, commerce.Facets{"hash": commerce.Text(hash)})
	}
	n.skip("inline edit of nothing that is read")
}
