package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// segments is how many parts of the table are walked side by side.
	segments = 4
	// pageRows is how many rows of each are read between two checkpoints.
	pageRows = 500
	// emptyTimes is how often in a row the queue of rows has to be found empty.
	emptyTimes = 2
)

// segment is how far one part of the walk is.
type segment struct {
	Cursor string
	Done   bool
}

// conclude comes to what follows from the file as a whole, once all its rows are
// merged.
func (s *Service) conclude(ctx context.Context, p progress) error {
	if p.Empty < emptyTimes {
		return s.await(ctx, p)
	}
	if p.Walk == nil {
		if over, err := s.decide(ctx, &p); err != nil || over {
			return err
		}
	}
	keys, err := s.keys(ctx, p)
	if err != nil {
		return err
	}
	w := &walk{service: s, progress: p, keys: keys}
	switch err := w.run(ctx); {
	case errors.Is(err, store.ErrLost):
		return nil // somebody else goes on
	case err != nil:
		return err
	case !w.walked():
		return s.goOn(ctx, w.progress, 0)
	}
	return s.follows(ctx, w.progress)
}

// await waits until the rows are merged, and until the webhooks that they could be
// missing would have come.
func (s *Service) await(ctx context.Context, p progress) error {
	if late := p.Waits.Sub(s.Now()); late > 0 {
		return s.goOn(ctx, p, min(late, queue.MaxDelay))
	}
	visible, inFlight, delayed, err := s.Bulk.Depth(ctx)
	if err != nil {
		return fmt.Errorf("ask for the rows that wait: %w", err)
	}
	if visible+inFlight+delayed > 0 {
		p.Empty = 0
		return s.goOn(ctx, p, settled)
	}
	p.Empty++
	err = s.save(ctx, &p)
	if errors.Is(err, store.ErrLost) {
		return nil
	}
	if err != nil || p.Empty < emptyTimes {
		return errors.Join(err, s.goOn(ctx, p, settled))
	}
	return s.conclude(ctx, p)
}

// covered is since when the system's webhooks tell of such records, or zero.
func (s *Service) covered(ctx context.Context, p progress) (time.Time, error) {
	name := merge.CoveredMark(p.System, p.Kind)
	marks, err := s.Marks.GetMarks(ctx, []string{name})
	if err != nil {
		return time.Time{}, fmt.Errorf("read since when %s is heard: %w", p.System, err)
	}
	return marks[name], nil
}

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
	p.Why = p.whyNot(ledger)
	p.Concludes = p.Why == ""
	if p.Compared = !heard.IsZero() && !p.Truncated && p.second(ledger) == ""; p.Compared {
		last := ledger.compared(p.Certificate)
		p.Since, p.Last = heard, last.Started
		if last.AsOf.After(heard) {
			p.Since = last.AsOf.Add(time.Millisecond) // the first moment that it does not tell of
		}
	}
	if !p.Concludes && !p.Compared {
		return true, s.over(ctx, *p)
	}
	p.Walk = make([]segment, segments)
	err = s.save(ctx, p)
	return errors.Is(err, store.ErrLost), ignoreLost(err)
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
	case c.Truncated:
		return "the file is not whole: " + c.Why
	case !c.Complete:
		return "the file was not declared to be complete"
	case c.Rejected > 0:
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
		case o.Load == c.Load || o.State == Refused:
		case o.AsOf.After(c.AsOf) && o.Complete && !o.Truncated:
			return "a newer file has been loaded"
		case o.Started.Before(c.Ended) && (o.Ended.IsZero() || o.Ended.After(c.Started)):
			return "another file was loaded at the same time"
		}
	}
	return ""
}

// compared is the newest file that was compared before, or none.
func (l Ledger) compared(c Certificate) (last Certificate) {
	for _, o := range l.Loads {
		if o.Load != c.Load && o.Compared && o.State == Done && !o.AsOf.After(c.AsOf) && o.AsOf.After(last.AsOf) {
			last = o
		}
	}
	return last
}

