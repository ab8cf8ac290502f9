package registry

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
)

func (c *checker) rule(i Integration, y mergedRule) Rule {
	b := ruleBuilder{checker: c, yaml: y, defaults: c.file.Defaults}
	r := Rule{
		Integration: i.Name, ID: y.ID.text(), Kind: commerce.Kind(y.Kind.text()), From: i.From, To: i.To,
		Check:      Check(orText(y.Check.text(), string(Equal))),
		Mode:       Mode(orText(y.Mode.text(), b.defaults.Mode.text(), string(Watch))),
		Severity:   orText(y.Severity.text(), b.defaults.Severity.text(), "major"),
		FirstCheck: y.FirstCheck.text(),
		Authority:  Authority(y.Authority.text()),
	}
	r.SeverityOver = b.severityLimits(r.Severity)
	if y.From.given() {
		r.From = c.knownSystem(y.From.origin)
	}
	if y.To.given() {
		r.To = c.knownSystem(y.To.origin)
	}
	if r.From != "" && r.From == r.To && (y.From.given() || y.To.given()) {
		b.add(either(y.To, y.From).at(), "from and to are the same system, want two")
	}
	if r.Check == Total && y.Holds.given() {
		r.Settle.By, r.Valid, r.AlertOver = -1, b.valid(r), b.alertOver()
		r.Law, r.Totals = b.law(r)
		return r
	}
	if !y.Kind.given() {
		if !y.node.has("kind") {
			b.add(y.at(), "lacks kind, one of %s", strings.Join(kindSyntax.words, ", "))
		}
		return r
	}
	c.needsStore(r.Kind, r.From, r.To)
	if r.Check != Total {
		r.Settle = b.settle(r.To, r.Check)
	}
	r.Valid = b.valid(r)
	r.AlertOver = b.alertOver()
	r.When = b.formula(y.When.origin, r.Kind, whenPlace, commerce.BoolType)
	r.Impact = b.formula(y.Impact.origin, r.Kind, impactPlace, commerce.NumberType)
	if b.onlyOfTotals(r); r.Check == Total {
		r.Settle.By = -1
		r.Ignored = c.ignoredOf(r.Kind)
		r.Totals, r.Expect = b.totals(r)
		r.ExplainedBy = b.explained(r)
		b.noSegment("with check: total, by keeps apart")
		return r
	}
	r.Expect = b.expectations(r)
	r.ExplainedBy = b.explained(r)
	r.TaxRates = b.taxRates(r)
	r.Segment = b.segment(r)
	r.Ignored, r.Rates, r.Zone = c.ignoredOf(r.Kind), c.exchange, c.systems[r.From].Timezone
	r.Routes = b.routes(r)
	b.checkFits(r)
	return r
}

func orText(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// ruleBuilder reports problems of one rule where the reader can mend them.
type ruleBuilder struct {
	*checker
	yaml     mergedRule
	defaults yamlDefaults
}

// add reports a problem of the rule. What is wrong with a starter rule in its
// new surroundings is told where the pack is named.
func (b ruleBuilder) add(at place, format string, args ...any) {
	if strings.HasPrefix(at.file, packPrefix) && b.yaml.uses.file != "" {
		at = b.yaml.uses
	}
	b.errors.add(at, "rule "+b.yaml.ID.text()+": "+format, args...)
}

// settle reads how long the sides may differ. A time of day is in the zone of
// the system that must show the value. Only values that are compared may have to
// agree at once: a record is always missing before it is there.
func (b ruleBuilder) settle(to string, check Check) Settle {
	written := either(b.yaml.Settle, b.defaults.Settle)
	s := Settle{By: -1}
	switch value := written.text(); {
	case !written.given():
		if !b.yaml.node.has("settle") && !b.defaults.node.has("settle") {
			b.add(b.yaml.at(), "lacks settle: %s, here or in defaults", written.syntax().want)
		}
	case value == "learned":
		s.Learn = b.learn()
		s.For = s.Learn.To
	case strings.HasPrefix(value, "by "):
		s.By = minuteOfDay(strings.TrimPrefix(value, "by "))
		s.Zone = b.systems[to].Timezone
		if y, ok := b.file.Systems[nameKey(to)]; ok && y.given() && !y.node.has("timezone") {
			b.add(written.at(), "settle: %s needs a clock, want a timezone for systems.%s", value, to)
		}
	default:
		s.For = parseDuration(value)
		if s.For < 0 || s.For == 0 && check != Equal {
			b.add(written.at(), "settle: a duration of nothing, want at least 1s")
		}
	}
	b.learns(s)
	return s
}

func (b ruleBuilder) expectations(r Rule) []Expectation {
	if r.Check == Equal && len(b.yaml.Expect) == 0 && !b.yaml.node.has("expect") {
		b.add(b.yaml.at(), "lacks expect: what facets of the to side should be; only present, one, identity and state do without")
	}
	var list []Expectation
	for _, facet := range slices.Sorted(maps.Keys(b.yaml.Expect)) {
		y := b.yaml.Expect[facet]
		f, ok := r.Kind.FacetOf(string(facet))
		if !ok {
			b.add(y.named(), "unknown facet %q of %s, %s", facet, r.Kind, didYouMean(string(facet), r.Kind.FacetNames()))
			continue
		}
		e := Expectation{Facet: string(facet), Value: b.formula(y.origin, r.Kind, expectPlace, f.Type)}
		if within, ok := b.yaml.Within[facet]; ok {
			if f.Type != commerce.NumberType {
				b.add(within.named(), "within.%s: the facet is a %s, want a number facet", facet, f.Type)
				continue
			}
			e.Within = b.formula(within.origin, r.Kind, withinPlace, commerce.NumberType)
		}
		list = append(list, e)
	}
	for facet, within := range ordered(b.yaml.Within) {
		if _, ok := b.yaml.Expect[facet]; !ok {
			b.add(within.named(), "within.%s: the facet is not in expect, %s", facet, didYouMean(string(facet), facetNames(b.yaml.Expect)))
		}
	}
	return list
}

func facetNames(expect map[facetKey]formulaOf) []string {
	var names []string
	for _, facet := range slices.Sorted(maps.Keys(expect)) {
		names = append(names, string(facet))
	}
	return names
}

// formula compiles a formula, or reports its first problem at the very
// character. Nil is given for nothing.
func (b ruleBuilder) formula(y origin, kind commerce.Kind, where formulaPlace, want commerce.Type) *formula.Formula {
	if !y.given() {
		return nil
	}
	s := scope{kind: kind, tables: b.tables, where: where}
	f, err := formula.Compile(y.text(), s.typeOf, want)
	var bad *formula.Error
	switch {
	case errors.As(err, &bad):
		b.add(y.node.at(bad.Offset), "%s", s.explain(y.text(), bad))
	case err != nil:
		b.add(y.at(), "%s", err)
	}
	return f
}
