// Package easypost verifies and reads the events of an EasyPost account, and what
// its API answers.
//
// It owns EasyPost's signature, events, addresses and JSON shapes, and turns them
// into fetches and observations of shipments. Calling the API, links, waiting
// views, and what a difference means are left to others.
//
// # What is signed
//
// The body as it was sent: a body that is read and written again is another one,
// because weights such as 614.0 lose their point. The key is the secret after
// Unicode normalisation NFKD, so that it is the same however its accents were
// typed.
//
// # What is read
//
// A tracker knows the parcel and not the order; the shipment, which holds the
// tracker as well, knows both. The event of a tracker is therefore a hint, and
// the shipment is asked for. What it says of itself and what its tracker says
// have times of their own, and are parts of one shipment. A refund of a label
// is such a hint too. Labels for returns are no shipments of an order and are
// left out, as are trackers of labels that were bought elsewhere: nothing says
// which order they are of. Batches, reports and the rest repeat what shipments
// say, or say nothing of them.
//
// An account has two modes, with keys and webhooks of their own. Events and
// shipments of the other mode are no facts here and are ignored.
//
// No address, name or signature of a receiver is read.
//
// # From memory
//
// Not confirmed, and so a setting: which field of a shipment holds the number of
// the web order (order_fields). Not confirmed, and harmless when wrong: which
// events there are besides those of trackers, that the list of shipments takes
// start_datetime and before_id, and that a webhook which EasyPost has switched
// off has a disabled_at.
package easypost

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// The names of the settings in the registry.
const (
	modeSetting        = "mode"
	orderFieldsSetting = "order_fields"
)

// The modes of an account.
const (
	production = "production"
	test       = "test"
)

// Platform describes EasyPost.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "easypost",
		Title: "EasyPost",
		Role:  platform.Shipping,
		Settings: []platform.Setting{
			{Name: modeSetting, Help: "production, which is the default, or test: what is of the other mode is ignored"},
			{Name: orderFieldsSetting, Help: "the fields of a shipment that may hold the web order's number, in order, with commas between: reference, options.invoice_number, options.print_custom_1 and so on; reference when not given"},
		},
		Subscriptions: &platform.Subscriptions{Chore: webhooksSet},
		New:           newEndpoint,
	}
}

// endpoint is one mode of a configured account. It does not change after it was
// made.
type endpoint struct {
	platform.Config
	mode        string
	orderFields []string
}

var orderField = lazyregexp.New(`^(?:reference|options\.[a-z0-9_]{1,40})$`)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{Config: c, mode: cmp.Or(c.Settings[modeSetting], production)}
	if e.mode != production && e.mode != test {
		return nil, fmt.Errorf("easypost: setting %s: want %s or %s", modeSetting, production, test)
	}
	for field := range strings.SplitSeq(cmp.Or(c.Settings[orderFieldsSetting], "reference"), ",") {
		e.orderFields = append(e.orderFields, strings.TrimSpace(field))
	}
	if slices.ContainsFunc(e.orderFields, func(f string) bool { return !orderField.MatchString(f) }) {
		return nil, fmt.Errorf("easypost: setting %s: want reference or options.NAME, with commas between", orderFieldsSetting)
	}
	return e, nil
}

// Normalise reads an event or an answer of the API.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	n.read()
	if err := n.Problem(); err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = n.why
	}
	return n.reading, nil
}
