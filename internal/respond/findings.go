package respond

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/store"
)

// Looks takes requests for judgements.
type Looks interface {
	Send(ctx context.Context, bodies ...string) error
}

// Decide takes a decision about some findings, whatever alerts they belong to,
// and lets those alerts tell it. It returns the findings as they are then; the
// error says what is not done, and deciding again does the rest. A finding that
// was never written is left out.
func (s *Service) Decide(ctx context.Context, ids []string, d finding.Decision) ([]finding.Finding, error) {
	if err := d.Check(); err != nil {
		return nil, err
	}
	decided, undone := s.decideAll(ctx, ids, d)
	byAlert := map[string][]finding.Finding{}
	for _, f := range decided {
		if f.Alert != "" {
			byAlert[f.Alert] = append(byAlert[f.Alert], f)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(byAlert)) {
		undone = errors.Join(undone, s.tellAlert(ctx, id, d, byAlert[id]))
	}
	return decided, undone
}

// tellAlert makes the alert of decided findings tell them. A decision about all
// that the alert has is one about the alert.
func (s *Service) tellAlert(ctx context.Context, id string, d finding.Decision, decided []finding.Finding) error {
	a, err := store.FollowAlert(ctx, s.Store, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil // drift writes it from the finding as it is
	}
	if err != nil {
		return fmt.Errorf("read alert %s: %w", id, err)
	}
	whole := !slices.ContainsFunc(a.Concerns(d.Action), func(open string) bool {
		return !slices.ContainsFunc(decided, func(f finding.Finding) bool { return f.ID == open })
	})
	if a, err = s.tell(ctx, a, d, decided, whole); err != nil {
		return fmt.Errorf("tell alert %s: %w", id, err)
	}
	if err := s.publish(ctx, a); err != nil {
		s.Log.WarnContext(ctx, "alert left to the outbox", "alert", id, "error", err)
	}
	return nil
}

// wake lets the rows of findings be judged whose decision ends by itself, so that
// it ends on time.
func (s *Service) wake(ctx context.Context, decided []finding.Finding) error {
	var looks []string
	for _, f := range decided {
		if !f.Wakes().IsZero() {
			looks = append(looks, queue.EncodeLook(queue.Look{Kind: f.Kind, Key: f.Key, Due: s.Now()}))
		}
	}
	if len(looks) == 0 || s.Looks == nil {
		return nil
	}
	if err := s.Looks.Send(ctx, looks...); err != nil {
		return fmt.Errorf("ask for %d looks: %w", len(looks), err)
	}
	return nil
}
