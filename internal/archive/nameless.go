package archive

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
)

// nameless is what is kept of an envelope for years: which delivery it was, and
// what it says of records that are about no person. Requests to forget stay in
// it, as the suppressions that they lead to do: keyed hashes and native ids.
func nameless(e queue.Envelope) queue.Envelope {
	d := e.Delivery
	kept := queue.Envelope{
		Delivery:   commerce.Delivery{ID: d.ID, System: d.System, Topic: d.Topic, Received: d.Received},
		Erase:      e.Erase,
		Generation: e.Generation,
	}
	for _, o := range e.Observations {
		if o.Personal() {
			continue
		}
		o.Facets, _ = o.Facets.NamesNobody(o.Kind)
		kept.Observations = append(kept.Observations, o)
	}
	return kept
}
