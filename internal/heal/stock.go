package heal

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// numberOf is a facet of the system's side as a number.
func (t Target) numberOf(facet string) (commerce.Decimal, bool) {
	v, told := t.Side[facet]
	if !told {
		return commerce.Decimal{}, false
	}
	return v.Decimal()
}

// differenceOf is by how much a number would change: judged less current.
func differenceOf(c Change) (commerce.Decimal, bool) {
	judged, err := commerce.ParseDecimal(c.Judged)
	if err != nil {
		return commerce.Decimal{}, false
	}
	current, err := commerce.ParseDecimal(c.Current)
	if err != nil {
		return commerce.Decimal{}, false
	}
	d, err := judged.Sub(current)
	return d, err == nil
}

// Why a stock level cannot be written.
const (
	notStocked = "the system does not track or stock it there, and a file does not change that"
	notWhole   = "the judged value is no whole number"
	belowZero  = "the quantity on hand would be below zero"
)

// stockMove is by how many units the shelf would have to change. What is free and
// what is on hand move together: reservations stay.
func stockMove(t Target) (by commerce.Decimal, reason string) {
	for i, c := range t.Changes {
		d, ok := differenceOf(c)
		switch {
		case !ok:
			return by, notStocked
		case d.Cmp(d.Floor()) != 0:
			return by, notWhole
		case i > 0 && d.Cmp(by) != 0:
			return by, "its quantities would have to change by different amounts, which is no matter of the shelf"
		}
		by = d
	}
	return by, ""
}

// onHand is what a system should have on the shelf: what it has, and by how much
// that would change.
func onHand(t Target) (wanted commerce.Decimal, reason string) {
	by, reason := stockMove(t)
	if reason != "" {
		return wanted, reason
	}
	current, known := t.numberOf("on_hand")
	if !known {
		return wanted, "what is on hand there is not known here, and the import sets nothing else"
	}
	wanted, err := current.Add(by)
	if err != nil || wanted.Sign() < 0 {
		return wanted, belowZero
	}
	return wanted, ""
}

// locationName is how the system's files write the location: the only place of
// its own that the registry maps there, by its name and not its number.
func locationName(t Target) (string, string) {
	place := t.Key[slices.Index(t.Kind.KeyParts(), "location")]
	var names, numbers []string
	for native, location := range t.System.Locations {
		if location != place {
			continue
		}
		if strings.Trim(native, "0123456789") == "" {
			numbers = append(numbers, native)
		} else {
			names = append(names, native)
		}
	}
	switch {
	case len(names) == 1 && len(numbers) <= 1:
		return names[0], ""
	case len(names) > 1 && slices.Contains(names, t.Slot):
		return t.Slot, ""
	case len(names)+len(numbers) > 1:
		return "", "several of the system's locations are " + place + ", of which nobody knows which is meant"
	default:
		return "", "the registry does not know how the system's files write " + place + ": map the name there too, under its locations"
	}
}
