package watch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/blob"
	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/topic"
)

// engine is load, merge and drift over a state, at the time of its newest file. It
// is made anew for each file: what it remembers between two calls is the state.
type engine struct {
	*Service
	state *State
	loads *load.Service
	merge *merge.Service
	drift *drift.Service
	// sweeps are walks by all rows that drift has begun, told what it has to say to
	// merge, and next what load goes on with.
	sweeps, told, next []string
	// reads is the file that is loaded.
	reads candidate
}

func (w *Service) engine(s *State) *engine {
	e := &engine{Service: w, state: s}
	log, rules, now := cmp.Or(w.Log, slog.New(slog.DiscardHandler)), judge.Rules(w.Registry), func() time.Time { return s.Clock }
	records, findings := s.Stores.Records, s.Stores.Findings
	blobs := &memblob.Store{Now: now}
	e.merge = &merge.Service{
		Records: records, Marks: findings, Looks: looks{e}, Archive: nobody{}, Registry: w.Registry, Rules: rules, Now: now, Log: log,
		Open:   func(_ context.Context, body string) (queue.Envelope, error) { return queue.Decode(body) },
		Learnt: learnt.NewReader(findings, rules, now, log),
	}
	e.drift = Drift(w.Registry, s, log)
	e.drift.Looks, e.drift.Moves = looks{e}, moves{e}
	if w.Pages != nil {
		e.drift.Board = &drift.Board{Pages: w.Pages, Zone: w.Zone}
	}
	e.loads = &load.Service{
		Files: files{e}, Blobs: blobs, Documents: findings, Records: records, Marks: findings, Bulk: bulk{e}, Loads: steps{e},
		Reader: load.Exports(w.Registry, w.HashKey), Generation: w.Registry.Generation, Now: now, Log: log,
		Complete: func(system string, kind commerce.Kind) bool {
			of := w.Registry.Systems[system].Exports[kind]
			return of != nil && of.Complete
		},
		Zone: func(system string) (*time.Location, bool) {
			s, known := w.Registry.Systems[system]
			return s.Timezone, known
		},
	}
	return e
}

// Drift is drift over a state, at the time of its newest file.
func Drift(r *registry.Registry, s *State, log *slog.Logger) *drift.Service {
	rules, now, findings := judge.Rules(r), func() time.Time { return s.Clock }, s.Stores.Findings
	return &drift.Service{
		Records: s.Stores.Records, Findings: findings, Marks: findings, Sweeps: findings, Documents: findings,
		Looks: nobody{}, Topic: nobody{}, Registry: withFiles(r), Rules: rules, Now: now, Log: log,
		Learnt: learnt.NewReader(findings, rules, now, log),
	}
}

// withFiles is the registry in which every system may have files of every kind: a
// layout that is known needs no word there.
func withFiles(r *registry.Registry) *registry.Registry {
	next := *r
	next.Systems = maps.Clone(r.Systems)
	for name, system := range next.Systems {
		declared := system.Exports
		system.Exports = map[commerce.Kind]*registry.Export{}
		for _, kind := range commerce.Kinds() {
			system.Exports[kind] = cmp.Or(declared[kind], &registry.Export{})
		}
		next.Systems[name] = system
	}
	return &next
}

// auditEvery is how long after one audit the next one is made, where files come
// every night at about the same time.
const auditEvery = 20 * time.Hour

// advance lets the time of a file come. The rows are audited before the first file
// of a night, when everything of the night before is known.
func (e *engine) advance(ctx context.Context, to time.Time) error {
	s := e.state
	if len(s.Unjudged) == 0 && !s.Clock.IsZero() && to.Sub(s.Audited) >= auditEvery {
		if err := e.drift.Audit(ctx); err != nil {
			return err
		}
		if err := e.settle(ctx); err != nil {
			return err
		}
		s.Audited = s.Clock
	}
	if to.After(s.Clock) {
		s.Clock = to
	}
	return nil
}

// load loads a file as of a system and a kind.
func (e *engine) load(ctx context.Context, p load.Place, one candidate) (load.Certificate, error) {
	e.reads = one
	known, err := load.ReadLedger(ctx, e.state.Stores.Findings, p.System, p.Kind)
	if err != nil {
		return load.Certificate{}, err
	}
	e.next = []string{load.Begin(p)}
	for len(e.next) > 0 {
		next := e.next[0]
		e.next = e.next[1:]
		if failed := e.loads.Load(ctx, []load.Message{{ID: "file", Body: next}}); len(failed) > 0 {
			return load.Certificate{}, cmp.Or(ctx.Err(), errors.New("not loaded"))
		}
	}
	now, err := load.ReadLedger(ctx, e.state.Stores.Findings, p.System, p.Kind)
	for _, c := range now.Loads {
		if !slices.ContainsFunc(known.Loads, func(o load.Certificate) bool { return o.Load == c.Load }) {
			return c, err
		}
	}
	for _, c := range now.Loads {
		if c.Object == p.Key() {
			return c, err // the same file again
		}
	}
	return load.Certificate{}, cmp.Or(err, fmt.Errorf("the load of %s is not listed", p.Name))
}

