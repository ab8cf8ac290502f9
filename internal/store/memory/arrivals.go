package memory

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/silence"
	"github.com/plumbline/plumbline/internal/store"
)

// Arrivals is a store.Arrivals. The zero Arrivals is empty and ready.
type Arrivals struct {
	mu sync.Mutex
	// slots are in order, each once.
	slots map[silence.Source][]silence.Slot
}

// Arrive keeps the slot.
func (a *Arrivals) Arrive(_ context.Context, source silence.Source, at time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.slots == nil {
		a.slots = map[silence.Source][]silence.Slot{}
	}
	slot := silence.SlotOf(at)
	if i, known := slices.BinarySearch(a.slots[source], slot); !known {
		a.slots[source] = slices.Insert(a.slots[source], i, slot)
	}
	return nil
}

// Arrived returns the slots of the days.
func (a *Arrivals) Arrived(_ context.Context, source silence.Source, from, until time.Time) ([]silence.Slot, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	first, last := store.ArrivalDay(from), store.ArrivalDay(until).Add(24*time.Hour)
	slots := a.slots[source]
	begin, _ := slices.BinarySearch(slots, silence.SlotOf(first))
	end, _ := slices.BinarySearch(slots, silence.SlotOf(last))
	return slices.Clone(slots[begin:end]), nil
}
