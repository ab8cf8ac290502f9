package notify_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

var start = time.Date(2026, 3, 3, 14, 35, 0, 0, time.UTC)

// world is a store, a channel and a clock, each of whose calls may fail.
type world struct {
	mu     sync.Mutex
	alerts map[string]alert.Alert
	// seen is what people see: the seq of each message, by timestamp.
	seen map[string]seen
	// replies are the threads below the messages, by timestamp.
	replies map[string][]alert.Reply
	mails   []topic.Message
	now     time.Time
	edits   bool
	calls   []string
	// fault decides what happens to a call: nothing, an error before it has an
	// effect, or an error after.
	fault func(call int, name string) (before, after error)
	// between runs in the middle of every post and edit.
	between func()
}

type seen struct {
	alert string
	seq   int64
	text  string
}

func newWorld(edits bool, as ...alert.Alert) *world {
	w := &world{alerts: map[string]alert.Alert{}, seen: map[string]seen{}, replies: map[string][]alert.Reply{}, now: start, edits: edits}
	for _, a := range as {
		w.alerts[a.ID] = a
	}
	return w
}

func (w *world) call(name string, effect func() error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, name)
	var before, after error
	if w.fault != nil {
		before, after = w.fault(len(w.calls), name)
	}
	if before != nil {
		return before
	}
	if err := effect(); err != nil {
		return err
	}
	return after
}

func (w *world) GetAlert(_ context.Context, id string) (a alert.Alert, err error) {
	err = w.call("get", func() error {
		var ok bool
		if a, ok = w.alerts[id]; !ok {
			return store.ErrNotFound
		}
		return nil
	})
	return a, err
}

func (w *world) PutAlert(_ context.Context, a alert.Alert) error {
	return w.call("put", func() error { return w.put(a) })
}

func (w *world) put(a alert.Alert) error {
	if w.alerts[a.ID].Rev != a.Rev {
		return store.ErrLost
	}
	a.Rev++
	w.alerts[a.ID] = a
	return nil
}

// grow lets another finding join, as drift would.
func (w *world) grow(id, key string) {
	a, _ := alert.Join(w.alerts[id], member(key), w.now)
	if err := w.put(a); err != nil {
		panic(err)
	}
}

func (w *world) Edits() bool { return w.edits }

func (w *world) Post(_ context.Context, channel string, m alert.Message, seq int64) (ref notify.Ref, err error) {
	err = w.call("post", func() error {
		if w.between != nil {
			w.between()
		}
		ref = notify.Ref{Channel: "C-" + channel, Timestamp: fmt.Sprint("ts-", len(w.seen)+1)}
		w.seen[ref.Timestamp] = seen{m.Alert, seq, m.Headline}
		return nil
	})
	if !w.edits {
		ref = notify.Ref{}
	}
	return ref, err
}

func (w *world) Edit(_ context.Context, ref notify.Ref, m alert.Message, seq int64) error {
	return w.call("edit", func() error {
		if w.between != nil {
			w.between()
		}
		if _, ok := w.seen[ref.Timestamp]; !ok {
			return notify.ErrNoMessage
		}
		w.seen[ref.Timestamp] = seen{m.Alert, seq, m.Headline}
		return nil
	})
}

func (w *world) Find(_ context.Context, channel, alertID string) (ref notify.Ref, ok bool, err error) {
	err = w.call("find", func() error {
		for timestamp, s := range w.seen {
			if s.alert == alertID {
				ref, ok = notify.Ref{Channel: "C-" + channel, Timestamp: timestamp}, true
			}
		}
		return nil
	})
	return ref, ok, err
}

func (w *world) Reply(_ context.Context, ref notify.Ref, r alert.Reply) error {
	return w.call("reply", func() error {
		w.replies[ref.Timestamp] = append(w.replies[ref.Timestamp], r)
		return nil
	})
}

func (w *world) Told(_ context.Context, ref notify.Ref, alertID string) (told int64, err error) {
	err = w.call("told", func() error {
		for _, r := range w.replies[ref.Timestamp] {
			if r.Alert == alertID {
				told = max(told, r.Seq)
			}
		}
		return nil
	})
	return told, err
}

func (w *world) Publish(_ context.Context, m topic.Message) error {
	return w.call("mail", func() error {
		w.mails = append(w.mails, m)
		return nil
	})
}

func (w *world) service() *notify.Service {
	return &notify.Service{
		Mail: w, Tries: 5, Sleep: func(_ context.Context, d time.Duration) error { w.now = w.now.Add(d); return nil },
		Alerts: w, Sender: w, Channel: "#alerts", Now: func() time.Time { return w.now }, Zone: time.UTC,
		Lease: 30 * time.Second, Log: slog.New(slog.DiscardHandler),
	}
}

func (w *world) seqs() []int64 {
	var all []int64
	for _, timestamp := range slices.Sorted(maps.Keys(w.seen)) {
		all = append(all, w.seen[timestamp].seq)
	}
	return all
}

// thread is what the replies below the alert's only message say.
func (w *world) thread() []string {
	var texts []string
	for _, timestamp := range slices.Sorted(maps.Keys(w.replies)) {
		for _, r := range w.replies[timestamp] {
			texts = append(texts, r.Text)
		}
	}
	return texts
}

func member(key string) alert.Member {
	delta := commerce.Int(5)
	return alert.Member{
		Finding: "f-" + key, Key: key, State: finding.Open, Since: start.Add(-21 * time.Minute), Opened: start,
		Differences: []finding.Difference{{Facet: "available", Expected: "9", Actual: "14", Delta: &delta}},
	}
}

func stock(id string, keys ...string) alert.Alert {
	a := alert.Alert{
		ID: id, Integration: "stock-to-storefront", Rule: "stock", Class: finding.Late, Severity: "critical",
		Owner: alert.Owner{Team: "inventory-ops", Slack: "#inventory-ops"}, From: "erp", To: "shopify-us", Kind: commerce.Inventory,
	}
	for _, key := range keys {
		a, _ = alert.Join(a, member(key), start)
	}
	return a
}

func end(t *testing.T, w *world, id string) {
	t.Helper()
	for _, m := range w.alerts[id].Members {
		m.State, m.Resolved = finding.Resolved, w.now
		a, _ := alert.Update(w.alerts[id], m)
		if err := w.put(a); err != nil {
			t.Fatal(err)
		}
	}
}
