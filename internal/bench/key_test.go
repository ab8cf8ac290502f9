package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// BenchmarkOneKey merges 10,000 changes of one stock record by 16 workers at
// once, in batches as the queue hands them over: a flash sale on one SKU. The
// floor is one write for each batch. A message that lost too many races comes
// again, as it would from the queue.
func BenchmarkOneKey(b *testing.B) {
	const events, workers = 10_000, 16
	for b.Loop() {
		w := onTables(b)
		races := &races{Records: w.merge.Records}
		w.merge.Records = races
		work := make(chan []merge.Message, events)
		var left sync.WaitGroup
		for batch := range slices.Chunk(w.sale(events), 10) {
			left.Add(1)
			work <- batch
		}
		again, start := 0, time.Now()
		var counting sync.Mutex
		for range workers {
			go func() {
				for batch := range work {
					ctx := context.WithValue(b.Context(), chainKey{}, new(int))
					if len(w.merge.Merge(ctx, batch)) == 0 {
						left.Done()
						continue
					}
					counting.Lock()
					again++
					counting.Unlock()
					work <- batch
				}
			}()
		}
		left.Wait()
		close(work)
		took, usage := time.Since(start), w.meter.Usage()
		b.ReportMetric(took.Seconds(), "s")
		b.ReportMetric(usage.Writes/events, "WCU-written")
		b.ReportMetric(float64(usage.Refused)/events, "WCU-refused")
		b.ReportMetric(usage.Reads/events, "RCU")
		b.ReportMetric(float64(races.longest), "longest-chain")
		b.ReportMetric(float64(again), "batches-again")
		b.ReportMetric(0, "ns/op")
	}
}

// sale is so many changes of one record.
func (w *world) sale(events int) []merge.Message {
	var messages []merge.Message
	for i := range events {
		at := nine.Add(time.Duration(i) * time.Millisecond)
		o := commerce.Observation{
			System: "erp", Kind: commerce.Inventory, Key: commerce.Key{"TENT-2P", "east"}, Part: "inventory", Native: "TENT-2P/EAST", Slot: "EAST",
			Facets: commerce.Facets{"free": commerce.Number(commerce.Int(int64(events - i))), "tracked": commerce.Bool(true)},
		}
		o.Stamp(commerce.VersionParts{Clock: at, Sequence: uint64(i + 1)})
		id := fmt.Sprintf("%08d-bdd9-4b37-8a5f-bf7d70bcd043", i)
		w.envelopes[id] = queue.Envelope{Delivery: commerce.Delivery{ID: id, System: "erp", Received: at}, Observations: []commerce.Observation{o}}
		messages = append(messages, merge.Message{ID: id, Body: id, Receives: 1})
	}
	return messages
}

// races watches how often one batch loses.
type races struct {
	merge.Records
	mu      sync.Mutex
	longest int
}

// chainKey is where the context of a batch counts the races that it lost.
type chainKey struct{}

func (r *races) Put(ctx context.Context, row record.Row) error {
	err := r.Records.Put(ctx, row)
	chain := ctx.Value(chainKey{}).(*int)
	if !errors.Is(err, store.ErrLost) {
		return err
	}
	*chain++
	r.mu.Lock()
	r.longest = max(r.longest, *chain)
	r.mu.Unlock()
	return err
}
