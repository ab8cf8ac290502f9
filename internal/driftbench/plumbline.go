package driftbench

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

// heartbeat is how often the minute's run takes place although nothing is due.
// Only what it concludes from time alone, such as silence, can come later for
// that.
const heartbeat = 5 * time.Minute

// plumbline is the product under test: merge and drift as they are deployed, over
// stores in memory and queues on the simulated clock.
type plumbline struct {
	agenda    *company.Agenda
	merge     *merge.Service
	drift     *drift.Service
	rows      *rows
	findings  *outbox
	envelopes map[string]queue.Envelope
	sent      int
	err       error
}

func newPlumbline(c *company.Company, r *registry.Registry, rows *rows, findings *outbox, arrivals store.Arrivals) *plumbline {
	p := &plumbline{agenda: c.Agenda, rows: rows, findings: findings, envelopes: map[string]queue.Envelope{}}
	log, rules := slog.New(slog.DiscardHandler), judge.Rules(r)
	p.merge = &merge.Service{
		Records: rows, Marks: findings, Arrivals: arrivals, Looks: looks{p}, Archive: archive{}, Open: p.open,
		Registry: r, Rules: rules, Now: c.Now, Log: log, Learnt: learnt.NewReader(findings, rules, c.Now, log),
	}
	p.drift = &drift.Service{
		Records: rows, Findings: findings, Marks: findings, Sweeps: findings, Documents: findings,
		Looks: looks{p}, Topic: nobody{}, Moves: moves{p},
		Registry: r, Rules: rules, Now: c.Now, Log: log, Learnt: learnt.NewReader(findings, rules, c.Now, log),
		Watch: drift.NewWatch(arrivals),
	}
	c.At(c.Start.Add(time.Minute), p.minute)
	for day := c.Start; day.Before(c.End); day = day.AddDate(0, 0, 1) {
		c.At(day.Add(3*time.Hour), func() { p.fail(p.drift.Audit(context.Background())) })
	}
	return p
}

// wrong is the first error, after which a run means nothing.
func (p *plumbline) wrong() error { return p.err }

func (p *plumbline) fail(err error) {
	if p.err == nil && err != nil {
		p.err = fmt.Errorf("at %s: %w", p.agenda.Now().Format(time.DateTime), err)
	}
}

// minute is the run of every minute. Where no row is due, no alert wants
// attention and no heartbeat is due, it would do nothing.
func (p *plumbline) minute() {
	now := p.agenda.Now()
	due, err := p.rows.anyDue(context.Background(), now)
	p.fail(err)
	if due || now.Truncate(heartbeat).Equal(now) || len(p.findings.awake(now)) > 0 {
		p.fail(p.drift.Tick(context.Background()))
	}
	p.agenda.In(time.Minute, p.minute)
}

// body stands for what a webhook carried. What Plumbline sends itself has none.
var body = []byte("{}")

// take merges a delivery at the time at which it arrives.
func (p *plumbline) take(d company.Delivery) {
	p.mergeOne(queue.Envelope{
		Delivery:     commerce.Delivery{ID: d.ID, System: d.System, Received: d.Received, Body: body},
		Observations: d.Observations,
	})
}

func (p *plumbline) mergeOne(e queue.Envelope) {
	p.sent++
	id := fmt.Sprint(p.sent)
	p.envelopes[id] = e
	if failed := p.merge.Merge(context.Background(), []merge.Message{{ID: id, Body: id, Receives: 1}}); len(failed) > 0 {
		p.fail(errors.New("a delivery was not merged"))
	}
	delete(p.envelopes, id)
}

func (p *plumbline) open(_ context.Context, body string) (queue.Envelope, error) {
	return p.envelopes[body], nil
}

// looks are a queue of looks on the simulated clock.
type looks struct{ *plumbline }

func (l looks) SendAfter(_ context.Context, delay time.Duration, body string) error {
	l.agenda.Named(l.agenda.Now().Add(delay), body, func() {
		if failed := l.drift.Look(context.Background(), []drift.Message{{ID: "look", Body: body}}); len(failed) > 0 {
			l.fail(errors.New("a look was not done"))
		}
	})
	return nil
}

// moves takes what drift has to say back to merge.
type moves struct{ *plumbline }

func (m moves) Send(_ context.Context, bodies ...string) error {
	for _, body := range bodies {
		e, err := queue.Decode(body)
		if err != nil {
			return fmt.Errorf("read what drift sends: %w", err)
		}
		m.agenda.Named(m.agenda.Now().Add(time.Second), body, func() { m.mergeOne(e) })
	}
	return nil
}

type archive struct{}

func (archive) Send(context.Context, ...string) error { return nil }

type nobody struct{}

func (nobody) Publish(context.Context, topic.Message) error { return nil }
