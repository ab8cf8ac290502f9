package odoo

import (
	"bytes"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The types of links that this platform makes and follows.
const (
	productLink   = "product"
	orderLink     = "order"
	orderNameLink = "order_name"
)

const notWebOrder = "order of no web shop"

// normaliser reads one delivery of one record.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading

	// values are the record's fields. Which there are is chosen in Odoo.
	values  map[string]body.Field
	native  string
	written time.Time
	deleted bool
}

// open reads what every record has.
func (n *normaliser) open() error {
	if err := body.Decode(n.delivery.Body, &n.values); err != nil {
		return err
	}
	if n.values == nil {
		n.Fail("body", "one JSON object and nothing else")
	}
	n.native = n.ID("_id", n.values["_id"])
	action := n.Text("_action", n.values["_action"])
	name, _, _ := strings.Cut(action, "(#")
	n.deleted = name == n.deletedAction
	if f := n.values["write_date"]; f.Absent() {
		n.Fail("write_date", "the field among those that the webhook sends")
	} else {
		n.written = n.Clock("write_date", n.utc("write_date"), n.delivery.Received)
	}
	return nil
}

func (n *normaliser) ignore(why string) error {
	n.reading.Ignored = why
	return nil
}

// value is a field that is no check box: false is null.
func (n *normaliser) value(name string) body.Field {
	if f := n.values[name]; !f.False() {
		return f
	}
	return body.Field("null")
}

// text is a field's text, or "" where it is empty.
func (n *normaliser) text(name string) string { return n.OptionalText(name, n.value(name)) }

// utc reads a time, which Odoo writes without an offset.
func (n *normaliser) utc(name string) time.Time {
	return n.Wall(name, n.values[name], time.UTC, n.delivery.Received)
}

// reference reads the id of another record: 7, or [7, "Name"] with its name, or
// "" where there is none.
func (n *normaliser) reference(field string) (id, name string) {
	f := n.value(field)
	if !f.Given() {
		return "", ""
	}
	if f[0] != '[' {
		return n.ID(field, f), ""
	}
	var pair struct {
		Value []body.Field `json:"value"`
	}
	wrapped := bytes.Join([][]byte{[]byte(`{"value":`), f, []byte(`}`)}, nil)
	if body.Decode(wrapped, &pair) != nil || len(pair.Value) != 2 {
		n.Fail(field, "an id, an id with a name, or false")
		return "", ""
	}
	return n.ID(field, pair.Value[0]), n.Text(field, pair.Value[1])
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// putCurrency puts the currency of a record's amounts, unless nothing says which
// it is.
func (n *normaliser) putCurrency(f body.Facets) {
	id, name := n.reference("currency_id")
	if code, ok := n.currencies[id]; ok {
		name = code
	}
	if name != "" {
		f.Put("currency", commerce.Text(name))
	}
}

// observe adds what the record says, or that it is gone.
func (n *normaliser) observe(o commerce.Observation) {
	version := commerce.VersionParts{Clock: n.written, Normaliser: revision}
	if n.deleted {
		o.Gone, o.Facets = true, nil
		version.Clock = n.delivery.Received
	}
	o.Native = n.native
	n.add(o, version)
}

// link remembers what an id or a name stands for.
func (n *normaliser) link(linkType, native string, facets commerce.Facets) {
	if n.deleted || native == "" {
		return
	}
	n.add(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, linkType, native}, Part: "link", Native: native, Facets: facets,
	}, commerce.VersionParts{Clock: n.written, Normaliser: revision})
}

func (n *normaliser) add(o commerce.Observation, version commerce.VersionParts) {
	o.System = n.System
	o.Stamp(version)
	n.reading.Observations = append(n.reading.Observations, o)
}

// locate maps a location's id. It reports false for one that is not compared,
// and asks for the mapping of one that the registry does not know.
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
