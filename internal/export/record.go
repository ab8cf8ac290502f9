package export

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// revision of what a mapping makes of a row. Raise it with every change of what a
// row means, so that files which are loaded again replace what was read before.
const revision = 1

// Record is what a file says about one record: one row, or several that belong
// together. It holds no name and no address of a person.
type Record struct {
	// Line is where it begins, as sheet.Row counts.
	Line int
	// Kind is blank when the mapping's is.
	Kind commerce.Kind
	// Part is the part of the platform's record that the file tells about.
	Part string
	// Key identifies the record as all systems write it. Without a kind its parts
	// are the texts of the key columns.
	Key commerce.Key
	// Native is the platform's own id, or the key as the file writes it. Of a
	// customer it is never an address.
	Native string
	// Slot is the native place in which one live native is meant, or blank.
	Slot string
	// Updated is the row's own time of its last change, or zero.
	Updated time.Time
	Created time.Time
	Facets  commerce.Facets
	// Lines are the units per SKU of an order.
	Lines []commerce.Line
}

// PartOf names the part under which exports report what the system itself reports
// as the given part. An export tells fewer facets than a webhook does, and often
// without the platform's id, so that it must not replace what webhooks said: its
// views stand beside theirs.
func PartOf(part string) string {
	if part == "" {
		return commerce.ExportPart
	}
	return commerce.ExportPart + "/" + part
}

// settled is how long after the second of a change a reading shows all changes of
// that second.
const settled = 5 * time.Second

// Observation is what the record says in a system, as of the row's own time or
// else the start of the export. Reading a file twice gives the same observations.
// The error wraps commerce.ErrKey for a record whose key is not whole.
//
// It is of a part that only exports report, see PartOf.
func (r Record) Observation(system string, asOf time.Time) (commerce.Observation, error) {
	key, err := commerce.NewKey(r.Kind, r.Key...)
	if err != nil {
		return commerce.Observation{}, fmt.Errorf("line %d: %w", r.Line, err)
	}
	o := commerce.Observation{
		System: system, Kind: r.Kind, Key: key,
		Part: PartOf(r.Part), Native: r.Native, Slot: r.Slot,
		Created: r.Created, Facets: r.Facets, Lines: r.Lines,
	}
	o.Stamp(r.version(asOf))
	return o, nil
}

// version dates the record. An export is a reading of the system: of a row that
// changed some time before, it shows how the second of the change ended.
func (r Record) version(asOf time.Time) commerce.VersionParts {
	if r.Updated.IsZero() {
		return commerce.VersionParts{Clock: asOf, Normaliser: revision}
	}
	return commerce.VersionParts{Clock: r.Updated, ReadBack: !asOf.Before(r.Updated.Add(settled)), Normaliser: revision}
}

// UnknownLocation is the observation that the registry does not map a location of
// the system, as platforms make it.
func UnknownLocation(system, native string, asOf time.Time) commerce.Observation {
	o := commerce.Observation{
		System: system, Kind: commerce.Mapping, Key: commerce.Key{system, "location", native},
		Part: "mapping", Native: native, Slot: "mapping",
		Facets: commerce.Facets{"reason": commerce.Text("unknown location")},
	}
	o.Stamp(commerce.VersionParts{Clock: asOf, Normaliser: revision})
	return o
}
