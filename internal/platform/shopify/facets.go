package shopify

import "github.com/plumbline/plumbline/internal/commerce"

// facets collects an observation's facets. A value that the body does not have
// stays missing, and null stays null: neither is ever filled with a default.
type facets struct {
	*reader
	values commerce.Facets
}

func (f facets) put(facet string, v commerce.Value) { f.values[facet] = v }

func (f facets) text(facet, name string, v field) {
	switch {
	case v.Null():
		f.put(facet, commerce.Null())
	case v.Given():
		f.put(facet, commerce.Text(f.reader.text(name, v)))
	}
}

func (f facets) number(facet, name string, v field) {
	switch {
	case v.Null():
		f.put(facet, commerce.Null())
	case v.Given():
		f.put(facet, commerce.Number(f.reader.number(name, v)))
	}
}

func (f facets) truth(facet, name string, v field) {
	switch {
	case v.Null():
		f.put(facet, commerce.Null())
	case v.Given():
		f.put(facet, commerce.Bool(f.reader.truth(name, v)))
	}
}

func (f facets) time(facet, name string, v field) {
	switch {
	case v.Null():
		f.put(facet, commerce.Null())
	case v.Given():
		f.put(facet, commerce.Time(f.reader.time(name, v)))
	}
}

func (f facets) count(facet string, n int64) { f.put(facet, commerce.Number(commerce.Int(n))) }
