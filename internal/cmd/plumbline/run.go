package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/board/web"
	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/play"
	"github.com/plumbline/plumbline/internal/wire"
	"github.com/plumbline/plumbline/internal/wire/receive"
)

// runCmd runs the whole system on this machine until it is interrupted.
type runCmd struct {
	Addr string `default:"127.0.0.1:8080" help:"Address of the HTTP front; loopback only."`
	Day  string `placeholder:"DIR" type:"existingdir" help:"Play this recorded day first, and go on serving then."`
	Exit bool   `help:"With --day: end when the day is over."`
}

// interrupted is the exit code of a run that was ended before its day was over,
// as shells give it after Ctrl-C.
const interrupted = 130

// Run starts, plays and serves.
func (k *runCmd) Run(ctx context.Context, c *cli, out *output) error {
	if err := loopback(k.Addr); err != nil {
		return err
	}
	c.Registry = k.registry(c.Registry)
	recorded, progress, clock, err := k.prepare(c)
	if err != nil {
		return err
	}
	if _, err := emulator.Install(ctx, os.Stderr); err != nil {
		return err
	}
	screen := newTerminal(out.Writer)
	out = &output{Writer: screen, json: out.json, width: out.width}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	reg, err := wire.LoadRegistry(c.Registry, clock.Now())
	if err != nil {
		return err
	}
	if recorded != nil && filepath.Dir(c.Registry) == k.Day {
		out.line("The registry is the day's own: other commands need --registry %s.", c.Registry)
	}
	stack, err := local.Start(ctx, local.Options{
		Data: c.Data, Plan: local.Plan{Inboxes: reg.Inboxes()}, Clock: clock, Outages: outages(recorded), Log: log,
	})
	if err != nil {
		return err
	}
	defer stack.Close() //nolint:errcheck // the second Close answers as the first, which is checked below
	w, err := wire.New(wire.Options{
		Getenv: stack.Getenv(localEnv(c, config.Environment)), AWS: stack.AWSConfig(), Now: clock.Now, Log: log, Console: paragraphs{out},
		Recorded: answers(recorded, clock),
	})
	if err != nil {
		return err
	}
	if err := errors.Join(keepGeneration(c.Data, w.Registry.Generation), keepPlaying(c.Data, progress.Playing())); err != nil {
		return err
	}
	if err := notify.Recover(ctx, w.Findings(), time.Now()); err != nil {
		return err
	}
	handlers, err := w.Handlers(ctx)
	if err != nil {
		return err
	}
	if err := stack.Open(ctx, local.Service{
		Handlers: handlers, Address: k.Addr, Board: web.Handler(w.Board(), log),
	}); err != nil {
		return err
	}
	if recorded != nil && progress.Next == 0 {
		if err := remember(ctx, w, stack, recorded.History); err != nil {
			return err
		}
	}
	if recorded != nil {
		err := k.play(ctx, out, screen, w, stack, *recorded, progress)
		if ctx.Err() != nil {
			screen.show("")
			out.line("\nInterrupted. The same command goes on from here.")
			return errors.Join(stack.Close(), exitError(interrupted))
		}
		if err != nil {
			return err
		}
		if k.Exit {
			return stack.Close()
		}
	}
	if err := keepPlaying(c.Data, ""); err != nil {
		return err
	}
	clock.Flow()
	out.line("The board is on %s/", stack.Front())
	out.line("Listening on %s/hooks/{system}. Ctrl-C ends.", stack.Front())
	<-stack.Done()
	return stack.Close()
}

// dayRegistry is the registry beside a day's deliveries, where it has one.
const dayRegistry = "plumbline.yaml"

// registry is the one of the day, if it has one and the command line names no
// other.
func (k *runCmd) registry(given string) string {
	own, err := filepath.Abs(filepath.Join(k.Day, dayRegistry))
	usual, err2 := filepath.Abs(dayRegistry)
	if k.Day == "" || err != nil || err2 != nil || given != usual {
		return given
	}
	if _, err := os.Stat(own); err != nil {
		return given
	}
	return own
}

