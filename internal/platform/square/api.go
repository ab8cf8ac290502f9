package square

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

// The hosts of the API.
const (
	liveHost    = "connect.squareup.com"
	sandboxHost = "connect.squareupsandbox.com"
)

const (
	// pageSize is how many objects with all that is in them a page has, and
	// countsPage how many counts, which are short.
	pageSize   = 100
	countsPage = 1000
	// groupSize is the most locations whose orders are searched at once.
	groupSize = 10
	// catchUpEvery asks for what no event told, and everythingEvery for all of it.
	catchUpEvery    = time.Hour
	everythingEvery = 24 * time.Hour
)

// search is the body of a call that lists something.
type search struct {
	Locations []string     `json:"location_ids,omitempty"`
	States    []string     `json:"states,omitempty"`
	Query     *ordersQuery `json:"query,omitempty"`
	Types     []string     `json:"object_types,omitempty"`
	Deleted   bool         `json:"include_deleted_objects,omitempty"`
	Begin     string       `json:"begin_time,omitempty"`
	After     string       `json:"updated_after,omitempty"`
	Limit     int          `json:"limit"`
	Cursor    string       `json:"cursor,omitempty"`
}

type ordersQuery struct {
	Filter struct {
		Dates struct {
			Updated struct {
				Start string `json:"start_at"`
			} `json:"updated_at"`
		} `json:"date_time_filter"`
	} `json:"filter"`
	Sort struct {
		Field string `json:"sort_field"`
		Order string `json:"sort_order"`
	} `json:"sort"`
}

// Request makes the call for a target. Searching is posting, and changes nothing.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	t, ok := readTarget(f.Target)
	if !ok {
		return nil, fmt.Errorf("square: fetch %s: the target is none of the API's", f.Topic)
	}
	method, path, sent, err := e.call(t)
	if err != nil {
		return nil, fmt.Errorf("square: fetch %s: %w", f.Topic, err)
	}
	req, err := http.NewRequest(method, "https://"+e.host+"/v2/"+path, bytes.NewReader(sent)) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("square: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	req.Header.Set("Square-Version", e.version)
	req.Header.Set("Accept", "application/json")
	if len(sent) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// call is the API's own form of a target.
func (e *endpoint) call(t target) (method, path string, sent []byte, err error) {
	s := search{Limit: pageSize, Cursor: t.cursor}
	since := ""
	if !t.since.IsZero() {
		since = t.since.UTC().Format(time.RFC3339)
	}
	switch t.set {
	case orderSet:
		return http.MethodGet, "orders/" + t.id, nil, nil
	case subscriptionSet:
		query := url.Values{"include_disabled": {yes}, "limit": {strconv.Itoa(pageSize)}}
		if t.cursor != "" {
			query.Set("cursor", t.cursor)
		}
		return http.MethodGet, "webhooks/subscriptions?" + query.Encode(), nil, nil
	case ordersSet:
		first := t.group * groupSize
		if first >= len(e.compared) {
			return "", "", nil, errors.New("there is no such group of locations")
		}
		path, s.Locations, s.Query = "orders/search", e.compared[first:min(first+groupSize, len(e.compared))], &ordersQuery{}
		s.Query.Filter.Dates.Updated.Start, s.Query.Sort.Field, s.Query.Sort.Order = since, "UPDATED_AT", "ASC"
	case catalogSet:
		path, s.Begin = "catalog/search", since
		// An item holds its variations; a variation that changed alone stands for itself.
		s.Types = []string{itemType}
		if since != "" {
			s.Types, s.Deleted = append(s.Types, variationType), true
		}
	case countsSet:
		path, s.After, s.States, s.Limit = "inventory/counts/batch-retrieve", since, []string{inStock}, countsPage
	}
	sent, err = json.Marshal(s)
	if err != nil {
		return "", "", nil, fmt.Errorf("write the search: %w", err)
	}
	return http.MethodPost, path, sent, nil
}

// Hosts lists the API's host.
func (e *endpoint) Hosts() []string { return []string{e.host} }

// Pace stays well below what Square answers with 429, which it does not publish.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 200 * time.Millisecond, Burst: 5}
}

// Token makes no call: the access token is the credential.
func (e *endpoint) Token(platform.Secret) (*http.Request, error) {
	return nil, nil //nolint:nilnil // no call is what the interface asks for
}

// ReadToken reads nothing: Token makes no call.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) {
	return "", 0, errors.New("square: there is no answer with a token")
}

// Chores asks for what changed since the last time, for the whole catalogue and
// all stock once a day, and looks at the subscriptions.
func (e *endpoint) Chores() []platform.Chore {
	since := func(set string, group int) platform.Chore {
		name, text := set, set+"/{since}/"+strconv.Itoa(group)
		if group > 0 {
			name += "-" + strconv.Itoa(group)
		}
		return platform.Chore{Name: name, Every: catchUpEvery, Fetch: platform.Fetch{Topic: set, Target: text}}
	}
	all := func(name, set string, every time.Duration) platform.Chore {
		return platform.Chore{Name: name, Every: every, Fetch: target{set: set}.fetch()}
	}
	chores := []platform.Chore{
		since(catalogSet, 0), all("catalog-all", catalogSet, everythingEvery),
		since(countsSet, 0), all("counts-all", countsSet, everythingEvery),
		all(subscriptionSet, subscriptionSet, catchUpEvery),
	}
	for group := 0; group*groupSize < len(e.compared); group++ {
		chores = append(chores, since(ordersSet, group))
	}
	return chores
}
