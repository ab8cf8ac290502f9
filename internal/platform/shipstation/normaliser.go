package shipstation

import (
	"errors"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// trackingLink is the type of the link from a tracking number to its web order.
const trackingLink = "tracking"

const (
	// maxElements bounds a page and an order's lines.
	maxElements = 1000
	// maxText is the longest number of an order or a parcel that is taken for one.
	maxText = 128
)

const notWebOrder = "order of no web shop"

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do, in case that there is nothing.
	why string
	// unmapped are the locations that were reported as unknown.
	unmapped []string
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.why == "" {
		n.why = why
	}
}

// open reads the body. What cannot be opened has no fields.
func (n *normaliser) open(shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(n.delivery.Body, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

type webhook struct {
	URL  body.Field `json:"resource_url"`
	Type body.Field `json:"resource_type"`
	Data *track     `json:"data"`
}

// webhook reads a webhook of either generation.
func (n *normaliser) webhook() {
	var w webhook
	n.open(&w)
	switch n.Text("resource_type", w.Type) {
	case "ORDER_NOTIFY", "ITEM_ORDER_NOTIFY", "SHIP_NOTIFY", "ITEM_SHIP_NOTIFY", "FULFILLMENT_SHIPPED":
		n.ask(w.URL)
	case "FULFILLMENT_REJECTED":
		n.skip("fulfilment that was rejected")
	case "TRACK_EVENT_V2":
		n.track(w.Data)
	default:
		n.skip("unknown type of resource")
	}
}

// ask asks for what stands at an address of the API's. No other is ever asked,
// whoever sends it.
func (n *normaliser) ask(address body.Field) {
	text, _ := address.Text()
	rest, secure := strings.CutPrefix(text, "https://")
	t, ok := readTarget(rest)
	if !secure || !ok {
		n.Fail("resource_url", "an https address of orders, shipments or fulfillments on a host of ShipStation's API")
		return
	}
	n.fetch(t)
}

func (n *normaliser) fetch(t target) {
	n.reading.Fetch = append(n.reading.Fetch, platform.Fetch{Topic: t.topic, Target: t.text()})
}

// moment reads a time of the API's first version, which is never after now.
func (n *normaliser) moment(name string, f body.Field) time.Time {
	return n.Clock(name, n.Wall(name, f, n.pacific, n.delivery.Received), n.delivery.Received)
}

// observe adds what is said of a record that changed at the clock reading. What an
// answer says is read back, unless the record changed just before.
func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: clock, ReadBack: platform.ReadBack(n.delivery, clock), Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}

// webOrder is the key of the order with the number, of the store with the id.
func (n *normaliser) webOrder(store, number body.Field) (commerce.Key, bool) {
	text := n.OptionalText("orderNumber", number)
	shop := ""
	if store.Given() {
		shop = n.ID("advancedOptions.storeId", store)
	}
	system, shared, ok := n.OrderNumber.Read(shop, text)
	if !ok || len(text) > maxText {
		n.skip(notWebOrder)
		return nil, false
	}
	return commerce.Key{system, shared}, true
}

// remember links a parcel to its order, for whoever names only the parcel.
func (n *normaliser) remember(tracking string, order commerce.Key, clock time.Time) {
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, trackingLink, tracking}, Part: "link", Native: tracking,
		Facets: commerce.Facets{"store": commerce.Text(order[0]), "number": commerce.Text(order[1])},
	}, clock)
}

// locate maps a warehouse. It asks once for the mapping of one that the registry
// does not know.
func (n *normaliser) locate(warehouse body.Field) (location string, ignored bool) {
	if !warehouse.Given() || len(n.Locations) == 0 {
		return "", false
	}
	native := n.ID("warehouseId", warehouse)
	location, known, ignored := n.Locations.Locate(native)
	if !known {
		n.unknown(native)
	}
	return location, ignored
}

func (n *normaliser) unknown(native string) {
	for _, told := range n.unmapped {
		if told == native {
			return
		}
	}
	n.unmapped = append(n.unmapped, native)
	o := commerce.Observation{
		System: n.System, Kind: commerce.Mapping, Key: commerce.Key{n.System, "location", native},
		Part: "mapping", Native: native, Slot: "mapping", Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
	}
	o.Stamp(commerce.VersionParts{Clock: n.delivery.Received, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}
