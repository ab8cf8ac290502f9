// Package judge compares the sides of a record under one rule. It is pure: a
// row, a rule, what is known around them and the time go in, a verdict comes
// out. It leaves the life of a difference to finding, and all storage to drift.
//
// Lag is not drift. What counts is not how long two sides have been unequal but
// how old the oldest change is that the other side has not shown yet.
package judge

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// Outcome is what a judgement comes to.
type Outcome string

// The outcomes.
const (
	// Agree: the other side shows what is expected.
	Agree Outcome = "agree"
	// Differ: it does not, and the settle time has passed.
	Differ Outcome = "differ"
	// Pending: it does not yet, inside the settle time or explained.
	Pending Outcome = "pending"
	// CannotTell: what would be needed is not known; Why says what.
	CannotTell Outcome = "cannot_tell"
	// NotJudged: the rule does not apply to the record; Why says why.
	NotJudged Outcome = "not_judged"
)

// neverSettles is how many settle times a side may trail behind, however much
// both move, before that is a finding of its own.
const neverSettles = 12

// Context is what is known around a row. The zero Context knows nothing, which
// is right for merge: it only asks whether a later look is needed.
type Context struct {
	// Covered says, by system, since when everything of the row's kind is
	// known. Nil means that coverage was not looked up.
	Covered map[string]time.Time
	// Snapshot says, by system, how old the newest file is that held all records of
	// the row's kind.
	Snapshot map[string]time.Time
	// Files says, by system, how old the newest file of records of the row's kind is,
	// where nothing but files tells of them.
	Files map[string]time.Time
	// InFlight are the units that orders explain, nil when not looked up.
	InFlight *InFlight
	// Held says why nothing may open now, such as our own backlog, or is blank.
	Held string
	// Unread is when, by system, the newest delivery arrived that could not be
	// read or merged.
	Unread map[string]time.Time
	// Silent are the systems that send no news of the row's kind although they
	// should, or did so until a moment ago.
	Silent map[string]Quiet
	// Tables are the registry's tables.
	Tables map[string]registry.Table
	// Currency is used for impact where the record names none.
	Currency string
	// Mapped reports whether the registry knows a native id by now. It is
	// asked for rows of kind mapping only.
	Mapped func(system, what, native string) bool
}

// InFlight are units on orders that one side of a stock rule has and the other
// has not yet.
type InFlight struct {
	// Located are units known to leave the record's location, Floating those
	// whose order names no location yet.
	Located, Floating commerce.Decimal
	// Each are those of Located order by order, the newest first.
	Each   []commerce.Decimal
	Orders int
}

// Verdict is the judgement of one record under one rule.
type Verdict struct {
	Integration, Rule string
	Outcome           Outcome
	Class             finding.Class
	// Why says in words what decided, for pending, cannot tell and not judged.
	Why string
	// Facets are the compared facets with their own outcomes.
	Facets []FacetVerdict
	// Since is when the oldest change was received that the other side has not
	// shown, First when the sides were last seen to agree, to follow or to be
	// explained, Due when the settle time ends. Zero when the sides agree.
	Since, First, Due time.Time
	// Unexplained is since when orders are in flight that do not explain the
	// difference, or zero.
	Unexplained time.Time
	Cause       finding.Cause
	Impact      *commerce.Decimal
	Currency    string
	// Follows reports that the other side has shown every change older than
	// Since, or that orders in flight account for the difference.
	Follows bool
	// Explained reports that orders in flight account for the difference.
	Explained bool
	// Crept is what a slow divergence comes to, nil for any other verdict.
	Crept *finding.Difference
	// Again reports that the same row may be judged otherwise later, although
	// nothing of it changes.
	Again bool
}

// FacetVerdict is the judgement of one facet.
type FacetVerdict struct {
	Facet            string
	Outcome          Outcome
	Why              string
	Expected, Actual string
	// Delta is actual minus expected for numbers, or nil.
	Delta *commerce.Decimal
	// Explanation says what the delta is made of, nil where nothing does.
	Explanation *Explanation
}

