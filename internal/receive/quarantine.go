package receive

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
)

// quarantine keeps the whole delivery for a repaired normaliser, and reports to
// the owner that deliveries of its topic cannot be read: one mapping row per
// system and topic.
func (s *Service) quarantine(ctx context.Context, d commerce.Delivery, cause error) error {
	e := queue.Envelope{Delivery: d, Generation: s.Generation, Reason: reason(cause)}
	body, err := s.Seal(ctx, e)
	if err != nil {
		return fmt.Errorf("seal delivery %s: %w", d.ID, err)
	}
	if err := s.Quarantine.Send(ctx, body); err != nil {
		return fmt.Errorf("quarantine delivery %s: %w", d.ID, err)
	}
	return s.report(ctx, d, Unreadable(d, d.Received, reason(cause)))
}

// report queues an observation of Plumbline's own, without the delivery that it
// is about.
func (s *Service) report(ctx context.Context, d commerce.Delivery, o commerce.Observation) error {
	d.Body, d.Header, d.Query = nil, nil, ""
	body, err := s.Seal(ctx, queue.Envelope{Delivery: d, Observations: []commerce.Observation{o}, Generation: s.Generation})
	if err != nil {
		return fmt.Errorf("seal report on delivery %s: %w", d.ID, err)
	}
	if err := s.Observations.Send(ctx, body); err != nil {
		return fmt.Errorf("report delivery %s: %w", d.ID, err)
	}
	return nil
}

// Readable takes back the report that a topic's deliveries cannot be read, as
// of the given time.
func (s *Service) Readable(ctx context.Context, d commerce.Delivery, at time.Time) error {
	o := Unreadable(d, at, "")
	o.Gone, o.Facets = true, nil
	o.Stamp(commerce.VersionParts{Clock: at})
	d.Received = at
	return s.report(ctx, d, o)
}

// Unreadable is the observation that deliveries of a topic cannot be read.
func Unreadable(d commerce.Delivery, at time.Time, reason string) commerce.Observation {
	topic := d.Topic
	if topic == "" {
		topic = "delivery"
	}
	o := commerce.Observation{
		System: d.System, Kind: commerce.Mapping, Key: commerce.Key{d.System, judge.Unreadable, topic},
		Part: "mapping", Native: topic, Slot: "mapping",
		Facets: commerce.Facets{"reason": commerce.Text(reason)},
	}
	o.Stamp(commerce.VersionParts{Clock: at})
	return o
}

// maxReason bounds the reason of a quarantined delivery, in bytes.
const maxReason = 600

// reason says why a body cannot be read. Only errors that are made for it are
// repeated: others may hold values of the body.
func reason(err error) string {
	texts := bodyErrors(err)
	if len(texts) == 0 {
		return "the body is not of the platform's format"
	}
	text := strings.Join(texts, "; ")
	// A character that the bound cuts would be stored as another.
	return strings.ToValidUTF8(text[:min(len(text), maxReason)], "")
}

// bodyErrors are the texts of the body errors that an error joins.
func bodyErrors(err error) []string {
	var one *platform.BodyError
	var many interface{ Unwrap() []error }
	switch {
	case errors.As(err, &many):
		var texts []string
		for _, e := range many.Unwrap() {
			texts = append(texts, bodyErrors(e)...)
		}
		return texts
	case errors.As(err, &one):
		return []string{one.Error()}
	default:
		return nil
	}
}
