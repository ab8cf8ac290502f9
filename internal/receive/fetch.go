package receive

import (
	"context"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
)

// Taken is what became of a delivery.
type Taken struct {
	// Outcome says it in static text.
	Outcome string
	// Unreadable is true when the whole of it went to quarantine.
	Unreadable   bool
	Observations int
	// Says is what it says, Observations in number.
	Says []commerce.Observation
	// Fetch is what the delivery names without saying it.
	Fetch []platform.Fetch
}

// Unusable puts an answer of an API into quarantine for a reason that shows
// before it is read.
func (s *Service) Unusable(ctx context.Context, d commerce.Delivery, cause *platform.BodyError) error {
	return s.quarantine(ctx, d, cause)
}

// Report queues an observation of Plumbline's own, because of a delivery.
func (s *Service) Report(ctx context.Context, d commerce.Delivery, o commerce.Observation) error {
	return s.report(ctx, d, o)
}

// Refused is the observation that the API of a system refuses the credential
// for fetches of a topic, or, without a reason, that it does so no more.
func Refused(system, topic string, at time.Time, reason string) commerce.Observation {
	o := commerce.Observation{
		System: system, Kind: commerce.Mapping, Key: commerce.Key{system, judge.Credential, topic},
		Part: "mapping", Native: topic, Slot: "mapping",
		Facets: commerce.Facets{"reason": commerce.Text(reason)},
	}
	if reason == "" {
		o.Gone, o.Facets = true, nil
	}
	o.Stamp(commerce.VersionParts{Clock: at})
	return o
}

// ask queues what a delivery names without saying it, each once.
func (s *Service) ask(ctx context.Context, d commerce.Delivery, fetches []platform.Fetch) error {
	var bodies []string
	seen := map[platform.Fetch]bool{}
	for _, f := range fetches {
		if seen[f] {
			continue
		}
		seen[f] = true
		body, err := queue.EncodeFetch(queue.Fetch{System: d.System, Fetch: f, Cause: d.ID, Received: d.Received})
		if err != nil {
			return err
		}
		bodies = append(bodies, body)
	}
	if len(bodies) == 0 {
		return nil
	}
	if err := s.Fetches.Send(ctx, bodies...); err != nil {
		return fmt.Errorf("queue what delivery %s names: %w", d.ID, err)
	}
	return nil
}
