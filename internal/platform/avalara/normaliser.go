package avalara

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// saleLink is the type of the link from a sale's code to its web order.
const saleLink = "sale"

// Limits of what one body may hold.
const (
	maxPage  = 1000
	maxLines = 15_000
)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is the reason why the last transaction was left out.
	why string
}

// read reads a list of transactions with the address of the next page, or one
// transaction.
func (n *normaliser) read() error {
	if n.delivery.Topic != transactions {
		return n.otherwise("unknown topic")
	}
	if n.delivery.Header[platform.StatusHeader] == "404" {
		return n.otherwise("no such company")
	}
	var page struct {
		Value []body.Field `json:"value"`
		Next  body.Field   `json:"@nextLink"`
	}
	if err := body.Decode(n.delivery.Body, &page); err != nil {
		return err
	}
	if page.Value == nil {
		if err := n.transaction(n.delivery.Body); err != nil {
			return err
		}
		return n.otherwise(n.why)
	}
	n.Limit("value", len(page.Value), maxPage)
	for i, element := range page.Value {
		n.Enter("value", i)
		err := n.transaction(element)
		n.Leave()
		if err != nil {
			return err
		}
	}
	if page.Next.Given() {
		n.turn(page.Next)
	}
	return n.otherwise("nothing on the page that is compared")
}

// turn asks for the next page.
func (n *normaliser) turn(next body.Field) {
	link, _ := next.Text()
	target, ok := n.nextPage(link)
	if !ok || target == n.delivery.Header[platform.FetchedHeader] {
		n.Fail("@nextLink", "an address of the company's transactions")
		return
	}
	n.reading.Fetch = append(n.reading.Fetch, platform.Fetch{Topic: transactions, Target: target})
}

// otherwise says why there is nothing to do, when there is nothing.
func (n *normaliser) otherwise(why string) error {
	if n.reading.Ignored = ""; len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = why
	}
	return nil
}

// instant reads a time with an offset, or without one in UTC.
func (n *normaliser) instant(name string, f body.Field) time.Time {
	text, _ := f.Text()
	if _, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return n.Instant(name, f)
	}
	return n.Wall(name, f, time.UTC, n.delivery.Received)
}

// day reads a date as the midnight of the company's clocks. A time behind it means
// nothing.
func (n *normaliser) day(name string, f body.Field) time.Time {
	if text, _ := f.Text(); len(text) > len(time.DateOnly) {
		f = body.Field(`"` + text[:len(time.DateOnly)] + `"`)
	}
	return n.Wall(name, f, n.Timezone, n.delivery.Received)
}

// observe adds what is said of a transaction that was modified at the clock
// reading. Answers are read-backs, unless it was modified just before.
func (n *normaliser) observe(o commerce.Observation, modified time.Time) {
	o.System = n.System
	o.Stamp(commerce.VersionParts{
		Clock: modified, ReadBack: platform.ReadBack(n.delivery, modified), Normaliser: revision,
	})
	n.reading.Observations = append(n.reading.Observations, o)
}
