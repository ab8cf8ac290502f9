package hubspot

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	// maxElements bounds an array of events and a page: HubSpot sends 100.
	maxElements = 1000
)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do, in case that there is nothing.
	why string
	// wanted are the objects that are to be fetched, each once.
	wanted []wanted
	// merged are the ids that were asked for and have become others.
	merged []string
}

type wanted struct {
	set *set
	id  string
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.why == "" {
		n.why = why
	}
}

// open reads JSON into a shape. What cannot be opened has no fields.
func (n *normaliser) open(raw []byte, shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(raw, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

// want asks for an object, with the others of its set.
func (n *normaliser) want(s *set, id string) {
	if w := (wanted{s, id}); !slices.Contains(n.wanted, w) {
		n.wanted = append(n.wanted, w)
	}
}

// askAll makes fetches of what is wanted: one alone, several of a set at once.
func (n *normaliser) askAll() {
	for _, s := range sets {
		var ids []string
		for _, w := range n.wanted {
			if w.set == s {
				ids = append(ids, w.id)
			}
		}
		for some := range slices.Chunk(ids, batchSize) {
			n.ask(s.name, target{set: s, ids: some})
		}
	}
}

func (n *normaliser) ask(topic string, t target) {
	n.reading.Fetch = append(n.reading.Fetch, platform.Fetch{Topic: topic, Target: t.text()})
}

// millis reads a time in unix milliseconds, which may be a number or a text.
func (n *normaliser) millis(name string, f body.Field) time.Time {
	const year2200 = 7258118400000
	ms, err := strconv.ParseInt(strings.Trim(string(f), `"`), 10, 64)
	if err != nil || ms < 0 || ms >= year2200 {
		n.Fail(name, "a time in unix milliseconds")
		return time.Unix(0, 0).UTC()
	}
	return n.Clock(name, time.UnixMilli(ms).UTC(), n.delivery.Received)
}

// observe adds what is said of a record that changed at the clock reading. What
// an answer says is read back, unless the record changed just before.
func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: clock, ReadBack: platform.ReadBack(n.delivery, clock), Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}

// link remembers what a native id stands for: what is gone cannot be asked any
// more.
func (n *normaliser) link(linkType, native string, facets commerce.Facets, clock time.Time) {
	n.observe(n.linkOf(linkType, native, facets), clock)
}

func (n *normaliser) linkOf(linkType, native string, facets commerce.Facets) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, linkType, native}, Part: "link", Native: native, Facets: facets,
	}
}

// accountLink says what an account is known by. Those that are companies say so.
func (n *normaliser) accountLink(native, slot string, known commerce.Facets, clock time.Time) {
	o := n.linkOf(customerLink, native, known)
	o.Slot = slot
	n.observe(o, clock)
}
