// Package adobecommerce verifies and reads the events that an Adobe Commerce
// (Magento 2) instance sends by way of Adobe I/O Events.
//
// It owns the signatures, the challenge, the events and their loose types, and
// turns them into observations. Links, waiting views, and what a difference means
// are left to others. Open-source Magento has no such events: a module there posts
// to the platform "standard". The synchronous webhooks of Adobe Commerce, which can
// stop a checkout, are another product and are not read.
//
// # Who sends
//
// Adobe signs every body twice, with two keys of its own, so that one of them can
// be replaced at a time. The secrets are Adobe's public keys: nothing is fetched
// before a request is believed, and the paths that a request names its keys by are
// not looked at. One signature by one known key is enough. Wanting both would stop
// everything on the day on which Adobe replaces a key, and would prove nothing
// more: both keys are Adobe's, and either signs.
//
// Those keys sign for all of Adobe's customers. What makes an event this
// system's is the recipient_client_id inside the signed body, which is therefore
// checked before anything is believed, of every event of a batch.
//
// # What is read
//
// The value of an event, and nothing of _origData: what was before has other types
// than what is now, "3126" beside 3125 and "1" beside true, so that comparing them
// finds a change in every event. Within the value a number may be a text, and a
// truth "1", 1 or true. An event holds only the fields that its subscription asks
// for: what it does not have is not known, and never a default.
//
// Events come in any order, more than once, and up to a minute after the change,
// because Commerce sends them from its cron job. What counts is updated_at, and
// within its second the event's own time. Stock items have no such time, and are
// as of the event's.
//
// Totals are those in the base currency, and those in the buyer's are presentment
// twins. Product values that one store view overrides are left out: those of the
// configured store are read, which is that of all stores.
//
// # From memory
//
// Not confirmed, and so settings: the zone of dates, which are written without one
// (dates_zone), and the store whose product values count for all (store). Not
// confirmed, and harmless when wrong: the names of the headers with an event's id
// and code, the names of an order's, a credit memo's, a shipment's and a stock item's
// fields, the states of a credit memo, and that a batch is a list of the same
// envelopes.
package adobecommerce

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// The names of the settings in the registry.
const (
	clientSetting   = "client_id"
	storeSetting    = "store"
	locationSetting = "location"
	zoneSetting     = "dates_zone"
)

const (
	// everywhere is what the registry calls the one place of an instance's stock.
	everywhere       = "*"
	standardLocation = "main"
	// allStores is the store whose values hold for all stores.
	allStores = "0"
)

// Platform describes Adobe Commerce.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "adobecommerce",
		Title: "Adobe Commerce",
		Settings: []platform.Setting{
			{Name: clientSetting, Required: true, Help: "the client ID of the Adobe Developer Console's credential, which every event names as its recipient_client_id"},
			{Name: storeSetting, Help: "the id of the store whose product values are read; 0, all stores, when not given"},
			{Name: locationSetting, Help: "the registry's location of the stock, or ignore; when not given what locations says of *, or main"},
			{Name: zoneSetting, Help: "the zone of the dates, which are written without one, such as Europe/Berlin; UTC when not given"},
		},
		Storefront: true,
		New:        newEndpoint,
	}
}

// endpoint is one configured instance. It does not change after it was made.
type endpoint struct {
	platform.Config
	client, store, location string
	zone                    *time.Location
}

var (
	clientID = lazyregexp.New(`^[A-Za-z0-9_.-]{8,128}$`)
	storeID  = lazyregexp.New(`^[0-9]{1,9}$`)
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{
		Config: c, client: c.Settings[clientSetting], store: cmp.Or(c.Settings[storeSetting], allStores),
		location: cmp.Or(c.Settings[locationSetting], c.Locations[everywhere], standardLocation),
	}
	zone, err := time.LoadLocation(c.Settings[zoneSetting])
	e.zone = zone
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{clientSetting, "the credential's client ID, of at least 8 letters and digits", clientID.MatchString(e.client)},
		{storeSetting, "the number of a store", storeID.MatchString(e.store)},
		{locationSetting, "a location without @, which keys are written with", !strings.Contains(e.location, "@")},
		{zoneSetting, "the name of a time zone, such as Europe/Berlin", err == nil && c.Settings[zoneSetting] != "Local"},
	} {
		if !check.right {
			return nil, fmt.Errorf("adobecommerce: setting %s: want %s", check.setting, check.want)
		}
	}
	if e.OrderNumber.Store == "" {
		e.OrderNumber.Store = e.System
	}
	return e, nil
}

// Normalise reads an event or a batch of them.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	n.read()
	if err := n.Problem(); err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations) == 0 {
		n.reading.Ignored = n.why
	}
	return n.reading, nil
}
