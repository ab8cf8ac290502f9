package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
)

const (
	// maxTries is how often an API may fail before a fetch is given up: with the
	// pauses in between, most of an hour.
	maxTries = 10
	// firstPause is the pause after the first failure; it doubles with each.
	firstPause = 5 * time.Second
	// patience is how long a fetch may wait for its turn.
	patience = 24 * time.Hour
	// shortPause is how long a system is left alone that says that it is called
	// too often, and not when it may be called again.
	shortPause = time.Minute
	// longPause is the longest that a system is left alone because it asks for it.
	longPause = time.Hour
)

// laterError means that an answer may be had at a later time.
type laterError struct {
	// at is the earliest time, zero when it is not known.
	at time.Time
	// failed is true when the API failed, and did not only ask for patience.
	failed bool
	// ours is true when nobody but Plumbline itself wants it to wait, which it does
	// for as long as that takes.
	ours   bool
	reason string
}

func (e *laterError) Error() string { return e.reason }

// neverError means that asking again would get the same answer. It says so to
// the owner.
type neverError struct{ reason string }

func (e *neverError) Error() string { return e.reason }

// settle decides what becomes of a fetch that got no answer.
func (s *Service) settle(ctx context.Context, f queue.Fetch, err error) error {
	var later *laterError
	var never *neverError
	var refused *refusedError
	switch {
	case errors.As(err, &later):
		return s.postpone(ctx, f, later)
	case errors.As(err, &never):
		d := s.about(f)
		if err := s.Deliveries.Report(ctx, d, receive.Unreadable(d, d.Received, never.reason)); err != nil {
			return err
		}
		return s.giveUp(ctx, f, err)
	case errors.As(err, &refused):
		// The message waits in the queue, and then among the dead letters, for a
		// credential that is taken.
		return errors.Join(err, s.refused(ctx, f, refused))
	default:
		return fmt.Errorf("ask %s for %s: %w", f.System, f.Topic, err)
	}
}

// postpone queues the fetch again, unless it has been waiting for too long.
func (s *Service) postpone(ctx context.Context, f queue.Fetch, later *laterError) error {
	now := s.Now()
	if f.Since.IsZero() && !later.ours {
		f.Since = now
	}
	delay := later.at.Sub(now)
	if later.failed {
		f.Tries++
		delay = max(delay, firstPause<<min(f.Tries-1, maxTries))
	}
	if f.Tries > maxTries || !later.ours && now.Sub(f.Since) > patience {
		return s.giveUp(ctx, f, later)
	}
	delay = min(max(delay, time.Second), queue.MaxDelay*4/5)
	// Those that wait for the same moment must not all come at it.
	delay += time.Duration(s.Chance(int64(delay / 4)))
	s.Log.InfoContext(ctx, "fetch postponed", "system", f.System, "topic", f.Topic, "cause", f.Cause,
		"tries", f.Tries, "delay", delay.String(), "reason", later.reason)
	return s.again(ctx, f, delay)
}

// again queues the fetch as it is now.
func (s *Service) again(ctx context.Context, f queue.Fetch, delay time.Duration) error {
	body, err := queue.EncodeFetch(f)
	if err != nil {
		return err
	}
	if err := s.Fetches.SendAfter(ctx, delay, body); err != nil {
		return fmt.Errorf("queue a fetch of %s again: %w", f.System, err)
	}
	return nil
}

// giveUp puts the fetch among the dead letters, as it is to be asked for when
// somebody brings it back. Until then rows of its system may lack what it says.
func (s *Service) giveUp(ctx context.Context, f queue.Fetch, cause error) error {
	f.Tries, f.Depth, f.Since = 0, 0, time.Time{}
	body, err := queue.EncodeFetch(f)
	if err != nil {
		return err
	}
	if err := s.Marks.LatestMark(ctx, merge.UnreadMark(f.System), s.Now()); err != nil {
		return fmt.Errorf("note that %s was not read: %w", f.System, err)
	}
	if err := s.Dead.Send(ctx, body); err != nil {
		return fmt.Errorf("give up a fetch of %s: %w", f.System, err)
	}
	s.Log.ErrorContext(ctx, "fetch given up", "system", f.System, "topic", f.Topic, "cause", f.Cause, "error", cause.Error())
	return nil
}

// retryAfter reads when a system may be called again: a number of seconds or a
// date, neither at once nor too far away. Zero when the answer does not say.
func retryAfter(h http.Header, now time.Time) time.Time {
	text := h.Get("Retry-After")
	at, err := http.ParseTime(text)
	if err != nil {
		seconds, err := strconv.ParseUint(text, 10, 32)
		if err != nil {
			return time.Time{}
		}
		at = now.Add(time.Duration(seconds) * time.Second)
	}
	if earliest := now.Add(firstPause); at.Before(earliest) {
		return earliest
	}
	if latest := now.Add(longPause); at.After(latest) {
		return latest
	}
	return at
}
