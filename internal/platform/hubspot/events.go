package hubspot

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// event is one element of an app's webhook.
type event struct {
	Portal     body.Field   `json:"portalId"`
	Type       body.Field   `json:"subscriptionType"`
	Object     body.Field   `json:"objectId"`
	ObjectType body.Field   `json:"objectTypeId"`
	At         body.Field   `json:"occurredAt"`
	Property   body.Field   `json:"propertyName"`
	Primary    body.Field   `json:"primaryObjectId"`
	Merged     []body.Field `json:"mergedObjectIds"`
	New        body.Field   `json:"newObjectId"`
}

// events reads an array of events. One that cannot be read keeps all of them
// from being read: they come again as one.
func (n *normaliser) events() {
	var all []event
	n.open(n.delivery.Body, &all)
	n.Limit("events", len(all), maxElements)
	for i, e := range all[:min(len(all), maxElements)] {
		n.Enter("", i)
		n.event(&e)
		n.Leave()
	}
	n.skip("no events")
}

func (n *normaliser) event(e *event) {
	portal, kind, at := n.ID("portalId", e.Portal), n.Text("subscriptionType", e.Type), n.millis("occurredAt", e.At)
	if n.Problem() != nil {
		return
	}
	if portal != n.portal {
		n.skip("event of another portal")
		return
	}
	word, what, _ := strings.Cut(kind, ".")
	number := n.OptionalText("objectTypeId", e.ObjectType)
	s := n.find(func(s *set) bool { return s.word == word || word == "object" && s.number == number })
	if s == nil {
		n.skip("event about objects that are not read")
		return
	}
	n.change(s, what, e, at)
}

// change reads one event about an object of a set.
func (n *normaliser) change(s *set, what string, e *event, at time.Time) {
	switch what {
	case "creation":
		n.want(s, n.ID("objectId", e.Object))
	case "restore":
		// The object is as it was, with the time of its last change before.
		n.ask(s.name, target{set: s, ids: []string{n.ID("objectId", e.Object)}, at: at})
	case "propertyChange":
		if !slices.Contains(s.properties(n.endpoint), n.Text("propertyName", e.Property)) {
			n.skip("change of a property that is not read")
			return
		}
		n.want(s, n.ID("objectId", e.Object))
	case "deletion":
		n.gone(s, n.ID("objectId", e.Object), "", at)
	case "merge":
		n.merge(s, e, at)
	case "privacyDeletion":
		n.forget(s, n.ID("objectId", e.Object))
	default:
		n.skip(unknown)
	}
}

// unknown is why an event of a kind that is not read comes to nothing.
const unknown = "unknown topic"

// merge ends what was merged into another object, and asks for that one. The
// object that remains may be a third.
func (n *normaliser) merge(s *set, e *event, at time.Time) {
	primary := n.ID("primaryObjectId", e.Primary)
	kept := primary
	if e.New.Given() {
		kept = n.ID("newObjectId", e.New)
	}
	n.Limit("mergedObjectIds", len(e.Merged), maxElements)
	if len(e.Merged) == 0 {
		n.Fail("mergedObjectIds", "the ids of what was merged")
	}
	away := []string{primary}
	for i, id := range e.Merged {
		n.Enter("mergedObjectIds", i)
		away = append(away, n.ID("id", id))
		n.Leave()
	}
	for _, id := range away {
		if id != kept {
			n.gone(s, id, kept, at)
		}
	}
	n.want(s, kept)
}

// forget asks to erase a contact for good. Of other objects there is no such
// deletion.
func (n *normaliser) forget(s *set, id string) {
	if s != contacts {
		n.skip(unknown)
		return
	}
	n.reading.Erase = append(n.reading.Erase, commerce.Erasure{System: n.System, Native: id})
}
