package record

import (
	"cmp"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Tombstones is how long a row stays after the last of its views is gone. It
// is longer than any platform redelivers and any dead letter is kept.
const Tombstones = 30 * 24 * time.Hour

// The flags of Ties. Each is a function of the set of observations at the
// version's instant, so that their order of arrival does not matter.
const (
	// unnumbered: some observation of the instant carries no sequence.
	unnumbered Ties = 1 << iota
	// mixed: the observations of the instant do not all say the same.
	mixed
	// rival: another content carries the version's own sequence.
	rival
)

// Unknown reports whether the order of the instant's changes cannot be told
// and matters: the view may show the older of two.
func (t Ties) Unknown() bool {
	return t&rival != 0 || t&mixed != 0 && t&unnumbered != 0
}

// Source says which delivery an observation came with.
type Source struct {
	Delivery string
	Received time.Time
}

// Merge folds one observation into the row and reports whether the row is now
// another. It is pure: the given row is not changed. Any order and any number
// of the same observations give the same views; only Was, Received and
// Delivery remember the order of arrival.
//
// A suppressed row takes nothing, and a redacted one nothing that may name a
// person.
func Merge(row Row, o commerce.Observation, from Source) (Row, bool) {
	if !row.Suppressed.IsZero() {
		return row, false
	}
	if !row.Redacted.IsZero() {
		o.Facets, _ = o.Facets.NamesNobody(row.Kind)
	}
	id := ViewID{o.System, o.Part, o.Native}
	i, found := slices.BinarySearchFunc(row.Views, id, func(v View, id ViewID) int { return v.compare(id) })
	view := View{ViewID: id}
	if found {
		view = row.Views[i]
	}
	merged, changed := view.merge(o, from)
	if !changed {
		return row, false
	}
	row.Views = slices.Clone(row.Views)
	if found {
		row.Views[i] = merged
	} else {
		row.Views = slices.Insert(row.Views, i, merged)
	}
	row.Expires = expiry(row, from.Received)
	return row, true
}

func (id ViewID) compare(other ViewID) int {
	return cmp.Or(cmp.Compare(id.System, other.System), cmp.Compare(id.Part, other.Part), cmp.Compare(id.Native, other.Native))
}

func (v View) merge(o commerce.Observation, from Source) (View, bool) {
	ties := v.ties(o)
	created := earliest(v.Created, o.Created)
	if o.Version.Compare(v.Version) <= 0 {
		// Not newer. What it says about the order of its instant still counts.
		told := v.tells(o, from)
		changed := ties != v.Ties || !created.Equal(v.Created) || told != v.Delivery
		v.Ties, v.Created, v.Delivery = ties, created, told
		return v, changed
	}
	next := View{
		ViewID: v.ViewID, Slot: o.Slot, Version: o.Version, Gone: o.Gone, SucceededBy: o.SucceededBy,
		Created: created, Facets: o.Facets, Lines: o.Lines, Via: viaText(o.Via),
		Received: from.Received, Delivery: from.Delivery, Ties: ties, Was: v.Was,
	}
	switch {
	case v.Version.IsZero():
	case v.Gone == o.Gone && v.Facets.Equal(o.Facets):
		// The same values again, only newer: the change is as old as it was.
		next.Received, next.Delivery = v.Received, v.tells(o, from)
	default:
		past := Past{Until: from.Received, Delivery: from.Delivery, Gone: v.Gone, Facets: v.Facets}
		next.Was = remember(v.Was, past)
	}
	return next, true
}

// tells is the delivery that is said to have told what the view shows. What was
// read before its own delivery came, that delivery told all the same: only what
// none tells was lost.
func (v View) tells(o commerce.Observation, from Source) string {
	late := commerce.Pulled(v.Delivery) && !commerce.Pulled(from.Delivery)
	if late && !o.Version.Parts().Clock.Before(v.Version.Parts().Clock) {
		return from.Delivery
	}
	return v.Delivery
}

// ties is the flags after the observation.
func (v View) ties(o commerce.Observation) Ties {
	flags := Ties(0)
	if o.Version.Parts().Sequence == 0 {
		flags |= unnumbered
	}
	if v.Version.IsZero() || !v.Version.SameInstant(o.Version) {
		if o.Version.Compare(v.Version) < 0 {
			return v.Ties
		}
		return flags
	}
	flags |= v.Ties
	if !v.Version.SameContent(o.Version) {
		flags |= mixed
	}
	was, is := v.Version.Parts(), o.Version.Parts()
	sameReading := was.Sequence == is.Sequence && was.Normaliser == is.Normaliser
	switch {
	case sameReading && !v.Version.SameContent(o.Version):
		flags |= rival
	case !sameReading && o.Version.Compare(v.Version) > 0:
		flags &^= rival // the rival was older too
	}
	return flags
}

func viaText(via *commerce.Via) string {
	if via == nil {
		return ""
	}
	return via.Type + "/" + via.Native
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// expiry is when a row without a live view may go. A redacted one stays: what
// comes back must not say more than it did.
func expiry(row Row, received time.Time) time.Time {
	if !row.Redacted.IsZero() {
		return time.Time{}
	}
	for _, v := range row.Views {
		if !v.Gone {
			return time.Time{}
		}
	}
	return received.Add(Tombstones)
}
