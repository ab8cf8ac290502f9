package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/wire"
)

// redriveCmd brings messages back that could not be worked on.
type redriveCmd struct {
	Queue  string `arg:"" help:"quarantine, or a dead letter queue: ${queues}."`
	System string `help:"Only deliveries of this system."`
	Limit  int    `default:"1000" help:"At most so many."`
	DryRun bool   `help:"Say what would come back, and leave it."`
}

// Run brings back. What today's normaliser cannot read stays where it is.
func (k *redriveCmd) Run(ctx context.Context, c *cli, out *output) error {
	if !slices.Contains(redrivable(), k.Queue) {
		return fmt.Errorf("queue %q: want one of %s", k.Queue, strings.Join(redrivable(), ", "))
	}
	w, err := connect(c)
	if err != nil {
		return err
	}
	r := &redrive{cmd: k, wire: w, out: out}
	if r.service, err = w.Receive(ctx); err != nil {
		return err
	}
	done, err := queue.Drain(ctx, w.Queue(k.Queue), k.Limit, func(m queue.Message) (bool, error) { return r.take(ctx, m) })
	out.line("%d of %d came back, %d left", done, r.seen, r.seen-done)
	return err
}

// redrivable lists the queues that messages come back from.
func redrivable() []string {
	names := []string{contract.Quarantine}
	for _, q := range contract.Queues() {
		if q.DeadLetter != "" {
			names = append(names, q.DeadLetter)
		}
	}
	return names
}

type redrive struct {
	cmd     *redriveCmd
	wire    *wire.Wire
	service *receive.Service
	out     *output
	seen    int
}

// take brings one message back, and reports whether it may be deleted.
func (r *redrive) take(ctx context.Context, m queue.Message) (bool, error) {
	if r.cmd.Queue != contract.Quarantine && r.cmd.Queue != contract.DeadLetters(contract.Observations) {
		r.seen++
		return r.resend(ctx, m.Body)
	}
	e, err := r.wire.Open(ctx, m.Body)
	if err != nil {
		r.seen++
		r.out.line("message %s: %v", m.ID, err)
		return false, nil
	}
	if r.cmd.System != "" && e.Delivery.System != r.cmd.System {
		return false, nil
	}
	r.seen++
	if len(e.Delivery.Body) == 0 {
		return r.resend(ctx, m.Body) // a report of Plumbline's own
	}
	return r.deliver(ctx, e)
}

// deliver reads a delivery again and queues what it says now.
func (r *redrive) deliver(ctx context.Context, e queue.Envelope) (bool, error) {
	d := e.Delivery
	if err := r.service.Check(d); err != nil {
		r.out.line("%s %s, received %s: still not readable: %v", d.System, d.Topic, d.Received.Local().Format(time.DateTime), err)
		return false, nil
	}
	r.out.line("%s %s, received %s: readable", d.System, d.Topic, d.Received.Local().Format(time.DateTime))
	if r.cmd.DryRun {
		return false, nil
	}
	if _, _, err := r.service.Accept(ctx, d); err != nil {
		return false, err
	}
	return true, r.service.Readable(ctx, d, time.Now())
}

func (r *redrive) resend(ctx context.Context, body string) (bool, error) {
	if r.cmd.DryRun {
		return false, nil
	}
	source := strings.TrimSuffix(r.cmd.Queue, strings.TrimPrefix(contract.DeadLetters("x"), "x"))
	if err := r.wire.Queue(source).Send(ctx, body); err != nil {
		return false, err
	}
	return true, nil
}
