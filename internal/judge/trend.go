package judge

import (
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/trend"
)

// longRest bounds how long a difference inside the tolerance must stand before it
// counts, for rules whose settle time is short.
const longRest = 2 * time.Hour

// Leak is what the differences inside the tolerance of a row come to under a rule,
// with how the row stood from its newest change until the given time.
func Leak(rule registry.Rule, row record.Row, c Context, until time.Time) trend.Leak {
	p := newPair(rule, row, c, until)
	if !p.rested() {
		return row.Lessons[rule.Name()].Leak
	}
	return p.leak(p.judge())
}

// rested reports whether nothing changed for so long that what differs is no lag:
// as long as a side may trail behind. That goes one way all the time where one side
// leads. It is bounded, because what hides a leak may come every night.
func (p *pair) rested() bool {
	newest := p.newest()
	if newest.IsZero() || !p.now.After(newest) {
		return false
	}
	settle := p.rule.Settle.Due(newest).Sub(newest)
	return p.now.Sub(newest) >= max(settle, min(neverSettles*settle, longRest))
}

// leak is what the row remembers and how it stands now.
func (p *pair) leak(v Verdict) trend.Leak {
	leak := p.row.Lessons[p.rule.Name()].Leak
	_, delta, ok := v.residual()
	if !ok || !p.rested() {
		return leak
	}
	return leak.Step(trend.Rest{Delta: delta, From: p.newest(), Until: p.now})
}

// residual is the first facet with numbers of a verdict that agrees, and what
// nothing explains of its difference.
func (v Verdict) residual() (facet string, delta commerce.Decimal, ok bool) {
	if v.Outcome != Agree {
		return "", delta, false
	}
	for _, f := range v.Facets {
		if rest := f.Residual(); f.Outcome == Agree && rest != nil {
			return f.Facet, *rest, true
		}
	}
	return "", delta, false
}

// creeping makes a difference of sides that agree inside the tolerance and have
// crept apart. While they have, what is on its way ends nothing.
func (p *pair) creeping(v Verdict) Verdict {
	leak := p.leak(v)
	if !leak.Trend(p.now) {
		return v
	}
	facet, _, ok := v.residual()
	switch {
	case ok:
		v.Outcome, v.Class, v.Why = Differ, finding.SlowDivergence, p.crept(facet, leak.Run)
		v.Since, v.First, v.Due = leak.Since, leak.Since, leak.Found
		v.Cause = finding.Cause{Received: leak.Since, Version: p.cause(p.newest(), "").Version}
		v.Crept = &finding.Difference{Facet: facet, Expected: "0", Actual: leak.Sum.String(), Delta: &leak.Sum}
	case p.mark.Open != "":
		v.Follows = false
	}
	return v
}

// crept says what a leak comes to: "11 units in 9 days, always one way, never above
// 2 at once".
func (p *pair) crept(facet string, r trend.Run) string {
	way := "always one way"
	if r.Against > 0 {
		way = fmt.Sprintf("%d of %d times one way", r.Steps, r.Steps+r.Against)
	}
	return fmt.Sprintf("%s in %s, %s, never above %s at once", p.quantity(facet, r.Sum.Abs()),
		span(r.Last.Sub(r.Since)), way, r.Most.Abs())
}

// quantity writes a number of a facet with what it counts.
func (p *pair) quantity(facet string, d commerce.Decimal) string {
	one := d == commerce.Int(1)
	switch {
	case p.row.Kind.CurrencyOf(facet) != "":
		return strings.TrimSpace(d.String() + " " + p.currency())
	case (p.row.Kind == commerce.Inventory || strings.HasPrefix(facet, "units")) && one:
		return d.String() + " unit"
	case p.row.Kind == commerce.Inventory || strings.HasPrefix(facet, "units"):
		return d.String() + " units"
	default:
		return d.String()
	}
}

// span writes a long time in days and a shorter one in hours.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 2*day {
		return fmt.Sprintf("%d days", d.Round(day)/day)
	}
	return fmt.Sprintf("%d h", d.Round(time.Hour)/time.Hour)
}
