package drift_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/metric"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/topic"
)

// stockAt is a stock level at a location, changed at the world's time.
func (w *world) stockAt(system, sku, location string, amount int) commerce.Observation {
	o := w.levelOf(system, sku, amount)
	o.Key, o.Native, o.Slot = commerce.Key{sku, location}, system+"/"+sku+"/"+location, location
	o.Stamp(commerce.VersionParts{Clock: w.now, Sequence: 1})
	return o
}

// differAt makes the shop show another stock at a location than the ERP.
func (w *world) differAt(t testing.TB, location string, skus ...string) {
	t.Helper()
	for _, sku := range skus {
		w.deliver(t, w.stockAt("erp", sku, location, 12))
		w.deliver(t, w.stockAt("shop", sku, location, 9))
	}
}

// agreeAt ends that.
func (w *world) agreeAt(t testing.TB, location string, skus ...string) {
	t.Helper()
	for _, sku := range skus {
		w.deliver(t, w.stockAt("shop", sku, location, 12))
	}
}

func skus(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("SKU-%03d", i))
	}
	return all
}

// told are the records of each alert, by id of the alert, those that went into
// another one left out.
func (w *world) told(t testing.TB) [][]string {
	t.Helper()
	alerts := w.alerts(t)
	slices.SortFunc(alerts, func(a, b alert.Alert) int { return a.Opened.Compare(b.Opened) })
	var all [][]string
	for _, a := range alerts {
		var keys []string
		for _, m := range a.Members {
			keys = append(keys, m.Key)
		}
		slices.Sort(keys)
		all = append(all, keys)
	}
	return all
}

func keysAt(location string, skus ...string) []string {
	var keys []string
	for _, sku := range skus {
		keys = append(keys, sku+"@"+location)
	}
	return keys
}

func TestGroup_TwoCausesAreTwoAlertsAndAFewAreOne(t *testing.T) {
	for _, c := range []struct {
		name       string
		east, west []string
		want       [][]string
	}{
		{"five at each of two locations", skus(5), skus(5), [][]string{keysAt("east", skus(5)...), keysAt("west", skus(5)...)}},
		{"two at each of two locations", skus(2), skus(2), [][]string{slices.Sorted(slices.Values(slices.Concat(keysAt("east", skus(2)...), keysAt("west", skus(2)...))))}},
		{"many here and one there", skus(9), skus(1), [][]string{keysAt("east", skus(9)...), keysAt("west", skus(1)...)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(stockRegistry("from.free", 5*time.Minute))
			for i := range max(len(c.east), len(c.west)) {
				if i < len(c.west) {
					w.differAt(t, "west", c.west[i])
				}
				if i < len(c.east) {
					w.differAt(t, "east", c.east[i])
				}
			}
			w.until(t, at(9, 30))
			got := w.told(t)
			slices.SortFunc(got, slices.Compare)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("alerts (-want +got):\n%s", diff)
			}
			if w.published != len(c.want) {
				t.Errorf("%d alerts published, want %d", w.published, len(c.want))
			}
		})
	}
}

func TestGroup_FindingsAreFollowedIntoTheAlertThatToldThem(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differAt(t, "east", "MUG")
	w.differAt(t, "west", "MUG")
	w.until(t, at(9, 10))
	w.agreeAt(t, "east", "MUG")
	w.agreeAt(t, "west", "MUG")
	w.until(t, at(9, 30))
	got := w.alerts(t)
	if len(got) != 1 || got[0].Open() != 0 || got[0].Closed.IsZero() || got[0].Published != got[0].Seq {
		t.Errorf("alerts %+v, want one that is over", got)
	}
}

