package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/standard"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store"
)

// tillPlatform is a system of this simulation's own, the till: it knows stock by
// the numbers of its items, says only that it has changed and is asked how it is,
// and has customers, who may want to be forgotten.
func tillPlatform() platform.Platform {
	return platform.Platform{Name: "till", Title: "Till", New: func(c platform.Config) (platform.Endpoint, error) {
		signed, err := standard.Platform().New(c)
		return till{signed}, err
	}}
}

const tillHost = "till.acme.example"

// tillCredential is where the registry says that the API's credential is.
var tillCredential = secret.Reference{Store: secret.SSM, Name: "/sim/till-token"}

// till signs as the standard platform does, and speaks otherwise.
type till struct{ platform.Endpoint }

// word is what the till says in a delivery, or answers.
type word struct {
	At       time.Time `json:"at"`
	Sequence uint64    `json:"sequence"`
	// Item has the SKU, or now an Amount, or neither: then the amount is asked for.
	Item   string `json:"item,omitempty"`
	SKU    string `json:"sku,omitempty"`
	Amount string `json:"amount,omitempty"`
	// Customer has an address, or wants to be forgotten.
	Customer string `json:"customer,omitempty"`
	Address  string `json:"address,omitempty"`
	Forget   bool   `json:"forget,omitempty"`
}

const (
	itemLink   = "item"
	levelTopic = "level"
)

// Normalise reads one word.
func (t till) Normalise(d commerce.Delivery) (r platform.Reading, err error) {
	var w word
	if err := json.Unmarshal(d.Body, &w); err != nil {
		return r, &platform.BodyError{Where: "body", Want: "a word of the till"}
	}
	o := commerce.Observation{System: d.System, Part: "till", Native: w.Item, Facets: commerce.Facets{}}
	switch {
	case w.Forget:
		r.Erase = []commerce.Erasure{{System: d.System, Native: w.Customer}}
		return r, nil
	case w.Customer != "":
		o.Kind, o.Key, o.Native = commerce.Customer, commerce.Key{w.Address}, w.Customer
		o.Facets["country"] = commerce.Text("US")
	case w.SKU != "":
		o.Kind, o.Key = commerce.Link, commerce.Key{d.System, itemLink, w.Item}
		o.Facets["sku"] = commerce.Text(w.SKU)
	case w.Amount != "":
		amount, err := commerce.ParseDecimal(w.Amount)
		if err != nil {
			return r, &platform.BodyError{Where: "amount", Want: "a number"}
		}
		o.Kind, o.Key = commerce.Inventory, commerce.Key{"", "east"}
		o.Via = &commerce.Via{Type: itemLink, Native: w.Item}
		o.Facets["available"] = commerce.Number(amount)
	default:
		r.Fetch = []platform.Fetch{{Topic: levelTopic, Target: "levels/" + w.Item}}
		return r, nil
	}
	o.Stamp(commerce.VersionParts{Clock: w.At, Sequence: w.Sequence})
	r.Observations = []commerce.Observation{o}
	return r, nil
}

// Request asks how the stock of an item is.
func (till) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "https://"+tillHost+"/"+f.Target, http.NoBody)
	if err != nil {
		return nil, &platform.BodyError{Where: "target", Want: "a target of the till"}
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Authorization", "Bearer "+string(token))
	return req, nil
}

// Hosts is where the till answers.
func (till) Hosts() []string { return []string{tillHost} }

// Pace is how often it does.
func (till) Pace() platform.Pace { return platform.Pace{Every: 500 * time.Millisecond, Burst: 4} }

// Token makes no call: the credential is the token.
func (till) Token(platform.Secret) (*http.Request, error) { return nil, nil } //nolint:nilnil // as the interface has it

// ReadToken is never called.
func (till) ReadToken([]byte) (platform.Secret, time.Duration, error) { return "", 0, nil }

// asked is an instance's way to the till's API.
type asked struct{ *instance }

// RoundTrip answers how an item is at this moment, unless it fails as APIs do.
func (a asked) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder, w := httptest.NewRecorder(), a.world
	item := strings.TrimPrefix(r.URL.Path, "/levels/")
	name := a.invocation.name("till", "answer "+item)
	switch u := w.draw("till " + name); {
	case w.stormy() && u < w.Plan.Refuse:
		w.count("fault: the API asks to wait")
		recorder.Header().Set("Retry-After", "20")
		recorder.WriteHeader(http.StatusTooManyRequests)
		return recorder.Result(), nil
	case w.stormy() && u < 2*w.Plan.Refuse:
		w.count("fault: the API fails")
		recorder.WriteHeader(http.StatusBadGateway)
		return recorder.Result(), nil
	}
	err := a.call("till", "ask "+item, func() error {
		text, _ := json.Marshal(w.till.levels[item]) // texts, times and numbers always have a JSON form
		w.till.answered[string(text)] = true
		recorder.Header().Set("Content-Type", "application/json")
		_, err := recorder.Write(text)
		return err
	}, nil)
	if err != nil {
		return nil, err
	}
	return recorder.Result(), nil
}

// paces is an instance's client of the pace of calls.
type paces struct{ *instance }

func (p paces) Reserve(ctx context.Context, name string, pace platform.Pace, now time.Time, wait time.Duration) (at time.Time, reserved bool, err error) {
	err = p.call("paces", "reserve "+name, func() (err error) {
		at, reserved, err = p.world.stores.paces.Reserve(ctx, name, pace, now, wait)
		return err
	}, nil)
	return at, reserved, err
}

func (p paces) Hold(ctx context.Context, name string, pace platform.Pace, until time.Time) error {
	return p.call("paces", "hold "+name, func() error { return p.world.stores.paces.Hold(ctx, name, pace, until) }, nil)
}

var _ store.Paces = paces{}

// chance spreads what is tried again.
func (i *instance) chance(n int64) int64 {
	return int64(i.world.hash(i.invocation.name("chance", fmt.Sprint(n))) % uint64(n))
}
