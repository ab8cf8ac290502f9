package merge

import (
	"context"

	"github.com/plumbline/plumbline/internal/metric"
	"github.com/plumbline/plumbline/internal/record"
)

// measure counts a row that was written, and how long the changes took that it
// shows to have arrived.
func measure(ctx context.Context, before, after record.Row) {
	metric.Add(ctx, metric.Changed, 1)
	for name, lesson := range after.Lessons {
		if lesson.Settled.After(before.Lessons[name].Settled) {
			metric.Observe(ctx, metric.CatchUp, lesson.Took.Seconds())
		}
	}
}

// measure notes how long what is merged took since it was received.
func (b *batch) measure(ctx context.Context) {
	for i, e := range b.envelopes {
		if b.errs[i] != nil {
			continue
		}
		metric.Observe(ctx, metric.Lag, max(0, b.Now().Sub(e.Delivery.Received).Seconds()))
	}
}
