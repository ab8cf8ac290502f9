package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/total"
)

// AddTerm says what a row adds to one term of a law, on which of the days. A
// record of a flow belongs to the day on which it came about; what changes does
// so on every day on which it changed.
func AddTerm(rule registry.Rule, term registry.Term, row record.Row, days []string, judged []Judged, c Context) []Added {
	of := rule
	of.From, of.To, of.When = term.System, term.System, nil
	t := termOf{pair: newPair(of, row, c, time.Time{}), term: term, law: rule.Law}
	switch {
	case term.Kind != row.Kind || !t.from.Known:
		return nil
	case term.Change:
		return t.changes(days)
	}
	a, counts := t.flow(judged)
	if !counts || a.Undated == "" && !slices.Contains(days, a.Period) {
		return nil
	}
	return []Added{a}
}

// termOf is one term of a law and the side that it adds up.
type termOf struct {
	*pair
	term registry.Term
	law  *registry.Law
}

// flow is what the record adds to its day, as it is now.
func (t termOf) flow(judged []Judged) (Added, bool) {
	if !t.from.Live {
		return Added{}, false
	}
	a := t.entry()
	values, counts, why := t.values(t.from)
	if why == "" && !counts {
		return a, false
	}
	at, dated := t.dated()
	if !dated {
		a.Undated = fmt.Sprintf("%s: %s does not say when it came about", a.Record, t.term.System)
		return a, true
	}
	a.Period = t.rule.Totals.Day(at)
	a.by(t.pair)
	switch {
	case a.Unknown != "":
	case why != "":
		a.Unknown = why
	case t.law.Each():
		a.each(t, values)
		a.knownOf(t, judged)
	default:
		a.Terms = t.named(values)
	}
	return a, true
}

func (t termOf) entry() Added {
	return Added{Entry: total.Entry{Record: t.row.Key.Text(t.row.Kind)}, Changed: t.from.Changed}
}

// changes is what the record's facets changed by on each of the days.
func (t termOf) changes(days []string) []Added {
	var all []Added
	for _, day := range t.moved() {
		begins, ends, ok := t.rule.Totals.Span(day)
		if !ok || !slices.Contains(days, day) {
			continue
		}
		a := t.entry()
		a.Period = day
		if a.by(t.pair); a.Unknown == "" {
			a.Terms, a.Unknown = t.change(begins, ends)
		}
		if len(a.Terms) > 0 || a.Unknown != "" {
			all = append(all, a)
		}
	}
	return all
}

// moved are the days on which the side changed, or came about.
func (t termOf) moved() []string {
	var days []string
	if !t.from.Created.IsZero() {
		days = append(days, t.rule.Totals.Day(t.from.Created))
	}
	for _, at := range t.row.Changes(t.term.System) {
		days = append(days, t.rule.Totals.Day(at))
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// change is what the named facets changed by between two instants.
func (t termOf) change(begins, ends time.Time) (map[string]commerce.Decimal, string) {
	if t.row.Forgets(t.term.System).After(begins) {
		return nil, fmt.Sprintf("it changed too often in %s to know what it was when the day began", t.term.System)
	}
	before, why := t.at(begins)
	if why != "" {
		return nil, why
	}
	after, why := t.at(ends)
	if why != "" {
		return nil, why
	}
	moved := map[string]commerce.Decimal{}
	for _, name := range t.measures() {
		delta, err := after[name].Sub(before[name])
		if err != nil {
			return nil, err.Error()
		}
		if delta.Sign() != 0 {
			moved[t.term.Name+"."+name] = delta
		}
	}
	return moved, ""
}

// at is what the side counted for just before an instant; nothing where it did
// not count. What was there before anybody listened was what it was at first.
func (t termOf) at(instant time.Time) (map[string]commerce.Decimal, string) {
	if born := t.from.Created; !born.IsZero() && !born.Before(instant) {
		return nil, ""
	}
	side := t.row.SideAt(t.term.System, instant.Add(-1))
	if changes := t.row.Changes(t.term.System); !side.Known && len(changes) > 0 {
		side = t.row.SideAt(t.term.System, changes[0])
	}
	values, counts, why := t.values(side)
	if !counts {
		return nil, why
	}
	return values, why
}

// values are the numbers of the side that the law names, and whether the side
// counts for the term. The text says what is not known.
func (t termOf) values(side record.Side) (values map[string]commerce.Decimal, counts bool, why string) {
	if !side.Live {
		return nil, false, ""
	}
	if t.term.When != nil {
		v, err := t.term.When.Eval(bare(side))
		switch {
		case err != nil:
			return nil, true, t.reason(err) + " in " + t.term.System
		case !v.IsTrue():
			return nil, false, ""
		}
	}
	values = map[string]commerce.Decimal{total.Records: commerce.Int(1)}
	for _, facet := range t.term.Facets {
		v, ok := side.Facets[facet]
		if !ok {
			return nil, true, fmt.Sprintf("%s of %s is missing", facet, t.term.System)
		}
		if values[facet], why = amount(v.String(), facet, side); why != "" {
			return nil, true, why
		}
	}
	return values, true, ""
}

// bare looks facets up by their names alone.
func bare(side record.Side) formula.Lookup {
	return func(name string) (commerce.Value, bool) {
		v, ok := side.Facets[name]
		return v, ok
	}
}

// measures are the numbers that the law may name of the term.
func (t termOf) measures() []string { return append(slices.Clone(t.term.Facets), total.Records) }

// named are the values by the names that the law has for them.
func (t termOf) named(values map[string]commerce.Decimal) map[string]commerce.Decimal {
	named := map[string]commerce.Decimal{}
	for name, d := range values {
		named[t.term.Name+"."+name] = d
	}
	return named
}

// each notes both sides of a law that has to hold for every record by itself.
func (a *Added) each(t termOf, values map[string]commerce.Decimal) {
	left, right, why := Sides(t.law, t.named(values))
	if why != "" {
		a.Unknown = why
		return
	}
	a.Sums = map[string]total.Sum{registry.HoldsMeasure: {Expected: right, Actual: left}}
}

// Sides evaluates both sides of a law over the sums of its terms. A sum of
// nothing is zero. The text says why they are not known, or is blank.
func Sides(l *registry.Law, sums map[string]commerce.Decimal) (left, right commerce.Decimal, why string) {
	lookup := func(name string) (commerce.Value, bool) { return commerce.Number(sums[name]), true }
	for _, side := range []struct {
		of *formula.Formula
		to *commerce.Decimal
	}{{l.Left, &left}, {l.Right, &right}} {
		v, err := side.of.Eval(lookup)
		d, ok := v.Decimal()
		if err != nil || !ok {
			return left, right, fmt.Sprintf("%s cannot be computed", strings.TrimSpace(side.of.String()))
		}
		*side.to = d
	}
	return left, right, ""
}

// knownOf notes what tells of the record already: a finding of any rule about the
// term's system.
func (a *Added) knownOf(t termOf, judged []Judged) {
	for _, j := range judged {
		m, marked := t.row.Marks[j.Rule.Name()]
		switch {
		case !marked || j.Rule.From != t.term.System && j.Rule.To != t.term.System:
		case m.Open != "":
			a.Finding, a.Waits = m.Open, ""
			return
		case a.Waits == "":
			a.Waits = j.Rule.ID
		}
	}
}
