package shopify

import (
	"net/url"
	"strings"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// graph is the answer of the API. Everything is told as webhooks tell it, in the
// same parts and with the same facets, so that either takes the other's place.
type graph struct {
	Errors []body.Field `json:"errors"`
	Data   struct {
		Products *productPage `json:"products"`
		Product  *node        `json:"product"`
		Orders   *struct {
			Info  pageInfo `json:"pageInfo"`
			Nodes []struct {
				ID field `json:"id"`
			} `json:"nodes"`
		} `json:"orders"`
		Order    *orderNode `json:"order"`
		Location *struct {
			ID     field     `json:"id"`
			Levels levelPage `json:"inventoryLevels"`
		} `json:"location"`
	} `json:"data"`
}

type pageInfo struct {
	More   field `json:"hasNextPage"`
	Cursor field `json:"endCursor"`
}

type productPage struct {
	Info  pageInfo `json:"pageInfo"`
	Nodes []node   `json:"nodes"`
}

// node is a product.
type node struct {
	ID        field `json:"id"`
	Status    field `json:"status"`
	UpdatedAt field `json:"updatedAt"`
	Variants  struct {
		Info  pageInfo `json:"pageInfo"`
		Nodes []struct {
			ID             field `json:"id"`
			SKU            field `json:"sku"`
			Barcode        field `json:"barcode"`
			Price          field `json:"price"`
			CompareAtPrice field `json:"compareAtPrice"`
			CreatedAt      field `json:"createdAt"`
			UpdatedAt      field `json:"updatedAt"`
			Item           struct {
				ID field `json:"id"`
			} `json:"inventoryItem"`
		} `json:"nodes"`
	} `json:"variants"`
}

type levelPage struct {
	Info  pageInfo `json:"pageInfo"`
	Nodes []struct {
		UpdatedAt field `json:"updatedAt"`
		Item      struct {
			ID      field `json:"id"`
			Tracked field `json:"tracked"`
		} `json:"item"`
		Quantities []struct {
			Name     field `json:"name"`
			Quantity field `json:"quantity"`
		} `json:"quantities"`
	} `json:"nodes"`
}

// target is what an answer was asked for, or "" for a webhook.
func (n *normaliser) target() string { return n.delivery.Header[platform.FetchedHeader] }

// answer reads what the API answered.
func (n *normaliser) answer() error {
	var g graph
	if err := body.Decode(n.delivery.Body, &g); err != nil {
		return err
	}
	if len(g.Errors) > 0 {
		n.fail("errors", "an answer without errors: may the token read this?")
		return nil
	}
	d := g.Data
	switch topic := n.delivery.Topic; {
	case topic == productsTopic && d.Products != nil:
		n.products(d.Products)
	case topic == variantsTopic && d.Product != nil:
		n.graphProduct(d.Product)
	case topic == levelsTopic && d.Location != nil:
		n.levels(n.gid("data.location.id", "Location", d.Location.ID), &d.Location.Levels)
	case topic == ordersTopic && d.Orders != nil:
		for i, o := range d.Orders.Nodes {
			n.enter("data.orders.nodes", i)
			n.ask(orderTopic, orderTopic+"/"+n.gid("id", "Order", o.ID))
			n.leave()
		}
		n.turn("data.orders", d.Orders.Info)
	case topic == orderTopic && d.Order != nil:
		return n.graphOrder(d.Order)
	case topic == variantsTopic || topic == orderTopic:
		return n.ignore("what was asked for is gone")
	default:
		n.fail("data", "what was asked for")
	}
	if len(n.reading.Fetch) == 0 {
		return n.otherwise("nothing on the page that is compared")
	}
	return nil
}

// products reads a page, and asks for the variants that a product has beyond it.
func (n *normaliser) products(p *productPage) {
	n.limit("data.products.nodes", len(p.Nodes), maxItems)
	for i := range p.Nodes {
		n.enter("data.products.nodes", i)
		n.graphProduct(&p.Nodes[i])
		n.leave()
	}
	n.turn("data.products", p.Info)
}

func (n *normaliser) graphProduct(p *node) {
	read := product{ref: ref{GID: p.ID}, Status: lower(p.Status), UpdatedAt: p.UpdatedAt, Variants: []variant{}}
	for _, v := range p.Variants.Nodes {
		read.Variants = append(read.Variants, variant{
			ref: ref{GID: v.ID}, SKU: v.SKU, Barcode: v.Barcode, Price: v.Price, CompareAtPrice: v.CompareAtPrice,
			InventoryItemID: n.bare("inventoryItem.id", "InventoryItem", v.Item.ID), CreatedAt: v.CreatedAt, UpdatedAt: v.UpdatedAt,
		})
	}
	n.productOf(&read)
	if n.more("variants", p.Variants.Info) {
		cursor, _ := p.Variants.Info.Cursor.Text()
		n.ask(variantsTopic, variantsTopic+"/"+n.gid("id", "Product", p.ID)+"?after="+url.QueryEscape(cursor))
	}
}

// levels reads a page of the stock of a location. What is not tracked has no number.
func (n *normaliser) levels(location string, p *levelPage) {
	n.limit("data.location.inventoryLevels.nodes", len(p.Nodes), maxItems)
	for i, l := range p.Nodes {
		n.enter("data.location.inventoryLevels.nodes", i)
		read := level{InventoryItemID: n.bare("item.id", "InventoryItem", l.Item.ID), LocationID: field(location), UpdatedAt: l.UpdatedAt}
		for _, q := range l.Quantities {
			if name, _ := q.Name.Text(); name == "available" {
				read.Available = q.Quantity
			}
		}
		if !n.truth("item.tracked", l.Item.Tracked) {
			read.Available = field("null")
		}
		n.levelOf(read)
		n.leave()
	}
	n.turn("data.location.inventoryLevels", p.Info)
}

// turn asks for the next page of the list that was asked for.
func (n *normaliser) turn(where string, info pageInfo) {
	if !n.more(where, info) {
		return
	}
	list, query, _ := strings.Cut(n.target(), "?")
	with, err := url.ParseQuery(query)
	if err != nil {
		n.fail(platform.FetchedHeader, "the list that was asked for")
		return
	}
	cursor, _ := info.Cursor.Text()
	next := list + "?"
	if since := with.Get("since"); since != "" {
		next += "since=" + since + "&"
	}
	n.ask(n.delivery.Topic, next+"after="+url.QueryEscape(cursor))
}

// more reports whether a page has a next one, whose cursor it then names.
func (n *normaliser) more(where string, info pageInfo) bool {
	if !n.truth(where+".pageInfo.hasNextPage", info.More) {
		return false
	}
	cursor, ok := info.Cursor.Text()
	if !ok || cursor == "" || len(cursor) > maxText {
		n.fail(where+".pageInfo.endCursor", "the cursor of the next page")
		return false
	}
	return true
}

func (n *normaliser) ask(topic, target string) {
	n.reading.Fetch = append(n.reading.Fetch, platform.Fetch{Topic: topic, Target: target})
}

// bare is a global id as webhooks write it, absent where there is none.
func (n *normaliser) bare(name, entity string, f field) field {
	if !f.Given() {
		return nil
	}
	return field(n.gid(name, entity, f))
}

// lower writes one of the API's words as webhooks do.
func lower(f field) field { return field(strings.ToLower(string(f))) }
