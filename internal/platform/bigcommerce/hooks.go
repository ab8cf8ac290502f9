package bigcommerce

import (
	"net/url"
	"strings"

	"github.com/plumbline/plumbline/internal/platform/body"
)

// hooks reports every scope that has no active webhook to this system.
// BigCommerce deactivates one after two days of failures, or when it was not used
// for three months.
func (n *normaliser) hooks() error {
	const inactive = "has a webhook that is not active"
	reasons := map[string]string{}
	for _, scope := range n.scopes {
		reasons[scope] = "has no webhook that delivers to this system"
	}
	err := n.pages(func(element []byte) error {
		var h struct {
			Scope   body.Field `json:"scope"`
			Address body.Field `json:"destination"`
			Active  body.Field `json:"is_active"`
		}
		if err := body.Decode(element, &h); err != nil {
			return err
		}
		covers, active := n.Text("scope", h.Scope), n.Truth("is_active", h.Active)
		if address, _ := h.Address.Text(); !n.ours(address) {
			return nil
		}
		for scope, reason := range reasons {
			switch {
			case !covered(scope, covers):
			case active:
				reasons[scope] = ""
			case reason != "":
				reasons[scope] = inactive
			}
		}
		return nil
	})
	if err != nil || n.Problem() != nil || n.missing() {
		return err
	}
	whole := len(n.reading.Fetch) == 0 && strings.HasSuffix(n.target(), "page=1")
	for _, scope := range n.scopes {
		// What a page lacks may be on another one.
		if reasons[scope] == "" || whole {
			n.report("subscription", scope, reasons[scope])
		}
	}
	return n.ignore("a page of other systems' webhooks")
}

// covered reports whether a webhook's scope, which may end with a star, covers
// the wanted one.
func covered(wanted, scope string) bool {
	prefix, star := strings.CutSuffix(scope, "*")
	return wanted == scope || star && strings.HasPrefix(wanted, prefix)
}

// ours reports whether an address is this system's: its last part is the
// system's name.
func (n *normaliser) ours(address string) bool {
	at, err := url.Parse(address)
	return err == nil && strings.HasSuffix(at.Path, "/hooks/"+n.System)
}
