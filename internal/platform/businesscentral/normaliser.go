package businesscentral

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The types of links that this platform makes and follows.
const (
	itemLink     = "item"
	numberLink   = "number"
	documentLink = "document"
)

const (
	// never is the modification time of what was last changed before the server
	// kept such times.
	never = "0001-01-01T00:00:00Z"
	// noID is what stands for no id.
	noID = "00000000-0000-0000-0000-000000000000"
)

// Limits of what one answer may hold.
const (
	maxPage  = 20_000
	maxLines = 5_000
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
	n.reading.Ignored = ""
	if len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = why
	}
	return nil
}

// missing reports that the API has no such record.
func (n *normaliser) missing() bool { return n.delivery.Header[platform.StatusHeader] == "404" }

// list reads every element of a page and asks for the next page.
func (n *normaliser) list(read func(element []byte) error) error {
	var page struct {
		Value []body.Field `json:"value"`
		Next  body.Field   `json:"@odata.nextLink"`
	}
	if n.missing() {
		return n.ignore("no such list")
	}
	if err := body.Decode(bare(n.delivery.Body), &page); err != nil {
		return err
	}
	if page.Value == nil {
		n.Fail("value", "a list")
	}
	n.Limit("value", len(page.Value), maxPage)
	for i, element := range page.Value {
		n.Enter("value", i)
		err := read(element)
		n.Leave()
		if err != nil || n.Problem() != nil {
			return err
		}
	}
	if page.Next.Given() {
		n.turn(page.Next)
	}
	return n.otherwise("nothing on the page that is compared")
}

func (n *normaliser) turn(next body.Field) {
	link, _ := next.Text()
	target, ok := nextPage(link)
	if !ok {
		n.Fail("@odata.nextLink", "an address of the same API")
		return
	}
	n.ask(n.delivery.Topic, target)
}

// guid reads an id.
func (n *normaliser) guid(name string, f body.Field) string {
	id := strings.ToLower(n.Text(name, f))
	if !companyID.MatchString(id) {
		n.Fail(name, "a GUID")
	}
	return id
}

// optionalGUID reads the id of something else, or "" where there is none.
func (n *normaliser) optionalGUID(name string, f body.Field) string {
	if text, _ := f.Text(); text == "" || text == noID {
		return ""
	}
	return n.guid(name, f)
}

// modified reads the time of the last change.
func (n *normaliser) modified(f body.Field) time.Time {
	if text, _ := f.Text(); text == never {
		return time.Time{}
	}
	return n.Clock("lastModifiedDateTime", n.Instant("lastModifiedDateTime", f), n.delivery.Received)
}

// currency reads a code, which is blank for the local currency. It is missing
// where the registry does not name that one.
func (n *normaliser) currency(f body.Facets, code body.Field) {
	text := n.OptionalText("currencyCode", code)
	if text == "" {
		text = n.Currency
	}
	if text != "" && !code.Absent() {
		f.Put("currency", commerce.Text(text))
	}
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds what an answer says of a record that changed at the clock
// reading. Answers are read-backs, unless the record changed just before.
func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	n.add(o, commerce.VersionParts{Clock: clock, ReadBack: platform.ReadBack(n.delivery, clock), Normaliser: revision})
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

// link remembers what a native id stands for: entities that are gone cannot be
// asked any more.
func (n *normaliser) link(linkType, native string, facets commerce.Facets) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, linkType, native},
		Part: "link", Native: native, Facets: facets,
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
	n.observeReceived(o)
}

// gone says that the API no longer has the entity that was asked for. A sales
// order may only have been posted: its invoices are asked for first.
func (n *normaliser) gone(set string) error {
	target := n.delivery.Header[platform.FetchedHeader]
	path, _, _ := strings.Cut(target, "?")
	a, ok := readAddress("api/" + path)
	if !ok || a.id == "" {
		n.Fail(platform.FetchedHeader, "the entity that was asked for")
		return nil
	}
	switch set {
	case items:
		n.itemGone(a.id)
	case customers:
		n.customerGone(a.id)
	case orders:
		n.ask(succession, n.successors(a))
	default:
		n.documentGone(set, a.id, "")
	}
	return nil
}
