package fetch

import (
	"context"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
)

// deepest is how many answers may lead to each other: a list whose pages name
// each other would be read for ever.
const deepest = 10_000

// follow sees to what an answer names: it is queued, or is the next part of the
// run that it belongs to. More is false when nothing is left to ask for here.
func (s *Service) follow(ctx context.Context, f queue.Fetch, taken receive.Taken) (next queue.Fetch, more bool, err error) {
	f.Depth, f.Tries, f.Since = f.Depth+1, 0, time.Time{}
	if f.Depth > deepest {
		return f, false, s.giveUp(ctx, f, fmt.Errorf("%d answers named each other", deepest))
	}
	if f.Run == nil {
		return f, false, s.queueAll(ctx, f, taken.Fetch)
	}
	if taken.Unreadable {
		// What comes after this page is not known, so the run does not count.
		s.Log.WarnContext(ctx, "run ended early", "system", f.System, "chore", f.Run.Chore, "reason", "an answer cannot be read")
		return f, false, nil
	}
	run := *f.Run
	left := once(append(append([]platform.Fetch{}, taken.Fetch...), run.Rest...))
	if len(left) == 0 {
		return f, false, s.finish(ctx, f)
	}
	f.Fetch, run.Rest = left[0], left[1:]
	f.Run = &run
	return f, true, nil
}

// queueAll queues what an answer names.
func (s *Service) queueAll(ctx context.Context, f queue.Fetch, named []platform.Fetch) error {
	var bodies []string
	for _, one := range once(named) {
		f.Fetch = one
		body, err := queue.EncodeFetch(f)
		if err != nil {
			return err
		}
		bodies = append(bodies, body)
	}
	if len(bodies) == 0 {
		return nil
	}
	if err := s.Fetches.Send(ctx, bodies...); err != nil {
		return fmt.Errorf("queue what an answer of %s names: %w", f.System, err)
	}
	return nil
}

// once drops what is named again.
func once(fetches []platform.Fetch) []platform.Fetch {
	seen := map[platform.Fetch]bool{}
	var all []platform.Fetch
	for _, f := range fetches {
		if !seen[f] {
			seen[f] = true
			all = append(all, f)
		}
	}
	return all
}
