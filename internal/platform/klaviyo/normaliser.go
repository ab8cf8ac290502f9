package klaviyo

import (
	"errors"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	// maxElements bounds a batch and a page.
	maxElements = 1000
)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do, in case that there is nothing.
	why string
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.why == "" {
		n.why = why
	}
}

// open reads JSON into a shape. What cannot be opened has no fields.
func (n *normaliser) open(raw []byte, shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(raw, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

// ask asks for a fetch, once.
func (n *normaliser) ask(t target) {
	f := platform.Fetch{Topic: t.topic(), Target: t.text()}
	for _, asked := range n.reading.Fetch {
		if asked == f {
			return
		}
	}
	n.reading.Fetch = append(n.reading.Fetch, f)
}

// instant reads the time of a change, which is never after now.
func (n *normaliser) instant(name string, f body.Field) time.Time {
	return n.Clock(name, n.Instant(name, f), n.delivery.Received)
}

// observe adds what is said of a record that changed at the clock reading. What an
// answer says is read back, unless the record changed just before.
func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: clock, ReadBack: platform.ReadBack(n.delivery, clock), Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}
