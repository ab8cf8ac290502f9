package export

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/sheet"
)

// group is a record that is being read: one row, or several.
type group struct {
	plan   *plan
	line   int
	key    commerce.Key
	native string
	place  string
	// id is what the native columns say.
	id      string
	updated time.Time
	created time.Time
	facets  commerce.Facets
	// blanks are facets that no row has told yet, and what that means.
	blanks commerce.Facets
	lines  map[commerce.Line]commerce.Decimal
	// bad is a record that is set aside.
	bad bool
}

func newGroup(p *plan, line int, n named) *group {
	return &group{
		plan: p, line: line, key: n.key, native: n.native, place: n.place,
		facets: make(commerce.Facets, len(p.mapping.Facets)+1),
	}
}

// add adds a row.
func (g *group) add(row sheet.Row, facets []*facet) *fault {
	for _, p := range facets {
		v, given, f := p.read(row.Cells)
		if f != nil {
			return f
		}
		if !given {
			g.silent(p, row.Cells)
			continue
		}
		if f := g.put(p, v); f != nil {
			return f
		}
	}
	if p := g.plan.currency; p != nil {
		if v, given, _ := p.read(row.Cells); given && !v.IsNull() {
			if f := g.put(p, commerce.Text(strings.ToUpper(v.String()))); f != nil {
				return f
			}
		}
	}
	if f := g.times(row.Cells); f != nil {
		return f
	}
	if f := g.identify(row.Cells); f != nil {
		return f
	}
	return g.addLine(row.Cells)
}

// silent remembers what a cell without a value means.
func (g *group) silent(p *facet, cells []sheet.Cell) {
	var v commerce.Value
	switch {
	case at(cells, p.column).State == sheet.Missing && !g.plan.sparse:
		return
	case p.blank != nil && !p.blank.missing:
		v = p.blank.value
	case p.blank == nil && p.typ == Given:
		v = commerce.Bool(false)
	case p.blank == nil && p.rows == Count:
		v = commerce.Number(commerce.Decimal{})
	default:
		return
	}
	if g.blanks == nil {
		g.blanks = commerce.Facets{}
	}
	g.blanks[p.name] = v
}

// put folds what a row says into the record.
func (g *group) put(p *facet, v commerce.Value) *fault {
	have, found := g.facets[p.name]
	switch {
	case !found || have.IsNull():
		g.facets[p.name] = v
	case v.IsNull() || p.typ == Given && have.IsTrue():
	case p.typ == Given:
		g.facets[p.name] = v
	case p.rows == Sum || p.rows == Count:
		a, _ := have.Decimal()
		b, _ := v.Decimal()
		sum, err := a.Add(b)
		if err != nil {
			return &fault{p.column, wantDigits}
		}
		g.facets[p.name] = commerce.Number(sum)
	case have != v:
		return &fault{p.column, "the same value in all rows of one record, or none"}
	}
	return nil
}

// times reads when the record came about and changed, of the rows that say it.
func (g *group) times(cells []sheet.Cell) *fault {
	for _, m := range []struct {
		*moment
		at *time.Time
	}{{g.plan.updated, &g.updated}, {g.plan.created, &g.created}} {
		if m.moment == nil {
			continue
		}
		text, ok := said(at(cells, m.column))
		if !ok {
			continue
		}
		moment, ok := m.read(text)
		if !ok {
			return &fault{m.column, wantTime}
		}
		if asOf := g.plan.asOf; !asOf.IsZero() && moment.After(asOf.Add(ahead)) && m.at == &g.updated {
			return &fault{m.column, "a time at most 24 hours after the export was started"}
		}
		if moment.After(*m.at) {
			*m.at = moment
		}
	}
	return nil
}

// ahead is how far a row's time may be ahead of its export.
const ahead = 24 * time.Hour

// identify reads the native id, of the rows that have it.
func (g *group) identify(cells []sheet.Cell) *fault {
	parts := make([]string, 0, len(g.plan.native))
	for _, column := range g.plan.native {
		text, ok := said(at(cells, column))
		if !ok {
			return nil
		}
		// Excel writes a long id that it took for a number as text with a quote.
		parts = append(parts, strings.TrimPrefix(string(text), "'"))
	}
	id := strings.Join(parts, "/")
	switch {
	case id == "":
	case len(id) > maxKeyPart:
		return &fault{g.plan.native[0], "a text of at most 512 bytes"}
	case g.id != "" && g.id != id:
		return &fault{g.plan.native[0], "the same id in all rows of one record, or none"}
	default:
		g.id = id
	}
	return nil
}

// record is what the rows say together.
func (g *group) record() Record {
	for name, v := range g.blanks {
		if _, told := g.facets[name]; !told {
			g.facets[name] = v
		}
	}
	m := g.plan.mapping
	r := Record{
		Line: g.line, Kind: m.Kind, Part: m.Part, Key: g.key, Native: cmp.Or(g.id, g.native),
		Updated: g.updated, Created: g.created, Facets: g.facets, Lines: g.collected(),
	}
	switch {
	case m.Many:
	case m.Kind == commerce.Inventory && g.place != "":
		r.Slot = g.place
	default:
		r.Slot = m.Part
	}
	g.addCurrency()
	return r
}

// addCurrency says in which currency amounts are that the file gives without one.
func (g *group) addCurrency() {
	kind, currency := g.plan.mapping.Kind, g.plan.config.Currency
	if _, can := kind.FacetOf("currency"); !can || currency == "" {
		return
	}
	if _, has := g.facets["currency"]; has {
		return
	}
	for name := range g.facets {
		if kind.CurrencyOf(name) == "currency" {
			g.facets["currency"] = commerce.Text(currency)
			return
		}
	}
}

// lines are the columns with the units of one SKU.
type lines struct {
	sku, units, location int
	number               numberReader
}

// addLine adds the units of a row's SKU.
func (g *group) addLine(cells []sheet.Cell) *fault {
	l := g.plan.lines
	if l == nil {
		return nil
	}
	sku, ok := said(at(cells, l.sku))
	if !ok {
		return nil
	}
	text, ok := said(at(cells, l.units))
	if !ok {
		return nil
	}
	units, err := g.plan.lines.number(text)
	if err != nil {
		return &fault{l.units, "a number of units"}
	}
	line := commerce.Line{SKU: string(sku)}
	if place, ok := said(at(cells, l.location)); ok {
		location, skipped, unknown := g.plan.keys.location(string(place))
		switch {
		case skipped != "":
			return nil
		case unknown == "":
			line.Location = location
		}
	}
	if g.lines == nil {
		g.lines = map[commerce.Line]commerce.Decimal{}
	}
	sum, err := g.lines[line].Add(units)
	if err != nil {
		return &fault{l.units, wantDigits}
	}
	g.lines[line] = sum
	return nil
}

// collected are the lines in a fixed order, so that rows in any order say the same.
func (g *group) collected() []commerce.Line {
	var all []commerce.Line
	for l, units := range g.lines {
		if units.Sign() > 0 {
			l.Units = units
			all = append(all, l)
		}
	}
	slices.SortFunc(all, func(a, b commerce.Line) int {
		return cmp.Or(strings.Compare(a.SKU, b.SKU), strings.Compare(a.Location, b.Location))
	})
	return all
}
