package metric

import (
	"context"
	"math"
	"sync"
	"time"
)

// values is how many values of one metric a line may hold; that is the format's
// limit.
const values = 100

// Invocation is what one invocation counted. It is safe for concurrent use.
type Invocation struct {
	began time.Time

	mu   sync.Mutex
	sums map[string]float64
	all  map[string]*sample
}

type key struct{}

// With begins to count. What is called with the context adds to the invocation.
func With(ctx context.Context, began time.Time) (context.Context, *Invocation) {
	i := &Invocation{began: began, sums: map[string]float64{}, all: map[string]*sample{}}
	return context.WithValue(ctx, key{}, i), i
}

// Add adds to a sum; one of zero is not told. Without an invocation nothing is
// counted.
func Add[N int | float64](ctx context.Context, m Metric, n N) {
	i, ok := ctx.Value(key{}).(*Invocation)
	if !ok || n == 0 {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.sums[m.Name] += float64(n)
}

// Observe notes one value, to a thousandth. Of more than a hundred, every second is noted, of more
// than two hundred every fourth, and so on.
func Observe[N int | float64](ctx context.Context, m Metric, value N) {
	i, ok := ctx.Value(key{}).(*Invocation)
	if !ok {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.all[m.Name]
	if s == nil {
		s = &sample{every: 1}
		i.all[m.Name] = s
	}
	s.add(math.Round(float64(value)*1000) / 1000)
}

// sample keeps values at equal distances.
type sample struct {
	every, seen int
	kept        []float64
}

func (s *sample) add(value float64) {
	s.seen++
	if (s.seen-1)%s.every != 0 {
		return
	}
	if len(s.kept) == values {
		for n := range values / 2 {
			s.kept[n] = s.kept[2*n]
		}
		s.kept = s.kept[:values/2]
		s.every *= 2
	}
	s.kept = append(s.kept, value)
}
