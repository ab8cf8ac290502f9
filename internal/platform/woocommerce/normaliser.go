package woocommerce

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
	productLink  = "product"
	customerLink = commerce.CustomerLink
)

const (
	// built is how long after a change a webhook shows all changes of its second: its
	// body was made before it came.
	built = 10 * time.Second
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

// target is what an answer was asked for, or "" for a webhook.
func (n *normaliser) target() string { return n.delivery.Header[platform.FetchedHeader] }

// missing reports that the API has no such record.
func (n *normaliser) missing() bool { return n.delivery.Header[platform.StatusHeader] == "404" }

// one reads an answer with one record, or says that it is gone.
func (n *normaliser) one(read func([]byte) error, gone func(native string)) error {
	if !n.missing() {
		return read(n.delivery.Body)
	}
	if err := n.noRecord(); err != nil {
		return err
	}
	path, _, _ := strings.Cut(n.target(), "?")
	_, native, _ := strings.Cut(path, "/")
	if n.ID(platform.FetchedHeader, body.Field(native)); n.Problem() == nil {
		gone(native)
	}
	return nil
}

// noRecord reads an answer of status 404. It must be WooCommerce's: one of the web
// server, or of a plugin that hides the API, says nothing of a record.
func (n *normaliser) noRecord() error {
	var f failure
	if err := body.Decode(n.delivery.Body, &f); err != nil {
		return err
	}
	if code, _ := f.Code.Text(); !strings.HasPrefix(code, "woocommerce_rest_") || !strings.HasSuffix(code, "invalid_id") {
		n.Fail("code", "WooCommerce's answer that there is no such record: is its REST API reachable?")
	}
	return nil
}

// list reads every element of a page, and asks for the next one when it is full.
func (n *normaliser) list(read func(element []byte) error) error {
	if n.missing() {
		n.reading.Ignored = "what the list is about is gone"
		return n.noRecord()
	}
	var elements []body.Field
	if err := body.Decode(n.delivery.Body, &elements); err != nil {
		return err
	}
	if elements == nil {
		n.Fail("body", "a list")
	}
	n.Limit("body", len(elements), maxItems)
	for i, element := range elements {
		n.Enter("body", i)
		err := read(element)
		n.Leave()
		if err != nil || n.Problem() != nil {
			return err
		}
	}
	n.turn(len(elements))
	return n.settleIgnored("nothing on the page that is compared")
}

// settleIgnored drops what single elements gave as a reason.
func (n *normaliser) settleIgnored(why string) error {
	n.reading.Ignored = ""
	return n.ignore(why)
}

var page = lazyregexp.New(`^(.*[?&]page=)([1-9][0-9]{0,6})$`)

// turn asks for the next page: the API says only in a header that there is one.
func (n *normaliser) turn(elements int) {
	if groups := page.FindStringSubmatch(n.target()); groups != nil && elements >= pageSize {
		number, _ := strconv.Atoi(groups[2])
		n.ask(n.delivery.Topic, groups[1]+strconv.Itoa(number+1))
	}
}

func (n *normaliser) ask(topic, target string) {
	n.reading.Fetch = append(n.reading.Fetch, platform.Fetch{Topic: topic, Target: target})
}

// deletion reads a deletion, which is only a hint, and asks for the record.
func (n *normaliser) deletion(topic string, target func(native string) string) error {
	var d struct {
		failure
		ID body.Field `json:"id"`
	}
	if err := body.Decode(n.delivery.Body, &d); err != nil {
		return err
	}
	n.refuse(d.failure, d.ID)
	n.ask(topic, target(n.ID("id", d.ID)))
	return nil
}

// failure is the error object that takes the place of a record.
type failure struct {
	Code body.Field `json:"code"`
}

// refuse fails for an error object: it has a code and no id.
func (n *normaliser) refuse(f failure, id body.Field) {
	if f.Code.Given() && id.Absent() {
		n.Fail("code", "a record and no error object: the webhook's user must be allowed to read it")
	}
}

// utc reads a time, which WooCommerce writes without an offset.
func (n *normaliser) utc(name string, f body.Field) time.Time {
	return n.Wall(name, f, time.UTC, n.delivery.Received)
}

// dates are what every record has. What was never modified changed when it was
// made.
type dates struct {
	Created  body.Field `json:"date_created_gmt"`
	Modified body.Field `json:"date_modified_gmt"`
}

func (n *normaliser) modified(d dates) time.Time {
	name, at := "date_modified_gmt", d.Modified
	if at.Null() && d.Created.Given() {
		name, at = "date_created_gmt", d.Created
	}
	return n.Clock(name, n.utc(name, at), n.delivery.Received)
}

func (n *normaliser) created(d dates) time.Time {
	if !d.Created.Given() {
		return time.Time{}
	}
	return n.utc("date_created_gmt", d.Created)
}

// sku reads a SKU, or "" where there is none.
func (n *normaliser) sku(f body.Field) string { return strings.TrimSpace(n.OptionalText("sku", f)) }

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds what a body says of a record that changed at the clock reading.
// The body shows how the record is, not how it was then: well after that second
// it has settled it.
func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	late := n.delivery.Received.Sub(clock) >= built
	if n.target() != "" {
		late = platform.ReadBack(n.delivery, clock)
	}
	n.add(o, commerce.VersionParts{Clock: clock, ReadBack: late, Normaliser: revision})
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
	n.reading.Observations = append(n.reading.Observations, o)
}

// link remembers what a native id stands for.
func (n *normaliser) link(linkType, native, view string, facets commerce.Facets) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, linkType, native},
		Part: "link", Native: view, Facets: facets,
	}
}

// earlier is the earlier of two times, of which the first may be unknown. A link
// dated by it is the same in every later delivery.
func earlier(created, modified time.Time) time.Time {
	if created.IsZero() || created.After(modified) {
		return modified
	}
	return created
}

// none stands for a field that a body leaves blank.
func none(f body.Field) body.Field {
	if text, ok := f.Text(); ok && text == "" {
		return body.Field("null")
	}
	return f
}
