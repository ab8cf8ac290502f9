package judge

import (
	"errors"
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// equal judges a rule that compares what both sides have.
func (p *pair) equal() Verdict {
	for _, s := range []record.Side{p.from, p.to} {
		switch {
		case !s.Known:
			return p.verdict(NotJudged, s.System+" has not reported the record")
		case !s.Live:
			return p.verdict(NotJudged, s.System+" no longer has the record")
		case s.Duplicate:
			return p.duplicate(s)
		}
	}
	applies, err := p.applies(p.from, p.to)
	if err != nil {
		return p.verdict(CannotTell, p.reason(err))
	}
	if !applies {
		return p.verdict(NotJudged, "the rule's condition is not met")
	}
	return p.values()
}

func (p *pair) duplicate(s record.Side) Verdict {
	v := p.verdict(CannotTell, s.System+" has the record twice")
	v.Class = finding.Duplicate
	return v
}

// values compares the expected facets of two live sides.
func (p *pair) values() Verdict {
	v := p.verdict(Agree, "")
	v.Facets = make([]FacetVerdict, 0, len(p.rule.Expect))
	differ, explained := false, false
	for _, e := range p.rule.Expect {
		f, byFlight := p.facet(e, p.from, p.to)
		v.Facets = append(v.Facets, f)
		differ = differ || f.Outcome == Differ
		explained = explained || byFlight
		switch {
		case f.Outcome == CannotTell && v.Outcome == Agree:
			v.Outcome, v.Why = CannotTell, f.Why
		case f.Explanation != nil && v.Why == "":
			v.Why = fmt.Sprintf("%s differs by %s", f.Facet, f.Explanation.Text)
		}
	}
	switch {
	case differ:
		if v.Outcome == Agree {
			v.Why = "" // what explains one facet does not explain the others
		}
		return p.unequal(v)
	case explained:
		v.Explained, v.Follows = true, true
		return p.explained(v)
	default:
		return v
	}
}

// explained is a difference that orders in flight account for.
func (p *pair) explained(v Verdict) Verdict {
	v = v.pending(fmt.Sprintf("orders in flight explain it: %s units in %d orders that %s does not have yet",
		p.flightUnits(), p.c.InFlight.Orders, p.rule.From))
	v.Since, v.First, v.Cause = p.now, p.now, p.cause(p.newest(), "")
	v.Due = p.rule.Settle.Due(p.now)
	return v
}

func (p *pair) flightUnits() commerce.Decimal {
	sum, _ := p.c.InFlight.Located.Add(p.c.InFlight.Floating)
	return sum
}

// tied is why the newest of two changes of one instant cannot be told.
const tied = "two changes bear the same time, and which came last is not known"

// unequal dates a difference by the settle clock and says whether its time has
// come.
func (p *pair) unequal(v Verdict) Verdict {
	if p.from.Ties || p.to.Ties {
		v.Outcome, v.Why = CannotTell, tied
		return v
	}
	c := p.clock(v)
	v.Since, v.First, v.Class, v.Follows = c.since, c.first, c.class, c.follows
	v.Unexplained = c.unexplained
	v.Cause = p.cause(c.since, c.by)
	v.Due = p.rule.Settle.Due(c.since)
	switch {
	case !p.now.Before(v.Due):
		v.Outcome = Differ
		v = p.unitChanged(v)
	case p.trailsTooLong(c):
		v.Outcome, v.Class, v.Due = Differ, finding.NeverSettles, p.now
	default:
		v = v.pending(fmt.Sprintf("inside the settle time until %s", v.Due.UTC().Format("15:04:05 MST")))
	}
	return v
}

func (v Verdict) pending(why string) Verdict {
	v.Outcome, v.Why = Pending, why
	v.Facets = slices.Clone(v.Facets)
	for i := range v.Facets {
		if v.Facets[i].Outcome == Differ {
			v.Facets[i].Outcome = Pending
		}
	}
	return v
}

// facet compares one facet of two sides. The second result reports that orders
// in flight explain the difference.
func (p *pair) facet(e registry.Expectation, from, to record.Side) (FacetVerdict, bool) {
	f := FacetVerdict{Facet: e.Facet, Outcome: CannotTell}
	if f.Why = p.mixed(e, from, to); f.Why != "" {
		return f, false
	}
	t, why := p.terms(e, from, to)
	if why != "" {
		f.Why = why
		return f, false
	}
	expected, err := p.expected(e, from, to, commerce.Decimal{})
	if err == nil {
		expected, err = t.convert(expected)
	}
	if err != nil {
		f.Why = p.reason(err)
		return f, false
	}
	actual, ok := to.Facets[e.Facet]
	if !ok {
		f.Why = fmt.Sprintf("%s of %s is missing", e.Facet, to.System)
		return f, false
	}
	f.Expected, f.Actual = expected.String(), actual.String()
	if f.Why = t.set(p, e, from, to); f.Why != "" {
		return f, false
	}
	f.Delta = delta(expected, actual)
	if agree(expected, actual, f.Delta, t.within) {
		f.Outcome = Agree
		return f, false
	}
	f.Outcome = Differ
	if len(p.rule.ExplainedBy) > 0 && f.Delta != nil {
		c := comparison{pair: p, expect: e, from: from, to: to, terms: t, delta: *f.Delta}
		f = c.byPolicy(f)
	}
	if f.Outcome != Differ || !p.inFlight(e) || p.c.InFlight == nil {
		return f, false
	}
	return p.flight(e, f, from, to, actual)
}

// flight compares once more, with orders in flight taken off: all of them, or the
// newest ones only. A job that sets stock without them undoes those that came before
// it, and not those after it.
func (p *pair) flight(e registry.Expectation, f FacetVerdict, from, to record.Side, actual commerce.Value) (FacetVerdict, bool) {
	located, floating := p.c.InFlight.Located, p.c.InFlight.Floating
	near, explained := p.takenOff(e, from, to, actual, located, floating)
	if near == nil {
		return f, false
	}
	f.Expected, f.Delta = near.String(), delta(*near, actual)
	newest := commerce.Decimal{}
	for _, units := range p.c.InFlight.Each {
		if newest, _ = newest.Add(units); explained || newest.Cmp(located) >= 0 {
			break
		}
		_, explained = p.takenOff(e, from, to, actual, newest, floating)
	}
	if explained {
		f.Outcome = Pending
	}
	return f, explained
}

// takenOff is what is expected with units of orders taken off, nil where that cannot
// be worked out, and whether the other side shows it, or that with any of the units of
// which nobody says from where they leave.
func (p *pair) takenOff(e registry.Expectation, from, to record.Side, actual commerce.Value, located, floating commerce.Decimal) (near *commerce.Value, shown bool) {
	all, err := located.Add(floating)
	if err != nil {
		return nil, false
	}
	least, err1 := p.expected(e, from, to, located)
	most, err2 := p.expected(e, from, to, all)
	if err1 != nil || err2 != nil {
		return nil, false
	}
	a, okA := least.Compare(actual)
	b, okB := most.Compare(actual)
	return &least, okA && okB && a*b <= 0 && all.Sign() > 0
}

func (p *pair) inFlight(e registry.Expectation) bool {
	return e.Value.Uses("in_flight")
}

func (p *pair) expected(e registry.Expectation, from, to record.Side, inFlight commerce.Decimal) (commerce.Value, error) {
	return e.Value.Eval(p.scope(from, to, inFlight))
}

func (p *pair) within(e registry.Expectation, from, to record.Side) (commerce.Decimal, error) {
	if e.Within == nil {
		return commerce.Decimal{}, nil
	}
	v, err := e.Within.Eval(p.scope(from, to, commerce.Decimal{}))
	d, _ := v.Decimal()
	return d, err
}

// mixed says that views disagree within one system on what is compared, or is
// blank.
func (p *pair) mixed(e registry.Expectation, from, to record.Side) string {
	for _, s := range []record.Side{from, to} {
		for _, name := range s.Mixed {
			if s.System == to.System && name == e.Facet || e.Value.Uses(sideName(p, s)+"."+name) {
				return fmt.Sprintf("%s reports more than one %s", s.System, name)
			}
		}
	}
	return ""
}

func sideName(p *pair, s record.Side) string {
	if s.System == p.rule.From {
		return "from"
	}
	return "to"
}

func delta(expected, actual commerce.Value) *commerce.Decimal {
	e, okE := expected.Decimal()
	a, okA := actual.Decimal()
	if !okE || !okA {
		return nil
	}
	d, err := a.Sub(e)
	if err != nil {
		return nil
	}
	return &d
}

// agree compares by value. Null agrees with null and with nothing else.
func agree(expected, actual commerce.Value, delta *commerce.Decimal, within commerce.Decimal) bool {
	if expected == actual {
		return true
	}
	return delta != nil && delta.Abs().Cmp(within) <= 0
}

// reason turns a formula's error into a sentence that names facet and system.
func (p *pair) reason(err error) string {
	var missing *formula.MissingError
	var null *formula.NullError
	switch {
	case errors.As(err, &missing):
		return p.name(missing.Name) + " is missing"
	case errors.As(err, &null) && null.Name != "":
		return p.name(null.Name) + " is null"
	default:
		return err.Error()
	}
}
