package merge

import (
	"context"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

// kitDelay lets what comes together be looked at together.
const kitDelay = 2 * time.Second

// kits asks for a look at each kit that the row is a component of: what its
// systems have of the kit follows from it. A duplicate asks again, because the
// first time may have failed.
func (b *batch) kits(ctx context.Context, row record.Row) error {
	if row.Kind != commerce.Inventory {
		return nil
	}
	for _, kit := range b.Registry.Kits.With(row.Key[0]) {
		look := queue.Look{Kind: commerce.Inventory, Key: commerce.Key{kit, row.Key[1]}, Due: b.Now().Add(kitDelay)}
		if err := b.Looks.SendAfter(ctx, kitDelay, queue.EncodeLook(look)); err != nil {
			return fmt.Errorf("ask for a look at kit %s: %w", kit, err)
		}
	}
	return nil
}
