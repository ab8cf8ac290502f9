package adobecommerce

import (
	"bytes"
	"errors"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The types of links that this platform makes and follows.
const (
	orderLink   = commerce.OrderLink
	productLink = "product"
)

// maxItems bounds every list in a body.
const maxItems = 5_000

// envelope is one event as Adobe delivers it. What Commerce sent stands in data,
// or in the data of an inner event.
type envelope struct {
	Recipient body.Field `json:"recipient_client_id"`
	ID        body.Field `json:"id"`
	EventID   body.Field `json:"event_id"`
	Type      body.Field `json:"type"`
	Time      body.Field `json:"time"`
	Data      body.Field `json:"data"`
	Event     struct {
		Type body.Field `json:"type"`
		Time body.Field `json:"time"`
		Data body.Field `json:"data"`
	} `json:"event"`
}

// enveloped reads an event, or the events of a batch. Verify and Normalise share
// it, so that what is proven is what is read.
func enveloped(raw []byte) ([]envelope, error) {
	if trimmed := bytes.TrimLeft(raw, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		var all []envelope
		err := body.Decode(raw, &all)
		return all, err
	}
	var one envelope
	err := body.Decode(raw, &one)
	return []envelope{one}, err
}

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do, in case that there is nothing.
	why string
	// at is the event's own time, and timed is set, or when it was received.
	at    time.Time
	timed bool
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.why == "" {
		n.why = why
	}
}

// open reads an object into a shape. What cannot be opened has no fields.
func (n *normaliser) open(raw []byte, shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(raw, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

// topics are the events that are read, by the end of their code: what stands
// before it says which of Adobe's products sent it.
var topics = map[string]func(*normaliser, body.Field){
	"observer.catalog_product_save_after":               (*normaliser).product,
	"observer.catalog_product_save_commit_after":        (*normaliser).product,
	"observer.catalog_product_delete_after":             (*normaliser).productGone,
	"observer.catalog_product_delete_commit_after":      (*normaliser).productGone,
	"observer.cataloginventory_stock_item_save_after":   (*normaliser).stockItem,
	"observer.sales_order_place_after":                  (*normaliser).order,
	"observer.sales_order_save_after":                   (*normaliser).order,
	"observer.sales_order_save_commit_after":            (*normaliser).order,
	"observer.sales_order_creditmemo_save_after":        (*normaliser).creditMemo,
	"observer.sales_order_creditmemo_save_commit_after": (*normaliser).creditMemo,
	"observer.sales_order_shipment_save_after":          (*normaliser).shipment,
	"observer.sales_order_shipment_save_commit_after":   (*normaliser).shipment,
}

// code is the part of an event's type that says what happened.
func code(text string) string {
	if at := strings.Index(text, "observer."); at >= 0 {
		return text[at:]
	}
	return text
}

func (n *normaliser) read() {
	envelopes, err := enveloped(n.delivery.Body)
	var problem *platform.BodyError
	if errors.As(err, &problem) {
		n.Fail(problem.Where, problem.Want)
		return
	}
	n.Limit("body", len(envelopes), maxItems)
	batch := len(envelopes) > 1
	for i := range envelopes[:min(len(envelopes), maxItems)] {
		if batch {
			n.Enter("body", i)
		}
		n.event(&envelopes[i])
		if batch {
			n.Leave()
		}
	}
	n.skip("no event in the body")
}

// event reads one event. The code in the header is not signed, so that it counts
// only where the body has none.
func (n *normaliser) event(e *envelope) {
	kind, at, data, where := e.Type, e.Time, e.Data, "data"
	if !data.Given() {
		kind, at, data, where = e.Event.Type, e.Event.Time, e.Event.Data, "event.data"
	}
	topic := n.delivery.Topic
	if kind.Given() {
		topic = n.Text("type", kind)
	}
	n.at, n.timed = n.delivery.Received, at.Given()
	if n.timed {
		n.at = n.Clock("time", n.Instant("time", at), n.delivery.Received)
	}
	read, known := topics[code(topic)]
	if !known {
		n.skip("unknown topic")
		return
	}
	if strings.Contains(topic, "_delete_") && !kind.Given() {
		n.Fail("type", "the code of a deletion: the one in the header is not signed")
		return
	}
	n.Inside(where)
	defer n.Leave()
	var inner struct {
		Value body.Field `json:"value"`
	}
	n.open(data, &inner)
	if !inner.Value.Given() || inner.Value[0] != '{' {
		n.Fail("value", "an object")
		return
	}
	n.Inside("value")
	defer n.Leave()
	read(n, inner.Value)
}

// observe adds what is said of a record that changed at the clock reading. Within
// its second the later event counts.
func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	o.System = n.System
	if o.Gone {
		o.Facets, o.Lines = nil, nil
	}
	o.Stamp(commerce.VersionParts{Clock: clock, Sequence: uint64(max(0, n.at.UnixMilli())), Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}

// link remembers what a native id stands for, dated by when that came to be, so that
// every later event repeats it.
func (n *normaliser) link(linkType, native string, names commerce.Facets, clock time.Time) {
	o := commerce.Observation{
		System: n.System, Kind: commerce.Link, Key: commerce.Key{n.System, linkType, native}, Part: "link", Native: native, Facets: names,
	}
	o.Stamp(commerce.VersionParts{Clock: clock, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}
