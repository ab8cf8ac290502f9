package easypost

import (
	"net/url"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// answer reads what the API said of what was asked for.
func (n *normaliser) answer(asked string) {
	t, ok := readTarget(asked)
	if !ok {
		n.Fail(platform.FetchedHeader, "what this platform asks for")
		return
	}
	if n.delivery.Header[platform.StatusHeader] == "404" {
		// No shipment is ever deleted: the key sees another account than the events.
		n.Fail(platform.StatusHeader, "a shipment of this account; the credential may be another account's, or of the other mode")
		return
	}
	switch t.set {
	case shipmentSet:
		n.single(t)
	case shipmentsSet:
		n.page(t)
	case webhooksSet:
		n.webhooks()
	}
}

// single reads one shipment, which must be the one that was asked for.
func (n *normaliser) single(t target) {
	var named struct {
		ID body.Field `json:"id"`
	}
	n.open(n.delivery.Body, &named)
	if id, _ := named.ID.Text(); id != t.id {
		n.Fail("id", "the shipment that was asked for")
		return
	}
	n.shipment(n.delivery.Body)
}

// page reads a page of shipments, newest first, and asks for the next one.
func (n *normaliser) page(t target) {
	var page struct {
		Shipments []body.Field `json:"shipments"`
		More      body.Field   `json:"has_more"`
	}
	n.open(n.delivery.Body, &page)
	if page.Shipments == nil {
		n.Fail("shipments", "a list")
	}
	n.Limit("shipments", len(page.Shipments), maxItems)
	for i, raw := range page.Shipments[:min(len(page.Shipments), maxItems)] {
		var named struct {
			ID body.Field `json:"id"`
		}
		n.Enter("shipments", i)
		n.open(raw, &named)
		t.id = n.shipmentID("id", named.ID)
		n.shipment(raw)
		n.Leave()
	}
	more := n.Truth("has_more", page.More)
	if more && len(page.Shipments) == 0 {
		n.Fail("has_more", "false behind an empty page")
	}
	if more && n.Problem() == nil {
		n.ask(t)
	}
	n.skip("nothing on the page that is compared")
}

// webhooks reports that no webhook of the mode delivers to this system. EasyPost
// switches one off that keeps failing.
func (n *normaliser) webhooks() {
	var list struct {
		Webhooks []struct {
			URL      body.Field `json:"url"`
			Mode     body.Field `json:"mode"`
			Disabled body.Field `json:"disabled_at"`
		} `json:"webhooks"`
	}
	n.open(n.delivery.Body, &list)
	if list.Webhooks == nil {
		n.Fail("webhooks", "a list")
	}
	n.Limit("webhooks", len(list.Webhooks), maxItems)
	reason := "has no webhook that delivers to this system"
	for _, w := range list.Webhooks {
		address, _ := w.URL.Text()
		at, err := url.Parse(address)
		mode, _ := w.Mode.Text()
		switch {
		case err != nil || mode != n.mode || !strings.HasSuffix(at.Path, "/hooks/"+n.System):
		case !w.Disabled.Given():
			reason = ""
		case reason != "":
			reason = "has a webhook that is disabled"
		}
	}
	o := commerce.Observation{
		Kind: commerce.Mapping, Key: commerce.Key{n.System, "subscription", webhooksSet},
		Part: "mapping", Native: webhooksSet, Slot: "mapping", Gone: reason == "",
	}
	if reason != "" {
		o.Facets = commerce.Facets{"reason": commerce.Text(reason)}
	}
	n.add(o, commerce.VersionParts{Clock: n.delivery.Received, Normaliser: revision})
}
