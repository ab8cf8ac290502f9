package fetch

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
)

// A run of a chore is one message. It asks for one thing after the other,
// carries what the answers name, and ends when nothing is left: then, and only
// then, all of them are stored, and the run counts. A message that comes twice
// asks for everything twice and ends with the same mark. A run that is lost, or
// that meets an answer that cannot be read, does not count, and the next one
// starts where it did.
const (
	// overlap is how much of the last run's time the next one asks for again.
	overlap = 2 * time.Minute
	// firstReach is how far back the first run asks.
	firstReach = 24 * time.Hour
	// lostAfter is how long nothing may be heard of a run before another starts:
	// twice the longest that a message is held back.
	lostAfter = 2 * queue.MaxDelay
	// sinceField stands for the start of the time that a run asks for.
	sinceField = "{since}"
)

// aliveMark names the mark of when a run was last heard of.
func aliveMark(system, chore string) string { return "chore-alive|" + system + "|" + chore }

// Chores starts a run of every chore that is due, and of one sweep for each
// system. A schedule that comes twice or not at all changes nothing but how fresh
// the answers are.
func (s *Service) Chores(ctx context.Context) error {
	var names []string
	for name, jobs := range s.jobs() {
		for _, j := range jobs {
			names = append(names, contract.ChoreMark(name, j.Name), aliveMark(name, j.Name))
		}
	}
	marks, err := s.Marks.GetMarks(ctx, names)
	if err != nil {
		return fmt.Errorf("see which chores are due: %w", err)
	}
	var errs []error
	for name, jobs := range s.jobs() {
		sweep, due := s.sweep(name, jobs, marks)
		for _, j := range jobs {
			if !j.sweep || due && j.Name == sweep {
				errs = append(errs, s.start(ctx, name, j, marks))
			}
		}
	}
	return errors.Join(errs...)
}

// jobs are those of every system, in the order of their names.
func (s *Service) jobs() iter.Seq2[string, []job] {
	return func(yield func(string, []job) bool) {
		for _, name := range slices.Sorted(maps.Keys(s.Systems)) {
			if jobs := s.Systems[name].jobs(); len(jobs) > 0 && !yield(name, jobs) {
				return
			}
		}
	}
}

// sweep chooses the due sweep of the list that is expected to have missed most,
// unless one is on its way: the budget is for one after the other.
func (s *Service) sweep(system string, jobs []job, marks map[string]time.Time) (name string, due bool) {
	now, most := s.Now().UTC(), int64(0)
	for _, j := range jobs {
		if alive, running := marks[aliveMark(system, j.Name)]; j.sweep && running && now.Sub(alive) < lostAfter {
			return "", false
		}
		age := now.Sub(marks[contract.ChoreMark(system, j.Name)])
		if loss := j.expectedLoss(age); j.sweep && age >= j.Every && loss > most {
			name, most = j.Name, loss
		}
	}
	return name, name != ""
}

// start queues a run if one is due and none is on its way. A stop before the
// mark is written starts it twice, which does no harm.
func (s *Service) start(ctx context.Context, system string, j job, marks map[string]time.Time) error {
	now := s.Now().UTC()
	done, counted := marks[contract.ChoreMark(system, j.Name)]
	alive, running := marks[aliveMark(system, j.Name)]
	if counted && now.Sub(done) < j.Every || running && now.Sub(alive) < lostAfter {
		return nil
	}
	since := done.Add(-j.overlap)
	if !counted {
		since = now.Add(-firstReach)
	}
	f := queue.Fetch{System: system, Fetch: j.Fetch, Received: now, Run: &queue.Run{Chore: j.Name, Start: now}}
	f.Target = strings.ReplaceAll(f.Target, sinceField, since.UTC().Format(time.RFC3339))
	body, err := queue.EncodeFetch(f)
	if err != nil {
		return err
	}
	if err := s.Fetches.Send(ctx, body); err != nil {
		return fmt.Errorf("start %s of %s: %w", j.Name, system, err)
	}
	return s.alive(ctx, f)
}

// clocked is a run that counts as of the API's clock when that is behind: what
// changes from then on bears its times. A clock that is further behind than a run
// may be silent is none.
func clocked(run *queue.Run, date time.Time) *queue.Run {
	if run == nil || !date.Before(run.Start) || run.Start.Sub(date) > lostAfter {
		return run
	}
	behind := *run
	behind.Start = date.UTC()
	return &behind
}

// alive notes that a run was heard of.
func (s *Service) alive(ctx context.Context, f queue.Fetch) error {
	if f.Run == nil {
		return nil
	}
	if err := s.Marks.LatestMark(ctx, aliveMark(f.System, f.Run.Chore), s.Now()); err != nil {
		return fmt.Errorf("note that %s of %s is on its way: %w", f.Run.Chore, f.System, err)
	}
	return nil
}

// finish counts a run, once what follows from it is on its way.
func (s *Service) finish(ctx context.Context, f queue.Fetch) error {
	if err := s.swept(ctx, f); err != nil {
		return err
	}
	if err := s.Marks.LatestMark(ctx, contract.ChoreMark(f.System, f.Run.Chore), f.Run.Start); err != nil {
		return fmt.Errorf("count %s of %s: %w", f.Run.Chore, f.System, err)
	}
	if err := s.Marks.DeleteMark(ctx, aliveMark(f.System, f.Run.Chore)); err != nil {
		return fmt.Errorf("end %s of %s: %w", f.Run.Chore, f.System, err)
	}
	return nil
}
