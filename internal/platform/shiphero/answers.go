package shiphero

import (
	"net/url"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// fewCredits is the code of the error that says to ask again later.
const fewCredits = "30"

// answered is any answer.
type answered struct {
	Errors []struct {
		Code body.Field `json:"code"`
	} `json:"errors"`
	Data struct {
		Product       result[product]          `json:"product"`
		Order         result[order]            `json:"order"`
		Stock         result[list[stockLevel]] `json:"warehouse_products"`
		Orders        result[list[ordered]]    `json:"orders"`
		Subscriptions result[list[subscribed]] `json:"webhooks"`
	} `json:"data"`
}

type result[T any] struct {
	Data *T `json:"data"`
}

type list[T any] struct {
	Page  pageInfo  `json:"pageInfo"`
	Edges []edge[T] `json:"edges"`
}

type pageInfo struct {
	More body.Field `json:"hasNextPage"`
	End  body.Field `json:"endCursor"`
}

type edge[T any] struct {
	Node T `json:"node"`
}

type product struct {
	SKU     body.Field   `json:"sku"`
	Virtual body.Field   `json:"virtual"`
	Levels  []stockLevel `json:"warehouse_products"`
}

type stockLevel struct {
	SKU         body.Field `json:"sku"`
	Warehouse   body.Field `json:"warehouse_id"`
	OnHand      body.Field `json:"on_hand"`
	Allocated   body.Field `json:"allocated"`
	SellAhead   body.Field `json:"sell_ahead"`
	Reserve     body.Field `json:"reserve_inventory"`
	NonSellable body.Field `json:"non_sellable_quantity"`
	Product     struct {
		Virtual body.Field `json:"virtual"`
	} `json:"product"`
}

type ordered struct {
	ID body.Field `json:"id"`
}

type subscribed struct {
	Name body.Field `json:"name"`
	URL  body.Field `json:"url"`
}

// answer reads what the API answered, by topic.
func (n *normaliser) answer() error {
	var a answered
	if !slices.Contains(answerTopics, n.delivery.Topic) {
		return n.ignore("unknown topic")
	}
	if n.delivery.Header[platform.StatusHeader] != "404" {
		if err := body.Decode(n.delivery.Body, &a); err != nil {
			return err
		}
	}
	if len(a.Errors) > 0 {
		return n.refused(&a)
	}
	switch n.delivery.Topic {
	case productTopic:
		return n.product(a.Data.Product.Data)
	case orderTopic:
		return n.order(a.Data.Order.Data)
	case stockTopic:
		return readList(n, a.Data.Stock.Data, func(l stockLevel) {
			n.stockLevel(n.sku(l.SKU), l.Product.Virtual, &l)
		})
	case ordersTopic:
		return readList(n, a.Data.Orders.Data, func(o ordered) { n.askForOrder(n.entity("Order", "id", o.ID)) })
	default:
		return n.subscriptions(a.Data.Subscriptions.Data)
	}
}

// refused is an answer without an answer. With too few credits left the same is
// asked again, at the pace at which credits come back.
func (n *normaliser) refused(a *answered) error {
	for _, e := range a.Errors {
		if strings.Trim(string(e.Code), `"`) != fewCredits {
			n.Fail("errors", "an answer without errors")
			return nil
		}
	}
	n.ask(n.delivery.Topic, n.delivery.Header[platform.FetchedHeader])
	return nil
}

// readList reads every element of a page and asks for the next one.
func readList[T any](n *normaliser, l *list[T], read func(T)) error {
	if l == nil || l.Edges == nil {
		n.Fail("data", "a list with edges")
		return nil
	}
	n.Limit("edges", len(l.Edges), maxItems)
	for i, e := range l.Edges {
		n.Enter("edges", i)
		read(e.Node)
		n.Leave()
	}
	if n.Truth("hasNextPage", l.Page.More) {
		n.turn(l.Page.End)
	}
	return n.otherwise("nothing on the page that is compared")
}

// turn asks for the page behind the cursor.
func (n *normaliser) turn(cursor body.Field) {
	const most = 512
	after, _ := cursor.Text()
	path, parameters, _ := strings.Cut(n.delivery.Header[platform.FetchedHeader], "?")
	values, err := url.ParseQuery(parameters)
	if after == "" || len(after) > most || err != nil || values.Get("after") == after {
		n.Fail("endCursor", "the cursor of another page")
		return
	}
	values.Set("after", after)
	n.ask(n.delivery.Topic, path+"?"+values.Encode())
}

// entity reads the number in a global id.
func (n *normaliser) entity(entity, name string, f body.Field) string {
	text, _ := f.Text()
	digits, ok := readGlobalID(entity, text)
	if !ok {
		n.Fail(name, "the global id of a "+entity)
	}
	return digits
}

// product observes the stock of a SKU in each warehouse. Of one that does not
// exist there is none anywhere.
func (n *normaliser) product(p *product) error {
	if p != nil {
		sku := n.sku(p.SKU)
		n.Limit("warehouse_products", len(p.Levels), maxItems)
		for i := range p.Levels {
			n.Enter("warehouse_products", i)
			n.stockLevel(sku, p.Virtual, &p.Levels[i])
			n.Leave()
		}
		return n.otherwise("nothing in a warehouse that is compared")
	}
	_, escaped, _ := strings.Cut(n.delivery.Header[platform.FetchedHeader], "/")
	sku, _ := url.PathUnescape(escaped)
	if sku == "" {
		n.Fail(platform.FetchedHeader, "the SKU that was asked for")
		return nil
	}
	for _, warehouse := range n.compared {
		n.observe(commerce.Observation{
			Kind: commerce.Inventory, Key: commerce.Key{sku, n.Locations[warehouse]},
			Part: warehousePart, Native: sku + "/" + warehouse, Slot: warehouse, Gone: true,
		})
	}
	return n.otherwise("no such product")
}

func (n *normaliser) stockLevel(sku string, virtual body.Field, l *stockLevel) {
	f := n.facets()
	isVirtual := virtual.Given() && n.Truth("virtual", virtual)
	f.Put("tracked", commerce.Bool(!isVirtual))
	if !isVirtual {
		f.PutNumber("on_hand", "on_hand", l.OnHand)
		f.PutNumber("committed", "allocated", l.Allocated)
		f.PutNumber("safety", "reserve_inventory", l.Reserve)
		f.PutNumber("unavailable", "non_sellable_quantity", l.NonSellable)
		if given(l.OnHand, l.SellAhead, l.Reserve, l.Allocated) {
			f.Put("available", commerce.Number(n.balance(l.OnHand, l.SellAhead, "reserve_inventory", l.Reserve, "allocated", l.Allocated)))
		}
	}
	n.stock(sku, n.entity("Warehouse", "warehouse_id", l.Warehouse), f)
}

// wanted are the webhooks without which something would be heard of late.
var wanted = []string{"Inventory Update", "Order Allocated", "Order Canceled", "Return Update", "Shipment Update"}

// subscriptions reports each webhook that does not come to this system. Only a
// list on one page says what is missing.
func (n *normaliser) subscriptions(l *list[subscribed]) error {
	var found []string
	err := readList(n, l, func(s subscribed) {
		at, err := url.Parse(n.Text("url", s.URL))
		if name := n.Text("name", s.Name); err == nil && strings.HasSuffix(at.Path, "/hooks/"+n.System) {
			found = append(found, name)
		}
	})
	if err != nil || n.Problem() != nil {
		return err
	}
	whole := len(n.reading.Fetch) == 0 && !strings.Contains(n.delivery.Header[platform.FetchedHeader], "?")
	n.reading.Ignored = ""
	for _, name := range wanted {
		topic := strings.ToLower(strings.ReplaceAll(name, " ", "-"))
		switch {
		case slices.Contains(found, name):
			n.report("subscription", topic, "")
		case whole:
			n.report("subscription", topic, "has no webhook that comes to this system")
		}
	}
	return n.otherwise("a page of other systems' webhooks")
}