// walk is one invocation's work on the rows.
type walk struct {
	progress
	service *Service
	keys    keySet
}

func (w *walk) walked() bool {
	for _, part := range w.Walk {
		if !part.Done {
			return false
		}
	}
	return true
}

// run walks by all rows, page by page. A page's sums are written with its place, so
// that none is counted twice.
func (w *walk) run(ctx context.Context) error {
	for first := true; !w.walked() && (first || enough(ctx)); first = false {
		pages := make([][]record.Row, segments)
		next := append([]segment{}, w.Walk...)
		group, within := errgroup.WithContext(ctx)
		for i := range next {
			if next[i].Done {
				continue
			}
			group.Go(func() error {
				rows, cursor, err := w.service.Records.Page(within, i, segments, next[i].Cursor, pageRows)
				pages[i], next[i] = rows, segment{cursor, cursor == ""}
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return fmt.Errorf("walk by the rows: %w", err)
		}
		var gone []commerce.Observation
		for _, rows := range pages {
			for _, row := range rows {
				gone = append(gone, w.row(row)...)
			}
		}
		if err := w.service.send(ctx, w.Certificate, gone); err != nil {
			return err
		}
		w.Walk = next
		if err := w.service.save(ctx, &w.progress); err != nil {
			return err
		}
	}
	return nil
}

// row counts a row, and says what of it is gone.
func (w *walk) row(row record.Row) []commerce.Observation {
	if row.Kind != w.Kind || !row.Suppressed.IsZero() {
		return nil
	}
	var ends []commerce.Observation
	var gone, lost, told bool
	if w.Concludes && !w.keys.has(row.ID()) {
		ends, gone, lost = w.gone(row)
	}
	switch {
	case w.Since.IsZero():
		lost = false
	case gone:
	default:
		lost, told = w.lost(row)
	}
	if gone {
		w.Gone++
	}
	if lost {
		w.Lost++
		if len(w.Samples) < maxSamples {
			w.Samples = append(w.Samples, row.Key.Text(row.Kind))
		}
	} else if told {
		w.Told++
	}
	return ends
}

// follows is what follows from the whole walk, before the load is over.
func (s *Service) follows(ctx context.Context, p progress) error {
	if err := s.tellLost(ctx, p); err != nil {
		return err
	}
	if p.Concludes {
		if err := s.cover(ctx, p); err != nil {
			return err
		}
	}
	return s.over(ctx, p)
}

// cover notes that everything of the system is known. What its webhooks told since,
// and what the file said, are all that there is; without webhooks only the file
// says so, of its time.
func (s *Service) cover(ctx context.Context, p progress) error {
	heard, err := s.covered(ctx, p)
	if err != nil {
		return err
	}
	if !heard.IsZero() && !heard.After(p.AsOf) {
		if err := s.Marks.EarliestMark(ctx, merge.CoveredMark(p.System, p.Kind), everything); err != nil {
			return fmt.Errorf("note that all of %s is known: %w", p.System, err)
		}
	}
	if err := s.Marks.LatestMark(ctx, merge.SnapshotMark(p.System, p.Kind), p.AsOf); err != nil {
		return fmt.Errorf("note that all of %s is known: %w", p.System, err)
	}
	return nil
}

// everything is before all records.
var everything = time.Unix(0, 0).UTC()

func (s *Service) over(ctx context.Context, p progress) error {
	if !p.Truncated {
		if err := s.Marks.LatestMark(ctx, merge.FileMark(p.System, p.Kind), p.AsOf); err != nil {
			return fmt.Errorf("note how old the newest file of %s is: %w", p.System, err)
		}
	}
	p.State, p.Concluded = Done, s.Now().UTC()
	if err := s.report(ctx, p); err != nil {
		return err
	}
	s.Log.InfoContext(ctx, "load concluded", "load", p.Load, "system", p.System, "kind", string(p.Kind), "rows", p.Rows,
		"keys", p.Keys, "rejected", p.Rejected, "concludes", p.Concludes, "gone", p.Gone, "lost", p.Lost)
	return s.advance(ctx, p, 0)
}
