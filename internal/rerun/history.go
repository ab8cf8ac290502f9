package rerun

import (
	"iter"
	"time"

	"github.com/plumbline/plumbline/internal/queue"
)

// heard stands for the body of a delivery of which the archive has kept what was
// read in it: that its system was heard.
var heard = []byte("{}")

// Play merges deliveries when they were received, and lets time pass until the
// end. The deliveries are in the order of receipt; one that was received before
// the agenda's now is merged now.
func (s *Stage) Play(deliveries iter.Seq2[queue.Envelope, error], end time.Time) error {
	for e, err := range deliveries {
		if err != nil {
			return err
		}
		if !e.Delivery.Received.Before(end) {
			break
		}
		if e.Delivery.Received.After(s.agenda.Now()) {
			if err := s.agenda.Run(e.Delivery.Received, s.Wrong); err != nil {
				return err
			}
		}
		if len(e.Delivery.Body) == 0 {
			e.Delivery.Body = heard
		}
		s.Merge(e)
		if err := s.Wrong(); err != nil {
			return err
		}
	}
	return s.agenda.Run(end, s.Wrong)
}
