package merge

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

// kitDelay lets what comes together be looked at together.
const kitDelay = 2 * time.Second

// kits asks for a look at each kit that the row is a component of: what its
// systems have of the kit follows from it. A duplicate asks again, because the
// first time may have failed.
func (b *batch) kits(row record.Row, tasks []task) {
	if row.Kind != commerce.Inventory {
		return
	}
	for _, kit := range b.Registry.Kits.With(row.Key[0]) {
		b.wish(commerce.Inventory, commerce.Key{kit, row.Key[1]}, b.Now().Add(kitDelay), tasks)
	}
}
