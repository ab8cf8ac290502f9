package bench

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// BenchmarkMerge merges healthy traffic over rows in memory, in batches of ten:
// what merge computes without waiting for anything. The floor is the pure merge
// of the same observations into their rows.
func BenchmarkMerge(b *testing.B) {
	for _, c := range []struct {
		name    string
		traffic func(*world) []delivery
		kind    commerce.Kind
	}{
		{"stock", spread, commerce.Inventory},
		{"orders", func(w *world) []delivery { return w.orders(b, 50) }, commerce.Order},
	} {
		b.Run(c.name, func(b *testing.B) {
			floor, whole := time.Hour, time.Hour
			observations := 0
			for b.Loop() {
				w := inMemory(b)
				w.unlinked = true
				w.play(b, w.messages(b, w.opening()), 10)
				messages := w.messages(b, c.traffic(w))
				observations = w.count(messages, c.kind)
				rows := map[commerce.RecordID]record.Row{}
				floor = min(floor, timed(b, func() error {
					for _, m := range messages {
						e := w.envelopes[m.Body]
						for _, o := range e.Observations {
							id := o.Key.ID(o.Kind)
							rows[id], _ = record.Merge(rows[id], o, record.Source{Delivery: e.Delivery.ID, Received: e.Delivery.Received})
						}
					}
					return nil
				}))
				whole = min(whole, timed(b, func() error { w.play(b, messages, 10); return nil }))
			}
			b.ReportMetric(float64(floor)/float64(observations), "ns-floor-pure")
			b.ReportMetric(float64(whole)/float64(observations), "ns/observation")
			b.ReportMetric(0, "ns/op")
		})
	}
}
