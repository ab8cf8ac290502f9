package memory

import (
	"context"
	"sync"
	"time"
)

// Receipts is a store.Receipts that forgets nothing. The zero Receipts is empty
// and ready.
type Receipts struct {
	mu   sync.Mutex
	done map[string]map[int]bool
}

// PutReceipts keeps the numbers.
func (r *Receipts) PutReceipts(_ context.Context, series string, numbers []int, _ time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done == nil {
		r.done = map[string]map[int]bool{}
	}
	if r.done[series] == nil {
		r.done[series] = map[int]bool{}
	}
	for _, n := range numbers {
		r.done[series][n] = true
	}
	return nil
}

// CountReceipts counts those below n.
func (r *Receipts) CountReceipts(_ context.Context, series string, n int) (count int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for number := range r.done[series] {
		if number < n {
			count++
		}
	}
	return count, nil
}
