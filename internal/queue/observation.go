package queue

import (
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
)

// observationJSON is an observation on the wire. Names are short: a delivery of
// 500 records pays for each 500 times.
type observationJSON struct {
	System    string                `json:"system"`
	Kind      commerce.Kind         `json:"kind"`
	Key       commerce.Key          `json:"key"`
	Via       *viaJSON              `json:"via,omitempty"`
	Part      string                `json:"part,omitempty"`
	Native    string                `json:"native,omitempty"`
	Slot      string                `json:"slot,omitempty"`
	Version   commerce.Version      `json:"version"`
	Gone      bool                  `json:"gone,omitempty"`
	Successor string                `json:"successor,omitempty"`
	Created   instant               `json:"created,omitzero"`
	Facets    map[string]*typedJSON `json:"facets,omitempty"`
	Lines     []lineJSON            `json:"lines,omitempty"`
}

type viaJSON struct {
	Type   string `json:"type"`
	Native string `json:"native"`
	Each   bool   `json:"each,omitempty"`
}

type lineJSON struct {
	SKU      string           `json:"sku,omitempty"`
	Location string           `json:"at,omitempty"`
	Units    commerce.Decimal `json:"units"`
}

// typedJSON is a value with its type as its one name: {"n":"12"}. Null is null.
type typedJSON struct {
	Number *string `json:"n,omitempty"`
	Text   *string `json:"s,omitempty"`
	Bool   *bool   `json:"b,omitempty"`
	Time   *string `json:"t,omitempty"`
}

func toJSON(o commerce.Observation) observationJSON {
	m := observationJSON{
		System: o.System, Kind: o.Kind, Key: o.Key, Part: o.Part, Native: o.Native, Slot: o.Slot, Version: o.Version,
		Gone: o.Gone, Successor: o.SucceededBy, Created: instant{o.Created},
	}
	if o.Via != nil {
		m.Via = &viaJSON{o.Via.Type, o.Via.Native, o.Via.Each}
	}
	if len(o.Facets) > 0 {
		m.Facets = make(map[string]*typedJSON, len(o.Facets))
	}
	for name, v := range o.Facets {
		m.Facets[name] = typed(v)
	}
	for _, l := range o.Lines {
		m.Lines = append(m.Lines, lineJSON(l))
	}
	return m
}

func typed(v commerce.Value) *typedJSON {
	text := v.String()
	switch v.Type() {
	case commerce.NumberType:
		return &typedJSON{Number: &text}
	case commerce.TextType:
		return &typedJSON{Text: &text}
	case commerce.BoolType:
		truth := v.IsTrue()
		return &typedJSON{Bool: &truth}
	case commerce.TimeType:
		return &typedJSON{Time: &text}
	default:
		return nil
	}
}

func (m observationJSON) observation(where string) (commerce.Observation, error) {
	if !knownKind(m.Kind, m.Key) {
		return commerce.Observation{}, &PoisonError{where, "a known kind and as many key parts as it has"}
	}
	o := commerce.Observation{
		System: m.System, Kind: m.Kind, Key: m.Key, Part: m.Part, Native: m.Native, Slot: m.Slot, Version: m.Version,
		Gone: m.Gone, SucceededBy: m.Successor, Created: m.Created.UTC(),
	}
	if m.Via != nil {
		o.Via = &commerce.Via{Type: m.Via.Type, Native: m.Via.Native, Each: m.Via.Each}
	}
	if len(m.Facets) > 0 {
		o.Facets = make(commerce.Facets, len(m.Facets))
	}
	for name, stored := range m.Facets {
		v, err := stored.value()
		if err != nil {
			return o, &PoisonError{fmt.Sprintf("%s.facets.%s", where, name), "one value of one type"}
		}
		o.Facets[name] = v
	}
	for _, l := range m.Lines {
		o.Lines = append(o.Lines, commerce.Line(l))
	}
	return o, nil
}

// value reads the one member that is set.
func (m *typedJSON) value() (commerce.Value, error) {
	if m == nil {
		return commerce.Null(), nil
	}
	var v commerce.Value
	var err error
	set := 0
	read := func(t commerce.Type, text *string) {
		if text != nil && err == nil {
			set++
			v, err = commerce.ParseValue(t, *text)
		}
	}
	read(commerce.NumberType, m.Number)
	read(commerce.TextType, m.Text)
	read(commerce.TimeType, m.Time)
	if m.Bool != nil {
		set++
		v = commerce.Bool(*m.Bool)
	}
	if set != 1 {
		return commerce.Value{}, &PoisonError{"facet", "one value"}
	}
	return v, err
}
