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
	"fmt"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
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
	Looks    Looks
	Topic    Topic
	Registry *registry.Registry
	Rules    map[commerce.Kind][]registry.Rule
	Now      func() time.Time
	Log      *slog.Logger
}

// Message is one message of the looks queue.
type Message struct{ ID, Body string }

// Look judges the rows that a batch of looks asks for, and returns the ids of
// the messages whose work is not done.
func (s *Service) Look(ctx context.Context, messages []Message) (failed []string) {
	run := s.newRun()
	for _, m := range messages {
		if err := run.lookAt(ctx, m.Body); err != nil {
			failed = append(failed, m.ID)
			s.Log.ErrorContext(ctx, "look not done", "message_id", m.ID, "error", err.Error())
		}
	}
	return failed
}

func (r *run) lookAt(ctx context.Context, body string) error {
	look, err := queue.DecodeLook(body)
	if err != nil {
		return fmt.Errorf("read look: %w", err)
	}
	if enough(ctx) != nil {
		return enough(ctx)
	}
	return r.row(ctx, look.Key.ID(look.Kind), look.Due)
}

// dueAtOnce is how many due rows of a shard one tick takes on.
const dueAtOnce = 500

// Tick judges the rows that are due and publishes what is in the outbox. It is
// called every minute; a missed or doubled tick changes nothing but freshness.
// A row that fails is reported and does not keep the others.
func (s *Service) Tick(ctx context.Context) error {
	run := s.newRun()
	due, err := run.due(ctx, s.Now(), dueAtOnce)
	if err != nil {
		return err
	}
	left := run.rows(ctx, due)
	// What is known already is told even if time is short.
	if err := s.publish(ctx); err != nil {
		return err
	}
	if left > 0 {
		return fmt.Errorf("drift: %d of %d due rows not judged", left, len(due))
	}
	return nil
}

// rows judges rows as long as there is time, and counts those that are left.
func (r *run) rows(ctx context.Context, ids []commerce.RecordID) (left int) {
	for i, id := range ids {
		if enough(ctx) != nil {
			return left + len(ids) - i
		}
		if err := r.row(ctx, id, time.Time{}); err != nil {
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
