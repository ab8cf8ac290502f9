package respond

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

const (
	// races is how often something is decided again after somebody else wrote it.
	races = 16
	// atOnce is how many findings are written at the same time.
	atOnce = 8
	// margin is what an invocation keeps for telling the alert what was done.
	margin = 3 * time.Second
)

// errTime means that the rest has to wait for the next try.
var errTime = errors.New("respond: too little time left")

// Message is one message of the queue of decisions.
type Message struct{ ID, Body string }

// Apply takes the decisions of a batch, and returns the ids of the messages
// whose work is not done. Doing it again does the rest.
func (s *Service) Apply(ctx context.Context, messages []Message) (failed []string) {
	for _, m := range messages {
		if err := s.apply(ctx, m.Body); err != nil {
			failed = append(failed, m.ID)
			s.Log.ErrorContext(ctx, "decision not applied", "message_id", m.ID, "error", err)
		}
	}
	return failed
}

// apply decides every finding that the alert has open, and then lets the alert
// tell it. Findings come first: an alert that says something is decided is
// right.
func (s *Service) apply(ctx context.Context, body string) error {
	d, err := queue.DecodeDecision(body)
	if err != nil {
		return fmt.Errorf("read decision: %w", err)
	}
	a, err := s.Store.GetAlert(ctx, d.Alert)
	if err != nil {
		return fmt.Errorf("read alert %s: %w", d.Alert, err)
	}
	decided, undone := s.decideAll(ctx, a.Concerns(d.Action), d.Decision)
	if a, err = s.tell(ctx, a, d.Decision, decided, true); err != nil {
		return fmt.Errorf("tell alert %s: %w", d.Alert, errors.Join(undone, err))
	}
	// The outbox publishes what is not published here.
	if err := s.publish(ctx, a); err != nil {
		s.Log.WarnContext(ctx, "alert left to the outbox", "alert", d.Alert, "error", err)
	}
	if undone != nil {
		return fmt.Errorf("decide about alert %s: %w", d.Alert, undone)
	}
	return nil
}

// decideAll returns the findings as they are after the decision, and the first
// reason why some are not among them.
func (s *Service) decideAll(ctx context.Context, ids []string, d finding.Decision) (decided []finding.Finding, undone error) {
	work := make(chan string)
	var mu sync.Mutex
	var all sync.WaitGroup
	for range min(atOnce, len(ids)) {
		all.Go(func() {
			for id := range work {
				f, err := s.decide(ctx, id, d)
				mu.Lock()
				switch {
				case err == nil:
					decided = append(decided, f)
				case undone == nil && !errors.Is(err, store.ErrNotFound):
					undone = fmt.Errorf("finding %s: %w", id, err)
				}
				mu.Unlock()
			}
		})
	}
	for _, id := range ids {
		work <- id
	}
	close(work)
	all.Wait()
	return decided, errors.Join(undone, s.wake(ctx, decided))
}

// decide takes one finding's decision, whatever else happens to it. A finding
// that was never written needs none.
func (s *Service) decide(ctx context.Context, id string, d finding.Decision) (finding.Finding, error) {
	for range races {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
			return finding.Finding{}, errTime
		}
		f, err := s.Store.GetFinding(ctx, id)
		if err != nil {
			return f, err
		}
		next, notice, err := finding.Decide(f, d)
		if err != nil || notice == finding.Nothing {
			return f, err
		}
		err = s.Store.PutFinding(ctx, next)
		if errors.Is(err, store.ErrLost) {
			continue
		}
		next.Rev++
		return next, err
	}
	return finding.Finding{}, store.ErrLost
}

// tell makes the alert say what was decided about its findings and, where that
// is so, about the whole of it. It returns the alert as it is stored.
func (s *Service) tell(ctx context.Context, a alert.Alert, d finding.Decision, decided []finding.Finding, whole bool) (alert.Alert, error) {
	for range races {
		next, changed := a, false
		if whole {
			next, changed = alert.Decide(a, d)
		}
		for _, f := range decided {
			var told bool
			next, told = alert.Refresh(next, f)
			changed = changed || told
		}
		if !changed {
			return a, nil
		}
		err := s.Store.PutAlert(ctx, next)
		if !errors.Is(err, store.ErrLost) {
			next.Rev++
			return next, err
		}
		if a, err = s.Store.GetAlert(ctx, a.ID); err != nil {
			return a, err
		}
	}
	return a, store.ErrLost
}

// publish hints at the alert at once: somebody waits for it.
func (s *Service) publish(ctx context.Context, a alert.Alert) error {
	if a.Seq <= a.Published {
		return nil
	}
	p := alert.Payload(a, s.Now())
	if err := s.Topic.Publish(ctx, topic.Message{Subject: p.Subject, Body: string(p.Body), Attributes: p.Attributes}); err != nil {
		return err
	}
	a.Published = a.Seq
	if err := s.Store.PutAlert(ctx, a); !errors.Is(err, store.ErrLost) {
		return err
	}
	return nil
}
