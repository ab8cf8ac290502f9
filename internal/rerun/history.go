package rerun

import (
	"iter"
	"time"

	"github.com/plumbline/plumbline/internal/queue"
)

// heard stands for the body of a delivery of which the archive has kept what was
// read in it: that its system was heard.
var heard = []byte("{}")

// followed is how long after the last delivery there is still something to come of
// it: more than any settle time, and than what people wait for.
const followed = 30 * 24 * time.Hour

// Play merges deliveries when they were received, and lets time pass until the
// end, or until a month after the last of them: nothing comes of the months in
// which nothing was received. The deliveries are in the order of receipt; one that
// was received before the agenda's now is merged now.
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
	if last := s.agenda.Now().Add(followed); last.Before(end) {
		end = last
	}
	return s.agenda.Run(end, s.Wrong)
}
