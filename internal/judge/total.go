package judge

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/total"
)

// Added is what a row adds under a rule with the check total.
type Added struct {
	total.Entry
	// Undated says why the day is not known that the row belongs to, or is blank;
	// Changed is when the row last changed.
	Undated string
	Changed time.Time
}

// Judged is a rule and its verdict on the row at hand.
type Judged struct {
	Rule registry.Rule
	Verdict
}

// Add says what a row adds to the totals of a rule, and reports false for a row
// that does not count. A row belongs to the day on which the believed side says
// that it came about, so that both sides are added to the same day. Judged is
// what the rules say that judge the row by itself: what they allow is allowed, and
// what they have found explains it.
func Add(rule registry.Rule, row record.Row, judged []Judged, c Context) (Added, bool) {
	p := newPair(rule, row, c, time.Time{})
	if _, ignored := rule.Ignores(row.Key); ignored || !p.from.Live && !p.to.Live {
		return Added{}, false
	}
	a := Added{Entry: total.Entry{Record: row.Key.Text(row.Kind)}, Changed: later(p.from.Changed, p.to.Changed)}
	applies, err := p.counts()
	if err == nil && !applies {
		return Added{}, false
	}
	if err != nil {
		a.Unknown = p.reason(err)
	}
	at, dated := p.dated()
	if !dated {
		a.Undated = fmt.Sprintf("%s: no system says when it came about", a.Record)
		return a, true
	}
	a.Period = rule.Totals.Day(at)
	a.by(p)
	if a.Unknown == "" {
		a.sums(p, judged)
	}
	a.known(p, judged)
	return a, true
}

// counts evaluates the rule's condition. What it asks of a side that does not
// have the record is no reason to leave the record out.
func (p *pair) counts() (bool, error) {
	applies, err := p.applies(p.from, p.to)
	var missing *formula.MissingError
	if errors.As(err, &missing) {
		side, _, _ := strings.Cut(missing.Name, ".")
		if side == "from" && !p.from.Live || side == "to" && !p.to.Live {
			return true, nil
		}
	}
	return applies, err
}

// dated is when the record came about: by the believed side, else by the other.
func (p *pair) dated() (time.Time, bool) {
	for _, s := range p.sides() {
		if !s.Live {
			continue
		}
		if at, ok := s.Facets[p.row.Kind.DatedBy()].Time(); ok {
			return at, true
		}
		if !s.Created.IsZero() {
			return s.Created, true
		}
	}
	return time.Time{}, false
}

// by notes what the record is added under beside its day.
func (a *Added) by(p *pair) {
	values := make([]string, 0, len(p.rule.Totals.By))
	for _, name := range p.rule.Totals.By {
		value, why := p.by(name)
		if why != "" && a.Unknown == "" {
			a.Unknown = why
		}
		if name == "currency" || name == "presentment_currency" {
			a.Currency = value
		}
		values = append(values, value)
	}
	if a.By = strings.Join(values, "/"); a.By == "" {
		a.By = total.All
	}
}

// unknownPart stands for a by-value that is not known.
const unknownPart = "?"

// by is one by-value: a part of the key, or what the believed side says, or the
// other side where that one does not.
func (p *pair) by(name string) (value, why string) {
	if i := slices.Index(p.row.Kind.KeyParts(), name); i >= 0 {
		return p.row.Key[i], ""
	}
	for _, s := range p.sides() {
		if v, ok := s.Facets[name]; ok && s.Live && !v.IsNull() {
			return v.String(), ""
		}
	}
	if name == "currency" && p.c.Currency != "" {
		return p.c.Currency, ""
	}
	return unknownPart, name + " is missing"
}

// sums notes what both sides add.
func (a *Added) sums(p *pair, judged []Judged) {
	a.Sums = map[string]total.Sum{}
	for _, e := range p.rule.Expect {
		s, why := p.sum(e, judged)
		if why != "" {
			a.Unknown, a.Sums = why, nil
			return
		}
		a.Sums[e.Facet] = s
	}
	if p.rule.Totals.Count {
		a.Sums[total.Records] = total.Sum{Expected: one(p.from.Live), Actual: one(p.to.Live)}
	}
}

func one(live bool) commerce.Decimal {
	if live {
		return commerce.Int(1)
	}
	return commerce.Decimal{}
}

