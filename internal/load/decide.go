package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/store"
)

// decide says whether the file concludes anything, and over is true when there is
// nothing to walk for.
func (s *Service) decide(ctx context.Context, p *progress) (over bool, err error) {
	ledger, err := s.list(ctx, p.Certificate)
	if err != nil {
		return false, err
	}
	heard, err := s.covered(ctx, *p)
	if err != nil {
		return false, err
	}
	if p.Why = p.whyNot(ledger); p.Why == "" {
		if p.Why, err = s.slipped(ctx, p, ledger); err != nil {
			return false, err
		}
	}
	p.Concludes = p.Why == ""
	if p.Compared = p.comparable(heard) && p.second(ledger) == ""; p.Compared {
		p.compare(heard, ledger.last(p.Certificate, func(o Certificate) bool { return o.Compared }))
	}
	if !p.Concludes && !p.Compared {
		return true, s.over(ctx, *p)
	}
	p.Walk = make([]segment, segments)
	err = s.save(ctx, p)
	return errors.Is(err, store.ErrLost), ignoreLost(err)
}

// comparable reports whether what was read may be compared with what webhooks told.
func (p progress) comparable(heard time.Time) bool {
	return !heard.IsZero() && !p.Truncated && p.Unmerged == 0 && (p.Sweep == nil || p.Sweep.Told)
}

// compare says from when on changes count. A system that is pulled is heard from the
// first reading on, and the first reading of everything tells what had been before:
// changes count from then on.
func (p *progress) compare(heard time.Time, last Certificate) {
	p.Last = last.Started
	switch {
	case last.AsOf.After(heard), p.Sweep != nil && last.Load != "":
		p.Since = last.AsOf.Add(time.Millisecond) // the first moment that it does not tell of
	case p.Sweep == nil:
		p.Since = heard
	}
}

func ignoreLost(err error) error {
	if errors.Is(err, store.ErrLost) {
		return nil
	}
	return err
}

// whyNot says why what the file lacks is not gone, or is blank.
func (c Certificate) whyNot(l Ledger) string {
	switch {
	case c.Truncated && c.List != "":
		return "not everything was read: " + c.Why
	case c.Truncated:
		return "the file is not whole: " + c.Why
	case !c.Complete && c.List != "":
		return "the list does not hold everything that there is"
	case c.Keys == 0 && c.List != "":
		return "the list is empty"
	case !c.Complete:
		return "the file was not declared to be complete"
	case c.Unmerged > 0:
		return fmt.Sprintf("%d messages of rows were never merged", c.Unmerged)
	case c.Rejected > 0:
		if c.Rejected == 1 {
			return "1 row cannot be read"
		}
		return fmt.Sprintf("%d rows cannot be read", c.Rejected)
	case c.Unmapped > 0:
		return fmt.Sprintf("%d rows are of locations that the registry does not know", c.Unmapped)
	case c.Keys == 0 && (c.Declared == nil || *c.Declared > 0):
		return "the file has no row; declare 0 rows if that is right"
	}
	return c.second(l)
}

// second says by which other file the load was overtaken, or is blank.
func (c Certificate) second(l Ledger) string {
	for _, o := range l.Loads {
		switch {
		case o.Load == c.Load || o.State == Refused || o.List != c.List:
		case o.AsOf.After(c.AsOf) && o.Complete && !o.Truncated:
			return "a newer file has been loaded"
		case o.Started.Before(c.Ended) && (o.Ended.IsZero() || o.Ended.After(c.Started)):
			return "another file was loaded at the same time"
		}
	}
	return ""
}

// last is the newest of what was read before, a file or the same list, of which
// something holds; or none.
func (l Ledger) last(c Certificate, holds func(Certificate) bool) (last Certificate) {
	for _, o := range l.Loads {
		if o.Load != c.Load && o.List == c.List && holds(o) && o.State == Done && !o.AsOf.After(c.AsOf) && o.AsOf.After(last.AsOf) {
			last = o
		}
	}
	return last
}
