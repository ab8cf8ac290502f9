package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/cmd/stress/rig"
	"github.com/plumbline/plumbline/internal/cmd/stress/traffic"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

// load is what one run sends.
type load struct {
	// rate is how many deliveries a second are sent, for how long.
	rate  int
	lasts time.Duration
	// crowd is how many deliveries come at ten times the rate, changes how many
	// there are of one SKU in a flash sale.
	crowd, changes int
	// probes is how many differences are made while the load lasts.
	probes int
	// skus is how many records the load is about.
	skus int
	// sample is how often the course of the load is noted.
	sample time.Duration

	plan      local.Plan
	emulators *emulator.Emulators
	seed      uint64
}

// loaded is what came of it.
type loaded struct {
	load
	sent   *rig.Sent
	course []moment
	lags   rig.Times
	// drained is how long after the last of it the backlog was gone.
	drained time.Duration

	burst, flash drained
	races        int
	batches      int

	alerts rig.Times
	// twice and never list probes that were told of otherwise than once.
	twice, never []string

	deliveries int
	verified   time.Duration
}

// drained is a backlog that was made and merged.
type drained struct {
	*rig.Sent
	lags rig.Times
	// merged is how long after the first delivery the last was merged.
	merged time.Duration
}

// moment is one stretch of the load.
type moment struct {
	at      time.Duration
	lags    rig.Times
	waiting int
	memory  []resident
}

// patience bounds every wait for what must happen.
const patience = 5 * time.Minute

// gathering is the longest that messages are held back until a batch is full: at
// the end of a load, the last of them are.
func gathering() time.Duration {
	longest := time.Duration(0)
	for _, q := range contract.Queues() {
		longest = max(longest, q.Window)
	}
	return longest
}

// run sends the load and compares what is stored with it.
func (l load) run(ctx context.Context, progress func(string, ...any)) (result loaded, err error) {
	slack := newChat()
	r, err := rig.Start(ctx, rig.Options{
		Registry: withProbes(l.probes), Emulators: l.emulators, Plan: l.plan, Slack: slack,
	})
	if err != nil {
		return loaded{}, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	result.load = l
	stream := traffic.NewStream(l.seed, "SKU-", l.skus)
	next := func() traffic.Delivery { return stream.Next(time.Now()) }

	l.sustain(ctx, r, slack, next, &result, progress)
	result.burst = l.wave(ctx, r, 10*l.rate, counted(l.crowd, next))
	progress("burst: accepted in %v, merged in %v", result.burst.Took, result.burst.merged)

	before, batches := r.Trace.Races()
	events := traffic.Flash(l.seed, "FLASH", l.changes, time.Now())
	result.flash = l.wave(ctx, r, 4*l.rate, counted(len(events), func() traffic.Delivery {
		d := events[0]
		events = events[1:]
		return d
	}))
	result.races, result.batches = r.Trace.Races()
	result.races, result.batches = result.races-before, result.batches-batches
	progress("flash sale: merged in %v, %d races lost", result.flash.merged, result.races)

	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, patience+gathering())
	defer cancel()
	if err := r.AwaitQuiet(ctx); err != nil {
		return result, err
	}
	result.deliveries, result.verified = r.Truth.Deliveries(), time.Since(began)
	return result, errors.Join(r.Verify(ctx), result.taken(), result.toldOnce())
}

// sustain sends the rate for as long as it lasts, makes the differences
// meanwhile, and waits until the backlog is gone.
func (l load) sustain(ctx context.Context, r *rig.Rig, slack *chat, next func() traffic.Delivery, result *loaded, progress func(string, ...any)) {
	began := time.Now()
	ending, cancel := context.WithTimeout(ctx, l.lasts)
	defer cancel()
	var beside sync.WaitGroup
	beside.Go(func() { result.alerts, result.twice, result.never = l.probe(ctx, r, slack) })
	beside.Go(func() { result.course = l.watch(ending, r, progress) })
	result.sent = r.Pump(ending, l.rate, func() (traffic.Delivery, bool) { return next(), true })
	last := time.Now()
	awaitMerged(ctx, r)
	result.drained = time.Since(last)
	beside.Wait()
	result.lags = r.Trace.Lags(began, time.Now())
}

// watch notes the course of the load.
func (l load) watch(ctx context.Context, r *rig.Rig, progress func(string, ...any)) []moment {
	var course []moment
	began := time.Now()
	tick := time.NewTicker(l.sample)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return course
		case <-tick.C:
		}
		m := moment{
			at: time.Since(began).Round(time.Second), lags: r.Trace.Merged(time.Now().Add(-l.sample)),
			waiting: r.Trace.Waiting(), memory: family(),
		}
		course = append(course, m)
		progress("%v: lag p50 %v p99 %v, %d wait, %v", m.at, m.lags.At(500), m.lags.At(990), m.waiting, m.memory)
	}
}

// wave sends deliveries as fast as their rate and waits until all are merged.
func (l load) wave(ctx context.Context, r *rig.Rig, rate int, next func() (traffic.Delivery, bool)) drained {
	began := time.Now()
	sent := r.Pump(ctx, rate, next)
	awaitMerged(ctx, r)
	return drained{Sent: sent, lags: r.Trace.Lags(began, time.Now()), merged: time.Since(began)}
}

// counted ends after so many deliveries.
func counted(n int, next func() traffic.Delivery) func() (traffic.Delivery, bool) {
	return func() (traffic.Delivery, bool) {
		if n == 0 {
			return traffic.Delivery{}, false
		}
		n--
		return next(), true
	}
}

// awaitMerged waits until everything that was accepted is merged.
func awaitMerged(ctx context.Context, r *rig.Rig) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for r.Trace.Waiting() > 0 && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
}

// taken wants every delivery answered with 200.
func (l loaded) taken() error {
	var errs []error
	for name, s := range map[string]*rig.Sent{"load": l.sent, "burst": l.burst.Sent, "flash sale": l.flash.Sent} {
		if s.Refused+s.Failed > 0 {
			errs = append(errs, fmt.Errorf("%s: %d deliveries were refused, %d got no answer", name, s.Refused, s.Failed))
		}
	}
	return errors.Join(errs...)
}

// toldOnce wants one message for each difference.
func (l loaded) toldOnce() error {
	if len(l.twice)+len(l.never) > 0 {
		return fmt.Errorf("alerts: told more than once %v, never %v", l.twice, l.never)
	}
	return nil
}
