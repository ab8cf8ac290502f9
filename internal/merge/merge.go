// Package merge folds deliveries into rows: one read and one conditional write
// per row, a look asked for where the sides do not agree yet. It decides
// nothing about findings; drift does.
//
// Everything is safe to repeat. A message may be delivered any number of times,
// in any order, and the work may stop after any step: nothing is acknowledged
// before all that follows from it is stored.
package merge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// sliceRows is how many rows are read and written between two glances at
	// the deadline.
	sliceRows = 50
	// margin is the time that one slice may take.
	margin = 3 * time.Second
	// lateAfter is how old a delivery may get before it is merged without
	// holding back openings.
	lateAfter = 2 * time.Minute
	// lastReceive is the delivery of a message after which it goes to the dead
	// letters.
	lastReceive = contract.MaxReceive
)

// Records is what merge needs of the store of rows.
type Records interface {
	Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error)
	Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error)
	Put(ctx context.Context, row record.Row) error
}

// Arrivals takes when systems were heard.
type Arrivals interface {
	Arrive(ctx context.Context, source silence.Source, at time.Time) error
}

// Looks takes requests for later judgements.
type Looks interface {
	SendLater(ctx context.Context, messages ...queue.Later) error
}

// Archive takes merged deliveries. It may get one more than once.
type Archive interface {
	Send(ctx context.Context, bodies ...string) error
}

// Service merges. Its fields are set once, before the first call.
type Service struct {
	Records Records
	Marks   store.Marks
	// Arrivals keeps when systems were heard. Nil keeps nothing.
	Arrivals Arrivals
	// Receipts keeps which messages of loads are merged. Nil keeps nothing.
	Receipts Receipts
	Looks    Looks
	Archive  Archive
	// Open resolves an envelope that was too large for the queue.
	Open func(ctx context.Context, body string) (queue.Envelope, error)
	// Generation says whether what another generation wrote may be written over.
	// Nil always may.
	Generation *generation.Gate
	// Registry and Rules say what is kept and judged.
	Registry *registry.Registry
	Rules    map[commerce.Kind][]registry.Rule
	// Learnt says which settle times are learnt. Nil knows of none.
	Learnt *learnt.Reader
	Now    func() time.Time
	Log    *slog.Logger

	coverage coverage
	arrivals arrivals
}

// Message is one message of the observations queue.
type Message struct {
	ID, Body string
	// Receives counts deliveries of this message, this one included.
	Receives int
}

// task is one observation on its way into its row.
type task struct {
	message int
	o       commerce.Observation
	from    record.Source
	// waited is the observation as it waited on a link row, to be taken off it
	// once it is merged. Nil for what came with the delivery.
	waited *commerce.Observation
}

// Merge merges a batch and returns the ids of the messages whose effect is not
// stored. They are to be delivered again; the others may be deleted.
func (s *Service) Merge(ctx context.Context, messages []Message) (failed []string) {
	b := &batch{Service: s, messages: messages, errs: make([]error, len(messages)), envelopes: make([]queue.Envelope, len(messages))}
	b.learnt = s.Learnt.Current(ctx)
	b.open(ctx)
	b.cover(ctx)
	b.erase(ctx)
	tasks := b.link(ctx, b.tasks())
	b.rows(ctx, b.relocated(tasks))
	b.release(ctx, tasks)
	b.archive(ctx)
	b.receipts(ctx)
	b.measure(ctx)
	waits := 0
	for i, m := range messages {
		if b.errs[i] == nil {
			continue
		}
		failed = append(failed, m.ID)
		b.dead(ctx, i)
		if errors.Is(b.errs[i], generation.ErrOld) {
			waits++
			continue
		}
		s.Log.ErrorContext(ctx, "delivery not merged", "message_id", m.ID, "receives", m.Receives, "error", b.errs[i].Error())
	}
	if waits > 0 {
		s.Log.WarnContext(ctx, "deliveries left to a newer registry", "messages", waits, "generation", s.Registry.Generation)
	}
	return failed
}

// batch is one call of Merge.
type batch struct {
	*Service
	messages  []Message
	envelopes []queue.Envelope
	errs      []error
	learnt    learnt.Learnt
	wishes    wishes
}

func (b *batch) fail(message int, err error) {
	if b.errs[message] == nil {
		b.errs[message] = err
	}
}

func (b *batch) open(ctx context.Context) {
	for i, m := range b.messages {
		e, err := b.Open(ctx, m.Body)
		if err != nil {
			b.fail(i, fmt.Errorf("read message %s: %w", m.ID, err))
			continue
		}
		if e.Generation != "" {
			if err := b.Generation.Check(ctx, e.Generation); err != nil {
				b.fail(i, fmt.Errorf("read message %s: %w", m.ID, err))
				continue
			}
		}
		e.Delivery.Received = e.Delivery.Received.Truncate(time.Millisecond)
		b.envelopes[i] = e
	}
}

// tasks are the observations of the readable messages that some rule has a use
// for.
func (b *batch) tasks() []task {
	var tasks []task
	for i, e := range b.envelopes {
		if b.errs[i] != nil {
			continue
		}
		from := record.Source{Delivery: e.Delivery.ID, Received: e.Delivery.Received}
		for _, o := range e.Observations {
			if o, wanted := b.wanted(o); wanted {
				tasks = append(tasks, task{message: i, o: o, from: from})
			}
		}
	}
	return tasks
}

// wanted drops facets that no rule reads, and observations of which nothing is
// left that a rule could miss.
func (s *Service) wanted(o commerce.Observation) (commerce.Observation, bool) {
	if o.Kind == commerce.Link || o.Kind == commerce.Mapping || o.Kind == commerce.Total || o.Kind == commerce.Trend {
		return s.unanchored(o), true
	}
	if o.Kind == commerce.Canary {
		return o, true
	}
	kept := commerce.Facets{}
	for name, value := range o.Facets {
		if s.Registry.Reads(o.Kind, o.System, name) {
			kept[name] = value
		}
	}
	wanted := len(kept) > 0 || s.Registry.Adds(o.Kind, o.System)
	for _, r := range s.Rules[o.Kind] {
		involved := r.From == o.System || r.To == o.System
		wanted = wanted || involved && (o.Gone || r.Check != registry.Equal)
	}
	// No amount is compared without knowing that both are in one currency.
	for _, name := range []string{"currency", "presentment_currency"} {
		if currency, told := o.Facets[name]; told && wanted {
			kept[name] = currency
		}
	}
	s.keepExplaining(o, kept)
	o.Facets = kept
	if !s.Registry.ReadsLines(o.Kind, o.System) {
		o.Lines = nil
	}
	return o, wanted
}

// archive hands the merged deliveries on. A delivery that cannot be handed on
// is merged again later, which changes nothing. What Plumbline says about itself
// is of no use to anybody later, but for what its people asked it to forget.
func (b *batch) archive(ctx context.Context) {
	var merged []int
	var bodies []string
	for i, m := range b.messages {
		e := b.envelopes[i]
		if b.errs[i] == nil && (e.Delivery.System != commerce.Plumbline || len(e.Erase) > 0) {
			merged, bodies = append(merged, i), append(bodies, m.Body)
		}
	}
	if len(bodies) == 0 {
		return
	}
	err := b.Archive.Send(ctx, bodies...)
	var partial *queue.PartialError
	if errors.As(err, &partial) {
		for n, failed := range partial.Failed {
			b.fail(merged[n], fmt.Errorf("archive: %w", failed))
		}
		return
	}
	for _, i := range merged {
		if err != nil {
			b.fail(i, fmt.Errorf("archive: %w", err))
		}
	}
}
