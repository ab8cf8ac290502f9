package standard

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision of this normaliser. Raise it with every change of what a body means,
// so that replayed deliveries replace what was read before.
const revision = 1

// Why a record is left out.
const (
	notAWebOrder    = "order number is not a web order's"
	ignoredLocation = "location is left out"
)

// baseList is the price list of prices that name none.
const baseList = "base"

// normaliser makes observations of one message.
type normaliser struct {
	config   platform.Config
	received time.Time
	reading  platform.Reading
	// ignored is why the last record was left out.
	ignored string
	// unmapped are the locations that were reported as unknown.
	unmapped map[string]bool
}

func normalise(config platform.Config, m message, received time.Time) platform.Reading {
	n := &normaliser{config: config, received: received, unmapped: map[string]bool{}}
	n.reading.Observations = make([]commerce.Observation, 0, len(m.Records))
	for _, rec := range m.Records {
		if key, ok := n.key(rec); ok {
			n.observe(rec, key)
		}
	}
	if len(n.reading.Observations) == 0 {
		n.reading.Ignored = n.ignored
	}
	return n.reading
}

func (n *normaliser) observe(rec record, key commerce.Key) {
	o := commerce.Observation{
		System: n.config.System, Kind: rec.Kind, Key: key,
		Part: rec.Part, Native: native(rec, key), Slot: slot(rec),
		Gone: rec.Gone, SucceededBy: rec.SucceededBy, Created: rec.CreatedAt,
		Facets: rec.Facets, Lines: n.lines(rec.Lines),
	}
	if n.config.Currency != "" && lacksCurrency(rec) {
		o.Facets["currency"] = commerce.Text(n.config.Currency)
	}
	o.Stamp(commerce.VersionParts{Clock: rec.UpdatedAt, Sequence: rec.Sequence, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}

// notAmounts are numbers of kinds that have a currency which are not in it.
var notAmounts = []string{"units", "units_current", "units_open", "units_shipped", "lines", "locations", "count"}

// lacksCurrency reports whether a record has amounts and does not say in which
// currency, so that they are in the system's own.
func lacksCurrency(rec record) bool {
	_, has := rec.Facets["currency"]
	if _, can := rec.Kind.FacetOf("currency"); has || !can {
		return false
	}
	for name, v := range rec.Facets {
		if v.Type() == commerce.NumberType && !slices.Contains(notAmounts, name) {
			return true
		}
	}
	return false
}

// native is the sender's id of the record, else its key as the sender wrote it.
// A customer's key may be an e-mail address, which is never kept.
func native(rec record, key commerce.Key) string {
	switch {
	case rec.ID != "":
		return rec.ID
	case rec.Kind == commerce.Customer:
		return key[0]
	default:
		return rec.Key.text(rec.Kind)
	}
}

func slot(rec record) string {
	switch {
	case rec.Many:
		return ""
	case rec.Kind == commerce.Inventory:
		return rec.Key["location"]
	default:
		return rec.Part
	}
}

// key is the record's key as all systems write it. It reports false for a
// record that is left out.
func (n *normaliser) key(rec record) (commerce.Key, bool) {
	k := rec.Key
	switch rec.Kind {
	case commerce.Inventory:
		location, ok := n.location(k["location"])
		return commerce.Key{k["sku"], location}, ok
	case commerce.Customer:
		if hash, ok := k["hash"]; ok {
			return commerce.Key{hash}, true
		}
		return commerce.Key{n.config.CustomerHash(k["email"])}, true
	case commerce.Price:
		if list, ok := k["list"]; ok {
			return commerce.Key{k["sku"], list}, true
		}
		return commerce.Key{k["sku"], baseList}, true
	case commerce.Order, commerce.Refund, commerce.Return, commerce.Shipment:
		return n.orderKey(rec)
	default:
		return commerce.Key{k[rec.Kind.KeyParts()[0]]}, true
	}
}

func (n *normaliser) orderKey(rec record) (commerce.Key, bool) {
	store, number, ok := n.config.OrderNumber.Read(rec.Key["store"], rec.Key["number"])
	if !ok {
		n.ignored = notAWebOrder
		return nil, false
	}
	key := commerce.Key{store, number}
	for _, name := range rec.Kind.KeyParts()[2:] {
		key = append(key, rec.Key[name])
	}
	return key, true
}

// location maps a native location. One that the registry does not know becomes
// an observation of its own, and what it was about is read again once it is
// mapped.
func (n *normaliser) location(native string) (string, bool) {
	location, known, ignored := n.config.Locations.Locate(native)
	if ignored {
		n.ignored = ignoredLocation
	}
	if !known && !n.unmapped[native] {
		n.unmapped[native] = true
		o := commerce.Observation{
			System: n.config.System, Kind: commerce.Mapping,
			Key:  commerce.Key{n.config.System, "location", native},
			Part: "mapping", Native: native, Slot: "mapping",
			Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
		}
		o.Stamp(commerce.VersionParts{Clock: n.received, Normaliser: revision})
		n.reading.Observations = append(n.reading.Observations, o)
	}
	return location, known && !ignored
}

// lines are the units that are in flight. Units from a location that is left
// out move no stock that is compared; where a location is unknown or not told,
// the units may come from anywhere.
func (n *normaliser) lines(lines []line) []commerce.Line {
	var all []commerce.Line
	for _, l := range lines {
		location, known, ignored := n.config.Locations.Locate(l.Location)
		if ignored {
			continue
		}
		if !known {
			location = ""
		}
		all = append(all, commerce.Line{SKU: l.SKU, Location: location, Units: l.Units})
	}
	return all
}
