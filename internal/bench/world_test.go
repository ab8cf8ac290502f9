package bench

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store/dynamo"
	"github.com/plumbline/plumbline/internal/store/memory"
)

func TestMain(m *testing.M) { emulator.Main(m) }

// nine is when the traffic begins.
var nine = time.Date(2026, 3, 3, 14, 0, 0, 0, time.UTC)

// world is the demo shop's merge over some store, with a clock that follows the
// deliveries.
type world struct {
	registry  *registry.Registry
	endpoints map[string]platform.Endpoint
	merge     *merge.Service
	meter     dynamo.Meter
	looks     atomic.Int64
	now       time.Time
	// unlinked makes observations carry the SKU that their link would give.
	unlinked  bool
	envelopes map[string]queue.Envelope
}

// newWorld is a world without a store.
func newWorld(b testing.TB) *world {
	b.Helper()
	r, problems := registry.Load("../../plumbline.yaml", all.Platforms(), nine)
	if r == nil {
		b.Fatal(problems)
	}
	w := &world{registry: r, endpoints: map[string]platform.Endpoint{}, now: nine, envelopes: map[string]queue.Envelope{}}
	for _, p := range all.Platforms() {
		for name, system := range r.Systems {
			if system.Platform != p.Name {
				continue
			}
			endpoint, err := p.New(r.PlatformConfig(name, []byte("hash key")))
			if err != nil {
				b.Fatal(err)
			}
			w.endpoints[name] = endpoint
		}
	}
	w.merge = &merge.Service{
		Looks: w, Archive: archive{}, Registry: r, Rules: judge.Rules(r),
		Open: func(_ context.Context, body string) (queue.Envelope, error) { return w.envelopes[body], nil },
		Now:  func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
	}
	return w
}

// inMemory keeps the world's rows in the process.
func inMemory(b testing.TB) *world {
	w := newWorld(b)
	w.merge.Records, w.merge.Marks = &memory.Records{}, &memory.Findings{}
	return w
}

// onTables keeps the world's rows in tables of its own, on the emulator, and
// meters what they take.
func onTables(b testing.TB) *world {
	w := newWorld(b)
	client, names := tables(b)
	w.merge.Records = dynamo.NewRecords(client, names[contract.Records], dynamo.WithMeter(&w.meter))
	w.merge.Marks = dynamo.NewFindings(client, names[contract.Findings], dynamo.WithMeter(&w.meter))
	return w
}

var prefixes atomic.Int64

// tables makes the tables of the contract, in a place of their own.
func tables(b testing.TB) (*dynamodb.Client, map[string]string) {
	b.Helper()
	cfg := emulator.ForTest(b).AWSConfig()
	made, err := local.Provision(b.Context(), cfg, local.Plan{Prefix: fmt.Sprintf("bench%d-", prefixes.Add(1))})
	if err != nil {
		b.Fatal(err)
	}
	return dynamodb.NewFromConfig(cfg), made.Tables
}

// SendLater counts the looks that merge asks for.
func (w *world) SendLater(_ context.Context, looks ...queue.Later) error {
	w.looks.Add(int64(len(looks)))
	return nil
}

type archive struct{}

func (archive) Send(context.Context, ...string) error { return nil }

// delivery is a webhook on its way.
type delivery struct {
	id, system, topic, body string
	at                      time.Time
}

// messages normalises the deliveries as receive does.
func (w *world) messages(b testing.TB, deliveries []delivery) []merge.Message {
	b.Helper()
	messages := make([]merge.Message, len(deliveries))
	for i, d := range deliveries {
		whole := commerce.Delivery{ID: d.id, System: d.system, Topic: d.topic, Received: d.at, Body: []byte(d.body)}
		reading, err := w.endpoints[d.system].Normalise(whole)
		if err != nil {
			b.Fatal(err)
		}
		whole.Body = nil
		w.envelopes[d.id] = queue.Envelope{Delivery: whole, Observations: w.known(reading.Observations)}
		messages[i] = merge.Message{ID: d.id, Body: d.id, Receives: 1}
	}
	return messages
}

// known fills in the SKU of stock where the world has no links.
func (w *world) known(observations []commerce.Observation) []commerce.Observation {
	if !w.unlinked {
		return observations
	}
	for i, o := range observations {
		if o.Via != nil {
			item, _, _ := strings.Cut(o.Native, "/")
			observations[i].Key[0], observations[i].Via = skuOf(item), nil
		}
	}
	return observations
}

// count is how many observations of the kind the messages carry.
func (w *world) count(messages []merge.Message, kind commerce.Kind) int {
	n := 0
	for _, m := range messages {
		for _, o := range w.envelopes[m.Body].Observations {
			if o.Kind == kind {
				n++
			}
		}
	}
	return n
}

// play merges the messages in batches of at most the size.
func (w *world) play(b testing.TB, messages []merge.Message, size int) {
	b.Helper()
	for batch := range slices.Chunk(messages, size) {
		w.now = w.envelopes[batch[len(batch)-1].Body].Delivery.Received
		if failed := w.merge.Merge(b.Context(), batch); len(failed) > 0 {
			b.Fatalf("not merged: %v", failed)
		}
	}
}

// spent is what was consumed between two readings of a meter.
func spent(after, before dynamo.Usage) dynamo.Usage {
	return dynamo.Usage{
		Requests: after.Requests - before.Requests, Refused: after.Refused - before.Refused,
		Reads: after.Reads - before.Reads, Writes: after.Writes - before.Writes,
		IndexReads: after.IndexReads - before.IndexReads, IndexWrites: after.IndexWrites - before.IndexWrites,
	}
}

// reportUnits prints usage for each of n.
func reportUnits(b *testing.B, u dynamo.Usage, n int) {
	per := func(total float64, unit string) { b.ReportMetric(total/float64(n), unit) }
	per(u.Writes+float64(u.Refused), "WCU")
	per(u.Reads, "RCU")
	per(u.IndexWrites, "index-WCU")
	per(float64(u.Requests), "requests")
}
