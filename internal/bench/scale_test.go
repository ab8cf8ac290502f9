package bench

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/topic"
)

var mostRecords = flag.Int("records", 1_000_000, "the most records that drift is measured with; 10,000,000 take 12 GB")

// estate is drift over so many records in memory, of which some are unsettled.
type estate struct {
	*drift.Service
	records *memory.Records
	now     time.Time
	due     []record.Row
	parts   []drift.Message
}

func (e *estate) SendAfter(_ context.Context, _ time.Duration, body string) error {
	if queue.IsSweep(body) {
		e.parts = append(e.parts, drift.Message{ID: fmt.Sprint(len(e.parts)), Body: body})
	}
	return nil
}

func (e *estate) Publish(context.Context, topic.Message) error { return nil }

// newEstate fills the store. All records agree but those that are due, whose
// change is an hour old and has until the morning.
func newEstate(b *testing.B, records, unsettled int) *estate {
	b.Helper()
	w := inMemory(b)
	findings := &memory.Findings{}
	e := &estate{records: &memory.Records{}, now: nine}
	e.Service = &drift.Service{
		Records: e.records, Findings: findings, Marks: findings, Sweeps: findings, Documents: findings, Looks: e, Topic: e,
		Registry: w.registry, Rules: judge.Rules(w.registry), Now: func() time.Time { return e.now }, Log: slog.New(slog.DiscardHandler),
	}
	for i := range records {
		row := e.price(i, i < unsettled)
		if err := e.records.Put(b.Context(), row); err != nil {
			b.Fatal(err)
		}
		if row.Rev++; i < unsettled {
			e.due = append(e.due, row)
		}
	}
	return e
}

// price is a row of the ERP's and the shop's price of one item.
func (e *estate) price(i int, differs bool) record.Row {
	row := record.Row{Generation: e.Registry.Generation}
	for _, system := range []string{"erp", "shopify-us"} {
		amount := "19.90"
		if differs && system == "erp" {
			amount = "21.50"
		}
		o := commerce.Observation{
			System: system, Kind: commerce.Price, Key: commerce.Key{fmt.Sprintf("SKU-%08d", i), "base"}, Part: "price", Native: fmt.Sprint(i),
			Facets: commerce.Facets{"regular": commerce.Number(commerce.MustDecimal(amount)), "currency": commerce.Text("USD")},
		}
		o.Stamp(commerce.VersionParts{Clock: nine.Add(-time.Hour)})
		row.Kind, row.Key = o.Kind, o.Key
		row, _ = record.Merge(row, o, record.Source{Delivery: "d", Received: nine.Add(-time.Hour)})
	}
	if differs {
		row.Due = nine
	}
	return row
}

// again makes the unsettled records due once more.
func (e *estate) again(b *testing.B) {
	b.Helper()
	for _, row := range e.due {
		id := row.ID()
		stored, err := e.records.Get(b.Context(), []commerce.RecordID{id})
		if err != nil {
			b.Fatal(err)
		}
		row.Rev = stored[id].Rev
		if err := e.records.Put(b.Context(), row); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDriftMinute is a minute's run with a thousand unsettled records among
// ever more that agree. The growth exponent is the slope of time over records,
// both as logarithms: 0 is flat, 1 is in proportion.
func BenchmarkDriftMinute(b *testing.B) {
	growth(b, 1000, func(b *testing.B, e *estate) time.Duration {
		b.Helper()
		e.again(b)
		begun := time.Now()
		if err := e.Tick(b.Context()); err != nil {
			b.Fatal(err)
		}
		return time.Since(begun)
	})
}

// BenchmarkDriftAudit is one whole audit over records that agree. Its exponent
// is the whole audit's.
func BenchmarkDriftAudit(b *testing.B) {
	growth(b, 0, func(b *testing.B, e *estate) time.Duration {
		b.Helper()
		e.now = e.now.AddDate(0, 0, 1)
		begun := time.Now()
		if err := e.Audit(b.Context()); err != nil {
			b.Fatal(err)
		}
		for len(e.parts) > 0 {
			parts := e.parts
			e.parts = nil
			if failed := e.Look(b.Context(), parts); len(failed) > 0 {
				b.Fatalf("parts not walked: %v", failed)
			}
		}
		return time.Since(begun)
	})
}

// growth measures one step over estates of growing size.
func growth(b *testing.B, unsettled int, step func(*testing.B, *estate) time.Duration) {
	b.Helper()
	least := map[int]time.Duration{}
	for records := 10_000; records <= *mostRecords; records *= 10 {
		b.Run(fmt.Sprintf("records=%d", records), func(b *testing.B) {
			e := newEstate(b, records, unsettled)
			least[records] = math.MaxInt64
			b.ResetTimer()
			for range b.N {
				least[records] = min(least[records], step(b, e))
			}
			b.ReportMetric(float64(least[records].Microseconds()), "least-µs")
			b.ReportMetric(float64(least[records].Nanoseconds())/float64(records), "least-ns/record")
			if records > 10_000 {
				decades := math.Log10(float64(records) / 10_000)
				b.ReportMetric(math.Log10(float64(least[records])/float64(least[10_000]))/decades, "exponent")
			}
		})
	}
}
