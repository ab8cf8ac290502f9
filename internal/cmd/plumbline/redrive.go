package main

import (
	"context"
	"errors"
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
	System string `help:"Only what is of this system."`
	Match  string `placeholder:"TEXT" help:"Only messages whose cause holds the text, such as a topic or a part of the reason."`
	Limit  int    `default:"1000" help:"At most so many."`
	DryRun bool   `help:"Say what would come back, and leave it."`
}

// redriveAnswer is what --json prints.
type redriveAnswer struct {
	Queue  string        `json:"queue"`
	DryRun bool          `json:"dry_run"`
	Causes []asideAnswer `json:"causes"`
	Seen   int           `json:"seen"`
	Back   int           `json:"back"`
}

type asideAnswer struct {
	Count  int       `json:"count"`
	System string    `json:"system"`
	Topic  string    `json:"topic"`
	Reason string    `json:"reason"`
	Stays  string    `json:"stays"`
	First  time.Time `json:"first"`
	Last   time.Time `json:"last"`
}

// Run shows the causes of what is there, and brings back. What today's normaliser
// cannot read stays where it is.
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
	out.zone = w.Registry.Zone()
	service, err := w.Receive(ctx)
	if err != nil {
		return err
	}
	groups := redrive.Groups{}
	r := &redrive.Service{
		Deliveries: service, Open: w.Open, Now: time.Now, System: k.System, Match: k.Match, DryRun: true, Tell: groups.Add,
	}
	work := r.Move
	if source == contract.Observations {
		work = r.Drain
	}
	back, seen, err := work(ctx, w.Queue(k.Queue), w.Queue(source), k.Limit)
	if err != nil {
		return err
	}
	if !out.json {
		printCauses(out, groups.List())
	}
	if !k.DryRun {
		r.DryRun, r.Tell = false, func(redrive.Fate) {}
		back, seen, err = work(ctx, w.Queue(k.Queue), w.Queue(source), k.Limit)
	}
	if out.json {
		return errors.Join(err, out.encode(redriveAnswer{k.Queue, k.DryRun, asideAnswers(groups.List()), seen, back}))
	}
	out.line("%d of %d came back, %d left", back, seen, seen-back)
	return err
}

func asideAnswers(groups []redrive.Group) []asideAnswer {
	answers := []asideAnswer{}
	for _, g := range groups {
		answers = append(answers, asideAnswer{g.Count, g.System, g.Topic, g.Reason, g.Problem, g.First, g.Last})
	}
	return answers
}

// printCauses says what is there, before anything moves.
func printCauses(out *output, groups []redrive.Group) {
	for _, g := range groups {
		what := strings.TrimSpace(g.System + " " + g.Topic)
		out.line("%6d  %s, %s", g.Count, orText(what, "not a message of Plumbline"), out.span(g.First, g.Last))
		if g.Reason != "" {
			out.line("        set aside: %s", g.Reason)
		}
		if g.Problem != "" {
			out.line("        today: stays, %s", g.Problem)
			continue
		}
		out.line("        today: comes back")
	}
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
