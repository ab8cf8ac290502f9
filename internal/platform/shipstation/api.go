package shipstation

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

const (
	mainHost = "ssapi.shipstation.com"
	// shards is how many further hosts there may be.
	shards = 100
	// listEvery is how often what changed is asked for.
	listEvery = time.Hour
)

// Request makes the call for a page of a list.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	t, ok := readTarget(f.Target)
	if !ok {
		return nil, fmt.Errorf("shipstation: fetch %s: the target is none of the API's", f.Topic)
	}
	req, err := http.NewRequest(http.MethodGet, t.address(e.pacific), nil) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("shipstation: fetch %s: the target makes no address", f.Topic)
	}
	user, password, ok := strings.Cut(string(token), ":")
	if !ok {
		return nil, errors.New("shipstation: want the API's key and secret as the credential, with a colon between")
	}
	req.SetBasicAuth(user, password)
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Hosts lists the API's hosts: accounts are spread over several.
func (e *endpoint) Hosts() []string {
	hosts := []string{mainHost}
	for i := range shards {
		hosts = append(hosts, "ssapi"+strconv.Itoa(i)+".shipstation.com")
	}
	return hosts
}

// Pace stays below 40 calls a minute.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 1600 * time.Millisecond, Burst: 4}
}

// Token makes no call: the credential is the API's key and secret.
func (e *endpoint) Token(platform.Secret) (*http.Request, error) { return nil, nil } //nolint:nilnil // the contract's way to say that there is no call

// ReadToken is never asked.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) { return "", 0, nil }

// Chores ask for what changed: what webhooks did not tell, and what was voided,
// which they never tell.
func (e *endpoint) Chores() []platform.Chore {
	chore := func(name, topic, parameter string) platform.Chore {
		return platform.Chore{Name: name, Every: listEvery, Fetch: platform.Fetch{Topic: topic, Target: mainHost + "/" + topic + "?" + parameter + "={since}"}}
	}
	return []platform.Chore{
		chore("orders", ordersTopic, "modifyDateStart"),
		chore("shipments", shipmentsTopic, "createDateStart"),
		chore("voids", shipmentsTopic, "voidDateStart"),
		chore("fulfilments", fulfilmentsTopic, "createDateStart"),
	}
}
