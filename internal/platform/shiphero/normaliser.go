package shiphero

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// orderLink is the type of the link from an order's number at ShipHero to the web
// order.
const orderLink = commerce.OrderLink

// Limits of what one body may hold.
const (
	maxItems = 2000
	maxLines = 1000
)

const otherAccount = "another account's"

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
	if len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = why
	}
	return nil
}

// untitled is a body that does not say what it is about.
func (n *normaliser) untitled() error {
	var t titled
	if err := body.Decode(n.delivery.Body, &t); err != nil {
		return err
	}
	n.Fail("webhook_type", "the name of a webhook")
	return nil
}

// ours reports whether a body is the configured account's. Older bodies write the
// number as a text, and some name no account.
func (n *normaliser) ours(account body.Field) bool {
	return !account.Given() || n.id("account_id", account) == n.account
}

// id reads a number that some bodies write as a text.
func (n *normaliser) id(name string, f body.Field) string {
	text, ok := f.Text()
	if !ok {
		return n.ID(name, f)
	}
	if !number.MatchString(text) {
		n.Fail(name, "an id: an integer greater than 0")
	}
	return text
}

// instant reads a time with an offset, or without one in UTC.
func (n *normaliser) instant(name string, f body.Field) time.Time {
	if text, _ := f.Text(); len(text) <= len("2026-03-03T14:14:07.000000") {
		return n.Wall(name, f, time.UTC, n.delivery.Received)
	}
	return n.Instant(name, f)
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds an observation. ShipHero orders nothing: what counts is when it
// was received, or asked for.
func (n *normaliser) observe(o commerce.Observation) {
	o.System = n.System
	fetched := n.delivery.Header[platform.FetchedHeader] != ""
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

// report adds, or takes back, a row for something that the owner has to look at.
func (n *normaliser) report(what, native, reason string) {
	o := commerce.Observation{
		Kind: commerce.Mapping, Key: commerce.Key{n.System, what, native},
		Part: "mapping", Native: native, Slot: "mapping", Gone: reason == "",
	}
	if reason != "" {
		o.Facets = commerce.Facets{"reason": commerce.Text(reason)}
	}
	n.observe(o)
}

// locate maps a warehouse's number. The location is blank for one that is ignored,
// and for one that the registry does not know, whose mapping is asked for once.
func (n *normaliser) locate(warehouse string) (location string, ignored bool) {
	switch location, known, ignored := n.Locations.Locate(warehouse); {
	case ignored:
		return "", true
	case known:
		return location, false
	}
	asked := func(o commerce.Observation) bool { return o.Kind == commerce.Mapping && o.Native == warehouse }
	if !slices.ContainsFunc(n.reading.Observations, asked) {
		n.report("location", warehouse, "unknown location")
	}
	return "", false
}
