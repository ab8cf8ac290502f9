package drift

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
)

// Health is how drift itself stands, as it last noted.
type Health struct {
	// Ticked is when the last minute's work came to its end, and Since since when it
	// has done so without a break. Both are zero before the first.
	Ticked, Since time.Time
	// Unaudited says that no audit has begun for too long.
	Unaudited bool
	// CanaryLate says that the difference that drift makes in itself was not found in
	// time.
	CanaryLate bool
	// Deaf is since when no system at all is heard, or zero.
	Deaf time.Time
	// Silent are the systems that fell silent, in order.
	Silent []Silence
}

// Silence is a kind of record of which a system tells nothing any more.
type Silence struct {
	System string
	Kind   commerce.Kind
	// Since is when it fell silent.
	Since time.Time
}

// Health reads how drift stands. It changes nothing.
func (s *Service) Health(ctx context.Context) (Health, error) {
	w, err := s.newRun().readWatched(ctx)
	if err != nil {
		return Health{}, err
	}
	h := Health{Ticked: w.Ticked, Since: w.Since, Unaudited: w.Unaudited, CanaryLate: w.Canary.Late, Deaf: w.Deaf}
	for name, quiet := range w.Silent {
		if quiet.Heard.IsZero() {
			source := sourceNamed(name)
			h.Silent = append(h.Silent, Silence{System: source.System, Kind: source.Kind, Since: quiet.Since})
		}
	}
	slices.SortFunc(h.Silent, func(a, b Silence) int {
		return cmp.Or(cmp.Compare(a.System, b.System), cmp.Compare(a.Kind, b.Kind))
	})
	return h, nil
}

// knockKey is the record of who knocks. It is beside the canary's own, and says
// the same on both sides, so that there is nothing to judge.
var knockKey = commerce.Key{"knock"}

// Knock sends a record of Plumbline's own the way of all others, to see whether it
// arrives: Knocked tells. It may be repeated.
func (s *Service) Knock(ctx context.Context, at time.Time) error {
	var both []commerce.Observation
	for _, side := range []string{judge.CanarySinger, judge.CanaryListener} {
		o := verse(side, at.UnixMilli(), at)
		o.Key, o.Native = knockKey, knockKey[0]
		both = append(both, o)
	}
	body, err := queue.Encode(queue.Envelope{
		Delivery:     commerce.Delivery{ID: "knock", System: commerce.Plumbline, Topic: "knock", Received: at},
		Observations: both, Generation: s.Registry.Generation,
	})
	if err != nil {
		return fmt.Errorf("make a knock: %w", err)
	}
	if err := s.Moves.Send(ctx, body); err != nil {
		return fmt.Errorf("send a knock: %w", err)
	}
	return nil
}

// Knocked reports whether what Knock sent at that time is in its row.
func (s *Service) Knocked(ctx context.Context, at time.Time) (bool, error) {
	id := knockKey.ID(commerce.Canary)
	rows, err := s.Records.Get(ctx, []commerce.RecordID{id})
	if err != nil {
		return false, fmt.Errorf("read %s: %w", id, err)
	}
	return rows[id].SideOf(judge.CanarySinger).Facets["song"] == commerce.Number(commerce.Int(at.UnixMilli())), nil
}
