package registry

import (
	"hash"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Kits say what is sold as one and stocked as several. The zero Kits has none.
type Kits struct {
	// File is the file of the kits, relative to the registry, or blank.
	File string
	// Systems stock the components and not the kits: what they have of a kit
	// follows from what they have of its components.
	Systems []string
	// Of are the components of each kit by its SKU, in alphabetical order.
	Of map[string][]Component
	// in are the kits that each component is in.
	in map[string][]string
}

// Component is a part of a kit.
type Component struct {
	SKU string
	// Units is how many of it one kit takes, above 0.
	Units commerce.Decimal
}

// With lists the kits that an SKU is a component of, in alphabetical order.
func (k Kits) With(sku string) []string { return k.in[sku] }

// Units is how many units of an SKU are in so many units of another: itself, or
// a kit that it is a component of.
func (k Kits) Units(sku, sold string, units commerce.Decimal) commerce.Decimal {
	if sku == sold {
		return units
	}
	for _, c := range k.Of[sold] {
		if c.SKU == sku {
			n, err := units.Mul(c.Units)
			if err == nil {
				return n
			}
		}
	}
	return commerce.Decimal{}
}

// NewKits are kits that no file lists.
func NewKits(of map[string][]Component, systems ...string) Kits {
	k := Kits{Systems: systems, Of: of, in: map[string][]string{}}
	for _, kit := range slices.Sorted(maps.Keys(of)) {
		for _, c := range of[kit] {
			k.in[c.SKU] = append(k.in[c.SKU], kit)
		}
	}
	return k
}

type yamlKits struct {
	origin
	File    text       `json:"file" jsonschema:"A CSV file beside the registry with the header kit,component,units: how many units of the component one kit takes."`
	Systems []ruleName `json:"systems" jsonschema:"The systems that stock the components and not the kits, such as [erp, wms]."`
}

// kits reads the bill of materials.
func (c *checker) kits() Kits {
	y := c.file.Kits
	of := map[string][]Component{}
	var systems []string
	for _, system := range y.Systems {
		name := c.knownSystem(system.origin)
		if slices.Contains(systems, name) {
			c.errors.add(system.at(), "kits.systems: %s stands twice", name)
		}
		systems = append(systems, name)
	}
	if !y.File.given() {
		return Kits{}
	}
	// components are where each stands in the file.
	components := map[string]place{}
	c.lines("kits", y.File, []string{"kit", "component", "units"}, func(l line) {
		kit, part := l.fields[0], componentOf(l)
		if slices.ContainsFunc(of[kit], func(c Component) bool { return c.SKU == part.SKU }) {
			l.add(1, "the kit has the component twice")
		}
		of[kit] = append(of[kit], part)
		components[part.SKU] = l.at(1)
	})
	for _, kit := range slices.Sorted(maps.Keys(of)) {
		slices.SortFunc(of[kit], func(a, b Component) int { return strings.Compare(a.SKU, b.SKU) })
		if at, nested := components[kit]; nested && kit != "" {
			c.errors.add(at, "%s is a kit itself, want its components in its place", kit)
		}
	}
	k := NewKits(of, systems...)
	k.File = y.File.text()
	return k
}

func componentOf(l line) Component {
	part := Component{SKU: l.fields[1]}
	for i, what := range []string{"kit", "component"} {
		if l.fields[i] == "" {
			l.add(i, "blank %s", what)
		}
	}
	units, err := commerce.ParseDecimal(l.fields[2])
	if part.Units = units; err != nil || units.Sign() <= 0 {
		l.add(2, "want a number above 0 such as 2")
	}
	return part
}

func (k Kits) digest(h hash.Hash) {
	for _, kit := range slices.Sorted(maps.Keys(k.Of)) {
		part(h, "kit", kit)
		for _, c := range k.Of[kit] {
			part(h, c.SKU, c.Units.String())
		}
	}
}
