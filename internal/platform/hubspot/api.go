package hubspot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

const (
	apiHost = "api.hubapi.com"
	objects = "https://" + apiHost + "/crm/v3/objects/"
)

// searchEvery is how often what changed without being told is searched for.
const searchEvery = time.Hour

type filter struct {
	Property string `json:"propertyName"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
}

type filterGroup struct {
	Filters []filter `json:"filters"`
}

type sorting struct {
	Property  string `json:"propertyName"`
	Direction string `json:"direction"`
}

type input struct {
	ID string `json:"id"`
}

// inquiry is the body of a batch or of a search. Neither changes anything.
type inquiry struct {
	Properties []string      `json:"properties"`
	Inputs     []input       `json:"inputs,omitempty"`
	Groups     []filterGroup `json:"filterGroups,omitempty"`
	Sorts      []sorting     `json:"sorts,omitempty"`
	Limit      int           `json:"limit,omitempty"`
	After      string        `json:"after,omitempty"`
}

// Request makes the call for a target: one object, a batch of them, or a search.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	t, ok := readTarget(f.Target)
	if !ok || len(t.set.properties(e)) == 0 {
		return nil, fmt.Errorf("hubspot: fetch %s: the target is none of the API's", f.Topic)
	}
	properties := append(t.set.properties(e), mergedIDs)
	req, err := e.call(t, properties)
	if err != nil {
		return nil, fmt.Errorf("hubspot: fetch %s: the target makes no request", f.Topic)
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	req.Header.Set("Accept", "application/json")
	return req, nil
}

//nolint:noctx // the caller, who knows the time-out, adds its context
func (e *endpoint) call(t target, properties []string) (*http.Request, error) {
	address := objects + t.set.name
	if len(t.ids) == 1 {
		return http.NewRequest(http.MethodGet, address+"/"+t.ids[0]+"?properties="+url.QueryEscape(strings.Join(properties, ",")), nil)
	}
	ask := inquiry{Properties: properties}
	if len(t.ids) > 1 {
		address += "/batch/read"
		for _, id := range t.ids {
			ask.Inputs = append(ask.Inputs, input{id})
		}
	} else {
		address += "/search"
		ask.Groups = []filterGroup{{[]filter{{t.set.modified, "GTE", strconv.FormatInt(t.since.UnixMilli(), 10)}}}}
		ask.Sorts, ask.Limit = []sorting{{t.set.modified, "ASCENDING"}}, batchSize
		if t.after > 0 {
			ask.After = strconv.Itoa(t.after)
		}
	}
	content, err := json.Marshal(ask)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(content))
	if err == nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, err
}

// Hosts lists the API's host.
func (e *endpoint) Hosts() []string { return []string{apiHost} }

// Pace stays below the 100 calls in ten seconds of the smallest subscription, and
// the five searches a second of all.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 250 * time.Millisecond, Burst: 4}
}

// Token makes no call: the credential is a private app's token.
func (e *endpoint) Token(platform.Secret) (*http.Request, error) { return nil, nil }

// ReadToken is never asked.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) { return "", 0, nil }

// Chores search for what changed: webhooks are dropped after a day of failures.
func (e *endpoint) Chores() []platform.Chore {
	var chores []platform.Chore
	for _, s := range sets {
		if len(s.properties(e)) > 0 {
			chores = append(chores, platform.Chore{
				Name: s.name, Every: searchEvery,
				Fetch: platform.Fetch{Topic: s.name + sinceSuffix, Target: s.name + sinceSuffix + "/{since}"},
			})
		}
	}
	return chores
}
