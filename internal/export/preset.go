package export

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Preset is the layout of one export of one platform.
type Preset struct {
	// Name is the registry's word for it: "shopify-inventory".
	Name string
	// Title is what people call such a file.
	Title    string
	Platform string
	// Mappings are what its rows are, one for each kind that they tell of. The first
	// is what such a file is exported for.
	Mappings []Mapping
	// Needs are columns without which a file is not of this layout.
	Needs []string
	// Has are columns that such files have and others hardly do, beyond those that
	// are needed or mapped.
	Has []string
	// Lacks are columns that files of this layout never have.
	Lacks []string
	// Renamed are other names of columns, older or newer ones, by the name that the
	// mappings use.
	Renamed map[string][]string
	// Spreads says that all columns behind the named one are locations.
	Spreads string
	// Verified says where the names of the columns are known from.
	Verified string
}

// The sources of presets' column names.
const (
	// Public names were read in the vendor's documentation or in several public
	// files and programs that read such exports.
	Public = "public documentation or files"
	// Memory names were not: another edition or language of the product may have
	// others.
	Memory = "memory"
)

// Presets lists the layouts that are known, by platform. The result is the
// caller's to keep.
func Presets() []Preset {
	return slices.Concat(
		shopifyPresets(), businessCentralPresets(), shipHeroPresets(), wooCommercePresets(),
		bigCommercePresets(), avalaraPresets(), hubSpotPresets(),
	)
}

func presetNames() []string {
	var names []string
	for _, p := range Presets() {
		names = append(names, p.Name)
	}
	return names
}

// PresetOf finds a preset by its name.
func PresetOf(name string) (Preset, bool) {
	all := Presets()
	i := slices.IndexFunc(all, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{}, false
	}
	return all[i], true
}

// For lays the preset on a header: the mappings with this header's names of the
// columns, without what it lacks. It is false for a header that is not of this
// layout.
func (p Preset) For(header []string) ([]Mapping, bool) {
	columns := columnsOf(header)
	if len(p.missing(header, columns)) > 0 || slices.ContainsFunc(p.Lacks, columns.has) {
		return nil, false
	}
	var all []Mapping
	for _, m := range p.Mappings {
		if m, ok := p.fit(m, header, columns); ok {
			all = append(all, m)
		}
	}
	return all, len(all) > 0
}

// missing are the columns that are needed and not there.
func (p Preset) missing(header []string, columns columns) []string {
	return slices.DeleteFunc(slices.Clone(p.Needs), func(c string) bool { return p.name(c, header, columns) != "" })
}

// name is the header's name of a column, and blank where it has none.
func (p Preset) name(column string, header []string, columns columns) string {
	for _, name := range append([]string{column}, p.Renamed[column]...) {
		if i := columns.find(name); name != "" && i >= 0 {
			return header[i]
		}
	}
	return ""
}

// fit is one mapping with the header's names.
func (p Preset) fit(m Mapping, header []string, columns columns) (Mapping, bool) {
	m.Preset, m.Platform = p.Name, p.Platform
	name := func(column string) string { return p.name(column, header, columns) }
	names := func(all []string) []string {
		var found []string
		for _, column := range all {
			if n := name(column); n != "" {
				found = append(found, n)
			}
		}
		return found
	}
	m.Key = slices.Clone(m.Key)
	for i, k := range m.Key {
		if k.Column == "" {
			continue
		}
		found := names(append([]string{k.Column}, k.Or...))
		if len(found) == 0 && k.Constant != "" {
			m.Key[i].Column, m.Key[i].Or = "", nil
			continue
		}
		if len(found) == 0 {
			return m, false
		}
		m.Key[i].Column, m.Key[i].Or = found[0], slices.Clip(found[1:])
		if len(found) == 1 {
			m.Key[i].Or = nil
		}
	}
	if m.Native = names(m.Native); len(m.Native) < len(p.native(m.Kind)) {
		m.Native = nil
	}
	m.Facets = fitFacets(m.Facets, name, names)
	m.Updated, m.Created = fitTime(m.Updated, name), fitTime(m.Created, name)
	m.Currency = name(m.Currency)
	if l := m.Lines; l != nil {
		fitted := LineColumns{SKU: name(l.SKU), Units: name(l.Units), Location: name(l.Location)}
		if m.Lines = &fitted; fitted.SKU == "" || fitted.Units == "" {
			m.Lines = nil
		}
	}
	m.Skip = slices.Clone(m.Skip)
	for i := range m.Skip {
		m.Skip[i].Column = name(m.Skip[i].Column)
	}
	m.Skip = slices.DeleteFunc(m.Skip, func(f Filter) bool { return f.Column == "" })
	if m.Spread != nil {
		return p.spread(m, header, columns)
	}
	// That a contact is there is what is compared of it first.
	return m, m.Kind == commerce.Customer || slices.ContainsFunc(m.Facets, func(f FacetColumn) bool { return f.Column != "" })
}

// native are the native columns of the mapping of a kind.
func (p Preset) native(kind commerce.Kind) []string {
	for _, m := range p.Mappings {
		if m.Kind == kind {
			return m.Native
		}
	}
	return nil
}

// spread takes all columns behind the last one that is not a location's.
func (p Preset) spread(m Mapping, header []string, columns columns) (Mapping, bool) {
	last := columns.find(p.name(p.Spreads, header, columns))
	if last < 0 {
		return m, false
	}
	spread := *m.Spread
	spread.Columns = slices.Clone(header[last+1:])
	m.Spread = &spread
	return m, len(spread.Columns) > 0
}

// fitFacets keeps the facets whose column the header has.
func fitFacets(all []FacetColumn, name func(string) string, names func([]string) []string) []FacetColumn {
	var kept []FacetColumn
	for _, f := range all {
		if f.Column == "" && f.Constant == "" {
			continue
		}
		if f.Column != "" {
			// What is left out of a sum, or of what is taken off, would be a wrong value.
			with := names(f.With)
			if f.Column = name(f.Column); f.Column == "" || len(with) < len(f.With) || f.Below != "" && name(f.Below) == "" {
				continue
			}
			f.With, f.Below = with, name(f.Below)
		}
		kept = append(kept, f)
	}
	return kept
}

func fitTime(t *TimeColumn, name func(string) string) *TimeColumn {
	if t == nil || name(t.Column) == "" {
		return nil
	}
	return &TimeColumn{Column: name(t.Column), Style: t.Style}
}
