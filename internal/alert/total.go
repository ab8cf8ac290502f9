package alert

import (
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
)

// recordsMeasure is the number of records of a day, among facets.
const recordsMeasure = "records"

// lawMeasure is what the two sides of a law are called, among facets.
const lawMeasure = "holds"

// totalFact says how far a day's totals are apart beyond what is known.
func (s story) totalFact() string {
	if s.count == 1 {
		m := s.told[0]
		d := mainDifference(m)
		if d.Facet == lawMeasure {
			return s.lawFact(m, d)
		}
		if d.Delta == nil {
			return upper(s.name(m)) + " differ between " + clean(s.From) + " and " + clean(s.To)
		}
		return fmt.Sprintf("%s: %s has %s than %s, and nothing explains it", upper(s.name(m)), clean(s.To),
			s.moreOrLess(d.Facet, m.Currency, *d.Delta), clean(s.From))
	}
	if facet, expected, actual, ok := s.totals(); ok && s.oneWay() {
		if delta, err := actual.Sub(expected); err == nil {
			return fmt.Sprintf("%s: %s has %s than %s, and nothing explains it", s.subject(), clean(s.To),
				s.moreOrLess(facet, s.told[0].Currency, delta), clean(s.From))
		}
	}
	return fmt.Sprintf("%s differ between %s and %s, and nothing explains it", s.subject(), clean(s.From), clean(s.To))
}

// lawFact says by how much a law does not hold.
func (s story) lawFact(m Member, d finding.Difference) string {
	fact := fmt.Sprintf("%s: the law %s does not hold", upper(s.name(m)), clean(s.Rule))
	if d.Delta == nil || d.Delta.Sign() == 0 {
		return fact
	}
	return fact + ", " + s.amountOf(d.Facet, m.Currency, d.Delta.Abs()) + " off"
}

// totalOf names a day and its by-values: "22 Nov, USD".
func (s story) totalOf(m Member) string {
	parts := strings.SplitN(m.Key, "/", 4)
	for len(parts) < 4 {
		parts = append(parts, "")
	}
	text := clean(parts[2])
	if day, err := time.ParseInLocation(time.DateOnly, parts[2], s.now.Location()); err == nil {
		if text = day.Format("2 Jan"); day.Year() != s.now.Year() {
			text = day.Format("2 Jan 2006")
		}
	}
	if by := clean(parts[3]); by != "" && by != "all" {
		text += ", " + by
	}
	return text
}

// totalCheck is where the records are that nothing explains.
func (s story) totalCheck() string {
	parts := strings.SplitN(s.told[0].Key, "/", 4)
	if len(parts) < 4 {
		return ""
	}
	return fmt.Sprintf("plumbline totals --integration %s --period %s lists the records of the day that differ.", clean(parts[0]), clean(parts[2]))
}

// isTotalMoney reports whether a measure of a day's totals may be an amount. One
// without a currency is written as a number.
func isTotalMoney(facet string) bool {
	return facet != recordsMeasure && !strings.HasPrefix(facet, "units")
}
