package woocommerce

import (
	"net/url"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// webhooks reports every topic that has no active webhook to this system.
// WooCommerce disables one after a few failures, and tells nobody.
func (n *normaliser) webhooks() error {
	const inactive = "has a webhook that is disabled or paused"
	reasons := map[string]string{}
	for _, topic := range n.topics {
		reasons[topic] = "has no webhook that delivers to this system"
	}
	listed := 0
	err := n.list(func(element []byte) error {
		var w struct {
			Topic   body.Field `json:"topic"`
			Status  body.Field `json:"status"`
			Address body.Field `json:"delivery_url"`
		}
		if err := body.Decode(element, &w); err != nil {
			return err
		}
		listed++
		topic, status := n.Text("topic", w.Topic), n.Text("status", w.Status)
		reason, wanted := reasons[topic]
		switch address, _ := w.Address.Text(); {
		case !wanted || !n.ours(address):
		case status == "active":
			reasons[topic] = ""
		case reason != "":
			reasons[topic] = inactive
		}
		return nil
	})
	if err != nil || n.Problem() != nil || n.missing() {
		return err
	}
	for _, topic := range n.topics {
		// What a full page lacks may be on the next one.
		if reasons[topic] == "" || listed < mostWebhooks {
			n.report(topic, reasons[topic])
		}
	}
	return n.settleIgnored("too many webhooks of other systems")
}

// report adds, or takes back, a row for a topic that the owner has to look at.
func (n *normaliser) report(topic, reason string) {
	o := commerce.Observation{
		Kind: commerce.Mapping, Key: commerce.Key{n.System, "subscription", topic},
		Part: "mapping", Native: topic, Slot: "mapping", Gone: reason == "",
	}
	if reason != "" {
		o.Facets = commerce.Facets{"reason": commerce.Text(reason)}
	}
	n.observeReceived(o)
}

// ours reports whether an address is this system's: its last part is the
// system's name.
func (n *normaliser) ours(address string) bool {
	at, err := url.Parse(address)
	return err == nil && strings.HasSuffix(at.Path, "/hooks/"+n.System)
}
