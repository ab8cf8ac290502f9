package drift

import (
	"context"
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// refunded keeps an order's finding from opening that would tell what the
// finding of its refunds tells: the money that one side has not booked. The
// refunds have the order's key. They are read only when a finding about amounts
// is about to open.
func (r *run) refunded(ctx context.Context, v judge.Verdict, order record.Row, rule registry.Rule) (judge.Verdict, error) {
	if order.Kind != commerce.Order || v.Outcome != judge.Differ || len(v.Differences()) == 0 || order.Marks[rule.Name()].Open != "" {
		return v, nil
	}
	id := order.Key.ID(commerce.Refund)
	rows, err := r.Records.Get(ctx, []commerce.RecordID{id})
	if err != nil {
		return v, fmt.Errorf("read %s: %w", id, err)
	}
	refunds, found := rows[id]
	if !found {
		return v, nil
	}
	around, err := r.context(ctx, commerce.Refund)
	if err != nil {
		return v, err
	}
	for _, about := range r.Rules[commerce.Refund] {
		if about.From != rule.From && about.From != rule.To || about.To != rule.From && about.To != rule.To {
			continue
		}
		unbooked, ok := judge.UnbookedBy(about, refunds, judge.Judge(about, refunds, around, r.now))
		if !ok {
			continue
		}
		if explained := judge.AsRefund(rule, order, around, r.now, v, unbooked); explained.Outcome != v.Outcome {
			return explained, nil
		}
	}
	return v, nil
}
