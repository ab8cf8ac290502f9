package memory

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
)

// Arrivals is a store.Arrivals. The zero Arrivals is empty and ready.
type Arrivals struct {
	mu    sync.Mutex
	slots map[silence.Source]map[silence.Slot]bool
}

// Arrive keeps the slot.
func (a *Arrivals) Arrive(_ context.Context, source silence.Source, at time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.slots == nil {
		a.slots = map[silence.Source]map[silence.Slot]bool{}
	}
	if a.slots[source] == nil {
		a.slots[source] = map[silence.Slot]bool{}
	}
	a.slots[source][silence.SlotOf(at)] = true
	return nil
}

// Arrived returns the slots of the days.
func (a *Arrivals) Arrived(_ context.Context, source silence.Source, from, until time.Time) ([]silence.Slot, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	first, last := store.ArrivalDay(from), store.ArrivalDay(until).Add(24*time.Hour)
	slots := slices.Sorted(maps.Keys(a.slots[source]))
	return slices.DeleteFunc(slots, func(s silence.Slot) bool { return s.Start().Before(first) || !s.Start().Before(last) }), nil
}
