package shipbob

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const levelPart = "level"

type stockItem struct {
	SKU    body.Field `json:"sku"`
	Levels []level    `json:"locations"`
}

// level is what one fulfilment centre has. Older answers spell two names
// otherwise.
type level struct {
	ID          body.Field `json:"location_id"`
	OlderID     body.Field `json:"id"`
	OnHand      body.Field `json:"on_hand_quantity"`
	OlderOnHand body.Field `json:"onhand_quantity"`
	Committed   body.Field `json:"committed_quantity"`
	Fulfillable body.Field `json:"fulfillable_quantity"`
	Awaiting    body.Field `json:"awaiting_quantity"`
	Transfer    body.Field `json:"internal_transfer_quantity"`
}

// stock observes a page of stock by SKU and fulfilment centre.
func (n *normaliser) stock() error {
	if n.missing() {
		return n.ignore("no such list")
	}
	var page struct {
		Items []stockItem `json:"items"`
		Next  body.Field  `json:"next"`
	}
	if err := body.Decode(n.delivery.Body, &page); err != nil {
		return err
	}
	if page.Items == nil {
		n.Fail("items", "a list")
	}
	n.Limit("items", len(page.Items), maxPage)
	for i := range page.Items {
		n.Enter("items", i)
		n.stockItem(&page.Items[i])
		n.Leave()
	}
	if text, _ := page.Next.Text(); text != "" {
		n.turn(text)
	}
	return n.otherwise("nothing on the page that is compared")
}

func (n *normaliser) turn(link string) {
	target, ok := n.follow(link)
	if !ok || target == n.delivery.Header[platform.FetchedHeader] {
		n.Fail("next", "a link to more stock")
		return
	}
	n.ask(stockTopic, target)
}

// stockItem observes one item in each fulfilment centre. One without a SKU has no
// record.
func (n *normaliser) stockItem(it *stockItem) {
	if it.SKU.Absent() {
		n.Fail("sku", "a SKU, or null")
		return
	}
	sku := n.OptionalText("sku", it.SKU)
	n.Limit("locations", len(it.Levels), maxLines)
	for i := range it.Levels {
		n.Enter("locations", i)
		l := &it.Levels[i]
		native := n.ID(either("location_id", l.ID, "id", l.OlderID))
		f := n.level(l)
		if location, _ := n.locate(native); location != "" && sku != "" {
			n.observe(commerce.Observation{
				Kind: commerce.Inventory, Key: commerce.Key{sku, location},
				Part: levelPart, Native: sku + "/" + native, Slot: native, Facets: f,
			})
		}
		n.Leave()
	}
}

func (n *normaliser) level(l *level) commerce.Facets {
	f := n.facets()
	f.Put("tracked", commerce.Bool(true))
	name, onHand := either("on_hand_quantity", l.OnHand, "onhand_quantity", l.OlderOnHand)
	f.PutNumber("on_hand", name, onHand)
	f.PutNumber("committed", "committed_quantity", l.Committed)
	f.PutNumber("available", "fulfillable_quantity", l.Fulfillable)
	if l.Awaiting.Given() && l.Transfer.Given() {
		f.Put("incoming", commerce.Number(n.Sum("awaiting_quantity",
			n.Number("awaiting_quantity", l.Awaiting), n.Number("internal_transfer_quantity", l.Transfer))))
	}
	return f.Values
}
