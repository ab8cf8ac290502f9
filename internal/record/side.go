package record

import (
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Side is one system's views of a record, folded per facet.
type Side struct {
	System string
	// Known reports whether the system ever said anything of the record.
	Known bool
	// Live reports whether at least one view is not gone.
	Live bool
	// Succeeded reports whether a gone view names a successor.
	Succeeded bool
	// Duplicate reports whether two live natives stand in one slot.
	Duplicate bool
	// Ties reports whether the order of the newest changes is unknown.
	Ties bool
	// Created is the earliest creation time that a view gives, or zero.
	Created time.Time
	// Changed is when the newest change of the side was received.
	Changed time.Time
	// Facets may be those of a view: they are not to be written.
	Facets commerce.Facets
	// Mixed names facets on which the views do not agree although they should.
	Mixed []string
}

// Gone reports whether the system removed the record: every view is gone and
// none has a successor.
func (s Side) Gone() bool { return s.Known && !s.Live && !s.Succeeded }

// SideOf folds the newest views of a system.
func (r Row) SideOf(system string) Side {
	return r.side(system, now)
}

// SideAt folds what the system's views showed at the given time, as far as the
// row remembers. Views that were first heard later, or whose value of that
// time is forgotten, are left out.
func (r Row) SideAt(system string, at time.Time) Side {
	return r.side(system, then(at))
}

// Changes lists when the system's views changed, oldest first, as far as the
// row remembers.
func (r Row) Changes(system string) []time.Time {
	var times []time.Time
	for _, v := range r.Views {
		if v.System != system {
			continue
		}
		times = append(times, v.Received)
		for _, p := range v.Was {
			times = append(times, p.Until)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return slices.CompactFunc(times, time.Time.Equal)
}

// Forgets reports the time from which on the row remembers every value of the
// system. It is zero when nothing was forgotten.
func (r Row) Forgets(system string) time.Time {
	var t time.Time
	for _, v := range r.Views {
		if v.System != system {
			continue
		}
		newer := v.Received
		for _, p := range v.Was {
			if p.Gap {
				if newer.After(t) {
					t = newer
				}
				break
			}
			newer = p.Until
		}
	}
	return t
}

// at is what the view showed at a time. The value that a change replaced was
// shown until just before the change.
func (v View) at(t time.Time) (Past, bool) {
	if !t.Before(v.Received) {
		return Past{Gone: v.Gone, Facets: v.Facets}, true
	}
	for i, p := range v.Was {
		if t.Before(p.Until) && (i+1 == len(v.Was) || !t.Before(v.Was[i+1].Until)) {
			return p, true
		}
	}
	return Past{}, false
}

// ChangedAt returns the delivery that changed the view at the given time, as far
// as the view remembers.
func (v View) ChangedAt(t time.Time) (delivery string, changed bool) {
	if v.Received.Equal(t) {
		return v.Delivery, true
	}
	for _, p := range v.Was {
		if p.Until.Equal(t) {
			return p.Delivery, true
		}
	}
	return "", false
}

func (r Row) fold(system string, show func(View) (Past, bool)) Side {
	side := Side{System: system}
	// Most sides have one live view, whose facets then are the side's.
	alone := true
	for i, v := range r.Views {
		if v.System != system {
			continue
		}
		shown, ok := show(v)
		if !ok {
			continue
		}
		side.Known = true
		side.Created = earliest(side.Created, v.Created)
		if v.Received.After(side.Changed) {
			side.Changed = v.Received
		}
		side.Ties = side.Ties || v.Ties.Unknown()
		if shown.Gone {
			side.Succeeded = side.Succeeded || v.SucceededBy != ""
			continue
		}
		if !side.Live {
			side.Live, side.Facets = true, shown.Facets
			continue
		}
		if alone {
			alone, side.Facets = false, orEmpty(maps.Clone(side.Facets))
		}
		side.Duplicate = side.Duplicate || r.sharesSlot(i, show)
		for name, value := range shown.Facets {
			side.add(r.Kind, name, value)
		}
	}
	side.Facets = orEmpty(side.Facets)
	for _, name := range side.Mixed {
		delete(side.Facets, name)
	}
	return side
}

func orEmpty(f commerce.Facets) commerce.Facets {
	if f == nil {
		return commerce.Facets{}
	}
	return f
}

// sharesSlot reports whether an earlier view of the system stood in the slot of
// the view at the index, as they are shown.
func (r Row) sharesSlot(i int, show func(View) (Past, bool)) bool {
	v := r.Views[i]
	if v.Slot == "" {
		return false
	}
	return slices.ContainsFunc(r.Views[:i], func(o View) bool {
		if o.System != v.System || o.Part != v.Part || o.Slot != v.Slot {
			return false
		}
		shown, ok := show(o)
		return ok && !shown.Gone
	})
}

// add folds one more value into the side's facet.
func (s *Side) add(kind commerce.Kind, name string, value commerce.Value) {
	have, found := s.Facets[name]
	if !found {
		s.Facets[name] = value
		return
	}
	facet, _ := kind.FacetOf(name)
	folded, ok := foldValues(facet.Fold, have, value)
	if !ok {
		if !slices.Contains(s.Mixed, name) {
			s.Mixed = append(s.Mixed, name)
		}
		return
	}
	s.Facets[name] = folded
}

func foldValues(fold commerce.Fold, a, b commerce.Value) (commerce.Value, bool) {
	if fold == commerce.Same {
		return a, a == b
	}
	// Null adds nothing and is neither least nor greatest: one location that
	// does not stock a SKU leaves the others' sum as it is.
	if a.IsNull() || b.IsNull() {
		if a.IsNull() {
			return b, true
		}
		return a, true
	}
	order, ok := a.Compare(b)
	switch fold {
	case commerce.Add:
		return addValues(a, b)
	case commerce.Worst:
		order = commerce.Advancement(a.String()) - commerce.Advancement(b.String())
		fallthrough
	case commerce.Min:
		if order > 0 {
			return b, ok
		}
		return a, ok
	default:
		if order < 0 {
			return b, ok
		}
		return a, ok
	}
}

func addValues(a, b commerce.Value) (commerce.Value, bool) {
	x, okX := a.Decimal()
	y, okY := b.Decimal()
	sum, err := x.Add(y)
	return commerce.Number(sum), okX && okY && err == nil
}
