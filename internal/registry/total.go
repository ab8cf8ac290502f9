package registry

import (
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
)

// Totals is what a rule with the check total adds up, and when. Expect are the
// measures: facets of To, and what each record should add to them.
type Totals struct {
	// By are the facets and key parts beside the day for which totals are kept
	// apart, in the order of the file.
	By []string
	// Count says that records are counted as well.
	Count bool
	// Closes is when, on the day after, a day's totals are judged: minutes after
	// midnight in Zone.
	Closes int
	Zone   *time.Location
	// Days is the zone in which days begin.
	Days *time.Location
	// Within is how far measures may be off, by facet or "records".
	Within map[string]commerce.Decimal
}

// recordsMeasure is what a number of records is called beside facets.
const recordsMeasure = "records"

// dayPart is the by-value that every total has.
const dayPart = "day"

// Span is a day as an interval: from its first instant until just before the
// next day's. It reports false for what is no day such as "2026-11-22".
func (t Totals) Span(day string) (begins, ends time.Time, ok bool) {
	begins, err := time.ParseInLocation(time.DateOnly, day, t.Days)
	if err != nil {
		return begins, ends, false
	}
	return begins, time.Date(begins.Year(), begins.Month(), begins.Day()+1, 0, 0, 0, 0, t.Days), true
}

// Closed is when a day's totals are judged, zero for what is no day.
func (t Totals) Closed(day string) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, day, t.Zone)
	if err != nil {
		return time.Time{}
	}
	return time.Date(at.Year(), at.Month(), at.Day()+1, t.Closes/60, t.Closes%60, 0, 0, t.Zone)
}

// Day is the day that an instant belongs to.
func (t Totals) Day(at time.Time) string { return at.In(t.Days).Format(time.DateOnly) }

// LastClosed is the last day whose totals are judged by now.
func (t Totals) LastClosed(now time.Time) string {
	day := now.In(t.Zone)
	for range 3 {
		if text := day.Format(time.DateOnly); !t.Closed(text).After(now) {
			return text
		}
		day = time.Date(day.Year(), day.Month(), day.Day()-1, 12, 0, 0, 0, t.Zone)
	}
	return ""
}

// TotalRules lists the rules with the check total that are not off, in the order
// of the file.
func (r *Registry) TotalRules() []Rule {
	var rules []Rule
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			if rule.Totals != nil && rule.Mode != Off {
				rules = append(rules, rule)
			}
		}
	}
	return rules
}

// Adds reports whether some rule adds up the system's records of the kind.
func (r *Registry) Adds(kind commerce.Kind, system string) bool {
	return slices.ContainsFunc(r.TotalRules(), func(rule Rule) bool {
		return rule.Adds(kind, system)
	})
}

// readsTotal reports whether the rule needs the facet of one of its systems to
// know where a record is added.
func (r Rule) readsTotal(system, facet string) bool {
	if r.Totals == nil || r.Law != nil || r.From != system && r.To != system {
		return false
	}
	return slices.Contains(r.Totals.By, facet) || facet == r.Kind.DatedBy()
}

// totals reads what a rule with the check total adds up.
func (b ruleBuilder) totals(r Rule) (*Totals, []Expectation) {
	y, t := b.yaml, b.closes(r)
	t.Count = y.Count.text() == "true"
	measures := b.measures(r)
	if len(measures) == 0 && !t.Count && !y.node.has("sum") && !y.node.has("expect") && !y.node.has("count") {
		b.add(y.at(), "adds nothing up, want sum, expect or count: true")
	}
	t.By = b.by(r, measures)
	known := map[string]bool{recordsMeasure: t.Count}
	for _, e := range measures {
		known[e.Facet] = true
	}
	b.limits(t, known)
	return t, measures
}

// closes reads when days are judged, and in which zones.
func (b ruleBuilder) closes(r Rule) *Totals {
	y := b.yaml
	b.notOfTotals(y.Settle.origin, "settle", "want closes")
	b.notOfTotals(y.Impact.origin, "impact", "the money at risk is what is left")
	t := &Totals{Within: map[string]commerce.Decimal{}, Zone: b.zoneOf(r.To), Days: b.zoneOf(r.From)}
	if y.Closes.given() {
		t.Closes = minuteOfDay(y.Closes.text())
	} else if !y.node.has("closes") {
		b.add(y.at(), "lacks closes: when on the day after a day's totals are judged, such as \"09:00\"")
	}
	return t
}

func (b ruleBuilder) notOfTotals(o origin, field, why string) {
	if o.given() {
		b.add(o.named(), "%s is not for check: total; %s", field, why)
	}
}

func (b ruleBuilder) zoneOf(system string) *time.Location {
	if zone := b.systems[system].Timezone; zone != nil {
		return zone
	}
	return time.UTC
}

