package main

import (
	"context"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/replay"
	"github.com/plumbline/plumbline/internal/wire"
)

// replayCmd gives archived deliveries to today's normalisers.
type replayCmd struct {
	Since   moment `required:"" placeholder:"TIME" help:"From when on deliveries were received: 2026-11-23, 2026-11-23T14:02, or how long ago, such as 3d."`
	Until   moment `placeholder:"TIME" help:"Before when they were received; now when not given."`
	System  string `placeholder:"NAME" help:"Only deliveries of this system."`
	DryRun  bool   `help:"Say what would change, and change nothing."`
	Rebuild bool   `help:"Take what was read in the deliveries then, however old, as an empty store needs it."`
}

// shownChanges is how many changes are printed; --json has all.
const shownChanges = 20

// Run shows what would change, and queues it.
func (k *replayCmd) Run(ctx context.Context, c *cli, out *output) error {
	now := time.Now()
	if k.Until.IsZero() {
		k.Until.Time = now
	}
	if !k.Since.Before(k.Until.Time) {
		return fmt.Errorf("--since %s is not before --until %s", k.Since.Format(time.RFC3339), k.Until.Format(time.RFC3339))
	}
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	out.zone = w.Registry.Zone()
	if _, known := w.Registry.Systems[k.System]; k.System != "" && !known {
		return fmt.Errorf("no system %q in the registry", k.System)
	}
	service, err := replayer(ctx, w, now)
	if err != nil {
		return err
	}
	if k.Rebuild {
		service.Whole = k.Until.Time
	}
	span := replay.Span{Since: k.Since.Time, Until: k.Until.Time, System: k.System}
	report, err := replay.Preview(ctx, service.Items(ctx, span), w.Records(), w.Registry, now)
	if err != nil {
		return err
	}
	answer := replayAnswerOf(report, span, k.DryRun)
	if !out.json {
		printReplay(out, answer, service.Whole)
	}
	if !k.DryRun {
		if answer.Sent, err = service.Send(ctx, span, w.Queue(contract.Observations)); err != nil {
			return fmt.Errorf("%d deliveries queued, the same command begins again: %w", answer.Sent, err)
		}
	}
	if out.json {
		err = out.encode(answer)
	} else if !k.DryRun {
		out.line("\n%d deliveries queued. Merge takes them in beside what comes in live.", answer.Sent)
	}
	if err == nil && len(report.Unread) > 0 {
		return exitError(1)
	}
	return err
}

// replayer reads the archive of a stack by its registry.
func replayer(ctx context.Context, w *wire.Wire, now time.Time) (*replay.Service, error) {
	receive, err := w.Receive(ctx)
	if err != nil {
		return nil, err
	}
	return &replay.Service{
		Archive: w.Archive(), Read: receive.Read, Seal: receive.Seal,
		Generation: w.Registry.Generation, Whole: replay.WholeSince(now),
	}, nil
}

// replayAnswer is what --json prints.
type replayAnswer struct {
	Since      time.Time      `json:"since"`
	Until      time.Time      `json:"until"`
	DryRun     bool           `json:"dry_run"`
	Deliveries int            `json:"deliveries"`
	Observed   int            `json:"as_read_then"`
	Sent       int            `json:"sent"`
	Records    int            `json:"records"`
	New        int            `json:"new"`
	Newer      int            `json:"only_newer"`
	Erased     int            `json:"erased"`
	Unmerged   int            `json:"unmerged"`
	Counts     []countAnswer  `json:"counts"`
	Changes    []movedAnswer  `json:"changes"`
	Unread     []unreadAnswer `json:"unread"`
}

type countAnswer struct {
	System       string `json:"system"`
	Kind         string `json:"kind"`
	Observations int    `json:"observations"`
	Views        int    `json:"views_changed"`
}

type movedAnswer struct {
	Kind   string `json:"kind"`
	Key    string `json:"key"`
	System string `json:"system"`
	Part   string `json:"part"`
	Facet  string `json:"facet"`
	Before string `json:"before"`
	After  string `json:"after"`
}

type unreadAnswer struct {
	System  string `json:"system"`
	Topic   string `json:"topic"`
	Problem string `json:"problem"`
	Count   int    `json:"count"`
}

func replayAnswerOf(r replay.Report, span replay.Span, dry bool) replayAnswer {
	a := replayAnswer{
		Since: span.Since, Until: span.Until, DryRun: dry, Deliveries: r.Deliveries, Observed: r.Observed, Records: r.Rows,
		New: r.New, Newer: r.Newer, Erased: r.Erased, Unmerged: r.Unmerged,
		Counts: []countAnswer{}, Changes: []movedAnswer{}, Unread: []unreadAnswer{},
	}
	for _, n := range r.Counts {
		a.Counts = append(a.Counts, countAnswer{n.System, string(n.Kind), n.Observations, n.Views})
	}
	for _, m := range r.Changes {
		a.Changes = append(a.Changes, movedAnswer{string(m.Kind), m.Key.Text(m.Kind), m.System, m.Part, m.Facet, m.Before, m.After})
	}
	for _, u := range r.Unread {
		a.Unread = append(a.Unread, unreadAnswer(u))
	}
	return a
}

func printReplay(out *output, a replayAnswer, whole time.Time) {
	out.line("%d deliveries, received %s", a.Deliveries, out.span(a.Since, a.Until))
	if a.Observed > 0 {
		out.line("%d of them, received before %s, are not kept whole any more:", a.Observed, out.time(whole, inFull))
		out.line("what was read in them then is used.")
	}
	if len(a.Counts) > 0 {
		rows := [][]string{{"system", "kind", "observations", "views that change"}}
		for _, n := range a.Counts {
			rows = append(rows, []string{n.System, n.Kind, fmt.Sprint(n.Observations), fmt.Sprint(n.Views)})
		}
		out.line("")
		out.table(rows)
	}
	out.line("\n%s", replayOutcome(a))
	for i, m := range a.Changes {
		if i == shownChanges {
			out.line("  and %d more; --json has all", len(a.Changes)-i)
			break
		}
		out.line("  %s %s, %s: %s", m.Kind, m.Key, m.System, m.text())
	}
	for _, u := range a.Unread {
		out.line("%6d  %s %s cannot be read today: %s", u.Count, u.System, u.Topic, u.Problem)
	}
	if a.Erased > 0 {
		out.line("Erased on request and kept away: %s.", counted(a.Erased, "record"))
	}
	if a.Unmerged > 0 {
		out.line("%d deliveries cannot be merged; they would become dead letters.", a.Unmerged)
	}
}

// replayOutcome says in one line what a replay comes to.
func replayOutcome(a replayAnswer) string {
	text := "Nothing would change."
	if a.Records > 0 {
		text = fmt.Sprintf("%s would change, %d of them new.", counted(a.Records, "record"), a.New)
	}
	if a.Newer > 0 {
		text += fmt.Sprintf(" %d would say the same in a newer version.", a.Newer)
	}
	return text
}

func (m movedAnswer) text() string {
	if m.Facet == "" {
		return m.Before + " -> " + m.After
	}
	return m.Facet + " " + m.Before + " -> " + m.After
}
