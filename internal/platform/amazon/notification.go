package amazon

import (
	"errors"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// notification is what surrounds every payload. The decoder takes names in any
// case, so that one spelling stands for all.
type notification struct {
	Type     body.Field `json:"notificationType"`
	Event    body.Field `json:"eventTime"`
	Payload  body.Field `json:"payload"`
	Metadata struct {
		ID body.Field `json:"notificationId"`
	} `json:"notificationMetadata"`
}

// open reads a notification, also one that EventBridge has wrapped.
func open(raw []byte) (notification, error) {
	var bridge struct {
		Kind   body.Field `json:"detail-type"`
		Detail body.Field `json:"detail"`
	}
	var n notification
	if err := body.Decode(raw, &bridge); err != nil {
		return n, err
	}
	if bridge.Kind.Given() && bridge.Detail.Given() {
		return n, body.Decode(bridge.Detail, &n)
	}
	return n, body.Decode(raw, &n)
}

// The types of notifications that are read, or known not to be.
const (
	orderChange  = "ORDER_CHANGE"
	listedChange = "LISTINGS_ITEM_MFN_QUANTITY_CHANGE"
	storedChange = "FBA_INVENTORY_AVAILABILITY_CHANGES"
	vendorChange = "ITEM_INVENTORY_EVENT_CHANGE"
)

// maxItems bounds every list in a body.
const maxItems = 5_000

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
}

func (n *normaliser) read() error {
	d, err := open(n.delivery.Body)
	if err != nil {
		return err
	}
	switch n.Text("notificationType", d.Type) {
	case orderChange:
		n.payload(&d, n.order)
	case listedChange:
		n.payload(&d, n.listed)
	case storedChange:
		n.payload(&d, n.stored)
	case vendorChange:
		n.skip("stock of a vendor by the hour, which names no SKU")
	default:
		n.skip("unknown topic")
	}
	return nil
}

// payload reads what is inside, as of the event.
func (n *normaliser) payload(d *notification, read func(raw body.Field, event time.Time)) {
	event := n.Clock("eventTime", n.Instant("eventTime", d.Event), n.delivery.Received)
	n.Inside("payload")
	defer n.Leave()
	read(d.Payload, event)
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.reading.Ignored == "" {
		n.reading.Ignored = why
	}
}

// decode reads an object into a shape. What cannot be read has no fields.
func (n *normaliser) decode(raw []byte, shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(raw, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

// mine fails for another seller's notification.
func (n *normaliser) mine(seller body.Field) {
	if n.Text("sellerId", seller) != n.seller {
		n.Fail("sellerId", "the seller of this system")
	}
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds what is said of a record as of the clock. Rank orders what is said
// of one instant; 0 is unknown.
func (n *normaliser) observe(o commerce.Observation, clock time.Time, rank uint64) {
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: clock, Sequence: rank, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}
