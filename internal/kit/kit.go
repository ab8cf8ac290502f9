// Package kit works out what a system has of a kit that it stocks in parts: as
// many as the scarcest component allows. It is pure. What follows is an
// observation like any other, which drift merges into the kit's row before it
// judges it; where kits are listed is registry's business.
package kit

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Part names the views of kits that follow from their components.
const Part = "kit"

// counted are the facets that a kit has as many of as its scarcest component
// allows.
var counted = []string{"available", "on_hand", "free"}

// Observe is what a system has of a kit at a location. Rows are those of its
// components there, by SKU; one that is not there was never reported. It is false
// when the system has reported none of them.
//
// The version grows with every write of a component's row, so that of two
// observations the one that has seen more is the newer.
func Observe(kit, location, system string, components []registry.Component, rows map[string]record.Row) (commerce.Observation, bool) {
	o := commerce.Observation{
		System: system, Kind: commerce.Inventory, Key: commerce.Key{kit, location}, Part: Part, Native: kit,
		Facets: commerce.Facets{},
	}
	known, live := false, false
	var sequence uint64
	var sides []side
	for _, c := range components {
		row := rows[c.SKU]
		sequence += uint64(max(row.Rev, 0))
		s := row.SideOf(system)
		known, live = known || s.Known, live || s.Live
		sides = append(sides, side{s, c.Units})
	}
	if !known {
		return o, false
	}
	if o.Gone = !live; live {
		o.Facets = facets(sides)
	}
	o.Stamp(commerce.VersionParts{Clock: time.Unix(0, 0), Sequence: sequence})
	return o, true
}

// side is a component's, and how many of it one kit takes.
type side struct {
	record.Side
	units commerce.Decimal
}

// facets fold those of the components. What one of them lacks, the kit lacks: how
// many there are is not known then. A component that is not counted limits
// nothing.
func facets(sides []side) commerce.Facets {
	all := commerce.Facets{}
	for _, name := range counted {
		if v, ok := scarcest(sides, name); ok {
			all[name] = v
		}
	}
	tracked, known := false, true
	for _, s := range sides {
		v, ok := s.Facets["tracked"]
		known = known && ok && !v.IsNull()
		tracked = tracked || v.IsTrue()
	}
	if known {
		all["tracked"] = commerce.Bool(tracked)
	}
	return all
}

func scarcest(sides []side, name string) (commerce.Value, bool) {
	var least commerce.Decimal
	limited := false
	for _, s := range sides {
		if tracked, ok := s.Facets["tracked"]; ok && !tracked.IsNull() && !tracked.IsTrue() {
			continue
		}
		d, ok := s.Facets[name].Decimal()
		if !ok || s.Duplicate {
			return commerce.Value{}, false
		}
		kits, err := d.Quo(s.units)
		if err != nil {
			return commerce.Value{}, false
		}
		if kits = kits.Floor(); !limited || kits.Cmp(least) < 0 {
			least, limited = kits, true
		}
	}
	return commerce.Number(least), limited
}

// Lacking lists the components of which the system has never reported anything,
// although it reports others.
func Lacking(system string, components []registry.Component, rows map[string]record.Row) []string {
	var lacking []string
	for _, c := range components {
		if !rows[c.SKU].SideOf(system).Known {
			lacking = append(lacking, c.SKU)
		}
	}
	if len(lacking) == len(components) {
		return nil
	}
	return lacking
}
