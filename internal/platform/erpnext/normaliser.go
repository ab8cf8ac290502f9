package erpnext

import (
	"errors"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// orderLink is the type of the link from a sales order's name to the web order.
const orderLink = "order"

// maxRows bounds the rows of a document's table.
const maxRows = 2000

// The states of a document that is submitted.
const (
	draft     = "0"
	submitted = "1"
	cancelled = "2"
)

// header is what every document has.
type header struct {
	DocType  body.Field `json:"doctype"`
	Name     body.Field `json:"name"`
	Modified body.Field `json:"modified"`
}

// normaliser reads one delivery of one document.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading

	name     string
	modified time.Time
	trashed  bool
	// wrapped is set when the document stands inside the body.
	wrapped bool
}

// open finds the document in a body, and the event that it is sent for.
func open(raw []byte) (event string, doc []byte, wrapped bool, err error) {
	var envelope struct {
		Event body.Field `json:"event"`
		Doc   body.Field `json:"doc"`
	}
	if err := body.Decode(raw, &envelope); err != nil {
		return "", nil, false, err
	}
	event, ok := envelope.Event.Text()
	if envelope.Event.Given() && !ok {
		return "", nil, false, &platform.BodyError{Where: "event", Want: "the name of an event"}
	}
	if envelope.Doc.Absent() {
		return event, raw, false, nil
	}
	return event, envelope.Doc, true, nil
}

// decode reads the document into a shape, and says where in the body it stands.
func (n *normaliser) decode(doc []byte, shape any) error {
	err := body.Decode(doc, shape)
	var problem *platform.BodyError
	if errors.As(err, &problem) && n.wrapped {
		return &platform.BodyError{Where: "doc." + problem.Where, Want: problem.Want}
	}
	return err
}

func (n *normaliser) ignore(why string) error {
	n.reading.Ignored = why
	return nil
}

// wall reads a time as the site's clocks show it.
func (n *normaliser) wall(name string, f body.Field) time.Time {
	return n.Wall(name, f, n.Timezone, n.delivery.Received)
}

// flag reads what Python writes for a check box: 0 or 1.
func (n *normaliser) flag(name string, f body.Field) bool {
	switch string(f) {
	case "1", "true":
		return true
	case "0", "false":
		return false
	}
	n.Fail(name, "0 or 1")
	return false
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds what the document says, or that it is gone.
func (n *normaliser) observe(o commerce.Observation) {
	version := commerce.VersionParts{Clock: n.modified, Normaliser: revision}
	if n.trashed {
		o.Gone, o.Facets, o.Lines = true, nil, nil
		version.Clock = n.delivery.Received
	}
	n.add(o, version)
}

func (n *normaliser) add(o commerce.Observation, version commerce.VersionParts) {
	o.System = n.System
	o.Stamp(version)
	n.reading.Observations = append(n.reading.Observations, o)
}

// locate maps a warehouse. It reports false for one that is not compared, and
// asks for the mapping of one that the registry does not know.
func (n *normaliser) locate(native string) (location string, compared bool) {
	location, known, ignored := n.Locations.Locate(native)
	if known {
		return location, !ignored
	}
	n.add(commerce.Observation{
		Kind: commerce.Mapping, Key: commerce.Key{n.System, "location", native},
		Part: "mapping", Native: native, Slot: "mapping",
		Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
	}, commerce.VersionParts{Clock: n.delivery.Received, Normaliser: revision})
	return "", false
}