// answers answers for the platforms of a day that was recorded with their
// answers.
func answers(recorded *day.Day, clock *local.Clock) http.RoundTripper {
	if recorded == nil || len(recorded.Answers) == 0 {
		return nil
	}
	return play.NewAnswers(recorded.Answers, clock.Now)
}

// outages are the times in which functions stood still on a day.
func outages(recorded *day.Day) local.Outages {
	if recorded == nil {
		return nil
	}
	return recorded.Outage
}

// prepare reads the day and sets the clock to where it goes on.
func (k *runCmd) prepare(c *cli) (*day.Day, *play.Progress, *local.Clock, error) {
	if err := ensureHashKey(c.Data); err != nil {
		return nil, nil, nil, err
	}
	if k.Day == "" {
		return nil, nil, local.WallClock(), nil
	}
	recorded, err := day.Read(os.DirFS(k.Day))
	if err != nil {
		return nil, nil, nil, err
	}
	progress, err := play.OpenProgress(c.Data, filepath.Base(k.Day))
	if err != nil {
		return nil, nil, nil, err
	}
	start := progress.At
	if start.IsZero() {
		start = recorded.Deliveries[0].At
	}
	return &recorded, progress, local.SteppedClock(start), nil
}

func (k *runCmd) play(ctx context.Context, out *output, screen *terminal, w *wire.Wire, stack *local.Stack, recorded day.Day, progress *play.Progress) error {
	if progress.Done {
		out.line("The day was played already. To play it again, end this and remove the data folder.")
		return nil
	}
	zone, err := time.LoadLocation(recorded.Truth.Timezone)
	if err != nil {
		return fmt.Errorf("read the day's zone: %w", err)
	}
	out.line("Playing %s: %d deliveries of a day.", recorded.Truth.Day, len(recorded.Deliveries))
	if n := len(recorded.Answers); n > 0 {
		out.line("Platforms are not called: what they are asked, %d recorded answers say.", n)
	}
	bar := &progressLine{terminal: screen, total: len(recorded.Deliveries), zone: zone}
	began := time.Now()
	p := play.Player{Day: recorded, Stack: stack, Progress: progress, Step: bar.step, Decide: decider(w)}
	if err := p.Play(ctx); err != nil {
		return err
	}
	screen.show("")
	out.line("\nThe day took %s.", time.Since(began).Round(time.Second))
	return report(ctx, out, w, recorded, zone)
}

// decider takes decisions of the day as the command line does.
func decider(w *wire.Wire) func(context.Context, day.Decision) error {
	return func(ctx context.Context, d day.Decision) error {
		service, err := w.Respond(ctx)
		if err != nil {
			return err
		}
		return play.Decide(ctx, d, w.Findings(), service)
	}
}

// remember tells what was known before the day.
func remember(ctx context.Context, w *wire.Wire, stack *local.Stack, history []day.Past) error {
	deliveries, err := receive.Service(ctx, w.Bundle, w.Secrets)
	if err != nil {
		return err
	}
	return play.Remember(ctx, history, deliveries, stack.Quiesce)
}

// progressLine shows how far the day is.
type progressLine struct {
	terminal *terminal
	total    int
	zone     *time.Location
	shown    time.Time
}

// step shows the line at most ten times a second.
func (p *progressLine) step(done int, at time.Time) {
	const width = 30
	if now := time.Now(); now.Sub(p.shown) > 100*time.Millisecond || done == p.total {
		p.shown = now
		full := width * done / p.total
		p.terminal.show(fmt.Sprintf("%s  %s%s  %d of %d deliveries", at.In(p.zone).Format("15:04"),
			strings.Repeat("█", full), strings.Repeat("░", width-full), done, p.total))
	}
}
