package judge

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Sample is one settled difference inside the tolerance, zero where the sides
// agree exactly.
type Sample struct {
	Facet string
	Delta commerce.Decimal
	// At is when it settled. It stays the same, so that each sample is told of once.
	At time.Time
}

// Samples are what a row and its verdict say of how a rule's records differ. What
// happens once, such as an order, is one sample for each number of it, of the time
// when it came about. What stands, such as stock, is one for each step of it,
// because it would be the same again every day.
func Samples(rule registry.Rule, row record.Row, v Verdict) []Sample {
	if happens(row.Kind) {
		return events(rule, row, v)
	}
	for _, e := range rule.Expect {
		if f, _ := row.Kind.FacetOf(e.Facet); f.Type == commerce.NumberType {
			if run := row.Lessons[rule.Name()].Leak.Run; !run.MovedAt.IsZero() {
				return []Sample{{Facet: e.Facet, Delta: run.Moved, At: run.MovedAt}}
			}
			return nil
		}
	}
	return nil
}

// happens reports whether records of a kind come about once and are many, rather
// than standing for something that is there.
func happens(kind commerce.Kind) bool {
	switch kind {
	case commerce.Order, commerce.Shipment, commerce.Return, commerce.Refund, commerce.Payment, commerce.Payout:
		return true
	default:
		return false
	}
}

func events(rule registry.Rule, row record.Row, v Verdict) []Sample {
	if v.Outcome != Agree && v.Class != finding.SlowDivergence {
		return nil
	}
	at, dated := newPair(rule, row, Context{}, time.Time{}).dated()
	if !dated {
		return nil
	}
	var samples []Sample
	for _, f := range v.Facets {
		if delta := f.Residual(); f.Outcome == Agree && delta != nil {
			samples = append(samples, Sample{Facet: f.Facet, Delta: *delta, At: rule.Settle.Due(at)})
		}
	}
	return samples
}

// Smallest is the smallest step of a facet that says anything.
func Smallest(kind commerce.Kind, facet string) commerce.Decimal {
	if kind.CurrencyOf(facet) != "" {
		return commerce.MustDecimal("0.01")
	}
	return commerce.Int(1)
}

const (
	// AllSegments is the segment of a rule whose records are not kept apart.
	AllSegments = "all"
	// OtherSegments are those of a rule beyond the number that is kept apart.
	OtherSegments = "others"
)

// SegmentOf names the segment of a record under a rule: "shopify-us/USD". What is
// not known of it is a question mark.
func SegmentOf(rule registry.Rule, row record.Row) string {
	p := newPair(rule, row, Context{}, time.Time{})
	values := make([]string, len(rule.Segment))
	for i, name := range rule.Segment {
		values[i], _ = p.by(name)
	}
	if len(values) == 0 {
		return AllSegments
	}
	return strings.Join(values, "/")
}

// GroupOf says in words in which part of a rule's records one is, as far as facets
// tell it that the rule's segment names: "vendor ACME, channel web". Places are told
// by the key.
func GroupOf(rule registry.Rule, row record.Row) string {
	p := newPair(rule, row, Context{}, time.Time{})
	var parts []string
	for _, name := range rule.Segment {
		if _, told := rule.Kind.FacetOf(name); !told || name == "currency" || name == "presentment_currency" {
			continue
		}
		if value, _ := p.by(name); value != unknownPart {
			parts = append(parts, name+" "+value)
		}
	}
	return strings.Join(parts, ", ")
}

// CurrencyIn is the currency of a facet in a segment that SegmentOf named, blank
// where it is not known.
func CurrencyIn(rule registry.Rule, segment, facet string) string {
	values := strings.Split(segment, "/")
	if len(values) < len(rule.Segment) || segment == OtherSegments {
		return ""
	}
	for i, name := range rule.Segment {
		// Places may hold the separator. Currencies do not, and come last.
		value := values[len(values)-len(rule.Segment)+i]
		if name == rule.Kind.CurrencyOf(facet) && value != unknownPart {
			return value
		}
	}
	return ""
}
