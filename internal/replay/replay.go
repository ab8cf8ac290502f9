// Package replay gives archived deliveries to today's normalisers and queues what
// they read, after it has shown what that would change.
//
// What would change is found by merging in memory, over copies of the rows that
// are affected, with the merge that is deployed: links, moves, suppressions and
// versions count as they will. Whole deliveries are kept for some weeks only;
// what was received earlier is taken from the archive of observations, as it was
// read then.
//
// How the archive is laid out is left to archive, and what an observation does
// to a row to merge.
package replay

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
)

// Archive reads what was archived, see archive.Reader.
type Archive interface {
	Read(ctx context.Context, keys string, since, until time.Time, system string) iter.Seq2[queue.Envelope, error]
}

// Service replays. Its fields are set once.
type Service struct {
	Archive Archive
	// Read reads a delivery as it is read today.
	Read func(d commerce.Delivery) (platform.Reading, error)
	// Seal writes an envelope as a message body, small enough for the queue.
	Seal func(ctx context.Context, e queue.Envelope) (string, error)
	// Generation is that of the registry by which deliveries are read.
	Generation string
	// Whole is from when on deliveries are kept whole, see WholeSince. What was
	// received before comes from the archive of observations.
	Whole time.Time
}

// Span is what is replayed: what was received from Since until before Until. A
// blank system is every system.
type Span struct {
	Since, Until time.Time
	System       string
}

// Item is one archived delivery as it is read today.
type Item struct {
	queue.Envelope
	// Problem is why it cannot be read any more, or nil.
	Problem error
	// Observed says that the delivery itself is gone, and that this is what was
	// read in it then.
	Observed bool
}

// WholeSince is from when on deliveries are kept whole, as of now. The archive of
// observations has all of them.
func WholeSince(now time.Time) time.Time {
	for _, e := range contract.Expiries() {
		if e.Bucket == contract.ArchiveBucket && e.Prefix == contract.DeliveryKeys {
			return now.Add(-e.After)
		}
	}
	return time.Time{}
}

// Items yields what was received in the span, in the order of receipt. A delivery
// that is in the archive several times, because it was replayed before, is
// yielded once. It ends with the first error.
func (s *Service) Items(ctx context.Context, span Span) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		border := span.Since
		if s.Whole.After(border) {
			border = s.Whole
		}
		if span.Until.Before(border) {
			border = span.Until
		}
		for e, err := range s.Archive.Read(ctx, contract.ObservationKeys, span.Since, border, span.System) {
			// Without a generation it is merged as what an earlier registry read.
			e.Generation = ""
			if !yield(Item{Envelope: e, Observed: true}, err) || err != nil {
				return
			}
		}
		var at time.Time
		seen := map[string]bool{}
		for e, err := range s.Archive.Read(ctx, contract.DeliveryKeys, border, span.Until, span.System) {
			if err != nil {
				yield(Item{}, err)
				return
			}
			if !e.Delivery.Received.Equal(at) {
				at = e.Delivery.Received
				clear(seen)
			}
			if id := identity(e.Delivery); !seen[id] {
				seen[id] = true
				if !yield(s.item(e.Delivery), nil) {
					return
				}
			}
		}
	}
}

func identity(d commerce.Delivery) string {
	return fmt.Sprintf("%q %q %q", d.System, cmp.Or(d.ID, d.Topic), d.Body)
}

func (s *Service) item(d commerce.Delivery) Item {
	reading, err := s.Read(d)
	return Item{
		Envelope: queue.Envelope{Delivery: d, Observations: reading.Observations, Erase: reading.Erase, Generation: s.Generation},
		Problem:  err,
	}
}

// Queue takes messages.
type Queue interface {
	Send(ctx context.Context, bodies ...string) error
}

// atOnce is how many messages are sent together.
const atOnce = 10

// Send queues what was received in the span and can be read, and returns how many
// deliveries those are. It may be stopped and repeated: what was merged before
// changes nothing. What only the platforms' APIs know is not asked for again:
// their answers are in the archive too.
func (s *Service) Send(ctx context.Context, span Span, to Queue) (sent int, err error) {
	var bodies []string
	flush := func() error {
		if err := to.Send(ctx, bodies...); err != nil {
			return fmt.Errorf("queue replayed deliveries: %w", err)
		}
		sent, bodies = sent+len(bodies), nil
		return nil
	}
	for item, err := range s.Items(ctx, span) {
		if err != nil {
			return sent, err
		}
		if item.Problem != nil || len(item.Observations)+len(item.Erase) == 0 {
			continue
		}
		body, err := s.Seal(ctx, item.Envelope)
		if err != nil {
			return sent, fmt.Errorf("seal delivery %s: %w", item.Delivery.ID, err)
		}
		if bodies = append(bodies, body); len(bodies) == atOnce {
			if err := flush(); err != nil {
				return sent, err
			}
		}
	}
	if len(bodies) == 0 {
		return sent, nil
	}
	return sent, flush()
}
