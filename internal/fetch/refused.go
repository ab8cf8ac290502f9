package fetch

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
)

// refusedError means that an API does not take the credential.
type refusedError struct{ reason string }

func (e *refusedError) Error() string { return e.reason }

// refusedMark names the mark of a topic whose owner was told that its fetches
// are refused. A credential may be good for one topic and not for another.
func refusedMark(f queue.Fetch) string { return "refused|" + f.System + "|" + f.Topic }

// glance is how often a process looks whether another one told an owner.
const glance = time.Minute

// refusals remembers when this process last looked for each mark.
type refusals struct {
	mu     sync.Mutex
	looked map[string]time.Time
}

func (r *refusals) due(mark string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.looked[mark]
	return !ok || now.Sub(at) >= glance
}

func (r *refusals) note(mark string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.looked == nil {
		r.looked = map[string]time.Time{}
	}
	r.looked[mark] = at
}

// refused tells the owner that the credential is not taken.
func (s *Service) refused(ctx context.Context, f queue.Fetch, why *refusedError) error {
	d, mark := s.about(f), refusedMark(f)
	// The mark comes first: what is told must be found again to be taken back.
	if err := s.Marks.LatestMark(ctx, mark, d.Received); err != nil {
		return fmt.Errorf("note that %s refuses its credential: %w", f.System, err)
	}
	s.refusals.note(mark, time.Time{})
	return s.Deliveries.Report(ctx, d, receive.Refused(f.System, f.Topic, d.Received, why.reason))
}

// accepted takes back what the owner was told, if they were. It looks once a
// minute, so that a call costs no read.
func (s *Service) accepted(ctx context.Context, f queue.Fetch) error {
	d, mark := s.about(f), refusedMark(f)
	if !s.refusals.due(mark, d.Received) {
		return nil
	}
	marks, err := s.Marks.GetMarks(ctx, []string{mark})
	if err != nil {
		return fmt.Errorf("see whether %s refused its credential: %w", f.System, err)
	}
	if len(marks) > 0 {
		if err := s.Deliveries.Report(ctx, d, receive.Refused(f.System, f.Topic, d.Received, "")); err != nil {
			return err
		}
		if err := s.Marks.DeleteMark(ctx, mark); err != nil {
			return fmt.Errorf("note that %s takes its credential: %w", f.System, err)
		}
	}
	s.refusals.note(mark, d.Received)
	return nil
}
