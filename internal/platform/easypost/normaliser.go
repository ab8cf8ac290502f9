package easypost

import (
	"errors"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// shipmentLink is the type of the link from a shipment to its parcel and order.
const shipmentLink = "shipment"

const (
	// maxItems bounds every list in a body.
	maxItems = 1000
)

// normaliser reads one delivery.
type normaliser struct {
	*endpoint
	body.Reader
	delivery commerce.Delivery
	reading  platform.Reading
	// why is why there is nothing to do, in case that there is nothing.
	why string
}

// skip says why what is being read comes to nothing. The first reason stays.
func (n *normaliser) skip(why string) {
	if n.why == "" {
		n.why = why
	}
}

func (n *normaliser) ask(t target) { n.reading.Fetch = append(n.reading.Fetch, t.fetch()) }

// open reads an object into a shape. What cannot be opened has no fields.
func (n *normaliser) open(raw []byte, shape any) {
	var problem *platform.BodyError
	if errors.As(body.Decode(raw, shape), &problem) {
		n.Fail(problem.Where, problem.Want)
	}
}

type event struct {
	Object      body.Field `json:"object"`
	Description body.Field `json:"description"`
	Mode        body.Field `json:"mode"`
	Created     body.Field `json:"created_at"`
	Result      struct {
		Object   body.Field `json:"object"`
		Shipment body.Field `json:"shipment_id"`
	} `json:"result"`
}

// hints are the events that name a shipment, by what their result is.
var hints = map[string]string{"tracker.created": "Tracker", "tracker.updated": "Tracker", "refund.successful": "Refund"}

// ignored says why events about other things come to nothing.
var ignored = map[string]string{
	"batch":     "batch: its shipments have trackers of their own",
	"refund":    "refund of a label that is not decided",
	"report":    "report: it repeats what was",
	"scan_form": "manifest: it says nothing of an order",
	"insurance": "insurance: it says nothing of an order",
	"claim":     "claim: it says nothing of an order",
	"payment":   "payment of the account with EasyPost",
	"shipment":  "invoice of the carrier",
}

// read reads an event, or an answer. No webhook can carry the header by which an
// answer is known.
func (n *normaliser) read() {
	if asked, ok := n.delivery.Header[platform.FetchedHeader]; ok {
		n.answer(asked)
		return
	}
	var e event
	n.open(n.delivery.Body, &e)
	if object, _ := e.Object.Text(); object != "Event" {
		n.Fail("object", "Event")
	}
	description := n.Text("description", e.Description)
	n.Instant("created_at", e.Created)
	if !n.ours(e.Mode) || n.Problem() != nil {
		return
	}
	object, known := hints[description]
	if !known {
		family, _, _ := strings.Cut(description, ".")
		if why, ok := ignored[family]; ok {
			n.skip(why)
		}
		n.skip("unknown topic")
		return
	}
	n.Inside("result")
	defer n.Leave()
	if got, _ := e.Result.Object.Text(); got != object {
		n.Fail("object", object)
	}
	if !e.Result.Shipment.Given() {
		n.skip("label that was bought elsewhere: nothing says which order it is of")
		return
	}
	n.ask(target{set: shipmentSet, id: n.shipmentID("shipment_id", e.Result.Shipment)})
}

// ours reports whether something is of the configured mode.
func (n *normaliser) ours(mode body.Field) bool {
	text, _ := mode.Text()
	switch {
	case text != production && text != test:
		n.Fail("mode", "production or test")
	case text != n.mode:
		n.skip(text + " mode is another system's")
	default:
		return true
	}
	return false
}

var shipmentIDs = lazyregexp.New(`^` + shipmentPattern + `$`)

func (n *normaliser) shipmentID(name string, f body.Field) string {
	text, _ := f.Text()
	if !shipmentIDs.MatchString(text) {
		n.Fail(name, "a shipment's id, such as shp_1a2b")
	}
	return text
}

// clock reads a source's time of a change, with or without milliseconds.
func (n *normaliser) clock(name string, f body.Field) time.Time {
	return n.Clock(name, n.Instant(name, f), n.delivery.Received)
}

// observe adds what is said of a record that changed at the clock reading.
func (n *normaliser) observe(o commerce.Observation, clock time.Time) {
	n.add(o, commerce.VersionParts{Clock: clock, ReadBack: platform.ReadBack(n.delivery, clock), Normaliser: revision})
}

func (n *normaliser) add(o commerce.Observation, version commerce.VersionParts) {
	o.System = n.System
	o.Stamp(version)
	n.reading.Observations = append(n.reading.Observations, o)
}
