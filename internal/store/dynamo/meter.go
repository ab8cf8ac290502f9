package dynamo

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/plumbline/plumbline/internal/metric"
)

// Usage is what requests consumed, in capacity units. DynamoDB charges a
// refused write like the write, and does not report it: it is only counted.
type Usage struct {
	Requests, Refused       int
	Reads, Writes           float64
	IndexReads, IndexWrites float64
}

// Meter adds up usage. The zero Meter is ready, and safe for concurrent use.
type Meter struct {
	mu             sync.Mutex
	usage, counted Usage
}

// Usage returns what was consumed so far.
func (m *Meter) Usage() Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.usage
}

// Count adds to the invocation's metrics what was consumed since it was called last.
func (m *Meter) Count(ctx context.Context) {
	m.mu.Lock()
	now, before := m.usage, m.counted
	m.counted = now
	m.mu.Unlock()
	metric.Add(ctx, metric.ReadUnits, now.Reads-before.Reads+now.IndexReads-before.IndexReads)
	metric.Add(ctx, metric.WriteUnits, now.Writes-before.Writes)
	metric.Add(ctx, metric.IndexUnits, now.IndexWrites-before.IndexWrites)
}

// wanted asks DynamoDB for its figures only when somebody adds them up.
func (m *Meter) wanted() types.ReturnConsumedCapacity {
	if m == nil {
		return types.ReturnConsumedCapacityNone
	}
	return types.ReturnConsumedCapacityIndexes
}

func (m *Meter) read(c *types.ConsumedCapacity) {
	m.add(func(u *Usage) {
		table, index := units(c)
		u.Reads += table
		u.IndexReads += index
	})
}

func (m *Meter) wrote(c *types.ConsumedCapacity) {
	m.add(func(u *Usage) {
		table, index := units(c)
		u.Writes += table
		u.IndexWrites += index
	})
}

func (m *Meter) refused() { m.add(func(u *Usage) { u.Refused++ }) }

func (m *Meter) add(f func(*Usage)) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.usage.Requests++
	f(&m.usage)
}

func units(c *types.ConsumedCapacity) (table, index float64) {
	if c == nil {
		return 0, 0
	}
	for _, g := range c.GlobalSecondaryIndexes {
		index += *g.CapacityUnits
	}
	return *c.CapacityUnits - index, index
}
