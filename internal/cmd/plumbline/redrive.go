package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/redrive"
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
	reg, err := wire.LoadRegistry(c.Registry, time.Now())
	if err != nil {
		return err
	}
	source, ok := redrivable(reg.Inboxes()...)[k.Queue]
	if !ok {
		return fmt.Errorf("queue %q: want one of %s", k.Queue, strings.Join(redrivableNames(reg.Inboxes()...), ", "))
	}
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	service, err := w.Receive(ctx)
	if err != nil {
		return err
	}
	r := &redrive.Service{
		Deliveries: service, Open: w.Open, Now: time.Now, System: k.System, DryRun: k.DryRun,
		Tell: func(f redrive.Fate) { out.line("%s", fateText(f)) },
	}
	work := r.Move
	if source == contract.Observations {
		work = r.Drain
	}
	back, seen, err := work(ctx, w.Queue(k.Queue), w.Queue(source), k.Limit)
	out.line("%d of %d came back, %d left", back, seen, seen-back)
	return err
}

// redrivable maps the queues that messages come back from to where they go.
func redrivable(inboxes ...string) map[string]string {
	sources := map[string]string{contract.Quarantine: contract.Observations}
	for _, q := range contract.Queues(inboxes...) {
		if q.DeadLetter != "" {
			sources[q.DeadLetter] = q.Name
		}
	}
	return sources
}

func redrivableNames(inboxes ...string) []string {
	names := []string{contract.Quarantine}
	for _, q := range contract.Queues(inboxes...) {
		if q.DeadLetter != "" {
			names = append(names, q.DeadLetter)
		}
	}
	return slices.Compact(names)
}

func fateText(f redrive.Fate) string {
	what := "message " + f.Message
	if d := f.Delivery; d.ID != "" {
		what = fmt.Sprintf("%s %s, received %s", d.System, d.Topic, d.Received.Local().Format(time.DateTime))
	}
	if f.Problem != nil {
		return what + ": stays, " + f.Problem.Error()
	}
	return what + ": comes back"
}
