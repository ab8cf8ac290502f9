package play

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/day"
)

// Deliveries takes deliveries that were verified before. It is receive's use
// case.
type Deliveries interface {
	Accept(ctx context.Context, d commerce.Delivery) (outcome string, observations int, err error)
}

// Remember tells what was known before the day, each as of when it came. The
// clock does not move. Doing it twice does no harm. Each is settled before the next
// is told: what queues bring in another order is old when it comes.
func Remember(ctx context.Context, history []day.Past, deliveries Deliveries, settle func(context.Context) error) error {
	for i, p := range history {
		id := sha256.Sum256([]byte(p.System + p.At.String() + p.Body))
		d := commerce.Delivery{
			ID: hex.EncodeToString(id[:8]), System: p.System, Topic: p.Topic, Received: p.At.UTC(), Header: p.Headers, Body: []byte(p.Body),
		}
		if _, _, err := deliveries.Accept(ctx, d); err != nil {
			return fmt.Errorf("remember line %d of the history: %w", i+1, err)
		}
		if err := settle(ctx); err != nil {
			return fmt.Errorf("remember line %d of the history: %w", i+1, err)
		}
	}
	return nil
}
