package businesscentral

import (
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// resource is a path below the API's own: with or without a leading slash, and
// of a collection with a query.
var resource = lazyregexp.New(`^/?api/(` + routePattern + `)/companies\((` + guidPattern + `)\)/(\w+)(?:\((` + guidPattern + `)\))?(?:\?(.*))?$`)

// address is what a resource says.
type address struct{ route, company, set, id, query string }

func readAddress(text string) (address, bool) {
	groups := resource.FindStringSubmatch(text)
	if groups == nil {
		return address{}, false
	}
	return address{groups[1], strings.ToLower(groups[2]), groups[3], strings.ToLower(groups[4]), groups[5]}, true
}

// notifications asks for what changed. Several changes of a record in one
// request are one fetch, and a deletion is asked for like any change: the API
// says that the record is gone.
func (n *normaliser) notifications() error {
	elements, err := notified(n.delivery.Body)
	if err != nil {
		return err
	}
	n.Limit("value", len(elements), maxNotifications)
	for i, element := range elements {
		n.Enter("value", i)
		n.notification(element)
		n.Leave()
	}
	return n.otherwise("nothing of this company that is read")
}

func (n *normaliser) notification(element notification) {
	a, ok := readAddress(n.resource(element))
	if !ok {
		n.Fail("resource", "a path such as api/v2.0/companies(…)/salesOrders(…)")
		return
	}
	if a.company != n.company || !slices.Contains(n.entities(), a.set) {
		return
	}
	switch n.Text("changeType", element.ChangeType) {
	case "created", "updated", "deleted":
		if a.id == "" {
			n.Fail("resource", "one entity, with its id in brackets")
		}
		n.ask(a.set, n.single(a))
	case "collection":
		target := n.several(a)
		if a.id != "" || !fetchable.MatchString(target) {
			n.Fail("resource", "a list of entities with its filter")
		}
		n.ask(a.set+listSuffix, target)
	default:
		n.Fail("changeType", "created, updated, deleted or collection")
	}
}

// resource reads a text that may be as long as a filter.
func (n *normaliser) resource(element notification) string {
	const most = 2048
	text, ok := element.Resource.Text()
	if !ok || len(text) > most {
		n.Fail("resource", "a text of at most 2048 bytes")
	}
	return text
}

// ask asks for a fetch, once.
func (n *normaliser) ask(topic, target string) {
	f := platform.Fetch{Topic: topic, Target: target}
	if !slices.Contains(n.reading.Fetch, f) {
		n.reading.Fetch = append(n.reading.Fetch, f)
	}
}
