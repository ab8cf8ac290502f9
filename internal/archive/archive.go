// Package archive keeps merged deliveries as compressed objects, and reads them
// back in the order in which they were received.
//
// Each batch becomes objects of two kinds. A delivery whole, with its raw body,
// may be read again by a repaired normaliser, and expires before anybody's
// request to be forgotten is due. What was observed in it, without anything
// about persons, stays: records are rebuilt from it.
//
// An object is named by what is in it, so that a batch that comes again replaces
// its own objects. A message is archived at least once, and reading it twice
// changes no record. When objects expire is contract's business, and who replays
// them another's.
package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
)

const (
	// margin is the time that writing what is gathered may take.
	margin = 5 * time.Second
	// maxGathered bounds what is held before it is written, in bytes: a small
	// message may claim a large body.
	maxGathered = 32 << 20
	// writers is how many objects are written at the same time.
	writers = 4
)

// errDeadline leaves the rest of a batch to a later invocation.
var errDeadline = errors.New("archive: too little time left")

// Blobs takes objects.
type Blobs interface {
	Put(ctx context.Context, key string, body []byte) error
}

// Service archives. Its fields are set once, before the first call.
type Service struct {
	Blobs Blobs
	// Open resolves an envelope that was too large for the queue.
	Open func(ctx context.Context, body string) (queue.Envelope, error)
	// Shapes notices what platforms send otherwise than before. May be nil.
	Shapes *Shapes
	Now    func() time.Time
	Log    *slog.Logger
}

// Message is one message of the queue of merged deliveries.
type Message struct{ ID, Body string }

// Archive stores a batch and returns the ids of the messages that are not
// stored whole. They are to be delivered again.
func (s *Service) Archive(ctx context.Context, messages []Message) (failed []string) {
	b := &batch{Service: s, errs: make([]error, len(messages)), objects: objects{}}
	for i, m := range messages {
		b.errs[i] = b.take(ctx, i, m)
		if b.size > maxGathered {
			b.write(ctx)
		}
	}
	b.write(ctx)
	if err := s.Shapes.note(ctx); err != nil {
		s.Log.ErrorContext(ctx, "shapes not noted", "error", err.Error())
	}
	for i, m := range messages {
		if b.errs[i] != nil {
			failed = append(failed, m.ID)
			s.Log.ErrorContext(ctx, "delivery not archived", "message_id", m.ID, "error", b.errs[i].Error())
		}
	}
	return failed
}

// batch is one call of Archive.
type batch struct {
	*Service
	errs    []error
	objects objects
	size    int
}

// take gathers what is to be kept of one message.
func (b *batch) take(ctx context.Context, message int, m Message) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < margin {
		return errDeadline
	}
	e, err := b.Open(ctx, m.Body)
	if err != nil {
		return fmt.Errorf("read message %s: %w", m.ID, err)
	}
	if err := b.Shapes.see(ctx, e.Delivery); err != nil {
		b.Log.ErrorContext(ctx, "shape not looked at", "delivery", e.Delivery.ID, "error", err.Error())
	}
	if b.raw(e) {
		if err := b.add(contract.DeliveryKeys, e, message); err != nil {
			return err
		}
	}
	if e = nameless(e); len(e.Observations)+len(e.Erase) > 0 {
		return b.add(contract.ObservationKeys, e, message)
	}
	return nil
}

// raw reports whether a delivery is kept whole. Plumbline's own reports have no
// body, and an old one, back from the dead letters, would stay too long.
func (b *batch) raw(e queue.Envelope) bool {
	return len(e.Delivery.Body) > 0 && b.Now().Sub(e.Delivery.Received) <= contract.MaxArchived
}

func (b *batch) add(keys string, e queue.Envelope, message int) error {
	text, err := queue.Encode(e)
	if err != nil {
		return err
	}
	b.objects.add(placeOf(keys, e.Delivery), line{e.Delivery.Received, text}, message)
	b.size += len(text)
	return nil
}

// write stores what is gathered.
func (b *batch) write(ctx context.Context) {
	var group errgroup.Group
	group.SetLimit(writers)
	for at, o := range b.objects {
		group.Go(func() error {
			o.err = b.put(ctx, at, o)
			return nil
		})
	}
	_ = group.Wait() // every error is kept with its object
	for _, o := range b.objects {
		for _, message := range o.messages {
			b.errs[message] = cmp.Or(b.errs[message], o.err)
		}
	}
	b.objects, b.size = objects{}, 0
}

func (b *batch) put(ctx context.Context, at place, o *object) error {
	key, body, err := o.pack(at)
	if err == nil {
		err = b.Blobs.Put(ctx, key, body)
	}
	if err != nil {
		return fmt.Errorf("archive %d deliveries of %s: %w", len(o.lines), at.system, err)
	}
	return nil
}