// TestGroup_AStopAnywhereLosesNoFinding stops the minute's work before or after
// each of its writes.
func TestGroup_AStopAnywhereLosesNoFinding(t *testing.T) {
	for write := 1; ; write++ {
		for _, after := range []bool{false, true} {
			w := newWorld(stockRegistry("from.free", 5*time.Minute))
			w.differAt(t, "east", "MUG", "CAP")
			w.differAt(t, "west", "MUG")
			w.now = at(9, 5)
			w.runLooks(t)
			stop := &stopping{Findings: w.findings, at: write, after: after}
			w.drift.Findings = stop
			_ = w.drift.Tick(t.Context())
			w.drift.Findings = w.findings
			if stop.at > 0 {
				if write < 5 {
					t.Errorf("only %d writes", write-1)
				}
				return
			}
			// Meanwhile one of them ends.
			w.agreeAt(t, "west", "MUG")
			w.until(t, at(9, 30))
			open, keys := 0, slices.Concat(w.told(t)...)
			slices.Sort(keys)
			for _, a := range w.alerts(t) {
				open += a.Open()
				if a.Published != a.Seq {
					t.Errorf("stopped at write %d, after it %t: published %d of %d", write, after, a.Published, a.Seq)
				}
			}
			if diff := cmp.Diff([]string{"CAP@east", "MUG@east", "MUG@west"}, keys); diff != "" || open != 2 {
				t.Errorf("stopped at write %d, after it %t: %d open, told (-want +got):\n%s", write, after, open, diff)
			}
			if out, _ := w.findings.Outbox(t.Context(), w.now); len(out) > 0 {
				t.Errorf("stopped at write %d, after it %t: %d alerts never rest", write, after, len(out))
			}
		}
	}
}

// stopping fails every write from one on, which is done or not.
type stopping struct {
	store.Findings
	at    int
	after bool
}

func (s *stopping) put(do func() error) error {
	s.at--
	if s.at == 0 && s.after {
		_ = do()
	}
	if s.at <= 0 {
		return errDown
	}
	return do()
}

func (s *stopping) PutAlert(ctx context.Context, a alert.Alert) error {
	return s.put(func() error { return s.Findings.PutAlert(ctx, a) })
}

func (s *stopping) PutGroup(ctx context.Context, g store.Group) error {
	return s.put(func() error { return s.Findings.PutGroup(ctx, g) })
}

func (s *stopping) PutFinding(ctx context.Context, f finding.Finding) error {
	return s.put(func() error { return s.Findings.PutFinding(ctx, f) })
}

// deaf takes no message about some alerts.
type deaf struct {
	*world
	to string
}

func (d *deaf) Publish(ctx context.Context, m topic.Message) error {
	if strings.Contains(m.Body, d.to) {
		return errors.New("not this one")
	}
	return d.world.Publish(ctx, m)
}

func TestOutbox_OneThatFailsDoesNotKeepTheOthers(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	w.differAt(t, "east", skus(6)...)
	w.differAt(t, "west", skus(6)...)
	w.now = at(9, 5)
	w.runLooks(t)
	first, last := w.alerts(t)[0], w.alerts(t)[1]
	w.drift.Topic = &deaf{w, first.ID}
	if err := w.drift.Tick(t.Context()); err == nil || !strings.Contains(err.Error(), first.ID) {
		t.Errorf("tick: %v, want it to name the alert that failed", err)
	}
	if out, _ := w.findings.Outbox(t.Context(), w.now); w.published != 1 || len(out) != 1 || out[0].ID == last.ID {
		t.Errorf("%d published, %d in the outbox; want the other one to be out", w.published, len(out))
	}
	var log bytes.Buffer
	w.drift.Log = slog.New(slog.NewJSONHandler(&log, nil))
	w.now = at(9, 15)
	_ = w.drift.Tick(counted(t))
	if line := lastLine(t, &log); fmt.Sprint(line[metric.Unpublished.Name]) != "[1]" || fmt.Sprint(line[metric.OutboxAge.Name]) != "[600]" {
		t.Errorf("the tick says %v, want one alert that waits for ten minutes", line)
	}
	w.drift.Topic = w
	w.tick(t)
	if a := w.alerts(t)[0]; a.Published != a.Seq || !a.Unsent.IsZero() || !a.Sent.Equal(w.now) {
		t.Errorf("alert published up to %d of %d, waits since %s, first sent %s", a.Published, a.Seq, a.Unsent, a.Sent)
	}
	w.agreeAt(t, "east", "SKU-000")
	w.agreeAt(t, "west", "SKU-000")
	w.runLooks(t)
	w.drift.Topic = shut{}
	for range 6 {
		log.Reset()
		w.now = w.now.Add(time.Minute)
		_ = w.drift.Tick(counted(t))
	}
	if line := lastLine(t, &log); fmt.Sprint(line[metric.Unpublished.Name]) != "[2]" || fmt.Sprint(line[metric.OutboxAge.Name]) != "[300]" {
		t.Errorf("the tick says %v, want two changes that wait for five minutes", line)
	}
}
