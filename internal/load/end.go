package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/store"
)

// settled is how long the queue of rows is given before it is asked again whether
// it is empty. Its answer is a guess for a while after something was sent.
const settled = 5 * time.Second

// ended certifies what was read, and lets follow what follows. Everything here may
// be done twice.
func (s *Service) ended(ctx context.Context, p progress, unmapped map[string]int) error {
	p.Unmapped = 0
	for _, rows := range unmapped {
		p.Unmapped += rows
	}
	p.Places = slices.Sorted(maps.Keys(unmapped))
	if err := s.gather(ctx, &p); err != nil {
		return err
	}
	p.Ended, p.State = s.Now().UTC(), Read
	if p.Declared != nil && *p.Declared != p.Rows && !p.Truncated {
		p.Truncated, p.Why = true, fmt.Sprintf("%d rows were declared and %d are in the file", *p.Declared, p.Rows)
	}
	heard, err := s.covered(ctx, p)
	if err != nil {
		return err
	}
	if late := p.AsOf.Add(Grace); !heard.IsZero() && late.After(s.Now()) {
		p.Waits = late
	}
	if err := s.report(ctx, p); err != nil {
		return err
	}
	if p.Sweep == nil {
		if err := s.tell(ctx, p); err != nil {
			return err
		}
	}
	return s.advance(ctx, p, settled)
}

// refused certifies that nothing could be read.
func (s *Service) refused(ctx context.Context, p progress) error {
	if err := errors.Join(s.report(ctx, p), s.tell(ctx, p)); err != nil {
		return err
	}
	return s.advance(ctx, p, 0)
}

// advance lists the load and writes how far it is, and sends it on if it is not
// over.
func (s *Service) advance(ctx context.Context, p progress, after time.Duration) error {
	if _, err := s.list(ctx, p.Certificate); err != nil {
		return err
	}
	err := s.save(ctx, &p)
	if errors.Is(err, store.ErrLost) {
		return nil // somebody else goes on
	}
	if err != nil || p.over() {
		return err
	}
	return s.goOn(ctx, p, after)
}
