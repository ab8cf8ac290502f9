// Package rerun lets merge and drift work as they are deployed over stores in
// memory, on an agenda in place of the clock: what they make of a stretch of
// history, in the time that computing it takes.
//
// Nothing is received, fetched, archived or told to anybody. What reaches merge,
// and when, is its caller's business.
package rerun

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/drift"
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

// Stores are where a stage keeps what it knows.
type Stores struct {
	Records  Records
	Findings Findings
	Arrivals store.Arrivals
	// Awake reports whether an alert wants attention by the time. Nil lets alerts
	// wait for the heartbeat.
	Awake func(until time.Time) bool
}

// Records are what a store of rows must be able to do.
type Records interface {
	drift.Records
	merge.Records
}

// Findings are what a store of findings, alerts and all else must be able to do.
type Findings interface {
	store.Findings
	store.Marks
	store.Sweeps
	store.Documents
}

// Stage is merge and drift on one agenda.
type Stage struct {
	Drift *drift.Service

	agenda    *Agenda
	stores    Stores
	merge     *merge.Service
	envelopes map[string]queue.Envelope
	sent      int
	resting   map[Part]bool
	// held are the messages that wait for merge to go on.
	held []string
	err  error
}

// New puts merge and drift together by a registry. The minute's run takes place
// from the agenda's now on, and the audit every day some hours after it.
func New(agenda *Agenda, r *registry.Registry, stores Stores) *Stage {
	s := &Stage{agenda: agenda, stores: stores, envelopes: map[string]queue.Envelope{}, resting: map[Part]bool{}}
	log, rules := slog.New(slog.DiscardHandler), judge.Rules(r)
	s.merge = &merge.Service{
		Records: stores.Records, Marks: stores.Findings, Arrivals: stores.Arrivals, Looks: looks{s}, Archive: nobody{}, Open: s.open,
		Registry: r, Rules: rules, Now: agenda.Now, Log: log, Learnt: learnt.NewReader(stores.Findings, rules, agenda.Now, log),
	}
	s.Drift = &drift.Service{
		Records: stores.Records, Findings: stores.Findings, Marks: stores.Findings, Sweeps: stores.Findings, Documents: stores.Findings,
		Looks: looks{s}, Topic: nobody{}, Moves: moves{s},
		Registry: r, Rules: rules, Now: agenda.Now, Log: log, Learnt: learnt.NewReader(stores.Findings, rules, agenda.Now, log),
		Watch: drift.NewWatch(stores.Arrivals),
	}
	agenda.In(time.Minute, s.minute)
	s.audits(agenda.Now())
	return s
}

// auditAt is how long after the beginning of a day it is audited.
const auditAt = 3 * time.Hour

// audits lets the days from the given one on be audited.
func (s *Stage) audits(day time.Time) {
	s.agenda.At(day.Add(auditAt), func() {
		if !s.resting[Audit] {
			s.Fail(s.Drift.Audit(context.Background()))
		}
		s.audits(day.AddDate(0, 0, 1))
	})
}

// Wrong is the first error, after which what the stage says means nothing.
func (s *Stage) Wrong() error { return s.err }

// Fail notes an error as of now, nil for none.
func (s *Stage) Fail(err error) {
	if s.err == nil && err != nil {
		s.err = fmt.Errorf("at %s: %w", s.agenda.Now().Format(time.DateTime), err)
	}
}

// minute is the run of every minute. Where no row is due, no alert wants
// attention and no heartbeat is due, it would do nothing.
func (s *Stage) minute() {
	now := s.agenda.Now()
	wanted := now.Truncate(heartbeat).Equal(now) || s.stores.Awake != nil && s.stores.Awake(now) || s.due(now)
	if wanted && !s.resting[Minute] {
		s.Fail(s.Drift.Tick(context.Background()))
	}
	s.agenda.In(time.Minute, s.minute)
}

// due reports whether a row is due by the time.
func (s *Stage) due(until time.Time) bool {
	for shard := range store.Shards {
		ids, err := s.stores.Records.Due(context.Background(), shard, until, 1)
		s.Fail(err)
		if len(ids) > 0 {
			return true
		}
	}
	return false
}

// Merge merges a delivery now.
func (s *Stage) Merge(e queue.Envelope) {
	s.sent++
	id := strconv.Itoa(s.sent)
	s.envelopes[id] = e
	if failed := s.merge.Merge(context.Background(), []merge.Message{{ID: id, Body: id, Receives: 1}}); len(failed) > 0 {
		s.Fail(fmt.Errorf("delivery %s of %s was not merged", e.Delivery.ID, e.Delivery.System))
	}
	delete(s.envelopes, id)
}

func (s *Stage) open(_ context.Context, body string) (queue.Envelope, error) {
	return s.envelopes[body], nil
}

// looks are a queue of looks on the agenda.
type looks struct{ *Stage }

func (l looks) SendAfter(_ context.Context, delay time.Duration, body string) error {
	l.agenda.Named(l.agenda.Now().Add(delay), body, func() {
		if failed := l.Drift.Look(context.Background(), []drift.Message{{ID: "look", Body: body}}); len(failed) > 0 {
			l.Fail(errors.New("a look was not done"))
		}
	})
	return nil
}

// SendLater sends each message as SendAfter does.
func (l looks) SendLater(ctx context.Context, messages ...queue.Later) error {
	return queue.OneByOne(ctx, l, messages...)
}

// moves takes what drift has to say back to merge.
type moves struct{ *Stage }

func (m moves) Send(_ context.Context, bodies ...string) error {
	for _, body := range bodies {
		if m.resting[Messages] {
			m.held = append(m.held, body)
			continue
		}
		m.deliver(body)
	}
	return nil
}

// deliver lets a message of drift's reach merge.
func (s *Stage) deliver(body string) {
	e, err := queue.Decode(body)
	if err != nil {
		s.Fail(fmt.Errorf("read what drift sends: %w", err))
		return
	}
	s.agenda.Named(s.agenda.Now().Add(time.Second), body, func() { s.Merge(e) })
}

// nobody listens: to what was merged, and to alerts.
type nobody struct{}

func (nobody) Send(context.Context, ...string) error        { return nil }
func (nobody) Publish(context.Context, topic.Message) error { return nil }
