package badinput

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/blob/memblob"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/queue/memqueue"
	"github.com/plumbline/plumbline/internal/receive"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/topic"
	"github.com/plumbline/plumbline/internal/wire"
	wirereceive "github.com/plumbline/plumbline/internal/wire/receive"
)

var noon = time.Date(2026, 3, 3, 17, 0, 0, 0, time.UTC)

// home is what all worlds share: the registry, and how each system is read.
type home struct {
	registry *registry.Registry
	systems  map[string]receive.System
	rules    map[commerce.Kind][]registry.Rule
}

func newHome(t testing.TB) home {
	t.Helper()
	r, err := wire.LoadRegistry("testdata/plumbline.yaml", noon)
	if err != nil {
		t.Fatal(err)
	}
	systems, err := wirereceive.Systems(r, []byte("a key for these tests"))
	if err != nil {
		t.Fatal(err)
	}
	return home{r, systems, judge.Rules(r)}
}

// world is Plumbline over stores in memory.
type world struct {
	home
	now     time.Time
	receive *receive.Service
	handler lambda.Handler
	merge   *merge.Service
	drift   *drift.Service

	records  memory.Records
	findings memory.Findings
	arrivals memory.Arrivals
	blobs    memblob.Store

	observations, dead, quarantine, fetches, looks, merged *memqueue.Queue

	log       *printed
	published *published
}

func newWorld(h home) *world {
	w := &world{home: h, now: noon, log: &printed{}, published: &published{}}
	clock := func() time.Time { return w.now }
	open := func(o memqueue.Options) *memqueue.Queue { o.Now = clock; return memqueue.New(o) }
	w.dead = open(memqueue.Options{})
	w.observations = open(memqueue.Options{MaxReceives: contract.MaxReceive, DeadLetters: w.dead})
	w.quarantine, w.fetches, w.looks, w.merged = open(memqueue.Options{}), open(memqueue.Options{}), open(memqueue.Options{}), open(memqueue.Options{})
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	claims := queue.Claims{Blobs: &w.blobs}
	w.receive = &receive.Service{
		Systems: h.systems, Secrets: vault{}, Observations: w.observations, Quarantine: w.quarantine, Fetches: w.fetches,
		Seal: claims.Seal, Generation: h.registry.Generation, MaxBody: contract.MaxBody, Log: log,
	}
	w.handler = wirereceive.Of(w.receive, nil, clock)
	w.merge = &merge.Service{
		Records: &w.records, Marks: &w.findings, Arrivals: &w.arrivals, Looks: w.looks, Archive: w.merged, Open: claims.Open,
		Registry: h.registry, Rules: h.rules, Now: clock, Log: log,
	}
	w.drift = &drift.Service{
		Records: &w.records, Findings: &w.findings, Marks: &w.findings, Sweeps: &w.findings, Documents: &w.findings, Looks: w.looks,
		Topic: w.published, Moves: w.observations, Registry: h.registry, Rules: h.rules, Now: clock, Log: log,
	}
	return w
}

// vault resolves the secrets of the tests.
type vault struct{}

func (vault) Resolve(_ context.Context, ref secret.Reference) (string, error) {
	value, ok := secrets[ref.Name]
	if !ok {
		return "", fmt.Errorf("resolve %s: %w", ref, secret.ErrUnavailable)
	}
	return value, nil
}

// published keeps alerts.
type published struct{ messages []topic.Message }

// Publish takes an alert.
func (p *published) Publish(_ context.Context, m topic.Message) error {
	p.messages = append(p.messages, m)
	return nil
}

// printed is a log. A panic while it is written would be one of the product.
type printed struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (p *printed) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.Write(text)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.b.String()
}

// settle merges whatever is queued, batch by batch, until nothing comes any more,
// and returns how many messages failed in each.
func (w *world) settle(t testing.TB) (failed []int) {
	t.Helper()
	for {
		batch, err := w.observations.Receive(t.Context(), 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(batch) == 0 {
			return failed
		}
		failed = append(failed, w.mergeBatch(t, batch))
	}
}

func (w *world) mergeBatch(t testing.TB, batch []queue.Message) (failed int) {
	t.Helper()
	messages := make([]merge.Message, 0, len(batch))
	for _, m := range batch {
		messages = append(messages, merge.Message{ID: m.ID, Body: m.Body, Receives: m.Receives})
	}
	again := w.merge.Merge(t.Context(), messages)
	done := slices.DeleteFunc(slices.Clone(batch), func(m queue.Message) bool { return slices.Contains(again, m.ID) })
	if err := w.observations.Delete(t.Context(), done...); err != nil {
		t.Fatal(err)
	}
	return len(again)
}

// contents are the bodies of a queue, which stay there.
func contents(t testing.TB, q *memqueue.Queue) (bodies []string) {
	t.Helper()
	_, err := queue.Drain(t.Context(), q, 1000, func(m queue.Message) (bool, error) {
		bodies = append(bodies, m.Body)
		return false, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return bodies
}

// empty takes everything off a queue.
func empty(t testing.TB, queues ...*memqueue.Queue) {
	t.Helper()
	for _, q := range queues {
		if _, err := queue.Drain(t.Context(), q, 1000, func(queue.Message) (bool, error) { return true, nil }); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) envelopes(t testing.TB, q *memqueue.Queue) (all []queue.Envelope) {
	t.Helper()
	for _, body := range contents(t, q) {
		e, err := w.merge.Open(t.Context(), body)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func (w *world) rows(t testing.TB) (rows []record.Row) {
	t.Helper()
	cursor := ""
	for {
		page, next, err := w.records.Page(t.Context(), 0, 1, cursor, 1000)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, page...)
		if cursor = next; cursor == "" {
			return rows
		}
	}
}

// shown is what the rows of business show, by kind and key: each system's facets.
func (w *world) shown(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, row := range w.rows(t) {
		if !slices.Contains(commerce.Kinds(), row.Kind) {
			continue
		}
		var sides []string
		for _, v := range row.Views {
			text := v.System
			if v.Gone {
				text += " gone"
			}
			for _, name := range v.Facets.Names() {
				text += " " + name + "=" + v.Facets[name].String()
			}
			sides = append(sides, text)
		}
		all[string(row.Kind)+" "+row.Key.Text(row.Kind)] = strings.Join(sides, "; ")
	}
	return all
}

// pointer is how a pointer is printed, which is never twice the same.
var pointer = regexp.MustCompile(`0x[0-9a-f]{6,}`)

// dump is everything that is stored of records, findings and alerts, as text.
func (w *world) dump(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	for _, row := range w.rows(t) {
		b.WriteString(pointer.ReplaceAllString(fmt.Sprintf("%+v\n", row), "pointer"))
	}
	findings, err := w.findings.ActiveFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal([]any{findings, w.published.messages})
	if err != nil {
		t.Fatal(err)
	}
	return b.String() + string(text)
}
