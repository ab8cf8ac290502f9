package judge

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// fileLook is when a row that waits for a file is looked at without one. The file
// asks for a look itself.
const fileLook = time.Hour

// inFiles lets a side that is known from files alone be judged as of its newest
// one. What the other side shows later than that, the older file cannot have.
func (p *pair) inFiles() {
	for _, system := range []string{p.rule.From, p.rule.To} {
		if at, only := p.c.Files[system]; only && (p.oldest == "" || at.Before(p.now)) {
			p.oldest = system
			if at.Before(p.now) {
				p.now = at
			}
		}
	}
}

// still is since when two sides differ for sure that show nothing of what the other
// remembers. Of a side that is known from files only samples are seen: as long as
// both move, each may be following the other in between. Not so where one of them
// stands still, and where the difference is greater than all that moved.
func (p *pair) still(e registry.Expectation) time.Time {
	since := p.from.Changed
	if p.to.Changed.Before(since) {
		since = p.to.Changed
	}
	if p.mark.Since.Before(since) && !p.mark.Since.IsZero() && p.beyond(e, p.before(p.from), p.before(p.to)) {
		return p.mark.Since
	}
	return since
}

// before is what a side showed before its newest change.
func (p *pair) before(s record.Side) record.Side {
	return p.row.SideAt(s.System, s.Changed.Add(-time.Nanosecond))
}

// beyond reports whether a difference of numbers is greater than what both sides
// moved by since they showed the given values.
func (p *pair) beyond(e registry.Expectation, from, to record.Side) bool {
	if !from.Live || !to.Live {
		return false
	}
	now, _ := p.facet(e, p.from, p.to)
	sold, _ := p.facet(e, from, p.to)
	followed, _ := p.facet(e, p.from, to)
	moved := commerce.Decimal{}
	for _, then := range []*commerce.Decimal{sold.Delta, followed.Delta} {
		if now.Delta == nil || then == nil {
			return false
		}
		step, err := now.Delta.Sub(*then)
		if err == nil {
			moved, err = moved.Add(step.Abs())
		}
		if err != nil {
			return false // beyond what a decimal holds
		}
	}
	return now.Delta.Abs().Cmp(moved) > 0
}

// awaitsFile says of a difference that would be due by now, were the files not
// older, that it waits for the next one.
func (p *pair) awaitsFile(v Verdict, now time.Time) Verdict {
	if v.Outcome != Pending || p.oldest == "" || v.Due.After(now) {
		return v
	}
	v.Why = fmt.Sprintf("the newest file of %s is of %s, and what changed since then may still be on its way",
		p.oldest, p.now.UTC().Format("02 Jan 15:04 MST"))
	v.Due = now.Add(fileLook)
	return v
}
