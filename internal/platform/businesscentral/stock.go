package businesscentral

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	stockPart = "stock"
	// everywhere is what the registry calls the sum over all locations.
	everywhere = "*"
	// subscribedFor is how long a subscription lasts, and checkEvery renews it six
	// times in that time.
	subscribedFor = 3 * 24 * time.Hour
	checkEvery    = 12 * time.Hour
	// catchUpEvery asks for what no notification told.
	catchUpEvery = time.Hour
)

// Chores pulls stock, asks for what changed without a notification, and checks
// and renews the subscriptions.
func (e *endpoint) Chores() []platform.Chore {
	chores := []platform.Chore{{
		Name: subscriptions, Every: checkEvery,
		Fetch: platform.Fetch{Topic: subscriptions, Target: e.subscriptionsTarget()},
	}}
	for _, p := range e.Pulls() {
		c := platform.Chore{Name: p.Name, Every: catchUpEvery, Fetch: p.Changed}
		if p.Whole() {
			c.Every, c.Fetch = e.stockEvery, p.All
		}
		chores = append(chores, c)
	}
	return chores
}

// stockTarget is where stock is read: the page of the customer's own, the items
// when the registry says for which location, or nowhere.
func (e *endpoint) stockTarget() string {
	_, summed, ignored := e.Locations.Locate(everywhere)
	company := "/companies(" + e.company + ")/"
	switch {
	case e.stockPage != "":
		groups := stockRoute.FindStringSubmatch(e.stockPage)
		return groups[1] + company + groups[2]
	case summed && !ignored:
		return e.api + company + items + "?$select=number,type,inventory"
	default:
		return ""
	}
}

// stock observes one row of the page, or one item. It has no time of its own:
// what counts is when it was asked for.
func (n *normaliser) stock(element []byte) error {
	var row map[string]body.Field
	if err := body.Decode(element, &row); err != nil {
		return err
	}
	if n.stockPage == "" {
		if text, _ := row["type"].Text(); text == stocked {
			n.level(row, "number", everywhere, "inventory", "")
		}
		return nil
	}
	free := ""
	if len(n.stockFields) > 3 {
		free = n.stockFields[3]
	}
	// The blank code is where stock without a location is.
	code := n.OptionalText(n.stockFields[1], row[n.stockFields[1]])
	n.level(row, n.stockFields[0], code, n.stockFields[2], free)
	return nil
}

func (n *normaliser) level(row map[string]body.Field, item, code, onHand, free string) {
	number := n.Text(item, row[item])
	if number == "" {
		n.Fail(item, "an item's number")
	}
	f := n.facets()
	f.Put("on_hand", commerce.Number(n.Number(onHand, row[onHand])))
	f.Put("tracked", commerce.Bool(true))
	if free != "" {
		f.Put("free", commerce.Number(n.Number(free, row[free])))
	}
	location, compared := n.locate(code)
	if !compared {
		return
	}
	o := commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{number, location},
		Part: stockPart, Native: number + "/" + code, Slot: code, Facets: f.Values,
	}
	if n.sku == "gtin" {
		o.Key, o.Via = commerce.Key{"", location}, &commerce.Via{Type: numberLink, Native: number}
	}
	n.observeReceived(o)
}

// locate maps a location's code. It reports false for one that is not compared,
// and asks once for the mapping of one that the registry does not know.
func (n *normaliser) locate(code string) (location string, compared bool) {
	location, known, ignored := n.Locations.Locate(code)
	switch {
	case known:
		return location, !ignored
	case code == "":
		return "", false
	}
	for _, o := range n.reading.Observations {
		if o.Kind == commerce.Mapping && o.Native == code {
			return "", false
		}
	}
	n.report("location", code, "unknown location")
	return "", false
}
