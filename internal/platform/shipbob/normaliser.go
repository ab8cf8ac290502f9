package shipbob

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// orderLink is the type of the link from an order's number at ShipBob to the web
// order.
const orderLink = commerce.OrderLink

// Limits of what one body may hold.
const (
	maxPage  = 1000
	maxLines = 1000
)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
}

func (n *normaliser) ignore(why string) error {
	n.reading.Ignored = why
	return nil
}

// otherwise says why there is nothing to do, when there is nothing.
func (n *normaliser) otherwise(why string) error {
	if n.reading.Ignored = ""; len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = why
	}
	return nil
}

// missing reports that the API has no such record.
func (n *normaliser) missing() bool { return n.delivery.Header[platform.StatusHeader] == "404" }

// instant reads a time with an offset, or without one in UTC.
func (n *normaliser) instant(name string, f body.Field) time.Time {
	text, _ := f.Text()
	if _, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return n.Instant(name, f)
	}
	return n.Wall(name, f, time.UTC, n.delivery.Received)
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds an observation. ShipBob orders nothing: what counts is when it was
// received, or asked for.
func (n *normaliser) observe(o commerce.Observation) {
	fetched := n.delivery.Header[platform.FetchedHeader] != ""
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: n.delivery.Received, ReadBack: fetched && o.Kind != commerce.Mapping, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}

// ask asks for a fetch, once.
func (n *normaliser) ask(topic, target string) {
	f := platform.Fetch{Topic: topic, Target: target}
	if !slices.Contains(n.reading.Fetch, f) {
		n.reading.Fetch = append(n.reading.Fetch, f)
	}
}

// locate maps a fulfilment centre's number. The location is blank for one that is
// ignored, and for one that the registry does not know, whose mapping is asked for
// once.
func (n *normaliser) locate(native string) (location string, ignored bool) {
	switch location, known, ignored := n.Locations.Locate(native); {
	case ignored:
		return "", true
	case known:
		return location, false
	}
	asked := func(o commerce.Observation) bool { return o.Kind == commerce.Mapping && o.Native == native }
	if !slices.ContainsFunc(n.reading.Observations, asked) {
		n.observe(commerce.Observation{
			Kind: commerce.Mapping, Key: commerce.Key{n.System, "location", native},
			Part: "mapping", Native: native, Slot: "mapping",
			Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
		})
	}
	return "", false
}

// either is the first of two spellings of a field that is given.
func either(name string, f body.Field, other string, g body.Field) (string, body.Field) {
	if f.Absent() && !g.Absent() {
		return other, g
	}
	return name, f
}

// native reads the number behind the slash of the target that was asked for.
func (n *normaliser) native() string {
	_, id, _ := strings.Cut(n.delivery.Header[platform.FetchedHeader], "/")
	if !fetchable.MatchString(orderTopic + "/" + id) {
		n.Fail(platform.FetchedHeader, "the order that was asked for")
	}
	return id
}
