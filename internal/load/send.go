package load

import (
	"context"
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
)

// outgoing are the messages of one chunk. A chunk that is read again makes the
// same ones.
type outgoing struct {
	*Service
	of Certificate
	// number is that of the next message.
	number int

	next   []commerce.Observation
	bodies []string
}

func (o *outgoing) add(ctx context.Context, observation commerce.Observation) error {
	if o.next = append(o.next, observation); len(o.next) < envelopeRows {
		return nil
	}
	if err := o.seal(); err != nil {
		return err
	}
	if len(o.bodies) < sentMessages {
		return nil
	}
	return o.flush(ctx)
}

// send sends what is left.
func (o *outgoing) send(ctx context.Context) error {
	if err := o.seal(); err != nil {
		return err
	}
	return o.flush(ctx)
}

func (o *outgoing) seal() error {
	if len(o.next) == 0 {
		return nil
	}
	// A delivery without a body: the file itself is what a repaired mapping reads
	// again, and a row says nothing about whether its system is heard.
	body, err := queue.Encode(queue.Envelope{
		Delivery: commerce.Delivery{
			ID:     merge.LoadDelivery(o.of.Load, o.number),
			System: o.of.System, Topic: commerce.ExportTopic, Received: o.of.Started,
		},
		Observations: o.next, Generation: o.Generation,
	})
	if err != nil {
		return err
	}
	o.number++
	o.next, o.bodies = o.next[:0], append(o.bodies, body)
	return nil
}

func (o *outgoing) flush(ctx context.Context) error {
	if len(o.bodies) == 0 {
		return nil
	}
	if err := o.Bulk.Send(ctx, o.bodies...); err != nil {
		return fmt.Errorf("send rows: %w", err)
	}
	o.bodies = o.bodies[:0]
	return nil
}
