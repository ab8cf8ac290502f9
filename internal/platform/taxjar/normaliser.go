package taxjar

import (
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// Limits of what one body may hold.
const (
	// maxPage is how many transactions one message can carry on to ask for.
	maxPage  = 3000
	maxLines = 10_000
	// maxID keeps a target within what a message may hold.
	maxID = 200
)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// provider is whose transactions a list is of, where they do not say it.
	provider string
	// why is the reason why the last transaction was left out.
	why string
}

// content is what answers and posts hold: one transaction, or a list of some or of
// their ids.
type content struct {
	Order   body.Field   `json:"order"`
	Refund  body.Field   `json:"refund"`
	Orders  []body.Field `json:"orders"`
	Refunds []body.Field `json:"refunds"`
}

func (n *normaliser) read() error {
	if !slices.Contains([]string{transactions, ordersTopic, refundsTopic}, n.delivery.Topic) {
		return n.otherwise("unknown topic")
	}
	if n.provider = n.providers[0]; n.fetched() {
		topic, id, provider, ok := readTarget(n.delivery.Header[platform.FetchedHeader])
		if !ok {
			n.Fail(platform.FetchedHeader, "the transaction that was asked for")
			return nil
		}
		n.provider = provider
		if n.delivery.Header[platform.StatusHeader] == "404" {
			return n.gone(topic, id)
		}
	}
	var c content
	if err := body.Decode(n.delivery.Body, &c); err != nil {
		return err
	}
	if c.Order.Absent() && c.Refund.Absent() && c.Orders == nil && c.Refunds == nil {
		n.Fail("order", "an order, a refund, or a list of either")
	}
	n.Limit("orders", len(c.Orders), maxPage)
	n.Limit("refunds", len(c.Refunds), maxPage)
	if err := n.all(&c); err != nil {
		return err
	}
	return n.otherwise(n.why)
}

func (n *normaliser) fetched() bool { return n.delivery.Header[platform.FetchedHeader] != "" }

// all reads whatever the content has.
func (n *normaliser) all(c *content) error {
	n.why = "no transactions"
	for _, one := range []struct {
		topic, name string
		raw         body.Field
	}{{ordersTopic, "order", c.Order}, {refundsTopic, "refund", c.Refund}} {
		if one.raw.Absent() {
			continue
		}
		n.Inside(one.name)
		err := n.transaction(one.topic, one.raw)
		n.Leave()
		if err != nil {
			return err
		}
	}
	for _, several := range []struct {
		topic string
		raw   []body.Field
	}{{ordersTopic, c.Orders}, {refundsTopic, c.Refunds}} {
		for i, raw := range several.raw {
			n.Enter(several.topic, i)
			err := n.element(several.topic, raw)
			n.Leave()
			if err != nil || n.Problem() != nil {
				return err
			}
		}
	}
	return nil
}

// element reads one of a list: a transaction, or the id of one to ask for.
func (n *normaliser) element(topic string, raw body.Field) error {
	if len(raw) > 0 && raw[0] == '{' {
		return n.transaction(topic, raw)
	}
	n.ask(topic, n.id("id", raw), n.provider)
	return nil
}

// ask asks for a transaction that may be a web order's.
func (n *normaliser) ask(topic, id, provider string) {
	if id == "" || n.Problem() != nil {
		return
	}
	// A refund's id says nothing of its order.
	if _, _, ok := n.OrderNumber.Read(provider, id); !ok && topic == ordersTopic {
		n.why = notWebOrder
		return
	}
	f := platform.Fetch{Topic: topic, Target: single(topic, id, provider)}
	if !fetchable.MatchString(f.Target) || slices.Contains(n.reading.Fetch, f) {
		return
	}
	n.reading.Fetch = append(n.reading.Fetch, f)
}

// id reads a transaction's id, which is a text, or a number in some lists.
func (n *normaliser) id(name string, f body.Field) string {
	text, ok := f.Text()
	if !ok {
		return n.ID(name, f)
	}
	if text == "" || len(text) > maxID {
		n.Fail(name, "a transaction's id of at most 200 bytes")
	}
	return text
}

// otherwise says why there is nothing to do, when there is nothing.
func (n *normaliser) otherwise(why string) error {
	if n.reading.Ignored = ""; len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = why
	}
	return nil
}

// instant reads a time with an offset, or a date at the midnight of the account's
// clocks.
func (n *normaliser) instant(name string, f body.Field) time.Time {
	text, _ := f.Text()
	if _, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return n.Instant(name, f)
	}
	return n.Wall(name, f, n.Timezone, n.delivery.Received)
}

func (n *normaliser) facets() body.Facets { return body.NewFacets(&n.Reader) }

// observe adds an observation. Transactions say nothing of their changes: what
// counts is when they were received, or asked for.
func (n *normaliser) observe(o commerce.Observation) {
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: n.delivery.Received, ReadBack: n.fetched(), Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}
