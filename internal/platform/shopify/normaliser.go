package shopify

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The types of links that this platform makes and follows.
const (
	orderLink    = commerce.OrderLink
	productLink  = "product"
	itemLink     = "item"
	customerLink = commerce.CustomerLink
)

const (
	// ahead is how far a clock in a body may be ahead of its delivery.
	ahead = 24 * time.Hour
	// fresh is how long after a change its own delivery is triggered.
	fresh = time.Minute
)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	reader
	delivery  commerce.Delivery
	triggered time.Time
	reading   platform.Reading
}

func newNormaliser(e *endpoint, d commerce.Delivery) *normaliser {
	n := &normaliser{endpoint: e, delivery: d}
	for _, name := range []string{"x-shopify-triggered-at", "shopify-triggered-at"} {
		if at, err := time.Parse(time.RFC3339Nano, d.Header[name]); err == nil {
			n.triggered = at
		}
	}
	return n
}

func (n *normaliser) ignore(why string) error {
	n.reading.Ignored = why
	return nil
}

// otherwise says why nothing is observed, when nothing is.
func (n *normaliser) otherwise(why string) error {
	if len(n.reading.Observations) == 0 {
		n.reading.Ignored = why
	}
	return nil
}

// clock reads the source's time of a change.
func (n *normaliser) clock(name string, f field) time.Time {
	at := n.time(name, f)
	if at.After(n.delivery.Received.Add(ahead)) {
		n.fail(name, "a time at most 24 hours after the delivery was received")
	}
	return at
}

// observe adds an observation of a fact that changed at the clock reading.
func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	version := commerce.VersionParts{Clock: clock, Normaliser: revision}
	// A body shows its facts as they were when its delivery was triggered. Soon
	// after the change that orders the changes of one second. Later it settles
	// them, and every later body that shows the fact unchanged is a duplicate.
	switch age := n.triggered.Sub(clock); {
	case n.target() != "":
		version.ReadBack = platform.ReadBack(n.delivery, clock)
	case n.triggered.IsZero() || age <= -fresh:
	case age < fresh:
		version.Sequence = uint64(n.triggered.UnixNano())
	default:
		version.ReadBack = true
	}
	n.add(o, version)
}

// observeReceived adds an observation that has no time of its own.
func (n *normaliser) observeReceived(o commerce.Observation) {
	n.add(o, commerce.VersionParts{Clock: n.delivery.Received, Normaliser: revision})
}

func (n *normaliser) add(o commerce.Observation, version commerce.VersionParts) {
	o.System = n.System
	o.Stamp(version)
	n.reading.Observations = append(n.reading.Observations, o)
}

// link remembers what a native id stands for.
func (n *normaliser) link(linkType, native, view string, facets commerce.Facets) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, linkType, native},
		Part: "link", Native: view, Facets: facets,
	}
}

// locate maps a native location. It reports false for one that is not compared,
// and asks for the mapping of one that the registry does not know.
func (n *normaliser) locate(native string) (location string, compared bool) {
	location, known, ignored := n.Locations.Locate(native)
	if known {
		return location, !ignored
	}
	n.observeReceived(commerce.Observation{
		Kind: commerce.Mapping, Key: commerce.Key{n.System, "location", native},
		Part: "mapping", Native: native, Slot: "mapping",
		Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
	})
	return "", false
}

// facets starts an observation's facets.
func (n *normaliser) facets() facets { return facets{&n.reader, commerce.Facets{}} }

// deletion reads the body of a delete topic: an id, and no entity. A body that
// has times of its own is an entity under the wrong topic.
func (n *normaliser) deletion(entity string) (string, error) {
	var doc struct {
		ref
		CreatedAt field `json:"created_at"`
		UpdatedAt field `json:"updated_at"`
	}
	if err := body.Decode(n.delivery.Body, &doc); err != nil {
		return "", err
	}
	if !doc.CreatedAt.Absent() || !doc.UpdatedAt.Absent() {
		n.fail("updated_at", "a deletion, which has an id and no times")
	}
	return n.id(entity, doc.ref), nil
}
