package businesscentral

import (
	"net/url"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

var subscriptionID = lazyregexp.New(`^[\w-]{1,64}$`)

type subscription struct {
	ID       body.Field `json:"subscriptionId"`
	Address  body.Field `json:"notificationUrl"`
	Resource body.Field `json:"resource"`
}

// subscriptionsTarget is the first page of the list.
func (e *endpoint) subscriptionsTarget() string {
	return e.api + "/subscriptions?$select=subscriptionId,notificationUrl,resource"
}

// subscriptions renews those that come to this system, and reports every entity
// set that has none: it has to be made again, with the secret as its
// clientState, which nobody but the operator knows.
func (n *normaliser) subscriptions() error {
	if n.missing() {
		return n.ignore("no such list")
	}
	found := map[string]bool{}
	err := n.list(func(element []byte) error {
		var s subscription
		if err := body.Decode(element, &s); err != nil {
			return err
		}
		n.subscription(&s, found)
		return nil
	})
	if err != nil || n.Problem() != nil {
		return err
	}
	more := slices.ContainsFunc(n.reading.Fetch, func(f platform.Fetch) bool { return f.Topic == subscriptions })
	whole := !more && n.delivery.Header[platform.FetchedHeader] == n.subscriptionsTarget()
	for _, set := range n.entities() {
		// What a page lacks may be on another one.
		if !whole && !found[set] {
			continue
		}
		reason := "has no subscription that notifies this system"
		if found[set] {
			reason = ""
		}
		n.report("subscription", set, reason)
	}
	return n.otherwise("a page of other systems' subscriptions")
}

func (n *normaliser) subscription(s *subscription, found map[string]bool) {
	const most = 2048
	to, _ := s.Address.Text()
	text, _ := s.Resource.Text()
	id := n.Text("subscriptionId", s.ID)
	if !subscriptionID.MatchString(id) || len(to) > most || len(text) > most {
		n.Fail("subscriptionId", "an id")
		return
	}
	a, ok := readAddress(text)
	if !ok || a.company != n.company || !n.ours(to) {
		return
	}
	found[a.set] = true
	n.ask(renewal, n.api+"/subscriptions('"+id+"')")
}

// ours reports whether an address is this system's: its last part is the
// system's name.
func (n *normaliser) ours(to string) bool {
	at, err := url.Parse(to)
	return err == nil && strings.HasSuffix(at.Path, "/hooks/"+n.System)
}
