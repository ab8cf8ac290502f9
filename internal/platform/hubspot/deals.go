package hubspot

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	// dealLink is the type of the link from a deal to its web order.
	dealLink = "deal"
	dealPart = "deal"
)

// maxNumber is the longest order number that is taken for one.
const maxNumber = 128

var currencyCode = lazyregexp.New(`^[A-Z]{3}$`)

func (e *endpoint) dealProperties() []string {
	if len(e.orderFields) == 0 {
		return nil
	}
	return append([]string{"amount", "deal_currency_code"}, e.orderFields...)
}

// deal observes a deal as its web order: the first of the configured properties
// that holds a number says which.
func (n *normaliser) deal(o object, changed time.Time) {
	f := body.NewFacets(&n.Reader)
	if amount := o.properties["amount"]; string(amount) == `""` {
		f.Put("total", commerce.Null())
	} else {
		f.PutNumber("total", "properties.amount", amount)
	}
	switch code := n.text(o, "deal_currency_code"); {
	case currencyCode.MatchString(code):
		f.Put("currency", commerce.Text(code))
	case code != "":
		n.Fail("properties.deal_currency_code", "a currency such as USD")
	case n.Currency != "":
		f.Put("currency", commerce.Text(n.Currency))
	}
	for _, name := range n.orderFields {
		text := n.text(o, name)
		store, number, ok := n.OrderNumber.Read("", text)
		if !ok || len(text) > maxNumber {
			continue
		}
		order := n.dealOf(o.id)
		order.Key, order.Via, order.Facets, order.Created = commerce.Key{store, number}, nil, f.Values, o.created
		n.observe(order, changed)
		n.link(dealLink, o.id, commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number)}, changed)
		return
	}
	n.skip("deal of no web order")
}

// dealOf is an observation of a deal whose order only the link knows.
func (n *normaliser) dealOf(id string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Order, Key: commerce.Key{"", ""}, Via: &commerce.Via{Type: dealLink, Native: id},
		Part: dealPart, Native: id, Slot: dealPart,
	}
}
