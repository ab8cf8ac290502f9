package local

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	tickEvery = 100 * time.Millisecond
	// sweepEvery is rare because the emulator walks by every item for it, and serves nobody
	// meanwhile. The service takes days.
	sweepEvery  = time.Hour
	expireEvery = 24 * time.Hour
)

// tick does what time asks for while the clock moves by itself. A stepped clock
// is moved by Advance, which does the same.
func (s *Stack) tick() {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	swept, expired, looked := time.Now(), time.Time{}, time.Time{}
	for {
		select {
		case <-s.receive.Done():
			return
		case <-ticker.C:
		}
		if !s.clock.Wall() {
			continue
		}
		if err := s.serve(s.receive); err != nil && s.receive.Err() == nil {
			s.log.Warn("tick failed", "error", err)
		}
		if time.Since(looked) >= lookEvery {
			looked = time.Now()
			if err := s.LookForExports(s.receive); err != nil && s.receive.Err() == nil {
				s.log.Warn("exports not looked for", "error", err)
			}
		}
		// Expiry is by the wall clock, so another clock's items would all go.
		if s.clock.real() && time.Since(swept) >= sweepEvery {
			swept = time.Now()
			if err := s.Emulators.SweepExpired(s.receive); err != nil {
				s.log.Warn("sweep failed", "error", err)
			}
		}
		if s.clock.real() && time.Since(expired) >= expireEvery {
			expired = time.Now()
			if err := s.Expire(s.receive); err != nil && s.receive.Err() == nil {
				s.log.Warn("expiry failed", "error", err)
			}
		}
	}
}

// serve releases delayed messages and runs schedules that the clock has
// reached.
func (s *Stack) serve(ctx context.Context) error {
	if err := s.release(ctx); err != nil {
		return err
	}
	s.call(ctx)
	return nil
}

// release lets go of the messages that the clock has reached.
func (s *Stack) release(ctx context.Context) error {
	s.stepping.Lock()
	defer s.stepping.Unlock()
	s.windows.close()
	return s.shelf.release(ctx)
}

// call runs the schedules that the clock has reached.
func (s *Stack) call(ctx context.Context) {
	s.stepping.Lock()
	defer s.stepping.Unlock()
	now := s.clock.Now()
	for _, one := range s.schedules {
		if err := one.run(ctx, now); err != nil {
			s.log.WarnContext(ctx, "schedule failed", "error", err)
		}
	}
}

var errFlowing = errors.New("local: only a stepped clock can be advanced")

// Advance moves a stepped clock to t. On the way it stops at each moment at
// which a delayed message is due, a window ends or a schedule runs, and waits there for quiet,
// so that the result does not depend on how fast the machine is.
func (s *Stack) Advance(ctx context.Context, t time.Time) error {
	for {
		if s.clock.Wall() {
			return errFlowing
		}
		if err := s.step(ctx); err != nil {
			return fmt.Errorf("advance to %s: %w", t.Format(time.RFC3339), err)
		}
		if !s.clock.Now().Before(t) {
			return nil
		}
		s.clock.Set(s.nextStep(t))
	}
}

// step does what is due now: first what messages ask for, then what schedules do,
// so that neither depends on how quick the other is.
func (s *Stack) step(ctx context.Context) error {
	if err := s.release(ctx); err != nil {
		return err
	}
	if err := s.Quiesce(ctx); err != nil {
		return err
	}
	s.call(ctx)
	return s.Quiesce(ctx)
}

// nextStep is the first moment until t at which something happens, or t.
func (s *Stack) nextStep(t time.Time) time.Time {
	if due, ok := s.shelf.next(); ok && due.Before(t) {
		t = due
	}
	if end, ok := s.windows.next(); ok && end.Before(t) {
		t = end
	}
	s.stepping.Lock()
	defer s.stepping.Unlock()
	for _, one := range s.schedules {
		if due := one.next(); due.Before(t) {
			t = due
		}
	}
	return t
}

// Quiesce waits until no invocation runs and every queue that has a consumer is
// empty. Messages with a delay that has not passed are not waited for, nor are
// those of a batch that is gathered on a stepped clock; failed ones that will
// come back are.
func (s *Stack) Quiesce(ctx context.Context) error { return s.meter.quiesce(ctx, s.recount) }
