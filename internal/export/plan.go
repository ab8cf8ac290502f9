package export

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/sheet"
)

// plan is a mapping that was laid on a header: places instead of names.
type plan struct {
	mapping Mapping
	config  platform.Config
	zone    *time.Location
	asOf    time.Time
	// sparse files do not have their blank cells.
	sparse bool

	keys     *keys
	native   []int
	facets   []*facet
	updated  *moment
	created  *moment
	currency *facet
	lines    *lines
	filters  []filter
	spread   *spread
	group    string
}

// moment is a column with times.
type moment struct {
	column int
	read   timeReader
}

type filter struct {
	column int
	is     []string
	not    []string
	why    string
}

// spread are the columns that each hold a record, with the facets of each.
type spread struct {
	names  []string
	facets [][]*facet
}

func newPlan(m Mapping, header []string, o Options) (*plan, error) {
	columns := columnsOf(header)
	p := &plan{mapping: m, config: o.Config, zone: o.Config.Timezone, asOf: o.AsOf, group: m.Group}
	if p.zone == nil {
		p.zone = time.UTC
	}
	if !slices.Contains([]string{"", Adjacent, Anywhere}, m.Group) {
		return nil, fmt.Errorf("%w: group %q, want adjacent or anywhere", ErrMapping, m.Group)
	}
	var err error
	if p.keys, err = newKeys(m, columns, o.Config); err != nil {
		return nil, err
	}
	if p.facets, err = p.newFacets(m.Facets, columns); err != nil {
		return nil, err
	}
	if err := p.places(m, columns); err != nil {
		return nil, err
	}
	for _, f := range m.Skip {
		if err := p.addFilter(f, columns); err != nil {
			return nil, err
		}
	}
	return p, p.addSpread(m.Spread, columns)
}

func (p *plan) newFacets(facets []FacetColumn, columns columns) ([]*facet, error) {
	all := make([]*facet, 0, len(facets))
	for _, f := range facets {
		if slices.ContainsFunc(all, func(g *facet) bool { return g.name == f.Facet }) {
			return nil, fmt.Errorf("%w: facet %s is mapped twice", ErrMapping, f.Facet)
		}
		facet, err := newFacet(p.mapping.Kind, f, columns, p.zone)
		if err != nil {
			return nil, err
		}
		all = append(all, facet)
	}
	return all, nil
}

// places finds the columns that are no facets.
func (p *plan) places(m Mapping, columns columns) error {
	var err error
	column := func(what, name string) int {
		if name == "" {
			return nowhere
		}
		i := columns.find(name)
		if i < 0 && err == nil {
			err = fmt.Errorf("%w: %s: the file has no column %q", ErrMapping, what, name)
		}
		return i
	}
	for _, name := range m.Native {
		p.native = append(p.native, column("native", name))
	}
	moments := func(what string, t *TimeColumn) *moment {
		if t == nil {
			return nil
		}
		read, wrong := timeStyle(t.Style, p.zone)
		if wrong != nil && err == nil {
			err = fmt.Errorf("%s: %w", what, wrong)
		}
		return &moment{column(what, t.Column), read}
	}
	p.updated, p.created = moments("updated", m.Updated), moments("created", m.Created)
	if m.Currency != "" {
		p.currency = &facet{name: "currency", typ: Text, want: commerce.TextType, column: column("currency", m.Currency), below: nowhere}
	}
	if l := m.Lines; l != nil {
		p.lines = &lines{sku: column("lines", l.SKU), units: column("lines", l.Units), location: column("lines", l.Location)}
		style, wrong := numberStyle(l.Style)
		if p.lines.number = style; wrong != nil {
			return wrong
		}
	}
	return err
}

func (p *plan) addFilter(f Filter, columns columns) error {
	i := columns.find(f.Column)
	if i < 0 {
		return fmt.Errorf("%w: skip: the file has no column %q", ErrMapping, f.Column)
	}
	why := f.Why
	if why == "" {
		why = "left out by " + f.Column
	}
	p.filters = append(p.filters, filter{i, folded(f.Is), folded(f.Not), why})
	return nil
}

func folded(texts []string) []string {
	all := make([]string, len(texts))
	for i, t := range texts {
		all[i] = strings.ToLower(strings.TrimSpace(t))
	}
	return all
}

func (p *plan) addSpread(s *Spread, columns columns) error {
	if s == nil {
		return nil
	}
	if p.group != "" {
		return fmt.Errorf("%w: spread and group together, want one of them", ErrMapping)
	}
	p.spread = &spread{}
	for _, name := range s.Columns {
		each := slices.Clone(s.Facets)
		for i := range each {
			if each[i].Constant == "" {
				each[i].Column = name
			}
		}
		facets, err := p.newFacets(each, columns)
		if err != nil {
			return err
		}
		p.spread.names = append(p.spread.names, name)
		p.spread.facets = append(p.spread.facets, facets)
	}
	return nil
}

// leaves is why a row is left out, or blank.
func (p *plan) leaves(cells []sheet.Cell) string {
	for _, f := range p.filters {
		text, _ := said(at(cells, f.column))
		word := strings.ToLower(string(text))
		if slices.Contains(f.is, word) || len(f.not) > 0 && !slices.Contains(f.not, word) {
			return f.why
		}
	}
	return ""
}
