package notify

import (
	"context"
	"errors"
	"time"
)

const (
	// patience is the longest wait inside an invocation.
	patience = 5 * time.Second
	// reserve is what an invocation keeps for putting off what it could not show.
	reserve = 5 * time.Second
)

// patiently makes a call again when the channel asks for a short wait that ends
// before the invocation does.
func (s *Service) patiently(ctx context.Context, call func() error) error {
	err := call()
	var wait *WaitError
	if !errors.As(err, &wait) || wait.After > patience {
		return err
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait.After+reserve {
		return err
	}
	if s.sleep(ctx, wait.After) != nil {
		return err
	}
	return call()
}

func (s *Service) sleep(ctx context.Context, d time.Duration) error {
	if s.Sleep != nil {
		return s.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
