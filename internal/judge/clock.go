package judge

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// clock dates a difference.
type clock struct {
	since, first time.Time
	// by is the system that made the change, or blank where that is not known.
	by string
	// unexplained is since when orders in flight do not explain it.
	unexplained time.Time
	class       finding.Class
	// follows reports that what one side shows was found with the other.
	follows bool
}

// clock dates the difference of a verdict: the oldest unshown change among the
// facets that differ.
func (p *pair) clock(v Verdict) clock {
	oldest := clock{}
	for i, f := range v.Facets {
		if f.Outcome != Differ {
			continue
		}
		c := p.facetClock(p.rule.Expect[i])
		switch {
		case oldest.since.IsZero() || c.since.Before(oldest.since):
			if oldest.class == finding.ValueDiffers {
				c.class = oldest.class
			}
			oldest = c
		case c.class == finding.ValueDiffers:
			oldest.class = c.class
		}
	}
	return oldest
}

// facetClock looks for what one side shows now among what the other showed
// before. Where it is found, the other side has followed up to there, and the
// oldest unshown change is the next one.
func (p *pair) facetClock(e registry.Expectation) clock {
	behind, late := p.lastMatch(p.rule.From, func(past record.Side) (FacetVerdict, bool) { return p.facet(e, past, p.to) })
	ahead, reverted := p.lastMatch(p.rule.To, func(past record.Side) (FacetVerdict, bool) { return p.facet(e, p.from, past) })
	if p.inFlight(e) && !late {
		// Where both sides change stock, the believed one shows by chance what the
		// other showed before, be it hours ago; only the other way round is it
		// following. That can be chance as well: then the other side has just left
		// what the believed one shows, and this is newer.
		ahead, reverted = time.Time{}, false
	}
	c := clock{class: finding.ValueDiffers, first: p.mark.First, unexplained: p.mark.Unexplained}
	if late || p.stuck() {
		c.class = finding.Late
	}
	switch {
	case p.inFlight(e) && p.flying():
		// Stock that both sides change shows values of the other side's past by
		// chance. What counts is for how long the orders on their way have not
		// explained the difference.
		if c.unexplained.IsZero() {
			c.unexplained = p.now
		}
		c.since = c.unexplained
	case late || reverted:
		c.follows = true
		c.since, c.by = behind, p.rule.From
		if ahead.After(behind) {
			c.since, c.by = ahead, p.rule.To
		}
		if begun := later(p.agreedUntil(e), p.mark.First); begun.After(c.since) {
			c.since, c.by = begun, ""
		}
		c.first = later(c.since, c.first)
		if p.wentBack(behind, ahead, late, reverted) {
			c.class = finding.Overwritten
		}
	case p.oldest != "":
		c.since = p.still(e)
		c.first = c.since
	default:
		c.since = p.unmatched()
	}
	if p.c.InFlight != nil && !p.flying() && late {
		// No order is on its way and the other side follows: it only lags.
		c.unexplained = time.Time{}
	}
	if c.first.IsZero() {
		c.first = c.since
	}
	return c
}

// wentBack reports whether the other side had followed and then shows again what
// the believed side had left before: older data came back over newer. Stock that
// both sides change comes back to earlier values all the time.
func (p *pair) wentBack(behind, ahead time.Time, late, reverted bool) bool {
	return late && reverted && ahead.After(behind) && p.row.Kind != commerce.Inventory
}

func (p *pair) flying() bool { return p.c.InFlight != nil && p.flightUnits().Sign() > 0 }

// stuck reports whether the believed side began the difference and the other
// has not moved since.
func (p *pair) stuck() bool {
	return p.mark.System == p.rule.From && !p.to.Changed.After(p.mark.Since)
}

// lastMatch finds the newest earlier state of a system that agrees, and returns
// when that state was left. Where the row forgot values in between, the match
// counts only inside the settle time: the same value may have come again since.
func (p *pair) lastMatch(system string, compare func(past record.Side) (FacetVerdict, bool)) (time.Time, bool) {
	changes := p.row.Changes(system)
	complete := p.row.Forgets(system)
	for i := len(changes) - 1; i >= 0; i-- {
		left := changes[i]
		if left.Before(complete) && !p.now.Before(p.rule.Settle.Due(left)) {
			break
		}
		past := p.row.SideAt(system, left.Add(-time.Nanosecond))
		if !past.Live || past.Duplicate {
			continue
		}
		if f, explained := compare(past); f.Outcome == Agree || explained {
			return left, true
		}
	}
	return time.Time{}, false
}

// agreedUntil is when the sides last ceased to agree, as far as the row remembers
// every value: what one of them showed before that, it shows again by chance. Where
// the row has forgotten, it may have noted when they last agreed or followed.
func (p *pair) agreedUntil(e registry.Expectation) time.Time {
	grounded := *p
	grounded.c.InFlight = nil
	changes := slices.Concat(p.row.Changes(p.rule.From), p.row.Changes(p.rule.To))
	slices.SortFunc(changes, time.Time.Compare)
	complete := later(p.row.Forgets(p.rule.From), p.row.Forgets(p.rule.To))
	for _, left := range slices.Backward(changes) {
		if left.Before(complete) {
			break
		}
		before := left.Add(-time.Nanosecond)
		from, to := p.row.SideAt(p.rule.From, before), p.row.SideAt(p.rule.To, before)
		if !from.Live || !to.Live || from.Duplicate || to.Duplicate {
			continue
		}
		if f, _ := grounded.facet(e, from, to); f.Outcome == Agree {
			return left
		}
	}
	return time.Time{}
}

// unmatched dates a difference in which neither side shows what the other
// remembers. A side that stands still keeps the clock; where both move and the
// row forgot what was shown when the difference began, only what it remembers
// counts, and a trailing side is caught by neverSettles.
func (p *pair) unmatched() time.Time {
	if p.mark.Since.IsZero() {
		return p.newest()
	}
	moved := p.from.Changed.After(p.mark.Since) && p.to.Changed.After(p.mark.Since)
	forgets := later(p.row.Forgets(p.rule.From), p.row.Forgets(p.rule.To))
	if moved && forgets.After(p.mark.Since) {
		return forgets
	}
	return p.mark.Since
}

// newest is when the newest change of either side was received.
func (p *pair) newest() time.Time { return later(p.from.Changed, p.to.Changed) }

func (p *pair) trailsTooLong(c clock) bool {
	settle := p.rule.Settle.Due(c.first).Sub(c.first)
	return p.now.Sub(c.first) >= neverSettles*settle
}

// cause is the delivery that made the change received at the given time, by the
// given system or, where that is blank, by either.
func (p *pair) cause(at time.Time, by string) finding.Cause {
	cause := finding.Cause{Received: at, Version: p.mark.Version}
	for _, v := range p.row.Views {
		if v.System != p.rule.From && v.System != p.rule.To {
			continue
		}
		if cause.Version.IsZero() && v.Received.Equal(p.newest()) {
			cause.Version = v.Version
		}
		if delivery, changed := v.ChangedAt(at); changed && (by == "" || by == v.System) {
			cause.System, cause.Delivery = v.System, delivery
		}
	}
	if cause.System == "" {
		cause.System, cause.Delivery = p.mark.System, p.mark.Cause
	}
	return cause
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
