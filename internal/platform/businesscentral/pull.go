package businesscentral

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// Pulls lists the entities by when they were modified, and stock as a whole: not
// every movement of goods changes a time. The server names the next page itself, and
// not how it comes to it.
func (e *endpoint) Pulls() []platform.Pull {
	var pulls []platform.Pull
	for _, set := range e.entities() {
		a := address{route: e.api, company: e.company, set: set}
		all := platform.Fetch{Topic: set + listSuffix, Target: e.several(a)}
		a.query = "$filter=lastModifiedDateTime gt {since}"
		p := platform.Pull{
			Name: set, Kinds: kindsOf(set), Changed: platform.Fetch{Topic: set + listSuffix, Target: e.several(a)}, All: all, Numbered: true,
		}
		switch set {
		case items:
			p.Parts, p.Complete, p.Told = []string{"item", "price"}, true, p.Kinds
		case customers:
		default:
			// Documents move from one list to the next when they are posted.
			p.Parts, p.Told = []string{partOf(set)}, []commerce.Kind{commerce.Order}
		}
		pulls = append(pulls, p)
	}
	if target := e.stockTarget(); target != "" {
		pulls = append(pulls, platform.Pull{
			Name: stockTopic, Kinds: []commerce.Kind{commerce.Inventory}, All: platform.Fetch{Topic: stockTopic, Target: target},
			// A page of the customer's own may leave out what has no stock.
			Parts: []string{stockPart}, Complete: e.stockPage == "", Numbered: true,
		})
	}
	return pulls
}

// kindsOf are the kinds of the records that an entity set tells about.
func kindsOf(set string) []commerce.Kind {
	switch set {
	case items:
		return []commerce.Kind{commerce.Product, commerce.Price}
	case customers:
		return []commerce.Kind{commerce.Customer}
	case creditMemos:
		return []commerce.Kind{commerce.Order, commerce.Refund}
	default:
		return []commerce.Kind{commerce.Order}
	}
}
