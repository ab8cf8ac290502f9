package klaviyo

import (
	"time"

	"github.com/plumbline/plumbline/internal/platform/body"
)

// batch is a webhook: events of any profiles.
type batch struct {
	Data []element             `json:"data"`
	Meta map[string]body.Field `json:"meta"`
}

type element struct {
	Topic   body.Field `json:"topic"`
	ID      body.Field `json:"external_id"`
	Payload body.Field `json:"payload"`
}

// payload is an event with what it brings along.
type payload struct {
	Data struct {
		Attributes struct {
			Time body.Field `json:"datetime"`
		} `json:"attributes"`
		Relationships struct {
			Profile struct {
				Data struct {
					ID body.Field `json:"id"`
				} `json:"data"`
			} `json:"profile"`
		} `json:"relationships"`
	} `json:"data"`
	Included []resource `json:"included"`
}

// batch reads every event of a webhook, or none.
func (n *normaliser) batch() {
	var b batch
	n.open(n.delivery.Body, &b)
	if b.Data == nil {
		n.Fail("data", "a list")
	}
	n.Limit("data", len(b.Data), maxElements)
	if own := b.Meta[n.accountField]; n.account != "" && own.Given() && n.Text("meta."+n.accountField, own) != n.account {
		n.skip("events of another account")
		return
	}
	seen := map[string]bool{}
	for i := range b.Data[:min(len(b.Data), maxElements)] {
		n.Enter("data", i)
		n.event(&b.Data[i], seen)
		n.Leave()
	}
	n.skip("no events")
}

// event reads one event, once. What happened to a profile is told whatever the
// topic is; what that means for its consent is the topic's to say.
func (n *normaliser) event(e *element, seen map[string]bool) {
	topic, id := n.Text("topic", e.Topic), n.OptionalText("external_id", e.ID)
	consent, known := n.consents[topic]
	if seen[id] && id != "" {
		n.skip("event that was read already")
		return
	}
	seen[id] = true
	if !known {
		n.skip("unknown topic")
		return
	}
	var p payload
	n.Inside("payload")
	defer n.Leave()
	n.open(whole(e.Payload), &p)
	at := n.instant("data.attributes.datetime", p.Data.Attributes.Time)
	profile := n.profileID("data.relationships.profile.data.id", p.Data.Relationships.Profile.Data.ID)
	hash, complete := n.brought(&p, profile, at)
	if !complete {
		n.ask(target{id: profile})
	} else if hash == "" {
		return
	}
	n.consent(profile, hash, consent, at)
}

// whole is a payload, which may be a text that holds it.
func whole(f body.Field) []byte {
	if text, ok := f.Text(); ok {
		return []byte(text)
	}
	return f
}

// brought reads the profile that an event brings along, if it does, with its
// address.
func (n *normaliser) brought(p *payload, id string, at time.Time) (hash string, complete bool) {
	n.Limit("included", len(p.Included), maxElements)
	for i := range p.Included[:min(len(p.Included), maxElements)] {
		r := &p.Included[i]
		kind, _ := r.Type.Text()
		if own, _ := r.ID.Text(); kind != "profile" || own != id || r.Attributes.Email.Absent() {
			continue
		}
		n.Enter("included", i)
		hash = n.profile(r, id, at)
		n.Leave()
		return hash, true
	}
	return "", false
}
