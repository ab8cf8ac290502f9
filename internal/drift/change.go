package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/store"
)

// keep keeps a recorded change with those of its day. One that comes twice is
// kept once.
func (s *Service) keep(ctx context.Context, body string) error {
	c, err := queue.DecodeChange(body)
	if err != nil {
		return fmt.Errorf("read change: %w", err)
	}
	if s.Documents == nil {
		return nil
	}
	for range races {
		err := s.keepOne(ctx, c)
		if !errors.Is(err, store.ErrLost) {
			return err
		}
	}
	return fmt.Errorf("keep change: %d races lost", races)
}

func (s *Service) keepOne(ctx context.Context, c change.Change) error {
	day, rev, err := s.changesOf(ctx, c.At)
	if err != nil {
		return err
	}
	day, news := day.With(c)
	if !news {
		return nil
	}
	body, err := json.Marshal(day)
	if err != nil {
		return fmt.Errorf("keep change: %w", err)
	}
	d := store.Document{Name: change.Document(c.At), Body: body, Expires: change.Expires(c.At), Rev: rev}
	if err := s.Documents.PutDocument(ctx, d); err != nil {
		return fmt.Errorf("keep change: %w", err)
	}
	return nil
}

// changesOf reads the changes of the day of a time.
func (s *Service) changesOf(ctx context.Context, at time.Time) (day change.Day, rev int64, err error) {
	d, err := s.Documents.GetDocument(ctx, change.Document(at))
	if errors.Is(err, store.ErrNotFound) {
		return day, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(d.Body, &day)
	}
	if err != nil {
		return day, 0, fmt.Errorf("read changes: %w", err)
	}
	return day, d.Rev, nil
}

// Changes lists the recorded changes between two times, both included, in the
// order in which they were made.
func (s *Service) Changes(ctx context.Context, since, until time.Time) ([]change.Change, error) {
	return s.newRun().changes(ctx, since, until)
}

func (r *run) changes(ctx context.Context, since, until time.Time) ([]change.Change, error) {
	var all []change.Change
	for at := since.UTC().Truncate(24 * time.Hour); !at.After(until); at = at.AddDate(0, 0, 1) {
		name := change.Document(at)
		day, read := r.days[name]
		if !read {
			var err error
			if day, _, err = r.changesOf(ctx, at); err != nil {
				return nil, err
			}
			r.days[name] = day
		}
		for _, c := range day.Changes {
			if !c.At.Before(since) && !c.At.After(until) {
				all = append(all, c)
			}
		}
	}
	return all, nil
}

// Nearest is the recorded change that lies nearest before a time, of those that
// an integration of two systems may have felt.
func (s *Service) Nearest(ctx context.Context, before time.Time, integration string, systems ...string) (change.Change, bool, error) {
	all, err := s.Changes(ctx, before.Add(-change.Window), before)
	c, found := change.Nearest(all, before, integration, systems...)
	return c, found, err
}

// near is the alert with the change that lies nearest before it, while nobody
// was told of it. An alert is worth more than what lies near it: what cannot be
// read is left out.
func (r *run) near(ctx context.Context, a alert.Alert) alert.Alert {
	since := a.Since()
	if r.Documents == nil || a.Published > 0 || since.IsZero() {
		return a
	}
	if !a.Looked.IsZero() && !since.Before(a.Looked) {
		return a
	}
	all, err := r.changes(ctx, since.Add(-change.Window), since)
	if err != nil {
		r.Log.WarnContext(ctx, "changes not read", "alert", a.ID, "error", err.Error())
		return a
	}
	a.Near, _ = change.Nearest(all, since, a.Integration, a.From, a.To)
	a.Looked = since
	return a
}
