package export_test

import (
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform"
)

func TestCheckMapping(t *testing.T) {
	const good = `kind: inventory
key:
  - {part: sku, column: SKU}
  - {part: location, column: Site, as: location}
facets:
  - {facet: available, column: Free, type: number}
  - {facet: on_hand, column: On hand, type: number, style: "1.234,56"}
updated: {column: Changed}
skip:
  - {column: Kind, is: [service]}
`
	for _, c := range []struct {
		name, from, to string
		line, column   int
		want           string // in the message; blank is no mistake
	}{
		{name: "right"},
		{name: "a word that is none", from: "facets:", to: "facet:", line: 5, column: 1, want: `unknown field "facet"`},
		{name: "no list", from: "key:", to: "key: SKU", line: 2, column: 6, want: "sequence is expected"},
		{name: "another kind", from: "kind: inventory", to: "kind: order", line: 1, column: 7, want: "want inventory, as in the registry"},
		{name: "a key part that the kind has not", from: "part: sku", to: "part: number", line: 3, column: 3, want: "number"},
		{name: "a facet that the kind has not", from: "facet: on_hand", to: "facet: onhand", line: 7, column: 5, want: `no facet "onhand"`},
		{name: "a type that fits no facet", from: "type: number, style", to: "type: text, style", line: 7, column: 5, want: "is a number"},
		{name: "a style of no number", from: `"1.234,56"`, to: `"many"`, line: 7, column: 5, want: "on_hand"},
		{name: "a time of no style", from: "{column: Changed}", to: "{column: Changed, style: soon}", line: 8, column: 10, want: "updated"},
		{name: "a group of no kind", from: "skip:", to: "group: near\nskip:", line: 9, column: 8, want: "adjacent or anywhere"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := export.CheckMapping([]byte(strings.Replace(good, c.from, c.to, 1)), commerce.Inventory, platform.Config{})
			if c.line == 0 {
				if m != nil {
					t.Errorf("%+v", *m)
				}
				return
			}
			if m == nil {
				t.Fatal("nothing is found")
			}
			t.Logf("%+v", *m)
			if m.Line != c.line || m.Column != c.column || !strings.Contains(m.Message, c.want) {
				t.Errorf("line %d, column %d: %s; want line %d, column %d, with %q", m.Line, m.Column, m.Message, c.line, c.column, c.want)
			}
		})
	}
}

// TestCheckMapping_PresetsAreRight: what compare --save writes has no mistake.
func TestCheckMapping_PresetsAreRight(t *testing.T) {
	for _, p := range export.Presets() {
		for _, m := range p.Mappings {
			content, err := yaml.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			if wrong := export.CheckMapping(content, m.Kind, platform.Config{}); wrong != nil {
				t.Errorf("%s, %s: %+v\n%s", p.Name, m.Kind, *wrong, content)
			}
		}
	}
}
