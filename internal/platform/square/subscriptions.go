package square

import (
	"slices"

	"github.com/plumbline/plumbline/internal/platform/body"
)

type subscription struct {
	URL     body.Field   `json:"notification_url"`
	Enabled body.Field   `json:"enabled"`
	Events  []body.Field `json:"event_types"`
	Version body.Field   `json:"api_version"`
}

// subscriptions reports every event that no enabled subscription sends to this
// system, and one whose shapes are another version's. Square disables one that
// was never answered for weeks.
func (n *normaliser) subscriptions(t target, p *page) {
	reasons := map[string]string{}
	for _, topic := range n.topics {
		reasons[topic] = "has no subscription that sends to this system"
	}
	version := ""
	n.each("subscriptions", len(p.Subscriptions), func(i int) {
		s := &p.Subscriptions[i]
		enabled := n.Truth("enabled", s.Enabled)
		if at, _ := s.URL.Text(); at != n.url {
			return
		}
		for _, event := range s.Events {
			topic, _ := event.Text()
			switch {
			case !slices.Contains(n.topics, topic):
			case enabled:
				reasons[topic] = ""
			case reasons[topic] != "":
				reasons[topic] = "has a subscription that is disabled"
			}
		}
		if v := n.OptionalText("api_version", s.Version); enabled && v != "" && v != n.version {
			version = "is not the version of the registry's setting"
		}
	})
	if n.Problem() != nil {
		return
	}
	whole := t.cursor == "" && !p.Cursor.Given()
	for _, topic := range n.topics {
		// What a page lacks may be on another one.
		if reasons[topic] == "" || whole {
			n.report("subscription", topic, reasons[topic])
		}
	}
	if whole || version != "" {
		n.report("subscription", "api_version", version)
	}
}
