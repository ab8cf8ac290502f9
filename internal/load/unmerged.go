package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/store"
)

// redrivenEvery is how often a load asks whether its dead letters have come back.
const redrivenEvery = 5 * time.Minute

// account asks whether all rows are merged, once nothing waits any more: that the
// queue is empty says nothing about those that were given up. It reports false as
// long as some are missing, which a redrive brings back, and goes on then. What the
// dead letters have forgotten comes back no more.
func (s *Service) account(ctx context.Context, p *progress) (all bool, err error) {
	before := p.Unmerged
	if p.Unmerged, err = s.unmerged(ctx, *p); err != nil {
		return false, err
	}
	if p.Merged = p.Unmerged == 0 || s.Now().After(p.Ended.Add(contract.DeadLettersKept)); p.Merged {
		err := s.save(ctx, p)
		return err == nil, ignoreLost(err)
	}
	if p.Unmerged != before {
		s.Log.WarnContext(ctx, "rows of a load are not merged", "load", p.Load, "system", p.System, "kind", string(p.Kind),
			"messages", p.Unmerged, "of", p.Messages)
		if _, err := s.list(ctx, p.Certificate); err != nil {
			return false, err
		}
		if err := s.report(ctx, *p); err != nil {
			return false, err
		}
		switch err := s.save(ctx, p); {
		case errors.Is(err, store.ErrLost):
			return false, nil // somebody else goes on
		case err != nil:
			return false, err
		}
	}
	return false, s.goOn(ctx, *p, redrivenEvery)
}

// unmerged counts the messages whose rows are not merged.
func (s *Service) unmerged(ctx context.Context, p progress) (int, error) {
	if s.Receipts == nil || p.Messages == 0 {
		return 0, nil
	}
	merged, err := s.Receipts.CountReceipts(ctx, p.Load, p.Messages)
	if err != nil {
		return 0, fmt.Errorf("ask which rows are merged: %w", err)
	}
	return p.Messages - merged, nil
}
