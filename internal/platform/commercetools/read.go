package commercetools

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The types of resources that mean something here.
const (
	orders       = "order"
	products     = "product"
	entries      = "inventory-entry"
	payments     = "payment"
	customers    = "customer"
	subscription = "subscription"
)

// resource is how one type of resource is read.
type resource struct {
	// path is where the API has it.
	path string
	// read reads the whole of it, gone ends one of which only the id is known.
	read func(n *normaliser, raw []byte)
	gone func(n *normaliser, id string)
}

func resources() map[string]resource {
	return map[string]resource{
		orders:    {"orders", (*normaliser).order, (*normaliser).orderGone},
		products:  {"product-projections", (*normaliser).product, (*normaliser).productGone},
		entries:   {"inventory", (*normaliser).entry, (*normaliser).entryGone},
		payments:  {"payments", (*normaliser).payment, (*normaliser).paymentGone},
		customers: {"customers", (*normaliser).customer, (*normaliser).customerGone},
	}
}

// ends are the messages that say that a resource is there no more.
var ends = []string{"OrderDeleted", "ProductDeleted", "ProductUnpublished", "InventoryEntryDeleted", "PaymentDeleted", "CustomerDeleted"}

// read reads an answer, or else a notification. Only an answer has a target.
func (n *normaliser) read() error {
	if asked := n.delivery.Header[platform.FetchedHeader]; asked != "" {
		n.answer(asked)
		return nil
	}
	d, err := open(n.delivery.Body)
	if err == nil {
		n.notified(&d)
	}
	return err
}

// notified reads a notification about a resource of this project.
func (n *normaliser) notified(d *notification) {
	if n.Text("projectKey", d.Project) != n.project {
		n.Fail("projectKey", "the project of this system")
	}
	kind := n.Text("notificationType", d.Kind)
	n.Inside("resource")
	of := n.Text("typeId", d.Resource.Type)
	n.Leave()
	r, known := resources()[of]
	switch {
	case n.Problem() != nil:
		return
	case of == subscription && kind == created:
		n.skip("test of the subscription")
		return
	case !known:
		n.skip("resource that is not read")
		return
	}
	n.Inside("resource")
	id := n.id(d.Resource.ID)
	n.Leave()
	switch kind {
	case aMessage:
		n.message(d, of, r, id)
	case created, updated:
		n.version = n.count("version", d.Version)
		n.ask(of, r, id)
	case deleted:
		n.version = n.count("version", d.Version)
		n.deleted(d, of, r, id)
	default:
		n.skip("kind of notification that is not read")
	}
}

// message reads what a message says itself, and asks for what it does not say.
func (n *normaliser) message(d *notification, of string, r resource, id string) {
	what := n.Text("type", d.Type)
	n.version, n.rank = n.count("resourceVersion", d.ResourceVersion), n.count("sequenceNumber", d.Sequence)
	if n.Problem() != nil {
		return
	}
	raw, staged := d.content(of), d.Staged.Given() && n.Truth("staged", d.Staged)
	switch {
	case slices.Contains(ends, what):
		r.gone(n, id)
	case staged:
		n.skip("change that is only staged")
	case d.Left.Given():
		n.ask(of, r, id)
	case raw != nil:
		n.inside(of, id, raw, r.read)
	case what == "InventoryEntryQuantitySet":
		n.quantity(d, id)
	default:
		n.left(d, what, id)
		n.ask(of, r, id)
	}
}

// content is the whole resource, if the message carries it.
func (d *notification) content(of string) []byte {
	whole := map[string]body.Field{orders: d.Order, products: d.Product, entries: d.Entry, payments: d.Payment, customers: d.Customer}[of]
	if !whole.Given() {
		return nil
	}
	return whole
}

// inside reads the resource that a message carries, which must be the one that it
// is about.
func (n *normaliser) inside(name, id string, raw []byte, read func(*normaliser, []byte)) {
	n.Inside(name)
	defer n.Leave()
	var named struct {
		ID body.Field `json:"id"`
	}
	n.decode(raw, &named)
	if n.id(named.ID) != id {
		n.Fail("id", "the resource that the notification is about")
	}
	read(n, raw)
}

// left ends what a message says was taken out of a resource.
func (n *normaliser) left(d *notification, what, id string) {
	switch what {
	case "ProductVariantDeleted":
		n.variantLeft(d, id)
	case "ParcelRemovedFromDelivery":
		n.parcelLeft("parcel", d.Parcel)
	case "DeliveryRemoved":
		n.deliveryLeft(d)
	}
}

// deleted reads that a resource was deleted, of a customer perhaps with everything
// that is known of the person.
func (n *normaliser) deleted(d *notification, of string, r resource, id string) {
	if of == customers && d.Erasure.Given() && n.Truth("dataErasure", d.Erasure) {
		n.reading.Erase = []commerce.Erasure{{System: n.System, Native: id}}
		return
	}
	r.gone(n, id)
}

// ask asks for a resource as it is at the version, or later.
func (n *normaliser) ask(of string, r resource, id string) {
	if n.Problem() == nil {
		n.reading.Fetch = append(n.reading.Fetch, platform.Fetch{Topic: of, Target: target(r.path, id, n.version)})
	}
}

// answer reads what the API has under the id that was asked for.
func (n *normaliser) answer(asked string) {
	path, id, version, ok := readTarget(asked)
	r, known := resources()[n.delivery.Topic]
	if !ok || !known || r.path != path {
		n.Fail(platform.FetchedHeader, "what this platform asks for")
		return
	}
	n.version, n.rank, n.answered = version, 1, true
	if n.delivery.Header[platform.StatusHeader] == "404" {
		r.gone(n, id)
		return
	}
	var named struct {
		ID body.Field `json:"id"`
	}
	n.decode(n.delivery.Body, &named)
	if n.Problem() == nil && n.id(named.ID) != id {
		n.Fail("id", "the resource that was asked for")
		return
	}
	r.read(n, n.delivery.Body)
}
