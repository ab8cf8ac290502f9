package registry

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// places are the key parts that many records share, by kind: what trends are kept
// apart by where a rule does not say otherwise. Other parts tell single records.
var places = map[commerce.Kind]string{
	commerce.Inventory: "location", commerce.Price: "list",
	commerce.Order: "store", commerce.Shipment: "store", commerce.Return: "store", commerce.Refund: "store",
}

// segment reads for what trends of a rule are kept apart. Amounts of different
// currencies never are one.
func (b ruleBuilder) segment(r Rule) []string {
	if !comparesNumbers(r) {
		b.noSegment("the rule compares no numbers, which alone have trends")
		return nil
	}
	var names []string
	for _, y := range b.yaml.Segment {
		if !y.given() {
			continue
		}
		switch name := y.text(); {
		case !slices.Contains(segmentsOf(r.Kind), name):
			b.add(y.at(), "segment: %s does not part the records of %s, want one of %s", name, r.Kind, strings.Join(segmentsOf(r.Kind), ", "))
		case slices.Contains(names, name):
			b.add(y.at(), "segment: %s stands twice", name)
		default:
			names = append(names, name)
		}
	}
	if place, ok := places[r.Kind]; ok && b.yaml.Segment == nil {
		names = []string{place}
	}
	for _, e := range r.Expect {
		if currency := r.Kind.CurrencyOf(e.Facet); currency != "" {
			// Last, and once.
			names = append(slices.DeleteFunc(names, func(name string) bool { return name == currency }), currency)
		}
	}
	return names
}

func comparesNumbers(r Rule) bool {
	return slices.ContainsFunc(r.Expect, func(e Expectation) bool {
		f, _ := r.Kind.FacetOf(e.Facet)
		return f.Type == commerce.NumberType
	})
}

// noSegment reports a segment where there is nothing to keep apart. That of a
// starter rule whose expect the integration replaced says nothing any more.
func (b ruleBuilder) noSegment(why string) {
	if len(b.yaml.Segment) > 0 && !strings.HasPrefix(b.yaml.Segment[0].at().file, packPrefix) {
		b.add(b.yaml.Segment[0].at(), "segment: %s", why)
	}
}

// segmentsOf lists what records of a kind can be parted by: a key part that many
// share, and texts.
func segmentsOf(kind commerce.Kind) []string {
	names := slices.DeleteFunc(kind.FacetNames(), func(name string) bool {
		f, _ := kind.FacetOf(name)
		return f.Type != commerce.TextType
	})
	if place, ok := places[kind]; ok {
		names = append([]string{place}, names...)
	}
	return names
}

// readsSegment reports whether the rule needs the facet of one of its systems to
// know the segment of a record.
func (r Rule) readsSegment(system, facet string) bool {
	return (r.From == system || r.To == system) && slices.Contains(r.Segment, facet)
}
