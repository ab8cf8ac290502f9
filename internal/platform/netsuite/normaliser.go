package netsuite

import (
	"errors"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// itemLink is the type of the link from an item to its SKU.
const itemLink = "item"

const (
	// maxRecords bounds a message: the script sends one record and twenty items.
	maxRecords = 100
	// maxLines bounds a list of a record.
	maxLines = 1000
	// maxText is the longest number, SKU or parcel that is taken for one.
	maxText = 128
)

const notWebOrder = "transaction of no web order"

// The events of a record.
const (
	whole   = "whole"
	inline  = "inline"
	deleted = "deleted"
)

var internalID = lazyregexp.New(`^[1-9]\d{0,19}$`)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do, in case that there is nothing.
	why string
	// at is when the script ran.
	at time.Time
}

type message struct {
	Type    body.Field `json:"type"`
	At      body.Field `json:"at"`
	Records []record   `json:"records"`
}

// record is one record as the script tells it.
type record struct {
	Type   body.Field                         `json:"type"`
	ID     body.Field                         `json:"id"`
	Event  body.Field                         `json:"event"`
	Fields map[string]body.Field              `json:"fields"`
	Lists  map[string][]map[string]body.Field `json:"lists"`

	id, event string
}

// message reads every record of a message.
func (n *normaliser) message() {
	var m message
	var problem *platform.BodyError
	if errors.As(body.Decode(n.delivery.Body, &m), &problem) {
		n.Fail(problem.Where, problem.Want)
		return
	}
	if text, _ := m.Type.Text(); text != messageType {
		n.Fail("type", messageType)
	}
	n.at = n.Clock("at", n.Instant("at", m.At), n.delivery.Received)
	if len(m.Records) == 0 {
		n.Fail("records", "at least one")
	}
	n.Limit("records", len(m.Records), maxRecords)
	for i := range m.Records[:min(len(m.Records), maxRecords)] {
		n.Enter("records", i)
		n.record(&m.Records[i])
		n.Leave()
	}
}

func (n *normaliser) record(r *record) {
	r.id, r.event = n.internalID("id", r.ID), n.Text("event", r.Event)
	if r.event != whole && r.event != inline && r.event != deleted {
		n.Fail("event", "whole, inline or deleted")
	}
	for _, name := range []string{"item", "package", "locations"} {
		n.Limit("lists."+name, len(r.Lists[name]), maxLines)
	}
	switch n.Text("type", r.Type) {
	case "salesorder":
		n.order(r)
	case "itemfulfillment":
		n.fulfilment(r)
	case "creditmemo", "cashrefund":
		n.credit(r)
	case "inventoryitem", "assemblyitem":
		n.item(r)
	case "customer":
		n.customer(r)
	default:
		n.skip("record that is not read")
	}
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.why == "" {
		n.why = why
	}
}

// internalID reads the id of a record: digits in a text.
func (n *normaliser) internalID(name string, f body.Field) string {
	text, _ := f.Text()
	if !internalID.MatchString(text) {
		n.Fail(name, "an internal id: digits in a text")
	}
	return text
}

// reference is the id of another record, or blank.
func (n *normaliser) reference(r *record, name string) string {
	f := r.Fields[name]
	if !f.Given() {
		return ""
	}
	return n.internalID("fields."+name, f)
}

// number is the web order that a transaction names: the first of the configured
// fields that holds a number.
func (n *normaliser) number(r *record) (commerce.Key, bool) {
	for _, name := range n.orderFields {
		text := n.OptionalText("fields."+name, r.Fields[name])
		if store, number, ok := n.OrderNumber.Read("", text); ok && len(text) <= maxText {
			return commerce.Key{store, number}, true
		}
	}
	return nil, false
}

// truth reads a check box, which may be written T or F.
func truth(f body.Field) body.Field {
	switch text, _ := f.Text(); text {
	case "T", "true":
		return body.Field("true")
	case "F", "false":
		return body.Field("false")
	}
	return f
}

// observe adds what the script said when it ran. What was deleted says nothing.
func (n *normaliser) observe(r *record, o commerce.Observation) {
	if o.Native == "" {
		o.Native = r.id
	}
	if r.event == deleted {
		o.Gone, o.Facets, o.Lines = true, nil, nil
	}
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: n.at, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}

// part is one field of a record as a part of its own.
type part struct {
	field string
	kind  commerce.Kind
	put   func(n *normaliser, f body.Facets, name string, v body.Field)
}

// parts observes each field that is told. Of a deleted record every part is gone,
// told or not.
func (n *normaliser) parts(r *record, all []part, key func(commerce.Kind) (commerce.Key, *commerce.Via)) {
	for _, p := range all {
		v := r.Fields[p.field]
		if v.Absent() && r.event != deleted {
			continue
		}
		f := body.NewFacets(&n.Reader)
		if !v.Absent() {
			p.put(n, f, "fields."+p.field, v)
		}
		if len(f.Values) == 0 && r.event != deleted {
			continue
		}
		o := commerce.Observation{Kind: p.kind, Part: p.field, Slot: p.field, Facets: f.Values}
		o.Key, o.Via = key(p.kind)
		n.observe(r, o)
	}
}

// link remembers what others know a record by. Only what is told whole says it.
func (n *normaliser) link(r *record, linkType string, known commerce.Facets) {
	if r.event != whole {
		return
	}
	n.observe(r, commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, linkType, r.id}, Part: "link", Facets: known,
	})
}

// means reports whether a code is one of those.
func means(codes []string, text string) bool { return slices.Contains(codes, text) }