// Unsettled reports whether a later look at the row is needed.
func (v Verdict) Unsettled() bool { return v.Outcome == Pending || v.Outcome == Differ || v.Again }

// Doubtful reports whether a verdict of a Context that was not looked up may be
// another in one that was: a record is missing only where its time is covered, and
// whatever holds an opening holds a difference. Where files tell of the row's kind,
// every verdict may be another.
func (v Verdict) Doubtful() bool { return v.Outcome == Differ || v.Class == finding.Missing }

// Differences lists the facets that are not as expected, or what a slow divergence
// comes to.
func (v Verdict) Differences() []finding.Difference {
	if v.Crept != nil {
		return []finding.Difference{*v.Crept}
	}
	var out []finding.Difference
	for _, f := range v.Facets {
		if f.Outcome == Differ || f.Outcome == Pending {
			d := finding.Difference{Facet: f.Facet, Expected: f.Expected, Actual: f.Actual, Delta: f.Delta}
			if f.Explanation != nil {
				d.Explained, d.By = f.Explanation.Text, f.Explanation.By
			}
			out = append(out, d)
		}
	}
	return out
}

// Judge judges a row under one rule.
func Judge(rule registry.Rule, row record.Row, c Context, now time.Time) Verdict {
	switch row.Kind {
	case commerce.Mapping:
		return judgeMapping(rule, row, c)
	case commerce.Total:
		return judgeTotal(rule, row)
	case commerce.Trend:
		return judgeTrend(rule, row)
	default: // the others are what systems report
	}
	if !rule.Valid.Holds(now) {
		return verdict(rule, NotJudged, outside(rule.Valid, now))
	}
	if ignored, ok := rule.Ignores(row.Key); ok && row.Kind == rule.Kind {
		return verdict(rule, NotJudged, "ignored by the registry: "+ignored.String())
	}
	if len(row.Views) > record.MaxViews {
		return verdict(rule, CannotTell, fmt.Sprintf("%d views, at most %d can be compared", len(row.Views), record.MaxViews))
	}
	p := newPair(rule, row, c, now)
	v := p.awaitsFile(p.creeping(p.judge()), now)
	if v.Outcome == Differ || v.Outcome == Pending {
		v = p.evidence(v)
		v.Impact, v.Currency = p.impact(v)
		v = p.hold(v)
	}
	return v
}

func verdict(rule registry.Rule, outcome Outcome, why string) Verdict {
	return Verdict{Integration: rule.Integration, Rule: rule.ID, Outcome: outcome, Why: why}
}

// outside says why a rule does not apply at a time that its dates leave out.
func outside(v registry.Validity, now time.Time) string {
	const as = "2006-01-02 15:04 MST"
	if now.Before(v.From) {
		return "the rule applies from " + v.From.Format(as)
	}
	return "the rule applied until " + v.Until.Format(as)
}

// hold keeps a difference from opening while Plumbline itself may be behind.
func (p *pair) hold(v Verdict) Verdict {
	if v.Outcome != Differ || p.mark.Open != "" {
		return v
	}
	why := p.c.Held
	for _, s := range []record.Side{p.from, p.to} {
		if unread, ok := p.c.Unread[s.System]; ok && unread.After(s.Changed) && p.now.Sub(unread) < unreadHold {
			why = fmt.Sprintf("a delivery of %s could not be read at %s", s.System, unread.UTC().Format("15:04 MST"))
		}
	}
	if why == "" {
		if why = p.silent(); why != "" {
			v.Due = later(v.Due, p.now.Add(silentLook))
		}
	}
	if why == "" {
		return v
	}
	v.Outcome, v.Why, v.Again = CannotTell, why, true
	return v
}

// unreadHold is how long one unreadable delivery keeps findings of its system
// from opening. It may be about any record; but holding for ever would let one
// bad delivery silence a system.
const unreadHold = time.Hour
