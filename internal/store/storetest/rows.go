// Package storetest holds every adapter of store to the same promises, and
// makes the rows with which to try them.
package storetest

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/trend"
)

// Diff says in what two values differ, or is blank. Values and decimals are
// compared as such, times as instants.
func Diff(want, got any) string {
	return cmp.Diff(want, got,
		cmp.Comparer(func(a, b commerce.Value) bool { return a == b }),
		cmp.Comparer(func(a, b commerce.Decimal) bool { return a == b }))
}

// Rows draws rows of every kind with everything that a row can hold, odd texts
// and fine times included.
func Rows() *rapid.Generator[record.Row] {
	return rapid.Custom(func(t *rapid.T) record.Row {
		kind := rapid.SampledFrom(append(commerce.Kinds(), commerce.Link, commerce.Mapping)).Draw(t, "kind")
		row := record.Row{
			Kind:       kind,
			Key:        drawKey(t, kind),
			Views:      rapid.SliceOfNDistinct(views(kind), 0, 4, func(v record.View) record.ViewID { return v.ViewID }).Draw(t, "views"),
			Rev:        rapid.Int64Range(0, 1<<40).Draw(t, "rev"),
			Generation: texts.Draw(t, "generation"),
			Due:        instants.Draw(t, "due"),
			Expires:    instants.Draw(t, "expires"),
			Suppressed: instants.Draw(t, "suppressed"),
			Redacted:   instants.Draw(t, "redacted"),
		}
		if kind == commerce.Link {
			row.Waiting = rapid.SliceOfN(waiting, 0, 3).Draw(t, "waiting")
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "marks") {
			if row.Marks == nil {
				row.Marks = map[string]record.Mark{}
			}
			row.Marks[fmt.Sprintf("%s/%d", texts.Draw(t, "integration"), i)] = marks.Draw(t, "mark")
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "lessons") {
			if row.Lessons == nil {
				row.Lessons = map[string]record.Lesson{}
			}
			row.Lessons[fmt.Sprintf("%s/%d", texts.Draw(t, "integration"), i)] = lessons.Draw(t, "lesson")
		}
		return row
	})
}

var (
	texts    = rapid.OneOf(rapid.SampledFrom([]string{"", "|", "%7C", "a|b%25", "4:x", "östlich", " "}), rapid.StringN(0, 12, -1))
	versions = rapid.Custom(func(t *rapid.T) commerce.Version {
		return commerce.Version(rapid.SliceOfN(rapid.Byte(), 27, 27).Draw(t, "version"))
	})
	instants = rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "zero") {
			return time.Time{}
		}
		sec := rapid.Int64Range(-1e9, 1e10).Draw(t, "second")
		nano := rapid.SampledFrom([]int64{0, 1, 1e6, 999_000_000, 500_000_000, 123_456_789}).Draw(t, "nano")
		return time.Unix(sec, nano).In(time.FixedZone("", 3600))
	})
	decimals = rapid.Custom(func(t *rapid.T) commerce.Decimal {
		return commerce.MustDecimal(fmt.Sprintf("%d.%02d", rapid.Int64Range(-1e12, 1e12).Draw(t, "whole"), rapid.IntRange(0, 99).Draw(t, "cents")))
	})
	lines = rapid.Custom(func(t *rapid.T) commerce.Line {
		return commerce.Line{SKU: texts.Draw(t, "sku"), Location: texts.Draw(t, "location"), Units: decimals.Draw(t, "units")}
	})
	marks = rapid.Custom(func(t *rapid.T) record.Mark {
		return record.Mark{
			Since: instants.Draw(t, "since"), First: instants.Draw(t, "first"),
			Unexplained: instants.Draw(t, "unexplained"), Look: instants.Draw(t, "look"), Cause: texts.Draw(t, "cause"),
			System: texts.Draw(t, "system"), Version: versions.Draw(t, "version"), Open: texts.Draw(t, "open"),
		}
	})
	lessons = rapid.Custom(func(t *rapid.T) record.Lesson {
		l := record.Lesson{
			Settled: instants.Draw(t, "settled"), Took: time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "took")),
		}
		if rapid.Bool().Draw(t, "differed") {
			l.Leak = leaks.Draw(t, "leak")
		}
		return l
	})
	leaks = rapid.Custom(func(t *rapid.T) trend.Leak {
		amounts := rapid.OneOf(rapid.Just(commerce.Decimal{}), decimals)
		leak := trend.Leak{Level: amounts.Draw(t, "level")}
		if rapid.Bool().Draw(t, "stepped") {
			leak.Run = trend.Run{
				Score: rapid.IntRange(-18, 18).Draw(t, "score"), Rough: rapid.Bool().Draw(t, "rough"),
				Steps: rapid.IntRange(0, 1e6).Draw(t, "steps"), Against: rapid.IntRange(0, 9).Draw(t, "against"),
				Sum: amounts.Draw(t, "sum"), Most: amounts.Draw(t, "most"),
				Since: instants.Draw(t, "since"), Last: instants.Draw(t, "last"), Found: instants.Draw(t, "found"),
				Moved: amounts.Draw(t, "moved"), MovedAt: instants.Draw(t, "moved at"),
			}
		}
		return leak
	})
	waiting = rapid.Custom(func(t *rapid.T) commerce.Observation { return observation(t) })
)

