package bigcommerce

import (
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The types of links that this platform makes and follows.
const (
	orderLink    = commerce.OrderLink
	customerLink = commerce.CustomerLink
	productLink  = "product"
	variantLink  = "variant"
	shipmentLink = "shipment"
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
}

func (n *normaliser) ignore(why string) error {
	if len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = why
	}
	return nil
}

// target is what an answer was asked for, or "" for an event.
func (n *normaliser) target() string { return n.delivery.Header[platform.FetchedHeader] }

// missing reports that the API has no such record.
func (n *normaliser) missing() bool { return n.delivery.Header[platform.StatusHeader] == "404" }

// asked are the ids in the target, in order.
func (n *normaliser) asked(pattern *lazyregexp.Regexp) (ids []string, ok bool) {
	groups := pattern.FindStringSubmatch(n.target())
	if groups == nil {
		n.Fail(platform.FetchedHeader, "what was asked for under this topic")
		return nil, false
	}
	return groups[1:], true
}

// one reads an answer with one record, or says that it is gone.
func (n *normaliser) one(read func([]byte) error, gone func()) error {
	if n.missing() {
		gone()
		return nil
	}
	return read(n.delivery.Body)
}

// enveloped reads a record of the newer API, which stands in an envelope.
func (n *normaliser) enveloped(read func([]byte) error) func([]byte) error {
	return func(raw []byte) error {
		var envelope struct {
			Data body.Field `json:"data"`
		}
		if err := body.Decode(raw, &envelope); err != nil {
			return err
		}
		if !envelope.Data.Given() {
			n.Fail("data", "a record")
			return nil
		}
		n.Inside("data")
		defer n.Leave()
		return read(envelope.Data)
	}
}

// each reads the elements of a list.
func (n *normaliser) each(name string, elements []body.Field, read func([]byte) error) error {
	n.Limit(name, len(elements), maxItems)
	for i, element := range elements {
		n.Enter(name, i)
		err := read(element)
		n.Leave()
		if err != nil || n.Problem() != nil {
			return err
		}
	}
	n.reading.Ignored = ""
	return n.ignore("nothing on the page that is compared")
}

// list reads a page of the older API, and asks for the next one when it is full.
// Behind the last page there is no body at all.
func (n *normaliser) list(read func([]byte) error) error {
	elements, err := n.elements()
	if err != nil || n.missing() {
		return err
	}
	if err := n.each("body", elements, read); err != nil || n.Problem() != nil {
		return err
	}
	if len(elements) >= pageSize {
		n.turn()
	}
	return nil
}

func (n *normaliser) elements() (elements []body.Field, err error) {
	switch {
	case n.missing():
		return nil, n.ignore("what the list is about is gone")
	case len(n.delivery.Body) == 0:
		return nil, nil
	}
	return elements, body.Decode(n.delivery.Body, &elements)
}

// pages reads a page of the newer API, which says how many there are.
func (n *normaliser) pages(read func([]byte) error) error {
	var page struct {
		Data []body.Field `json:"data"`
		Meta struct {
			Pagination struct {
				Current body.Field `json:"current_page"`
				Total   body.Field `json:"total_pages"`
			} `json:"pagination"`
		} `json:"meta"`
	}
	if n.missing() {
		return n.ignore("what the list is about is gone")
	}
	if err := body.Decode(n.delivery.Body, &page); err != nil {
		return err
	}
	if page.Data == nil {
		n.Fail("data", "a list")
	}
	if err := n.each("data", page.Data, read); err != nil || n.Problem() != nil {
		return err
	}
	current, _ := strconv.Atoi(string(page.Meta.Pagination.Current))
	if total, _ := strconv.Atoi(string(page.Meta.Pagination.Total)); current < total {
		n.turn()
	}
	return nil
}

var page = lazyregexp.New(`^(.*[?&]page=)([1-9][0-9]{0,6})$`)

// turn asks for the next page.
func (n *normaliser) turn() {
	if groups := page.FindStringSubmatch(n.target()); groups != nil {
		number, _ := strconv.Atoi(groups[2])
		n.ask(n.delivery.Topic, groups[1]+strconv.Itoa(number+1))
	}
}

func (n *normaliser) ask(topic, target string) {
	n.reading.Fetch, n.reading.Ignored = append(n.reading.Fetch, platform.Fetch{Topic: topic, Target: target}), ""
}

// rfc2822 is how the older API writes a time.
const rfc2822 = "Mon, 2 Jan 2006 15:04:05 -0700"

// date reads a time of the older API.
func (n *normaliser) date(name string, f body.Field) time.Time {
	text, _ := f.Text()
	at, err := time.Parse(rfc2822, text)
	if err != nil || at.Year() < 1970 || at.Year() > 2200 {
		n.Fail(name, "a time such as Tue, 03 Mar 2026 14:14:07 +0000")
	}
	return at
}

// dated reports whether there is a date: none is a blank text.
func dated(f body.Field) bool {
	text, ok := f.Text()
	return f.Given() && (!ok || text != "")
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds what an answer says of a record that changed at the clock reading.
func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	n.add(o, commerce.VersionParts{Clock: clock, ReadBack: platform.ReadBack(n.delivery, clock), Normaliser: revision})
}

// observeReceived adds an observation that has no time of its own.
func (n *normaliser) observeReceived(o commerce.Observation) {
	n.add(o, commerce.VersionParts{Clock: n.delivery.Received, Normaliser: revision})
}

func (n *normaliser) add(o commerce.Observation, version commerce.VersionParts) {
	o.System = n.System
	if o.Gone {
		o.Facets, o.Lines = nil, nil
	}
	o.Stamp(version)
	n.reading.Observations, n.reading.Ignored = append(n.reading.Observations, o), ""
}

// link remembers what a native id stands for.
func (n *normaliser) link(linkType, native, view string, facets commerce.Facets) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, linkType, native},
		Part: "link", Native: view, Facets: facets,
	}
}

// locate maps a location. It reports false for one that is not compared, and asks
// once for the mapping of one that the registry does not know.
func (n *normaliser) locate(native string) (location string, compared bool) {
	location, known, ignored := n.Locations.Locate(native)
	if known {
		return location, !ignored
	}
	for _, o := range n.reading.Observations {
		if o.Kind == commerce.Mapping && o.Native == native {
			return "", false
		}
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

// sku reads a SKU, or "" where there is none.
func (n *normaliser) sku(f body.Field) string { return strings.TrimSpace(n.OptionalText("sku", f)) }
