package stripe

import (
	"errors"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	// paymentLink is the type of the link from a payment intent to its web order.
	paymentLink = "payment"
	// paymentPart is the part of a payment that its own object says, and of an
	// order that its payment is.
	paymentPart = "payment"
	// gateway is what this platform's payments are said to be made with.
	gateway = "stripe"
)

const (
	// maxElements bounds a list.
	maxElements = 1000
)

// objectID is any id of an object: its kind's letters and the rest.
var objectID = lazyregexp.New(`^` + idPattern + `$`)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do, in case that there is nothing.
	why string
	// at is when the object became what is read of it.
	at time.Time
	// answered is set when the object is the API's answer to a fetch.
	answered bool
	// late is set when the object was asked for after everything of that second.
	late bool
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.why == "" {
		n.why = why
	}
}

// ask asks for a fetch, once.
func (n *normaliser) ask(topic string, t target) {
	f := platform.Fetch{Topic: topic, Target: t.text()}
	for _, asked := range n.reading.Fetch {
		if asked == f {
			return
		}
	}
	n.reading.Fetch = append(n.reading.Fetch, f)
}

// open reads an object into a shape. What cannot be opened has no fields.
func (n *normaliser) open(raw []byte, shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(raw, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

// kind fails for an object that is not of the kind.
func (n *normaliser) kind(want string, f body.Field) {
	if text, _ := f.Text(); text != want {
		n.Fail("object", want)
	}
}

// id reads the id of an object.
func (n *normaliser) id(name string, f body.Field) string {
	text, _ := f.Text()
	if !objectID.MatchString(text) {
		n.Fail(name, "an id such as pi_3Nv0")
	}
	return text
}

// reference reads the id of another object, which may stand there whole instead:
// then the object is returned as well. Both are blank where there is none.
func (n *normaliser) reference(name string, f body.Field) (id string, object body.Field) {
	if !f.Given() {
		return "", nil
	}
	if f[0] != '{' {
		return n.id(name, f), nil
	}
	var named struct {
		ID body.Field `json:"id"`
	}
	n.Inside(name)
	defer n.Leave()
	n.open(f, &named)
	return n.id("id", named.ID), f
}

// seconds reads a time in unix seconds.
func (n *normaliser) seconds(name string, f body.Field) time.Time {
	const year2200 = 7258118400
	seconds, err := strconv.ParseInt(string(f), 10, 64)
	if err != nil || seconds < 0 || seconds >= year2200 {
		n.Fail(name, "a time in unix seconds")
		return time.Unix(0, 0).UTC()
	}
	return time.Unix(seconds, 0).UTC()
}

// observe adds what is said of a record as of the time of the event. Rank orders
// what is said as of the same second.
func (n *normaliser) observe(o commerce.Observation, rank uint64) {
	n.add(o, commerce.VersionParts{Clock: n.at, ReadBack: n.late, Sequence: rank, Normaliser: revision})
}

func (n *normaliser) add(o commerce.Observation, version commerce.VersionParts) {
	o.System = n.System
	o.Stamp(version)
	n.reading.Observations = append(n.reading.Observations, o)
}

// order finds the web order that metadata names: the first of the configured
// fields that holds a number.
func (n *normaliser) order(metadata body.Field) (commerce.Key, bool) {
	if !metadata.Given() {
		return nil, false
	}
	var values map[string]body.Field
	n.Inside("metadata")
	n.open(metadata, &values)
	n.Leave()
	for _, name := range n.orderFields {
		text, _ := values[name].Text()
		if store, number, ok := n.OrderNumber.Read("", text); ok && len(text) <= maxNumber {
			return commerce.Key{store, number}, true
		}
	}
	return nil, false
}

// maxNumber is the longest order number that is taken for one.
const maxNumber = 128

// remember links a payment to its web order, for the refunds that name only the
// payment.
func (n *normaliser) remember(payment string, order commerce.Key) {
	n.observe(commerce.Observation{
		Kind: commerce.Link, Key: commerce.Key{n.System, paymentLink, payment}, Part: "link", Native: payment,
		Facets: commerce.Facets{"store": commerce.Text(order[0]), "number": commerce.Text(order[1])},
	}, 0)
}
