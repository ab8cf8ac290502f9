package merge

import (
	"context"
	"fmt"
	"sync"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/silence"
)

// maxNoted bounds what a process remembers of the arrivals that it noted.
const maxNoted = 4096

// arrivals remembers which arrivals this process has noted, so that a slot is
// written once and not with every delivery.
type arrivals struct {
	mu    sync.Mutex
	noted map[arrival]bool
}

type arrival struct {
	silence.Source
	slot silence.Slot
}

func (a *arrivals) known(one arrival) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.noted[one]
}

func (a *arrivals) learn(one arrival) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.noted == nil || len(a.noted) >= maxNoted {
		a.noted = map[arrival]bool{}
	}
	a.noted[one] = true
}

// arrive notes of which kinds a system was heard when the delivery was received,
// however long ago that is: what came back from the dead letters did arrive in
// its time. A delivery without a body is Plumbline's own, and says nothing about
// the system.
func (b *batch) arrive(ctx context.Context, e queue.Envelope) error {
	if b.Arrivals == nil || len(e.Delivery.Body) == 0 || b.Now().Sub(e.Delivery.Received) > silence.Remembered {
		return nil
	}
	for _, o := range e.Observations {
		one := arrival{silence.Source{System: o.System, Kind: o.Kind}, silence.SlotOf(e.Delivery.Received)}
		if b.arrivals.known(one) || !Listens(b.Registry, b.Rules, one.Source) {
			continue
		}
		if err := b.Arrivals.Arrive(ctx, one.Source, e.Delivery.Received); err != nil {
			return fmt.Errorf("note that %s reports %s: %w", o.System, o.Kind, err)
		}
		b.arrivals.learn(one)
	}
	return nil
}

// Listens reports whether anybody depends on the source, so that its silence
// matters: a rule compares it, or the registry says how often it is expected.
func Listens(r *registry.Registry, rules map[commerce.Kind][]registry.Rule, source silence.Source) bool {
	if source.Kind == commerce.Mapping {
		return false
	}
	if r.Systems[source.System].ExpectEvery[source.Kind] > 0 {
		return true
	}
	for _, rule := range rules[source.Kind] {
		if rule.From == source.System || rule.To == source.System {
			return true
		}
	}
	return false
}
