package easypost

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

const (
	apiHost = "api.easypost.com"
	// pageSize is the longest page that the API gives.
	pageSize = "100"
	// catchUpEvery asks for labels that no event told of, and looks at the webhook.
	catchUpEvery = time.Hour
)

// The sets that are asked for, which are also the topics of their answers.
const (
	shipmentSet  = "shipment"
	shipmentsSet = "shipments"
	webhooksSet  = "webhooks"
)

const shipmentPattern = `shp_[A-Za-z0-9]{1,64}`

// target is one shipment, those that were bought since a time, or the webhooks.
type target struct {
	set string
	// id is that of the shipment, or the last one of the page before.
	id    string
	since time.Time
}

var (
	ofShipment  = lazyregexp.New(`^shipment/(` + shipmentPattern + `)$`)
	ofShipments = lazyregexp.New(`^shipments/(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)(?:/(` + shipmentPattern + `))?$`)
)

func (t target) fetch() platform.Fetch {
	text := t.set
	if t.set == shipmentsSet {
		text += "/" + t.since.UTC().Format(time.RFC3339)
	}
	if t.id != "" {
		text += "/" + t.id
	}
	return platform.Fetch{Topic: t.set, Target: text}
}

// readTarget reads what fetch wrote.
func readTarget(text string) (target, bool) {
	if text == webhooksSet {
		return target{set: webhooksSet}, true
	}
	if groups := ofShipment.FindStringSubmatch(text); groups != nil {
		return target{set: shipmentSet, id: groups[1]}, true
	}
	groups := ofShipments.FindStringSubmatch(text)
	if groups == nil {
		return target{}, false
	}
	since, err := time.Parse(time.RFC3339, groups[1])
	return target{set: shipmentsSet, since: since, id: groups[2]}, err == nil
}

// Request makes the call for a target. The key is the user's name, and there is
// no password.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	t, ok := readTarget(f.Target)
	if !ok {
		return nil, fmt.Errorf("easypost: fetch %s: the target is none of the API's", f.Topic)
	}
	path := t.set
	switch t.set {
	case shipmentSet:
		path = "shipments/" + t.id
	case shipmentsSet:
		query := url.Values{"start_datetime": {t.since.Format(time.RFC3339)}, "purchased": {"true"}, "page_size": {pageSize}}
		if t.id != "" {
			query.Set("before_id", t.id)
		}
		path += "?" + query.Encode()
	}
	req, err := http.NewRequest(http.MethodGet, "https://"+apiHost+"/v2/"+path, http.NoBody) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("easypost: fetch %s: the target makes no address", f.Topic)
	}
	req.SetBasicAuth(string(token), "")
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Hosts lists the API's host.
func (e *endpoint) Hosts() []string { return []string{apiHost} }

// Pace is well below what one account may call, which EasyPost does not publish.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 200 * time.Millisecond, Burst: 5}
}

// Token makes no call: the API key of the mode is the credential.
func (e *endpoint) Token(platform.Secret) (*http.Request, error) {
	return nil, nil //nolint:nilnil // no call is what the interface asks for
}

// ReadToken reads nothing: Token makes no call.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) {
	return "", 0, errors.New("easypost: there is no answer with a token")
}

// Chores asks for labels that were bought since the last time, and looks at the
// webhook.
func (e *endpoint) Chores() []platform.Chore {
	return []platform.Chore{
		{Name: shipmentsSet, Every: catchUpEvery, Fetch: platform.Fetch{Topic: shipmentsSet, Target: shipmentsSet + "/{since}"}},
		{Name: webhooksSet, Every: catchUpEvery, Fetch: target{set: webhooksSet}.fetch()},
	}
}
