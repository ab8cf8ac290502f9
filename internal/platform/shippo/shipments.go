package shippo

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The parts of a shipment: what the label says, and what the carrier does.
const (
	transactionPart = "transaction"
	trackingPart    = "tracking"
)

type transaction struct {
	ID       body.Field `json:"object_id"`
	Created  body.Field `json:"object_created"`
	Updated  body.Field `json:"object_updated"`
	Status   body.Field `json:"status"`
	Tracking body.Field `json:"tracking_number"`
	Metadata body.Field `json:"metadata"`
}

// voided says of each state of a label that has a parcel whether it is void. A
// label of any other state has none.
var voided = map[string]bool{"SUCCESS": false, "REFUNDREJECTED": false, "REFUNDPENDING": true, "REFUNDED": true}

// transaction observes a label that was bought for a web order.
func (n *normaliser) transaction(raw body.Field) {
	var t transaction
	n.Inside("data")
	defer n.Leave()
	n.open(raw, &t)
	id, updated := n.id("object_id", t.ID), n.instant("object_updated", t.Updated)
	isVoid, bought := voided[n.Text("status", t.Status)]
	tracking := n.tracking(t.Tracking)
	key, web := n.order(t.Metadata)
	switch {
	case !bought || tracking == "":
		n.why = "transaction without a label"
		return
	case !web:
		n.why = "label of no web order"
		return
	}
	o := commerce.Observation{
		Kind: commerce.Shipment, Key: append(key, tracking), Part: transactionPart, Native: id, Slot: transactionPart,
		Facets: commerce.Facets{"voided": commerce.Bool(isVoid), "test": commerce.Bool(n.mode == test)},
	}
	if t.Created.Given() {
		o.Created = n.Instant("object_created", t.Created)
	}
	n.observe(o, updated)
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, transactionLink, id}, Part: "link", Native: id,
		Facets: commerce.Facets{"store": commerce.Text(key[0]), "number": commerce.Text(key[1])},
	}, updated)
}

type track struct {
	Carrier     body.Field `json:"carrier"`
	Tracking    body.Field `json:"tracking_number"`
	Status      *status    `json:"tracking_status"`
	History     []status   `json:"tracking_history"`
	Transaction body.Field `json:"transaction"`
	Metadata    body.Field `json:"metadata"`
}

type status struct {
	Status body.Field `json:"status"`
	At     body.Field `json:"status_date"`
}

// statuses are the words for Shippo's.
var statuses = map[string]string{
	"UNKNOWN": "unknown", "PRE_TRANSIT": "pre_transit", "TRANSIT": "in_transit", "DELIVERED": "delivered",
	"RETURNED": "return_to_sender", "FAILURE": "failure",
}

// track observes where a parcel is, of the order in its metadata or that its
// transaction was for.
func (n *normaliser) track(raw body.Field) {
	var t track
	n.Inside("data")
	defer n.Leave()
	n.open(raw, &t)
	tracking := n.tracking(t.Tracking)
	if tracking == "" {
		n.Fail("tracking_number", "the parcel's number")
	}
	if t.Status == nil {
		n.why = "parcel that the carrier does not know yet"
		return
	}
	word, at := n.status("tracking_status", *t.Status)
	f := body.NewFacets(&n.Reader)
	f.Put("status", commerce.Text(word))
	f.PutText("carrier", "carrier", t.Carrier)
	if first := n.first(&t); !first.IsZero() {
		f.Put("shipped_at", commerce.Time(first))
	}
	o := commerce.Observation{
		Kind: commerce.Shipment, Part: trackingPart, Native: tracking, Slot: trackingPart, Facets: f.Values,
	}
	switch key, web := n.order(t.Metadata); {
	case web:
		o.Key = append(key, tracking)
	case t.Transaction.Given() && string(t.Transaction) != `""`:
		o.Key = commerce.Key{"", "", tracking}
		o.Via = &commerce.Via{Type: transactionLink, Native: n.id("transaction", t.Transaction)}
	default:
		n.why = "parcel of no web order"
		return
	}
	n.observe(o, n.Clock("tracking_status.status_date", at, n.delivery.Received))
}

// status reads one state of a parcel.
func (n *normaliser) status(name string, s status) (word string, at time.Time) {
	n.Inside(name)
	defer n.Leave()
	word, known := statuses[n.Text("status", s.Status)]
	if !known {
		n.Fail("status", "a state such as TRANSIT")
	}
	return word, n.Instant("status_date", s.At)
}

// first is when the carrier first had the parcel, as far as its history tells.
func (n *normaliser) first(t *track) time.Time {
	var first time.Time
	n.Limit("tracking_history", len(t.History), maxElements)
	for i, s := range t.History[:min(len(t.History), maxElements)] {
		n.Enter("tracking_history", i)
		word, _ := s.Status.Text()
		if word == "TRANSIT" || word == "DELIVERED" {
			if at := n.Instant("status_date", s.At); first.IsZero() || at.Before(first) {
				first = at
			}
		}
		n.Leave()
	}
	return first
}
