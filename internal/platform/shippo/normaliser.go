package shippo

import (
	"errors"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// transactionLink is the type of the link from a transaction to its parcel's order.
const transactionLink = "transaction"

const (
	// maxElements bounds a parcel's history.
	maxElements = 1000
	// maxText is the longest number of an order or a parcel that is taken for one.
	maxText = 128
)

var objectID = lazyregexp.New(`^[A-Za-z0-9_-]{1,64}$`)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do.
	why string
}

type event struct {
	Event body.Field `json:"event"`
	Test  body.Field `json:"test"`
	Data  body.Field `json:"data"`
}

// event reads an event of the configured mode.
func (n *normaliser) event() {
	var e event
	n.open(n.delivery.Body, &e)
	if e.Test.Given() && n.Truth("test", e.Test) != (n.mode == test) {
		n.why = "event of the other mode"
		return
	}
	switch n.Text("event", e.Event) {
	case "transaction_created", "transaction_updated":
		n.transaction(e.Data)
	case "track_updated":
		n.track(e.Data)
	case "batch_created", "batch_purchased":
		n.why = "batch, whose transactions are told by themselves"
	default:
		n.why = "unknown event"
	}
}

// open reads JSON into a shape. What cannot be opened has no fields.
func (n *normaliser) open(raw []byte, shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(raw, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

func (n *normaliser) id(name string, f body.Field) string {
	text, _ := f.Text()
	if !objectID.MatchString(text) {
		n.Fail(name, "an object's id")
	}
	return text
}

// tracking is a parcel's number, or blank where there is none.
func (n *normaliser) tracking(f body.Field) string {
	text := strings.TrimSpace(n.OptionalText("tracking_number", f))
	if len(text) > maxText {
		n.Fail("tracking_number", "at most 128 bytes")
	}
	return text
}

// order reads the web order's number out of metadata.
func (n *normaliser) order(metadata body.Field) (commerce.Key, bool) {
	text := n.OptionalText("metadata", metadata)
	store, number, ok := n.OrderNumber.Read("", text)
	return commerce.Key{store, number}, ok && len(text) <= maxText
}

func (n *normaliser) instant(name string, f body.Field) time.Time {
	return n.Clock(name, n.Instant(name, f), n.delivery.Received)
}

func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	o.System = n.System
	o.Stamp(commerce.VersionParts{Clock: clock, Normaliser: revision})
	n.reading.Observations = append(n.reading.Observations, o)
}
