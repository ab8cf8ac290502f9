package drift

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/store"
)

// gather makes one alert of those that are about one cause, before anybody has
// seen them, and finishes what an earlier run began. It reports whether alerts
// changed. What fails stays as it is until the next minute.
func (s *Service) gather(ctx context.Context, alerts []alert.Alert) (moved bool, err error) {
	var failed []error
	groups := map[string]bool{}
	for _, a := range alerts {
		switch {
		case a.Into != "":
			moved = true
			failed = append(failed, s.absorb(ctx, a))
		case a.Published == 0 && a.Group != "":
			groups[a.Group] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		some, err := s.gatherGroup(ctx, name)
		moved = moved || some
		failed = append(failed, err)
	}
	return moved, errors.Join(failed...)
}

func (s *Service) gatherGroup(ctx context.Context, name string) (moved bool, err error) {
	g, err := s.group(ctx, name)
	if err != nil || len(g.Alerts) < 2 {
		return false, err
	}
	current, err := s.newRun().current(ctx, &g)
	if err != nil {
		return false, err
	}
	current = slices.DeleteFunc(current, func(a alert.Alert) bool { return a.Size() == 0 })
	goes := alert.Gather(current)
	for _, a := range current {
		into, leaves := goes[a.ID]
		if !leaves {
			continue
		}
		moved = true
		// From here on who has news of its findings tells them there.
		left := alert.Leave(a, into)
		err := s.Findings.PutAlert(ctx, left)
		if errors.Is(err, store.ErrLost) {
			continue
		}
		if err != nil {
			return moved, fmt.Errorf("join alert %s to %s: %w", a.ID, into, err)
		}
		left.Rev++
		if err := s.absorb(ctx, left); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// absorb brings the findings of an alert that left into the one that it went
// into. Doing it twice, or twice at once, is doing it once.
func (s *Service) absorb(ctx context.Context, left alert.Alert) error {
	for range races {
		into, err := store.FollowAlert(ctx, s.Findings, left.ID)
		if err != nil {
			return fmt.Errorf("join alert %s to %s: %w", left.ID, left.Into, err)
		}
		next := alert.Absorb(into, left)
		if next.Seq == into.Seq {
			return s.empty(ctx, left)
		}
		err = s.Findings.PutAlert(ctx, s.stamped(next))
		if err != nil && !errors.Is(err, store.ErrLost) {
			return fmt.Errorf("join alert %s to %s: %w", left.ID, into.ID, err)
		}
		if err == nil {
			return s.empty(ctx, left)
		}
	}
	return fmt.Errorf("join alert %s to %s: %d races lost", left.ID, left.Into, races)
}

func (s *Service) empty(ctx context.Context, left alert.Alert) error {
	if err := s.Findings.PutAlert(ctx, alert.Emptied(left)); err != nil && !errors.Is(err, store.ErrLost) {
		return fmt.Errorf("empty alert %s: %w", left.ID, err)
	}
	return nil
}
