package compare

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Exports are never from the same minute. What changed after the earlier of the
// two, only one of them can show.

// earlier is the time of the earlier export, or zero.
func (p Plan) earlier() time.Time {
	l, r := p.AsOf[Left], p.AsOf[Right]
	if l.IsZero() || !r.IsZero() && r.Before(l) {
		return r
	}
	return l
}

// tooNew says why a file cannot have a record, or is blank.
func (p Plan) tooNew(created time.Time, lacks Side) string {
	at := p.AsOf[lacks]
	if created.IsZero() || at.IsZero() || !created.After(at) {
		return ""
	}
	return fmt.Sprintf("created after the %s export of %s", lacks, timeText(at))
}

// changed says why two records cannot be compared, or is blank.
func (p Plan) changed(left, right kept) string {
	at := p.earlier()
	if at.IsZero() || !left.about.Changed.After(at) && !right.about.Changed.After(at) {
		return ""
	}
	return "changed after the export of " + timeText(at)
}

// settle says what is to be thought of a difference.
func (p Plan) settle(d difference, left, right kept) (Outcome, string) {
	if why := p.Flight.explains(p.Kind, p.Facets[d.facet], left.key, d); why != "" {
		return Explained, why
	}
	if why := p.changed(left, right); why != "" {
		return CannotTell, why
	}
	return Differ, ""
}

// Flight are units on orders that have left one side's stock and not yet the
// other's. The zero Flight and nil have none.
type Flight struct {
	// units are by SKU and location, blank where the orders name none, and all by SKU
	// alone.
	units, all map[string]units
	// Lines are how many order lines there are.
	Lines int
}

type units struct {
	n     commerce.Decimal
	lines int
}

// Add adds a line of an order. Blank locations stand for any.
func (f *Flight) Add(line commerce.Line) {
	if f.units == nil {
		f.units, f.all = map[string]units{}, map[string]units{}
	}
	f.Lines++
	add(f.units, flightKey(line.SKU, line.Location), line.Units)
	add(f.all, foldText(line.SKU), line.Units)
}

func add(to map[string]units, at string, more commerce.Decimal) {
	n, err := to[at].n.Add(more)
	if err != nil {
		return // more units than there are digits explain nothing
	}
	to[at] = units{n, to[at].lines + 1}
}

func flightKey(sku, location string) string { return foldText(sku) + KeySeparator + foldText(location) }

// explains says how orders in flight account for a difference in stock, or is
// blank. Units of orders that name no location may come from this one or not.
func (f *Flight) explains(kind commerce.Kind, facet Facet, key string, d difference) string {
	if f == nil || d.delta == nil || facet.Money || kind != "" && kind != commerce.Inventory && kind != commerce.Product {
		return ""
	}
	here, floating, lines := f.Units(key)
	most, err := here.Add(floating)
	if lines == 0 || err != nil {
		return ""
	}
	missing := d.delta.Neg()
	if missing.Cmp(here) < 0 || missing.Cmp(most) > 0 {
		if !f.floor(d, most) {
			return ""
		}
	}
	return fmt.Sprintf("%s units are in flight on %s", most, count(lines, "order line"))
}

// floor reports whether the right side shows nothing because more is in flight
// than there is.
func (f *Flight) floor(d difference, most commerce.Decimal) bool {
	left, err := commerce.ParseDecimal(d.left.Text)
	return err == nil && d.right.Text == "0" && left.Cmp(most) < 0 && left.Sign() > 0
}

// Units are those in flight of a record: what leaves its location, what may, and
// on how many order lines.
func (f *Flight) Units(key string) (located, floating commerce.Decimal, lines int) {
	sku, location := keyParts(key)
	if location == "" || location == everywhere {
		all := f.all[foldText(sku)]
		return all.n, floating, all.lines
	}
	here, anywhere := f.units[flightKey(sku, location)], f.units[flightKey(sku, "")]
	return here.n, anywhere.n, here.lines + anywhere.lines
}
