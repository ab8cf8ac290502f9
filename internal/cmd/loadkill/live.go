package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/wire"
)

// live sends webhooks at one pace, each of a record of its own, and measures how
// long each takes from its answer until it is merged.
type live struct {
	pause time.Duration

	mu    sync.Mutex
	stack *running // nil while none runs
	phase string
	kills int
	sent  int
	took  map[string][]time.Duration // by phase
	// refused counts those that no stack answered: a platform sends them again.
	refused, lost int
	// across are those that were accepted before a kill and merged after it.
	across []time.Duration
	work   sync.WaitGroup
}

// running is a stack that can be asked and told.
type running struct {
	wire  *wire.Wire
	front string
	hooks *receive.Service
}

// The phases of a trial.
const (
	before = "before"
	during = "during"
)

// Each webhook is looked for this often and this long.
const (
	lookEvery = 10 * time.Millisecond
	lookUntil = 3 * time.Minute
)

func newLive(pause time.Duration) *live {
	return &live{pause: pause, phase: before, took: map[string][]time.Duration{}}
}

// run sends until the context ends, and waits for what it sent.
func (l *live) run(ctx context.Context) {
	tick := time.NewTicker(l.pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			l.work.Wait()
			return
		case <-tick.C:
			l.work.Go(func() { l.one(context.WithoutCancel(ctx)) })
		}
	}
}

// use takes the stack that runs now; nil is none.
func (l *live) use(r *running) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stack = r; r == nil {
		l.kills++
	}
}

func (l *live) enter(phase string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.phase = phase
}

func (l *live) now() (r *running, phase string, kills int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stack, l.phase, l.kills
}

func (l *live) one(ctx context.Context) {
	l.mu.Lock()
	l.sent++
	sku := fmt.Sprintf("LIVE-%07d", l.sent)
	l.mu.Unlock()
	stack, phase, kills := l.now()
	if stack == nil || post(ctx, stack, sku) != nil {
		l.mu.Lock()
		l.refused++
		l.mu.Unlock()
		return
	}
	accepted := time.Now()
	for time.Since(accepted) < lookUntil {
		stack, _, killed := l.now()
		if stack != nil && merged(ctx, stack.wire, sku) {
			l.note(phase, killed > kills, time.Since(accepted))
			return
		}
		time.Sleep(lookEvery)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lost++
}

func (l *live) note(phase string, across bool, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if across {
		l.across = append(l.across, took)
		return
	}
	l.took[phase] = append(l.took[phase], took)
}

// post tells what the ERP has of a SKU.
func post(ctx context.Context, to *running, sku string) error {
	now := time.Now()
	body := fmt.Appendf(nil, `{"type": "records.reported", "timestamp": %q, "records": [{"kind": "inventory",`+
		` "key": {"sku": %q, "location": "EAST"}, "facets": {"free": "7", "tracked": true}}]}`, now.Format(time.RFC3339Nano), sku)
	system := to.hooks.Systems["erp"]
	secret, err := to.wire.Secrets.Resolve(ctx, system.Secrets[0])
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.front+"/hooks/erp", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header = system.Endpoint.Sign(platform.Sample{ID: sku, At: now, Body: body}, platform.Secret(secret))
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %d", res.StatusCode)
	}
	return nil
}

func merged(ctx context.Context, w *wire.Wire, sku string) bool {
	id := commerce.Key{sku, "east"}.ID(commerce.Inventory)
	rows, err := w.Records().Get(ctx, []commerce.RecordID{id})
	return err == nil && len(rows) > 0
}

// percentile is the value below which so many in a hundred lie.
func percentile(all []time.Duration, percent int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)*percent/100, len(all)-1)]
}
