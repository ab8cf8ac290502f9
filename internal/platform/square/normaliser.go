package square

import (
	"errors"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The types of links that this platform makes and follows.
const (
	orderLink     = commerce.OrderLink
	paymentLink   = "payment"
	variationLink = "variation"
	shipmentLink  = "shipment"
)

const (
	// maxItems bounds every list in a body.
	maxItems = 5_000
)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do, in case that there is nothing.
	why string
	// answered is set when an answer of the API is read.
	answered bool
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.why == "" {
		n.why = why
	}
}

// ask asks for a fetch, once.
func (n *normaliser) ask(t target) {
	f := t.fetch()
	for _, asked := range n.reading.Fetch {
		if asked == f {
			return
		}
	}
	n.reading.Fetch = append(n.reading.Fetch, f)
}

// open reads an object into a shape. What cannot be opened has no fields.
func (n *normaliser) open(raw []byte, shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(raw, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

// within reads the object at the name into a shape, and what is in it.
func (n *normaliser) within(name string, raw body.Field, shape any, read func()) {
	if !raw.Given() {
		n.Fail(name, "an object")
		return
	}
	n.Inside(name)
	defer n.Leave()
	n.open(raw, shape)
	read()
}

// each reads the elements of a list.
func (n *normaliser) each(name string, length int, read func(i int)) {
	n.Limit(name, length, maxItems)
	for i := range min(length, maxItems) {
		n.Enter(name, i)
		read(i)
		n.Leave()
	}
}

// id reads one of Square's ids.
func (n *normaliser) id(name string, f body.Field) string {
	text, _ := f.Text()
	if !nativeID.MatchString(text) {
		n.Fail(name, "an id of letters, digits, - and _")
	}
	return text
}

// clock reads a source's time of a change.
func (n *normaliser) clock(name string, f body.Field) time.Time {
	return n.Clock(name, n.Instant(name, f), n.delivery.Received)
}

// created reads when something came to be, or zero where that is not said.
func (n *normaliser) created(f body.Field) time.Time {
	if !f.Given() {
		return time.Time{}
	}
	return n.Instant("created_at", f)
}

// sequence reads a version, which grows with every change. Where there is none
// it is 0.
func (n *normaliser) sequence(f body.Field) uint64 {
	if !f.Given() {
		return 0
	}
	version, err := strconv.ParseUint(string(f), 10, 63)
	if err != nil {
		n.Fail("version", "a whole number")
	}
	return version
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds what is said of a record that changed at the clock reading.
func (n *normaliser) observe(o commerce.Observation, clock time.Time, sequence uint64) {
	n.add(o, commerce.VersionParts{Clock: clock, ReadBack: platform.ReadBack(n.delivery, clock), Sequence: sequence, Normaliser: revision})
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

// link remembers what a native id stands for. It is dated by when that came to
// be, so that every later delivery repeats it.
func (n *normaliser) link(linkType, native, view string, names commerce.Facets, clock time.Time) {
	n.add(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, linkType, native}, Part: "link", Native: view, Facets: names,
	}, commerce.VersionParts{Clock: clock, Normaliser: revision})
}

// locate maps a native location. It reports false for one that is not compared,
// and asks for the mapping of one that the registry does not know.
func (n *normaliser) locate(native string) (location string, compared bool) {
	location, known, ignored := n.Locations.Locate(native)
	if known {
		return location, !ignored
	}
	n.report("location", native, "unknown location")
	return "", false
}

// report adds, or takes back, a row for something that the owner has to look at.
func (n *normaliser) report(what, native, reason string) {
	o := commerce.Observation{
		Kind: commerce.Mapping, Key: commerce.Key{n.System, what, native},
		Part: "mapping", Native: native, Slot: "mapping", Gone: reason == "",
	}
	if reason != "" {
		o.Facets = commerce.Facets{"reason": commerce.Text(reason)}
	}
	n.observeReceived(o)
}
