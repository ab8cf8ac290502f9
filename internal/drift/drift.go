// Package drift judges rows whose time has come, opens and ends findings, and
// publishes alerts. It is the only one that lets a row with an open finding
// rest.
//
// Everything is safe to repeat and to run twice at the same time: a row is
// claimed by a conditional write before its finding is written, and a finding
// is ended before its row forgets it.
package drift

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

// Records is what drift needs of the store of rows.
type Records interface {
	Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error)
	Put(ctx context.Context, row record.Row) error
	Due(ctx context.Context, shard int, until time.Time, limit int) ([]commerce.RecordID, error)
	Page(ctx context.Context, segment, segments int, cursor string, limit int) ([]record.Row, string, error)
}

// Looks takes requests for later judgements.
type Looks interface {
	SendAfter(ctx context.Context, delay time.Duration, body string) error
}

// Topic takes alerts for publication.
type Topic interface {
	Publish(ctx context.Context, m topic.Message) error
}

// Service judges. Its fields are set once, before the first call.
type Service struct {
	Records  Records
	Findings store.Findings
	Marks    store.Marks
	// Sweeps says how far walks over all rows are. Nil walks over none.
	Sweeps store.Sweeps
	// Documents keeps what the audit adds up. Nil adds up nothing.
	Documents store.Documents
	Looks     Looks
	Topic     Topic
	// Moves takes views that belong to other rows by now. Nil forgets them.
	Moves Moves
	// Watch looks after what no row tells, which it remembers in Documents. Nil
	// looks after nothing.
	Watch *Watch
	// Board is where people see what drift knows. Nil shows nothing.
	Board *Board
	// Generation says whether what another generation wrote may be written over.
	// Nil always may.
	Generation *generation.Gate
	Registry   *registry.Registry
	Rules      map[commerce.Kind][]registry.Rule
	// Learnt says which settle times are learnt. Nil knows of none.
	Learnt *learnt.Reader
	Now    func() time.Time
	Log    *slog.Logger
}

// Message is one message of the looks queue.
type Message struct{ ID, Body string }

// Look judges the rows that a batch of looks asks for, keeps the recorded changes
// that came with them, then goes on with the walks that it has messages of, and
// returns the ids of the messages whose work is not done.
func (s *Service) Look(ctx context.Context, messages []Message) (failed []string) {
	run := s.newRun()
	waits := 0
	done := func(m Message, err error) {
		if err == nil {
			return
		}
		failed = append(failed, m.ID)
		if errors.Is(err, generation.ErrOld) {
			waits++
			return
		}
		s.Log.ErrorContext(ctx, "look not done", "message_id", m.ID, "error", err.Error())
	}
	var sweeps []Message
	for _, m := range messages {
		if queue.IsSweep(m.Body) {
			sweeps = append(sweeps, m)
			continue
		}
		if queue.IsChange(m.Body) {
			done(m, s.keep(ctx, m.Body))
			continue
		}
		done(m, run.lookAt(ctx, m.Body))
	}
	for _, m := range sweeps {
		done(m, s.sweepOn(ctx, m.Body))
	}
	if err := run.atOnce(ctx); err != nil {
		s.Log.WarnContext(ctx, "alerts not published at once", "error", err.Error())
	}
	s.left(ctx, waits)
	return failed
}

// left tells that work was left to a newer registry.
func (s *Service) left(ctx context.Context, rows int) {
	if rows > 0 {
		s.Log.WarnContext(ctx, "rows left to a newer registry", "rows", rows, "generation", s.Registry.Generation)
	}
}

func (r *run) lookAt(ctx context.Context, body string) error {
	look, err := queue.DecodeLook(body)
	if err != nil {
		return fmt.Errorf("read look: %w", err)
	}
	if enough(ctx) != nil {
		return enough(ctx)
	}
	return r.row(ctx, look.Key.ID(look.Kind), look)
}

// dueAtOnce is how many due rows of a shard one tick takes on.
const dueAtOnce = 500

// Tick judges the rows that are due and publishes what is in the outbox. It is
// called every minute; a missed or doubled tick changes nothing but freshness.
// A row that fails is reported and does not keep the others. It also notes when
// the registry has changed, and lets the rows walk by that this touches, and it
// looks after systems that fall silent and after itself.
func (s *Service) Tick(ctx context.Context) error {
	run := s.newRun()
	swept := errors.Join(run.watch(ctx), run.sweeps(ctx))
	due, err := run.due(ctx, s.Now(), dueAtOnce)
	if err != nil {
		return errors.Join(err, swept)
	}
	left := run.rows(ctx, due)
	// What is known already is told even if time is short, and shown even if nobody
	// could be told.
	told := errors.Join(s.digests(ctx), s.reports(ctx), s.publish(ctx))
	if err := errors.Join(told, s.newRun().show(ctx)); err != nil {
		return errors.Join(err, swept)
	}
	if left > 0 {
		return errors.Join(fmt.Errorf("drift: %d of %d due rows not judged", left, len(due)), swept)
	}
	return swept
}

// rows judges rows as long as there is time, and counts those that are left.
// Those of a newer registry are left to its tick.
func (r *run) rows(ctx context.Context, ids []commerce.RecordID) (left int) {
	newer := 0
	defer func() { r.left(ctx, newer) }()
	for i, id := range ids {
		if enough(ctx) != nil {
			return left + len(ids) - i
		}
		err := r.row(ctx, id, queue.Look{})
		if errors.Is(err, generation.ErrOld) {
			newer++
		} else if err != nil {
			left++
			r.Log.ErrorContext(ctx, "row not judged", "record", string(id), "error", err.Error())
		}
	}
	return left
}

// margin is the time that judging one row may take.
const margin = 3 * time.Second

func enough(ctx context.Context) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
		return fmt.Errorf("drift: too little time left")
	}
	return nil
}