func drawKey(t *rapid.T, kind commerce.Kind) commerce.Key {
	var key commerce.Key
	for _, name := range kind.KeyParts() {
		key = append(key, "k"+texts.Draw(t, name))
	}
	return key
}

func views(kind commerce.Kind) *rapid.Generator[record.View] {
	return rapid.Custom(func(t *rapid.T) record.View {
		v := record.View{
			ViewID:      record.ViewID{System: texts.Draw(t, "system"), Part: texts.Draw(t, "part"), Native: texts.Draw(t, "native")},
			Slot:        texts.Draw(t, "slot"),
			Version:     versions.Draw(t, "version"),
			Gone:        rapid.Bool().Draw(t, "gone"),
			SucceededBy: texts.Draw(t, "successor"),
			Created:     instants.Draw(t, "created"),
			Facets:      drawFacets(t, kind),
			Lines:       rapid.SliceOfN(lines, 0, 3).Draw(t, "lines"),
			Via:         texts.Draw(t, "via"),
			Received:    instants.Draw(t, "received"),
			Delivery:    texts.Draw(t, "delivery"),
			Ties:        record.Ties(rapid.Uint8().Draw(t, "ties")),
		}
		for range rapid.IntRange(0, record.MaxPast).Draw(t, "was") {
			v.Was = append(v.Was, record.Past{
				Until: instants.Draw(t, "until"), Delivery: texts.Draw(t, "delivery"),
				Gone: rapid.Bool().Draw(t, "gone"), Gap: rapid.Bool().Draw(t, "gap"), Facets: drawFacets(t, kind),
			})
		}
		return v
	})
}

func observation(t *rapid.T) commerce.Observation {
	kind := rapid.SampledFrom(commerce.Kinds()).Draw(t, "kind")
	o := commerce.Observation{
		System: texts.Draw(t, "system"), Kind: kind, Part: texts.Draw(t, "part"), Native: texts.Draw(t, "native"),
		Slot: texts.Draw(t, "slot"), Version: versions.Draw(t, "version"), Gone: rapid.Bool().Draw(t, "gone"),
		SucceededBy: texts.Draw(t, "successor"), Created: instants.Draw(t, "created"),
		Facets: drawFacets(t, kind), Lines: rapid.SliceOfN(lines, 0, 3).Draw(t, "lines"),
	}
	for _, name := range kind.KeyParts() {
		o.Key = append(o.Key, texts.Draw(t, name))
	}
	if rapid.Bool().Draw(t, "waits") {
		o.Via = &commerce.Via{Type: texts.Draw(t, "type"), Native: texts.Draw(t, "link"), Each: rapid.Bool().Draw(t, "each")}
	}
	return o
}

// drawFacets draws missing, null, blank and zero as often as other values.
func drawFacets(t *rapid.T, kind commerce.Kind) commerce.Facets {
	f := commerce.Facets{}
	for _, name := range append(kind.FacetNames(), "retired") {
		if rapid.IntRange(0, 2).Draw(t, "reported") == 0 {
			continue
		}
		f[name] = drawValue(t, kind, name)
	}
	return f
}

func drawValue(t *rapid.T, kind commerce.Kind, name string) commerce.Value {
	if rapid.IntRange(0, 4).Draw(t, "null") == 0 {
		return commerce.Null()
	}
	facet, _ := kind.FacetOf(name)
	switch facet.Type {
	case commerce.NumberType:
		return commerce.Number(rapid.OneOf(rapid.Just(commerce.Decimal{}), decimals).Draw(t, name))
	case commerce.BoolType:
		return commerce.Bool(rapid.Bool().Draw(t, name))
	case commerce.TimeType:
		return commerce.Time(instants.Draw(t, name))
	default:
		return commerce.Text(texts.Draw(t, name))
	}
}
