package registry

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
)

// formulaPlace is the field of a rule in which a formula stands. It decides
// which names the formula may use.
type formulaPlace uint8

const (
	whenPlace formulaPlace = iota
	expectPlace
	withinPlace
	impactPlace
	totalPlace
)

// scope tells which names a formula may use.
type scope struct {
	kind   commerce.Kind
	tables map[string]Table
	where  formulaPlace
}

// typeOf is the formula.Names of the scope.
func (s scope) typeOf(name string) (commerce.Type, bool) {
	side, facet, dotted := strings.Cut(name, ".")
	switch {
	case dotted && (side == "from" || side == "to" && s.where != totalPlace):
		f, ok := s.kind.FacetOf(facet)
		return f.Type, ok
	case name == "in_flight":
		return commerce.NumberType, s.where == expectPlace && s.kind == commerce.Inventory
	case name == "delta", name == "expected", name == "actual":
		return commerce.NumberType, s.where == impactPlace
	}
	t, ok := s.tables[name]
	return commerce.NumberType, ok && t.fits(s.kind)
}

// nameAt reads the name at the start of a text.
var nameAt = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?`)

// explain says what would be right. Formula does not know why a name is
// unknown; the scope does.
func (s scope) explain(source string, e *formula.Error) string {
	if !strings.HasPrefix(e.Message, "unknown name") || e.Offset > len(source) {
		return e.Message
	}
	name := nameAt.FindString(source[e.Offset:])
	side, facet, dotted := strings.Cut(name, ".")
	table, isTable := s.tables[name]
	switch {
	case dotted && side == "to" && s.where == totalPlace:
		return "to is not known in expect of totals: a record that only from has counts as well"
	case dotted && (side == "from" || side == "to"):
		return fmt.Sprintf("unknown facet %q of %s, %s", facet, s.kind, didYouMean(facet, s.kind.FacetNames()))
	case name == "in_flight":
		return "in_flight is known in expect of inventory rules only"
	case name == "delta" || name == "expected" || name == "actual":
		return name + " is known in impact only"
	case isTable:
		return fmt.Sprintf("the table %s has the key %s, which %s records do not have: theirs is %s",
			name, strings.Join(table.Key, ", "), s.kind, s.kind.KeyTemplate())
	case name == "from" || name == "to":
		return fmt.Sprintf("%s is a side, want a facet of it such as %s.%s", name, name, s.kind.FacetNames()[0])
	}
	return fmt.Sprintf("unknown name %q, %s", name, didYouMean(name, s.names()))
}

// names lists what a formula of the scope may use, facets left out.
func (s scope) names() []string {
	all := []string{"from.…", "to.…"}
	for _, name := range append(slices.Clone(reserved), slices.Sorted(maps.Keys(s.tables))...) {
		if _, ok := s.typeOf(name); ok {
			all = append(all, name)
		}
	}
	return all
}
