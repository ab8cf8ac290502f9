package judge

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/formula"
	"github.com/plumbline/plumbline/internal/registry"
)

// presence judges a rule by which To must have what From has.
func (p *pair) presence() Verdict {
	if !p.from.Live {
		return p.withoutFrom()
	}
	if p.from.Duplicate {
		return p.duplicate(p.from)
	}
	applies, err := p.applies(p.from, p.to)
	var missing *formula.MissingError
	if errors.As(err, &missing) && strings.HasPrefix(missing.Name, "to.") && !p.to.Live {
		applies, err = true, nil
	}
	switch {
	case err != nil:
		return p.verdict(CannotTell, p.reason(err))
	case !applies:
		return p.verdict(NotJudged, "the rule's condition is not met")
	case !p.to.Known:
		return p.missing()
	case p.to.Gone():
		return p.overdue(finding.Gone, p.to.Changed, fmt.Sprintf("%s removed the record, %s still has it", p.rule.To, p.rule.From))
	case !p.to.Live:
		return p.overdue(finding.Gone, p.to.Changed, fmt.Sprintf("%s has not reported the document that took over", p.rule.To))
	case p.to.Duplicate && p.rule.Check == registry.One:
		return p.overdue(finding.Duplicate, p.to.Changed, p.twiceWords(p.to))
	case p.to.Duplicate:
		return p.duplicate(p.to)
	default:
		return p.values()
	}
}

// withoutFrom judges a record that the believed side does not have.
func (p *pair) withoutFrom() Verdict {
	switch {
	case !p.from.Known:
		return p.verdict(NotJudged, p.rule.From+" has not reported the record")
	case p.from.Gone() && p.to.Live:
		return p.overdue(finding.Gone, p.from.Changed, fmt.Sprintf("%s removed the record, %s still has it", p.rule.From, p.rule.To))
	default:
		return p.verdict(NotJudged, p.rule.From+" no longer has the record")
	}
}

// missing judges a record that the other side never reported. That says
// something only when all records of its time are known there.
func (p *pair) missing() Verdict {
	if p.c.Covered != nil {
		covered, known := p.c.Covered[p.rule.To]
		switch {
		case p.lacked():
		case !known:
			return p.verdict(CannotTell, fmt.Sprintf("%s has not reported any %s yet", p.rule.To, p.row.Kind))
		case p.from.Created.IsZero():
			return p.verdict(CannotTell, fmt.Sprintf("%s does not say when the record was created", p.rule.From))
		case !p.from.Created.After(covered):
			return p.verdict(CannotTell, fmt.Sprintf("created before everything of %s is known (%s)",
				p.rule.To, covered.UTC().Format(time.DateTime+" MST")))
		}
	}
	return p.overdue(finding.Missing, p.applicableSince(), fmt.Sprintf("%s does not have the record", p.rule.To))
}

// lacked reports whether a file of all records of the other side lacks this one,
// although it should have been there by then.
func (p pair) lacked() bool {
	at, known := p.c.Snapshot[p.rule.To]
	since := p.from.Created
	if changes := p.row.Changes(p.rule.From); since.IsZero() && len(changes) > 0 {
		since = changes[0] // it was heard of then at the latest
	}
	return known && !since.IsZero() && p.rule.Settle.Due(since).Before(at) && p.rule.Settle.Due(p.applicableSince()).Before(at)
}

// overdue is a difference of presence that began at the given time.
func (p *pair) overdue(class finding.Class, since time.Time, why string) Verdict {
	v := p.verdict(Differ, why)
	v.Class, v.Since, v.First = class, since, since
	v.Cause = p.cause(since, "")
	v.Due = p.rule.Settle.Due(since)
	if p.now.Before(v.Due) {
		v.Outcome = Pending
		v.Why = fmt.Sprintf("%s, inside the settle time until %s", why, v.Due.UTC().Format("15:04:05 MST"))
	}
	return v
}

// applicableSince is when the rule's condition became true for good: an order
// that is paid an hour after it was placed is expected from then on.
func (p *pair) applicableSince() time.Time {
	changes := p.row.Changes(p.rule.From)
	since := p.from.Changed
	for i := len(changes) - 1; i >= 0; i-- {
		side := p.row.SideAt(p.rule.From, changes[i])
		if ok, err := p.applies(side, p.to); !side.Live || err == nil && !ok {
			break
		}
		since = changes[i]
	}
	return since
}