// measures are the facets of sum, which are compared as they are, and those of
// expect.
func (b ruleBuilder) measures(r Rule) []Expectation {
	var list []Expectation
	for _, w := range b.yaml.Sum {
		if !w.given() || !b.numberFacet(w.origin, r.Kind, w.text()) {
			continue
		}
		if _, twice := b.yaml.Expect[facetKey(w.text())]; twice || slices.ContainsFunc(list, func(e Expectation) bool { return e.Facet == w.text() }) {
			b.add(w.at(), "sum: %s stands twice, want it once in sum or expect", w.text())
			continue
		}
		value, err := formula.Compile("from."+w.text(), scope{kind: r.Kind}.typeOf, commerce.NumberType)
		if err != nil {
			continue // the facet is known and a number
		}
		list = append(list, Expectation{Facet: w.text(), Value: value})
	}
	for facet, y := range ordered(b.yaml.Expect) {
		if !b.numberFacet(origin{node: y.key, key: y.key}, r.Kind, string(facet)) {
			continue
		}
		f := b.formula(y.origin, r.Kind, totalPlace, commerce.NumberType)
		list = append(list, Expectation{Facet: string(facet), Value: f})
	}
	slices.SortFunc(list, func(x, y Expectation) int { return strings.Compare(x.Facet, y.Facet) })
	return list
}

func (b ruleBuilder) numberFacet(at origin, kind commerce.Kind, name string) bool {
	f, ok := kind.FacetOf(name)
	switch {
	case !ok:
		b.add(at.at(), "unknown facet %q of %s, %s", name, kind, didYouMean(name, kind.FacetNames()))
	case f.Type != commerce.NumberType:
		b.add(at.at(), "%s is a %s, want a number facet", name, f.Type)
	default:
		return true
	}
	return false
}

// by reads for what totals are kept apart. Amounts of two currencies are never
// added.
func (b ruleBuilder) by(r Rule, measures []Expectation) []string {
	var by []string
	seen := map[string]bool{}
	for _, w := range b.yaml.By {
		name := w.text()
		f, facet := r.Kind.FacetOf(name)
		switch {
		case !w.given():
		case seen[name]:
			b.add(w.at(), "by: %s stands twice", name)
		case name == dayPart:
		case slices.Contains(r.Kind.NamingFacets(), name):
			b.add(w.at(), "by: %s may name a person, want another part", name)
		case !slices.Contains(r.Kind.KeyParts(), name) && (!facet || f.Type != commerce.TextType):
			b.add(w.at(), "by: unknown part %q of %s, %s", name, r.Kind, didYouMean(name, b.parts(r.Kind)))
		default:
			by = append(by, name)
		}
		seen[name] = true
	}
	if !seen[dayPart] && !b.yaml.node.has("by") {
		b.add(b.yaml.at(), "lacks by: for what totals are kept apart, such as [day, currency]")
	} else if !seen[dayPart] {
		b.add(b.yaml.By[0].at(), "by lacks day: totals are of days")
	}
	for _, e := range measures {
		if c := r.Kind.CurrencyOf(e.Facet); c != "" && !seen[c] {
			b.add(b.yaml.at(), "by lacks %s: %s is an amount, and those of two currencies are never added", c, e.Facet)
			break
		}
	}
	return by
}

// parts are what totals of a kind may be kept apart by.
func (b ruleBuilder) parts(kind commerce.Kind) []string {
	parts := append([]string{dayPart}, kind.KeyParts()...)
	for _, name := range kind.FacetNames() {
		if f, _ := kind.FacetOf(name); f.Type == commerce.TextType && !slices.Contains(kind.NamingFacets(), name) {
			parts = append(parts, name)
		}
	}
	return parts
}

// limits reads how far measures may be off. What may be off is what is left of a
// whole day, so it is a number.
func (b ruleBuilder) limits(t *Totals, known map[string]bool) {
	for name, y := range ordered(b.yaml.Within) {
		if !known[string(name)] {
			names := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(n string) bool { return !known[n] })
			b.add(y.named(), "within.%s: the rule does not add it up, %s", name, didYouMean(string(name), names))
			continue
		}
		limit, err := commerce.ParseDecimal(y.text())
		if err != nil || limit.Sign() < 0 {
			b.add(y.at(), "within.%s: want a number such as 0.05, for what is left of a whole day", name)
			continue
		}
		t.Within[string(name)] = limit
	}
}

// onlyOfTotals reports fields that mean something to totals alone.
func (b ruleBuilder) onlyOfTotals(r Rule) {
	if r.Check == Total {
		return
	}
	for _, f := range []struct {
		field string
		given bool
	}{
		{"holds", b.yaml.Holds.given()}, {"terms", len(b.yaml.Terms) > 0}, {"by", len(b.yaml.By) > 0}, {"sum", len(b.yaml.Sum) > 0}, {"count", b.yaml.Count.given()}, {"closes", b.yaml.Closes.given()},
	} {
		if f.given {
			b.add(b.yaml.at(), "%s is for check: total alone", f.field)
		}
	}
}

// digest covers what decides which records are added where.
func (t *Totals) digest(h hash.Hash) {
	if t == nil {
		return
	}
	part(h, "totals", fmt.Sprint(t.By), fmt.Sprint(t.Count), fmt.Sprint(t.Closes), t.Zone.String(), t.Days.String())
	for _, name := range slices.Sorted(maps.Keys(t.Within)) {
		part(h, "within "+name, t.Within[name].String())
	}
}
