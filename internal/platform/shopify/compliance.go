package shopify

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// request is a request under privacy law. The three topics share their first
// fields; each shape refuses the others', because a topic is not signed and one
// of them forgets a whole shop.
type request struct {
	ShopDomain field `json:"shop_domain"`
	Customer   *struct {
		ID    field `json:"id"`
		Email field `json:"email"`
	} `json:"customer"`
	OrdersToRedact  *[]field `json:"orders_to_redact"`
	OrdersRequested field    `json:"orders_requested"`
	DataRequest     field    `json:"data_request"`
}

func (n *normaliser) request() (request, error) {
	var r request
	if err := body.Decode(n.delivery.Body, &r); err != nil {
		return request{}, err
	}
	if domain := n.text("shop_domain", r.ShopDomain); !strings.EqualFold(domain, n.shop) {
		n.fail("shop_domain", "the configured shop")
	}
	return r, nil
}

// dataRequest asks for a copy of what is kept about a person: nothing, besides
// deliveries in the archive until they are erased.
func (n *normaliser) dataRequest() error {
	r, err := n.request()
	if err != nil {
		return err
	}
	if !r.DataRequest.Given() {
		n.fail("data_request", "an object")
	}
	return n.ignore("data request: records hold no personal data")
}

func (n *normaliser) customerErasure() error {
	r, err := n.request()
	if err != nil {
		return err
	}
	if r.Customer == nil || r.OrdersToRedact == nil {
		n.fail("customer", "a customer and orders_to_redact")
		return nil
	}
	if !r.OrdersRequested.Absent() || !r.DataRequest.Absent() {
		n.fail("data_request", "a request to redact, which has none")
	}
	// A blank native id would mean the whole shop: digits refuses it.
	erasure := commerce.Erasure{
		System: n.System,
		Native: n.digits("customer.id", r.Customer.ID),
		Hash:   n.CustomerHash(n.optionalText("customer.email", r.Customer.Email)),
	}
	for i, id := range *r.OrdersToRedact {
		n.enter("orders_to_redact", i)
		erasure.Orders = append(erasure.Orders, n.digits("id", id))
		n.leave()
	}
	n.reading.Erase = append(n.reading.Erase, erasure)
	return nil
}

func (n *normaliser) shopErasure() error {
	r, err := n.request()
	if err != nil {
		return err
	}
	if r.Customer != nil || r.OrdersToRedact != nil || !r.OrdersRequested.Absent() || !r.DataRequest.Absent() {
		n.fail("customer", "a request to redact the shop, which names no customer")
	}
	n.reading.Erase = append(n.reading.Erase, commerce.Erasure{System: n.System})
	return nil
}
