package commercetools

import (
	"errors"
	"math"
	"strconv"
	"strings"

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
	entryLink    = "entry"
	parcelLink   = "shipment"
	paymentLink  = "payment"
)

// maxItems bounds every list in a body.
const maxItems = 5_000

const uuidPattern = `[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`

var uuid = lazyregexp.New(`^` + uuidPattern + `$`)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// version is that of the resource as which it is read.
	version uint64
	// rank orders what is said of one version: messages by their number. Each has
	// room for what an observation replaces, see superseded.
	rank uint64
	// answered says that the API shows the resource at the end of that version.
	answered bool
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.reading.Ignored == "" {
		n.reading.Ignored = why
	}
}

// decode reads an object into a shape. What cannot be read has no fields.
func (n *normaliser) decode(raw []byte, shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(raw, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

// id reads the id of a resource.
func (n *normaliser) id(f body.Field) string {
	text, _ := f.Text()
	if !uuid.MatchString(text) {
		n.Fail("id", "an id such as 0f3c9d1e-5b7a-4c2d-9e8f-1a2b3c4d5e6f")
		return ""
	}
	return strings.ToLower(text)
}

// count reads a whole number from 1 up.
func (n *normaliser) count(name string, f body.Field) uint64 {
	count, err := strconv.ParseUint(string(f), 10, 63)
	if err != nil || count == 0 {
		n.Fail(name, "a whole number greater than 0")
	}
	return count
}

// whole takes the version of a resource that is read as a whole.
func (n *normaliser) whole(f body.Field) {
	version := n.count("version", f)
	if n.answered && version < n.version {
		n.Fail("version", "the version that was told of, or a later one")
	}
	n.version = version
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds what the version says of a record.
func (n *normaliser) observe(o commerce.Observation) { n.add(o, n.answered, 2*n.rank) }

// superseded adds what holds where the version says nothing else.
func (n *normaliser) superseded(o commerce.Observation) { n.add(o, n.answered, 2*n.rank-1) }

// final adds the end of a record: nothing comes after it in the version.
func (n *normaliser) final(o commerce.Observation) {
	o.Gone, o.Facets, o.Lines = true, nil, nil
	n.add(o, true, math.MaxUint64)
}

func (n *normaliser) add(o commerce.Observation, readBack bool, rank uint64) {
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: commerce.SequenceClock(n.version), ReadBack: readBack, Sequence: rank, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}

// link remembers what a native id stands for.
func (n *normaliser) link(linkType, native, view string, facets commerce.Facets) {
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, linkType, native}, Part: "link", Native: view, Facets: facets,
	})
}

// locate maps a supply channel. It reports false for one that is not compared, and
// asks once for the mapping of one that the registry does not know.
func (n *normaliser) locate(channel string) (location string, compared bool) {
	if channel == "" && n.location != "" {
		return n.location, n.location != platform.Ignore
	}
	native := channel
	if native == "" {
		native = "no supply channel"
	}
	location, known, ignored := n.Locations.Locate(native)
	if known {
		return location, !ignored
	}
	o := commerce.Observation{
		System: n.System, Kind: commerce.Mapping, Key: commerce.Key{n.System, "location", native}, Part: "mapping", Native: native, Slot: "mapping",
		Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
	}
	o.Stamp(commerce.VersionParts{Clock: n.delivery.Received, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
	return "", false
}

// channel reads the reference to a supply channel, or "" where there is none.
func (n *normaliser) channel(name string, f body.Field) string {
	if !f.Given() {
		return ""
	}
	var reference struct {
		ID body.Field `json:"id"`
	}
	n.Inside(name)
	defer n.Leave()
	n.decode(f, &reference)
	return n.id(reference.ID)
}

// sku reads a SKU, or "" where there is none.
func (n *normaliser) sku(f body.Field) string { return strings.TrimSpace(n.OptionalText("sku", f)) }
