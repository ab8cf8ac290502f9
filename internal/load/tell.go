package load

import (
	"context"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
)

// tell reports to the owner what is wrong with a file, and takes back what was
// wrong with the one before: rows that cannot be read, and locations that the
// registry does not know.
func (s *Service) tell(ctx context.Context, p progress) error {
	bad, err := s.rejected(ctx, p)
	if err != nil {
		return err
	}
	notes := []commerce.Observation{note(p.Certificate, judge.Rejected, string(p.Kind), rejectedWords(p, bad))}
	for _, native := range p.Places {
		notes = append(notes, export.UnknownLocation(p.System, native, p.Started))
	}
	return s.send(ctx, p.Certificate, notes)
}

func rejectedWords(p progress, bad []Rejected) string {
	name := p.place().Name
	switch {
	case p.State == Refused:
		return fmt.Sprintf("%s cannot be read: %s", name, p.Why)
	case len(bad) == 0:
		return ""
	}
	return fmt.Sprintf("%d of %d rows of %s cannot be read, the first: %s", p.Rejected, p.Rows, name, bad[0])
}

// note is something that the registry's owner has to know of a file. A blank
// reason says that it is so no longer.
func note(c Certificate, what, native, reason string) commerce.Observation {
	o := commerce.Observation{
		System: c.System, Kind: commerce.Mapping, Key: commerce.Key{c.System, what, native},
		Part: "mapping", Native: native, Slot: "mapping", Gone: reason == "",
	}
	if reason != "" {
		o.Facets = commerce.Facets{"reason": commerce.Text(reason), "since": commerce.Time(c.Started)}
	}
	o.Stamp(commerce.VersionParts{Clock: c.Started})
	return o
}

// send queues observations of Plumbline's own about a load.
func (s *Service) send(ctx context.Context, c Certificate, all []commerce.Observation) error {
	for len(all) > 0 {
		n := min(len(all), envelopeRows)
		body, err := queue.Encode(queue.Envelope{
			Delivery:     commerce.Delivery{ID: c.delivery(), System: c.System, Topic: commerce.ExportTopic, Received: c.Started.Add(time.Millisecond)},
			Observations: all[:n], Generation: s.Generation,
		})
		if err == nil {
			err = s.Bulk.Send(ctx, body)
		}
		if err != nil {
			return fmt.Errorf("tell of the load: %w", err)
		}
		all = all[n:]
	}
	return nil
}