// sum is one measure of the record. A side that does not have the record adds
// nothing.
func (p *pair) sum(e registry.Expectation, judged []Judged) (s total.Sum, why string) {
	switch {
	case p.from.Live && p.to.Live:
		f, _ := p.facet(e, p.from, p.to)
		if f.Outcome == CannotTell {
			return s, f.Why
		}
		if s.Expected, why = amount(f.Expected, e.Facet, p.from); why == "" {
			s.Actual, why = amount(f.Actual, e.Facet, p.to)
		}
		if f.Delta != nil && (f.Outcome == Agree || p.allowed(e.Facet, judged)) {
			s.Allowed = *f.Delta
		}
	case p.from.Live:
		v, err := p.expected(e, p.from, p.to, commerce.Decimal{})
		if err != nil {
			return s, p.reason(err)
		}
		s.Expected, why = amount(v.String(), e.Facet, p.from)
	default:
		v, ok := p.to.Facets[e.Facet]
		if !ok {
			return s, fmt.Sprintf("%s of %s is missing", e.Facet, p.to.System)
		}
		s.Actual, why = amount(v.String(), e.Facet, p.to)
	}
	return s, why
}

// allowed reports whether a rule that compares the facet between the same systems
// takes the record as it is: the totals of many such records differ, and nothing
// is wrong.
func (p *pair) allowed(facet string, judged []Judged) bool {
	return slices.ContainsFunc(judged, func(j Judged) bool {
		return j.Rule.From == p.rule.From && j.Rule.To == p.rule.To && slices.ContainsFunc(j.Facets, func(f FacetVerdict) bool {
			return f.Facet == facet && f.Outcome == Agree
		})
	})
}

// amount reads a number as a verdict writes it.
func amount(text, facet string, s record.Side) (commerce.Decimal, string) {
	d, err := commerce.ParseDecimal(text)
	if err != nil {
		return d, fmt.Sprintf("%s of %s is null", facet, s.System)
	}
	return d, ""
}

// known notes what tells of the record already: an open finding of a rule
// between the same two systems, or such a rule whose settle time goes on.
func (a *Added) known(p *pair, judged []Judged) {
	for _, j := range judged {
		r := j.Rule
		m, marked := p.row.Marks[r.Name()]
		same := r.From == p.rule.From && r.To == p.rule.To || r.From == p.rule.To && r.To == p.rule.From
		switch {
		case !marked || !same:
		case m.Open != "":
			a.Finding, a.Waits = m.Open, ""
			return
		case a.Waits == "":
			a.Waits = r.ID
		}
	}
}

// judgeTotal judges a row that stands for what nothing explains of a day's
// total: each measure is a view, which is gone when the totals are explained.
func judgeTotal(rule registry.Rule, row record.Row) Verdict {
	if row.Key[0] != rule.Integration || row.Key[1] != rule.ID {
		return verdict(rule, NotJudged, "the row is of another rule")
	}
	v := verdict(rule, Agree, "")
	for _, view := range row.Views {
		if view.Gone {
			continue
		}
		v.Outcome, v.Class = Differ, finding.TotalDiffers
		if v.Since.IsZero() || view.Created.Before(v.Since) {
			v.Since = view.Created
		}
		v.Why, v.Currency = words(view.Facets, "reason"), words(view.Facets, "currency")
		v.Cause = finding.Cause{System: rule.To, Delivery: view.Delivery, Received: view.Received, Version: view.Version}
		expected, actual := view.Facets["expected"], view.Facets["actual"]
		f := FacetVerdict{Facet: view.Part, Outcome: Differ, Expected: expected.String(), Actual: actual.String(), Delta: delta(expected, actual)}
		if v.Facets = append(v.Facets, f); v.Impact == nil && f.Delta != nil && view.Part != total.Records && v.Currency != "" {
			most := f.Delta.Abs()
			v.Impact = &most
		}
	}
	v.First, v.Due = v.Since, v.Since
	return v
}

func words(facets commerce.Facets, name string) string {
	if v, ok := facets[name]; ok && !v.IsNull() {
		return v.String()
	}
	return ""
}

// totalRule judges the days that a rule with the check total could not explain.
func totalRule(of registry.Rule) registry.Rule {
	return registry.Rule{
		Integration: of.Integration, ID: of.ID, Kind: commerce.Total, From: of.From, To: of.To, Check: registry.Equal,
		Mode: of.Mode, Severity: of.Severity, AlertOver: of.AlertOver, FirstCheck: of.FirstCheck, Settle: registry.Settle{By: -1},
	}
}
