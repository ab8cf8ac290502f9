package judge

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// pair is one judgement under way: a rule and the two sides it compares.
type pair struct {
	rule     registry.Rule
	row      record.Row
	c        Context
	now      time.Time
	from, to record.Side
	mark     record.Mark
	// oldest is the system whose newest file is the older one of the two, or blank
	// where both sides are heard.
	oldest string
}

func newPair(rule registry.Rule, row record.Row, c Context, now time.Time) *pair {
	p := &pair{
		rule: rule, row: row, c: c, now: now,
		from: row.SideOf(rule.From), to: row.SideOf(rule.To), mark: row.Marks[rule.Name()],
	}
	p.inFiles()
	return p
}

func (p *pair) verdict(outcome Outcome, why string) Verdict { return verdict(p.rule, outcome, why) }

func (p *pair) judge() Verdict {
	if !p.from.Known && !p.to.Known {
		return p.verdict(NotJudged, "neither system has reported the record")
	}
	if p.row.Kind == commerce.Anchor {
		return p.anchor()
	}
	switch p.rule.Check {
	case registry.Equal:
		return p.equal()
	case registry.Identity:
		return p.identity()
	case registry.State:
		return p.state()
	case registry.RouteCheck:
		return p.route()
	default:
		return p.presence()
	}
}

// scope looks names up in the given sides.
func (p *pair) scope(from, to record.Side, inFlight commerce.Decimal) formula.Lookup {
	return func(name string) (commerce.Value, bool) {
		side, facet, dotted := strings.Cut(name, ".")
		switch {
		case dotted && side == "from":
			v, ok := from.Facets[facet]
			return v, ok
		case dotted && side == "to":
			v, ok := to.Facets[facet]
			return v, ok
		case name == "in_flight":
			return commerce.Number(inFlight), true
		}
		if table, ok := p.c.Tables[name]; ok {
			d, found := table.Lookup(p.row.Kind, p.row.Key)
			return commerce.Number(d), found
		}
		return commerce.Value{}, false
	}
}

// applies evaluates the rule's condition. The error says what is not known.
func (p *pair) applies(from, to record.Side) (bool, error) {
	if p.rule.When == nil {
		return true, nil
	}
	v, err := p.rule.When.Eval(p.scope(from, to, commerce.Decimal{}))
	return v.IsTrue(), err
}

// name says in people's words which system a formula's name belongs to:
// "from.free" is "free of erp".
func (p *pair) name(name string) string {
	side, facet, dotted := strings.Cut(name, ".")
	switch {
	case dotted && side == "from":
		return facet + " of " + p.rule.From
	case dotted:
		return facet + " of " + p.rule.To
	default:
		return name
	}
}

// impact is the money at risk, nil when it cannot be computed.
func (p *pair) impact(v Verdict) (*commerce.Decimal, string) {
	if p.rule.Impact == nil {
		return nil, ""
	}
	sides := p.scope(p.from, p.to, commerce.Decimal{})
	differences := v.Differences()
	value, err := p.rule.Impact.Eval(func(name string) (commerce.Value, bool) {
		if len(differences) == 0 {
			return sides(name)
		}
		first := differences[0]
		switch name {
		case "delta":
			if first.Delta == nil {
				return commerce.Value{}, false
			}
			return commerce.Number(*first.Delta), true
		case "expected":
			return numberText(first.Expected)
		case "actual":
			return numberText(first.Actual)
		}
		return sides(name)
	})
	d, ok := value.Decimal()
	if err != nil || !ok {
		return nil, ""
	}
	return p.compared(d)
}

func (p *pair) currency() string {
	for _, s := range []record.Side{p.from, p.to} {
		if v, ok := s.Facets["currency"]; ok && !v.IsNull() {
			return v.String()
		}
	}
	return p.c.Currency
}

func numberText(text string) (commerce.Value, bool) {
	d, err := commerce.ParseDecimal(text)
	return commerce.Number(d), err == nil
}
