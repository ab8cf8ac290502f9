package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// folded is what a part of a walk has added up, together with how far it is:
// whoever goes on with the part takes its place from here. So no row is counted
// twice, and none is left out, however often the part is begun again.
type folded struct {
	At   store.SweepSegment
	Fold fold.Fold
	// Full is set when it became more than can be kept. Nothing is concluded then.
	Full bool `json:",omitempty"`

	rev int64
}

// foldsExpire is how long after a walk began its parts may be forgotten.
const foldsExpire = 7 * 24 * time.Hour

func foldName(s store.Sweep, segment int) string {
	return fmt.Sprintf("fold|%s|%s|%d", s.Name, s.Run, segment)
}

// folds reports whether a walk adds up what it sees.
func (s *Service) folds(sweep store.Sweep) bool {
	return s.Documents != nil && len(conclusions(sweep.Name)) > 0
}

// empty is the fold of no row of a walk, which tells of the time since the walk
// before.
func empty(s store.Sweep) *fold.Fold { return &fold.Fold{After: s.Last, Until: s.Noted} }

// part reads what a part has added up; a part that nobody has come further on
// has added up nothing.
func (s *Service) part(ctx context.Context, sweep store.Sweep, segment int) (folded, error) {
	f := folded{Fold: *empty(sweep)}
	d, err := s.Documents.GetDocument(ctx, foldName(sweep, segment))
	if errors.Is(err, store.ErrNotFound) {
		return f, nil
	}
	if err != nil {
		return f, fmt.Errorf("read what was added up: %w", err)
	}
	if err := json.Unmarshal(d.Body, &f); err != nil {
		return f, fmt.Errorf("read what was added up: %w", err)
	}
	f.rev = d.Rev
	return f, nil
}

// resume takes the place of the part from what was added up on the way there.
func (w *walk) resume(ctx context.Context) error {
	if !w.folds(w.sweep) {
		return nil
	}
	f, err := w.part(ctx, w.sweep, w.segment)
	if err != nil {
		return err
	}
	w.at, w.folded = f.At, &f
	return nil
}

// keep writes what was added up with the place that it is complete up to, before
// the walk itself knows of the place. It reports false when somebody else came
// further from the same place.
func (w *walk) keep(ctx context.Context) (kept bool, err error) {
	if w.folded != nil && w.folded.At.Done {
		return true, nil
	}
	w.at.Step++
	if w.folded == nil {
		return true, nil
	}
	w.folded.At = w.at
	body, err := json.Marshal(w.folded)
	if err == nil && len(body) > store.MaxDocument {
		w.folded.Full, w.folded.Fold = true, *empty(w.sweep)
		body, err = json.Marshal(w.folded)
	}
	if err != nil {
		return false, fmt.Errorf("keep what was added up: %w", err)
	}
	err = w.Documents.PutDocument(ctx, store.Document{
		Name: foldName(w.sweep, w.segment), Body: body, Expires: w.sweep.Noted.Add(foldsExpire), Rev: w.folded.rev,
	})
	if errors.Is(err, store.ErrLost) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("keep what was added up: %w", err)
	}
	return true, nil
}

// count adds a row to what the walk adds up, as it is left.
func (r *run) count(row record.Row, judgements []judgement) {
	switch {
	case r.fold == nil:
		return
	case r.adding:
		r.add(row, judgements)
		return
	}
	r.fold.Seen(row)
	for _, j := range judgements {
		r.fold.Row(j.rule, row, j.Verdict, r.now)
	}
}
