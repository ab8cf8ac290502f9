package drift_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

// gate stands between an invocation and the stores.
type gate struct {
	store.Findings
	answers []answer
	asks    *request
}

func call[T any](g *gate, r request, do func(s *stored) (T, error)) (value T, err error) {
	switch {
	case g.asks != nil:
		return value, errCrash
	case len(g.answers) == 0:
		r.do = func(s *stored) answer {
			v, err := do(s)
			return answer{v, err}
		}
		g.asks = &r
		return value, errCrash
	}
	got := g.answers[0]
	g.answers = g.answers[1:]
	value, _ = got.value.(T)
	return value, got.err
}

func write(g *gate, name string, step bool, do func(s *stored) error) error {
	_, err := call(g, request{name: name, step: step}, func(s *stored) (any, error) { return nil, do(s) })
	return err
}

func read[T any](g *gate, name string, step bool, do func(s *stored) (T, error)) (T, error) {
	return call(g, request{name: name, step: step, reads: true}, do)
}

func (g *gate) Get(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return read(g, "get", true, func(s *stored) (map[commerce.RecordID]record.Row, error) { return s.records.Get(ctx, ids) })
}

// Glance reads like Get: a row as it was a moment ago is what is read before
// others take their steps.
func (g *gate) Glance(ctx context.Context, ids []commerce.RecordID) (map[commerce.RecordID]record.Row, error) {
	return g.Get(ctx, ids)
}

func (g *gate) Put(ctx context.Context, row record.Row) error {
	return write(g, "put", true, func(s *stored) error { return s.records.Put(ctx, row) })
}

// Due asks the one shard that can hold the row.
func (g *gate) Due(ctx context.Context, shard int, until time.Time, limit int) ([]commerce.RecordID, error) {
	if shard != store.ShardOf(capAtEast) {
		return nil, nil
	}
	return read(g, "due", true, func(s *stored) ([]commerce.RecordID, error) { return s.records.Due(ctx, shard, until, limit) })
}

// Page is not asked for: a walk is explored elsewhere.
func (g *gate) Page(context.Context, int, int, string, int) ([]record.Row, string, error) {
	return nil, "", errCrash
}

func (g *gate) SendAfter(_ context.Context, delay time.Duration, body string) error {
	return write(g, "look", true, func(s *stored) error {
		s.looks = append(s.looks, waiting{s.now.Add(delay), body})
		return nil
	})
}

// SendLater sends each message as SendAfter does.
func (g *gate) SendLater(ctx context.Context, messages ...queue.Later) error {
	return queue.OneByOne(ctx, g, messages...)
}

// now is the time when it is asked for.
func (g *gate) now() time.Time {
	now, _ := read(g, "now", false, func(s *stored) (time.Time, error) { return s.now, nil })
	return now
}

// receive shows the first look that is due, or a blank one. It stays in the
// queue until it is deleted.
func (g *gate) receive() (string, error) {
	return read(g, "receive", true, func(s *stored) (string, error) {
		for _, l := range s.looks {
			if !l.at.After(s.now) {
				return l.body, nil
			}
		}
		return "", nil
	})
}

func (g *gate) remove(body string) error {
	return write(g, "delete", true, func(s *stored) error {
		s.looks = slices.DeleteFunc(s.looks, func(l waiting) bool { return l.body == body && !l.at.After(s.now) })
		return nil
	})
}

// pass lets time pass.
func (g *gate) pass(d time.Duration) error {
	return write(g, "pass", true, func(s *stored) error {
		s.now = s.now.Add(d)
		return nil
	})
}

func (g *gate) GetFinding(ctx context.Context, id string) (finding.Finding, error) {
	return read(g, "get finding", true, func(s *stored) (finding.Finding, error) { return s.findings.GetFinding(ctx, id) })
}

func (g *gate) PutFinding(ctx context.Context, f finding.Finding) error {
	return write(g, "put finding", true, func(s *stored) error { return s.findings.PutFinding(ctx, f) })
}

func (g *gate) GetAlert(ctx context.Context, id string) (alert.Alert, error) {
	return read(g, "get alert", true, func(s *stored) (alert.Alert, error) { return s.findings.GetAlert(ctx, id) })
}

func (g *gate) PutAlert(ctx context.Context, a alert.Alert) error {
	return write(g, "put alert", true, func(s *stored) error { return s.findings.PutAlert(ctx, a) })
}

// GetGroup lets others come first where they may write the same: who ends a
// finding of the record alone writes how often it came, and ticks alone write
// what a channel got.
func (g *gate) GetGroup(ctx context.Context, name string) (store.Group, error) {
	return read(g, "get group", !strings.HasPrefix(name, "spells/") && !strings.HasPrefix(name, "channel/"), func(s *stored) (store.Group, error) { return s.findings.GetGroup(ctx, name) })
}

func (g *gate) PutGroup(ctx context.Context, group store.Group) error {
	return write(g, "put group", true, func(s *stored) error {
		err := s.findings.PutGroup(ctx, group)
		if err == nil {
			s.groups[group.Name] = group
		}
		return err
	})
}

func (g *gate) Outbox(ctx context.Context, until time.Time) ([]alert.Alert, error) {
	return read(g, "outbox", true, func(s *stored) ([]alert.Alert, error) { return s.findings.Outbox(ctx, until) })
}

// Publish tells nobody: that every alert is published in the end is checked by
// what is stored.
func (g *gate) Publish(context.Context, topic.Message) error {
	return write(g, "publish", true, func(*stored) error { return nil })
}

func (g *gate) Send(context.Context, ...string) error { return nil }

func (g *gate) EarliestMark(ctx context.Context, name string, t time.Time) error {
	return write(g, "mark", false, func(s *stored) error { return s.findings.EarliestMark(ctx, name, t) })
}

func (g *gate) LatestMark(ctx context.Context, name string, t time.Time) error {
	return write(g, "mark", false, func(s *stored) error { return s.findings.LatestMark(ctx, name, t) })
}

func (g *gate) GetMarks(ctx context.Context, names []string) (map[string]time.Time, error) {
	return read(g, "marks", false, func(s *stored) (map[string]time.Time, error) { return s.findings.GetMarks(ctx, names) })
}

func (g *gate) DeleteMark(ctx context.Context, name string) error {
	return write(g, "mark", false, func(s *stored) error { return s.findings.DeleteMark(ctx, name) })
}
