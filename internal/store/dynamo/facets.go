package dynamo

import (
	"maps"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Facets are texts in canonical form, or NULL for null. Their types are not
// stored: the kind knows them.

func encodeValue(v commerce.Value) types.AttributeValue {
	if v.IsNull() {
		return &types.AttributeValueMemberNULL{Value: true}
	}
	return text(v.String())
}

func putFacets(m item, f commerce.Facets) {
	if changed := changedFacets(f, nil); len(changed) > 0 {
		m[viewFacets] = nested(changed)
	}
}

// changedFacets writes what turns the facets since into f: the values that
// differ, and false for those that f does not report.
func changedFacets(f, since commerce.Facets) item {
	m := item{}
	for name, v := range f {
		if w, ok := since[name]; !ok || w != v {
			m[name] = encodeValue(v)
		}
	}
	for name := range since {
		if _, ok := f[name]; !ok {
			m[name] = flag(false)
		}
	}
	return m
}

// facets is the inverse of changedFacets.
func (r *reader) facets(kind commerce.Kind, changed item, since commerce.Facets) commerce.Facets {
	f := maps.Clone(since)
	if f == nil {
		f = make(commerce.Facets, len(changed))
	}
	for name, stored := range changed {
		switch v := stored.(type) {
		case *types.AttributeValueMemberS:
			f[name] = facetValue(kind, name, v.Value)
		case *types.AttributeValueMemberNULL:
			f[name] = commerce.Null()
		case *types.AttributeValueMemberBOOL:
			delete(f, name)
		default:
			r.fail(name, "a facet")
		}
	}
	if len(f) == 0 {
		return nil
	}
	return f
}

// facetValue reads a stored facet. One whose name or type has left the kind
// since stays what it is, a text: one facet must not make its row unreadable.
func facetValue(kind commerce.Kind, name, stored string) commerce.Value {
	if facet, ok := kind.FacetOf(name); ok {
		if v, err := commerce.ParseValue(facet.Type, stored); err == nil {
			return v
		}
	}
	return commerce.Text(stored)
}

// putLines writes each line as one text, units|length:locationSKU, which takes
// half the bytes of a map.
func putLines(m item, lines []commerce.Line) {
	if len(lines) == 0 {
		return
	}
	m[viewLines] = list(lines, func(l commerce.Line) types.AttributeValue {
		return text(l.Units.String() + "|" + strconv.Itoa(len(l.Location)) + ":" + l.Location + l.SKU)
	})
}

func (r *reader) lines(m item) []commerce.Line {
	var lines []commerce.Line
	for _, stored := range r.list(m, viewLines) {
		v, ok := stored.(*types.AttributeValueMemberS)
		if !ok {
			r.fail(viewLines, "a list of texts")
			return nil
		}
		line, ok := parseLine(v.Value)
		if !ok {
			r.fail(viewLines, "a list of units|length:locationSKU")
			return nil
		}
		lines = append(lines, line)
	}
	return lines
}

func parseLine(s string) (commerce.Line, bool) {
	units, rest, _ := strings.Cut(s, "|")
	length, rest, ok := strings.Cut(rest, ":")
	n, err := strconv.Atoi(length)
	if !ok || err != nil || n < 0 || n > len(rest) {
		return commerce.Line{}, false
	}
	d, err := commerce.ParseDecimal(units)
	return commerce.Line{Units: d, Location: rest[:n], SKU: rest[n:]}, err == nil
}

func (r *reader) version(m item, name string) commerce.Version {
	var v commerce.Version
	if b := r.binary(m, name); b != nil && copy(v[:], b) != len(v) {
		r.fail(name, "a version")
	}
	return v
}

func (r *reader) element(v types.AttributeValue) item {
	m, ok := v.(*types.AttributeValueMemberM)
	if !ok {
		r.fail("list", "a list of maps")
		return nil
	}
	return m.Value
}