// judge judges every row that is not at rest, and publishes what follows.
func (e *engine) judge(ctx context.Context) error {
	if err := e.merged(ctx); err != nil {
		return err
	}
	for _, kind := range append(commerce.Kinds(), commerce.Mapping, commerce.Anchor) {
		if err := e.lookAt(ctx, kind); err != nil {
			return err
		}
	}
	e.state.Unjudged = nil
	return e.tick(ctx)
}

func (e *engine) lookAt(ctx context.Context, kind commerce.Kind) error {
	var keys []commerce.Key
	if err := e.state.Stores.Records.Scan(ctx, kind, func(row record.Row) error { keys = append(keys, row.Key); return nil }); err != nil {
		return err
	}
	slices.SortFunc(keys, func(a, b commerce.Key) int { return slices.Compare(a, b) })
	for part := range slices.Chunk(keys, 500) {
		messages := make([]drift.Message, 0, len(part))
		for _, key := range part {
			messages = append(messages, drift.Message{ID: string(key.ID(kind)), Body: queue.EncodeLook(queue.Look{Kind: kind, Key: key, Due: e.state.Clock})})
		}
		if failed := e.drift.Look(ctx, messages); len(failed) > 0 {
			return cmp.Or(ctx.Err(), fmt.Errorf("%s and %d more were not judged", failed[0], len(failed)-1))
		}
	}
	return nil
}

// tick is what drift does every minute.
func (e *engine) tick(ctx context.Context) error {
	if err := e.drift.Tick(ctx); err != nil {
		return err
	}
	if len(e.sweeps)+len(e.told) == 0 {
		return nil
	}
	if err := e.settle(ctx); err != nil {
		return err
	}
	return e.drift.Tick(ctx)
}

// settle goes on with walks until they are over, and merges what they found.
func (e *engine) settle(ctx context.Context) error {
	for len(e.sweeps)+len(e.told) > 0 {
		for len(e.sweeps) > 0 {
			next := e.sweeps[0]
			e.sweeps = e.sweeps[1:]
			if failed := e.drift.Look(ctx, []drift.Message{{ID: "walk", Body: next}}); len(failed) > 0 {
				return cmp.Or(ctx.Err(), errors.New("a walk by the rows did not go on"))
			}
		}
		if err := e.merged(ctx); err != nil {
			return err
		}
	}
	return nil
}

// merged merges what drift has to say, and judges it.
func (e *engine) merged(ctx context.Context) error {
	for len(e.told) > 0 {
		next := e.told
		e.told = nil
		if err := (bulk{e}).Send(ctx, next...); err != nil {
			return err
		}
		for _, body := range next {
			envelope, err := queue.Decode(body)
			if err != nil {
				return err
			}
			for _, o := range envelope.Observations {
				look := queue.EncodeLook(queue.Look{Kind: o.Kind, Key: o.Key, Due: e.state.Clock})
				if failed := e.drift.Look(ctx, []drift.Message{{ID: "look", Body: look}}); len(failed) > 0 {
					return cmp.Or(ctx.Err(), errors.New("a row was not judged"))
				}
			}
		}
	}
	return nil
}

// marked are the rows that are not at rest.
func marked(ctx context.Context, s *State) (rows []record.Row, err error) {
	err = s.Stores.Records.Scan(ctx, "", func(row record.Row) error {
		if len(row.Marks) > 0 {
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}

// bulk merges what files say at once, so that nothing waits.
type bulk struct{ *engine }

func (b bulk) Send(ctx context.Context, bodies ...string) error {
	messages := make([]merge.Message, 0, len(bodies))
	for i, body := range bodies {
		messages = append(messages, merge.Message{ID: fmt.Sprint(i), Body: body, Receives: 1})
	}
	if failed := b.merge.Merge(ctx, messages); len(failed) > 0 {
		return cmp.Or(ctx.Err(), fmt.Errorf("%d messages were not merged", len(failed)))
	}
	return nil
}

func (bulk) Depth(context.Context) (visible, inFlight, delayed int, err error) { return 0, 0, 0, nil }

// steps are the queue of loads. Nothing is worth waiting for: what is sent is
// merged.
type steps struct{ *engine }

func (s steps) SendAfter(_ context.Context, _ time.Duration, body string) error {
	s.next = append(s.next, body)
	return nil
}

// looks are the queue of looks. Rows are looked at with every file, so that no
// look has to be remembered; walks go on at once.
type looks struct{ *engine }

func (l looks) SendAfter(_ context.Context, _ time.Duration, body string) error {
	if queue.IsSweep(body) {
		l.sweeps = append(l.sweeps, body)
	}
	return nil
}

func (looks) SendLater(context.Context, ...queue.Later) error { return nil }

// moves takes what drift has to say to merge.
type moves struct{ *engine }

func (m moves) Send(_ context.Context, bodies ...string) error {
	m.told = append(m.told, bodies...)
	return nil
}

// files opens the file that is loaded.
type files struct{ *engine }

func (f files) Open(_ context.Context, _ string) (blob.File, error) {
	body, err := os.Open(f.file(f.reads.path))
	if err != nil {
		return blob.File{}, err
	}
	return f.reads.blob(body), nil
}

// nobody listens: to what was merged, to looks, to hints at alerts.
type nobody struct{}

func (nobody) Send(context.Context, ...string) error                  { return nil }
func (nobody) SendAfter(context.Context, time.Duration, string) error { return nil }
func (nobody) Publish(context.Context, topic.Message) error           { return nil }
