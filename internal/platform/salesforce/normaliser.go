package salesforce

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// maxNumber is the longest order number that is taken for one.
const maxNumber = 128

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do, in case that there is nothing.
	why string
	// seen are the ids of the notifications that were read.
	seen []string

	// fields and mapping are those of the object that is being read.
	fields  map[string]value
	mapping mapping
	changed time.Time
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.why == "" {
		n.why = why
	}
}

// notification reads one notification, once.
func (n *normaliser) notification(one notification) {
	id, ok := id18(one.id)
	if !ok {
		n.Fail("Id", "the notification's id, of 15 or 18 characters")
	}
	o, known := find(one.object)
	switch {
	case slices.Contains(n.seen, id):
		n.skip("notification that was read already")
		return
	case !known:
		n.skip("object that is not read")
		return
	}
	n.seen = append(n.seen, id)
	n.Inside("sObject")
	defer n.Leave()
	n.fields, n.mapping = one.fields, n.mappings[o.name]
	native, ok := id18(one.fields["Id"].text)
	if !ok {
		n.Fail("Id", "the object's id, of 15 or 18 characters")
		return
	}
	n.changed = n.clock()
	observation := commerce.Observation{
		Kind: o.kind, Key: make(commerce.Key, len(o.kind.KeyParts())), Via: &commerce.Via{Type: o.link, Native: native},
		Part: o.setting, Native: native, Slot: o.setting,
	}
	if one.fields["IsDeleted"].text == "true" {
		observation.Gone = true
		n.observe(observation)
		return
	}
	if o.kind == commerce.Customer {
		n.customer(observation)
		return
	}
	n.order(observation)
}

// clock is the time of the object's last change.
func (n *normaliser) clock() time.Time {
	for _, name := range []string{"SystemModstamp", "LastModifiedDate"} {
		if v, given := n.fields[name]; given {
			return n.Clock(name, n.Instant(name, v.field()), n.delivery.Received)
		}
	}
	n.Fail("SystemModstamp", "the field among those that the outbound message sends")
	return time.Unix(0, 0).UTC()
}

// of is the first field of a facet or role that has a value, else the first that
// was sent. Absent is none of them.
func (n *normaliser) of(role string) (name string, f body.Field) {
	for _, candidate := range n.mapping[role] {
		v, sent := n.fields[candidate]
		if !sent {
			continue
		}
		if got := v.field(); got.Given() || f.Absent() {
			name, f = candidate, got
		}
		if f.Given() {
			break
		}
	}
	return name, f
}

// facets reads every facet that the mapping names, by the type that the facet has.
func (n *normaliser) facets(kind commerce.Kind) body.Facets {
	f := body.NewFacets(&n.Reader)
	for _, role := range slices.Sorted(maps.Keys(n.mapping)) {
		facet, ok := kind.FacetOf(role)
		name, v := n.of(role)
		if !ok || v.Absent() {
			continue
		}
		switch facet.Type {
		case commerce.NumberType:
			f.PutNumber(role, name, v)
		case commerce.BoolType:
			f.PutTruth(role, name, truth(v))
		case commerce.TimeType:
			n.putTime(f, role, name, v)
		default:
			f.PutText(role, name, v)
		}
	}
	return f
}

// truth is a text that says true or false as JSON would.
func truth(v body.Field) body.Field {
	if text, ok := v.Text(); ok && (text == "true" || text == "false") {
		return body.Field(text)
	}
	return v
}

// putTime reads an instant, or a date, which begins at the system's midnight.
func (n *normaliser) putTime(f body.Facets, role, name string, v body.Field) {
	if text, _ := v.Text(); v.Given() && !strings.Contains(text, "T") {
		zone := n.Timezone
		if zone == nil {
			zone = time.UTC
		}
		f.PutWall(role, name, v, zone, n.delivery.Received)
		return
	}
	f.PutInstant(role, name, v)
}

// customer observes an account under the keyed hash of its e-mail address. One
// that has none is a customer at most before.
func (n *normaliser) customer(o commerce.Observation) {
	name, email := n.of(emailRole)
	f := n.facets(commerce.Customer)
	if email.Absent() {
		n.skip("object without the field of an e-mail address")
		return
	}
	known := n.Known(n.person(n.OptionalText(name, email)))
	hash, addressed := known["hash"]
	if !addressed {
		o.Gone = true
		n.observe(o)
		return
	}
	// Salesforce's own fields say of an opt-out whether there was one.
	switch f.Values["consent"] {
	case commerce.Text("true"):
		f.Put("consent", commerce.Text("unsubscribed"))
	case commerce.Text("false"):
		f.Put("consent", commerce.Text("subscribed"))
	}
	f.Count("copies", 1)
	n.keep(o, commerce.Key{hash.String()}, f.Values, known)
}

// person is what of an object identifies the person.
func (n *normaliser) person(email string) platform.Person {
	p := platform.Person{Email: email, ExternalOf: n.Settings[externalOfSetting]}
	for role, to := range map[string]*string{phoneRole: &p.Phone, externalRole: &p.External, "country": &p.Country} {
		if _, f := n.of(role); f.Given() {
			*to, _ = f.Text()
		}
	}
	return p
}

// order observes a web order: the number says which, in the first of its fields
// that the registry's pattern takes.
func (n *normaliser) order(o commerce.Observation) {
	f := n.facets(commerce.Order)
	if name, status := n.of(statusRole); status.Given() {
		if _, told := f.Values["cancelled"]; !told {
			f.Put("cancelled", commerce.Bool(slices.Contains(n.cancelled, n.Text(name, status))))
		}
	}
	if _, told := f.Values["currency"]; !told && n.Currency != "" {
		f.Put("currency", commerce.Text(n.Currency))
	}
	if name, created := n.of("created"); created.Given() {
		if text, _ := created.Text(); strings.Contains(text, "T") {
			o.Created = n.Instant(name, created)
		}
	}
	for _, name := range n.mapping[numberRole] {
		text := n.fields[name].text
		if store, number, ok := n.OrderNumber.Read("", text); ok && len(text) <= maxNumber {
			key := commerce.Key{store, number}
			n.keep(o, key, f.Values, commerce.Facets{"store": commerce.Text(store), "number": commerce.Text(number)})
			return
		}
	}
	n.skip("order of no web shop")
}

// keep observes an object whose key is known, and remembers the key for the time
// when only the id is told.
func (n *normaliser) keep(o commerce.Observation, key commerce.Key, facets, known commerce.Facets) {
	link := commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, o.Via.Type, o.Native}, Part: "link", Native: o.Native, Facets: known,
	}
	if o.Kind == commerce.Customer {
		link.Slot = o.Slot // a person may have an account and a contact
	}
	o.Key, o.Via, o.Facets = key, nil, facets
	n.observe(o)
	n.observe(link)
}

func (n *normaliser) observe(o commerce.Observation) {
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: n.changed, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}
