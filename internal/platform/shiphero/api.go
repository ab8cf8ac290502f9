package shiphero

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const apiHost = "public-api.shiphero.com"

// The topics of what the API answers, which begin their targets: one SKU's stock,
// all stock that changed, one order, all orders that changed, and what is
// subscribed.
const (
	productTopic       = "product"
	stockTopic         = "stock"
	orderTopic         = "order"
	ordersTopic        = "orders"
	subscriptionsTopic = "webhooks"
)

var answerTopics = []string{productTopic, stockTopic, orderTopic, ordersTopic, subscriptionsTopic}

const (
	stockEvery         = 15 * time.Minute
	ordersEvery        = time.Hour
	subscriptionsEvery = 12 * time.Hour
)

var errTarget = errors.New("shiphero: the target is none of the API's")

// Request makes the query of a target. Every call is a POST to the one address;
// what the target names goes into variables, so that it cannot change the query.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	query, variables, err := e.query(f.Target)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", f.Topic, err)
	}
	if e.customer != "" {
		variables["customer"] = e.customer
	}
	req, err := post("/graphql", map[string]any{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	return req, nil
}

func post(path string, content any) (*http.Request, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return nil, errors.New("shiphero: the call cannot be written")
	}
	req, err := http.NewRequest(http.MethodPost, "https://"+apiHost+path, bytes.NewReader(text)) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, errors.New("shiphero: the call makes no address")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	return req, nil
}

// query is the query of a target, and its variables.
func (e *endpoint) query(target string) (query string, variables map[string]any, err error) {
	path, parameters, listed := strings.Cut(target, "?")
	name, id, single := strings.Cut(path, "/")
	if single == (name == stockTopic || name == ordersTopic || name == subscriptionsTopic) || single && listed {
		return "", nil, errTarget
	}
	switch name {
	case productTopic:
		sku, err := url.PathUnescape(id)
		if err != nil || sku == "" || strings.Contains(id, "/") {
			return "", nil, errTarget
		}
		return e.scoped(productQuery), map[string]any{"sku": sku}, nil
	case orderTopic:
		if !number.MatchString(id) {
			return "", nil, errTarget
		}
		// An order is asked for by its own id, whoever's it is.
		return orderQuery, map[string]any{"id": globalID("Order", id)}, nil
	case stockTopic, ordersTopic, subscriptionsTopic:
		variables, err := page(parameters, name != subscriptionsTopic)
		return e.scoped(listQueries[name]), variables, err
	default:
		return "", nil, errTarget
	}
}

// page reads the parameters of a list: since when, and behind what.
func page(parameters string, dated bool) (map[string]any, error) {
	values, err := url.ParseQuery(parameters)
	if err != nil {
		return nil, errTarget
	}
	variables := map[string]any{}
	for name := range values {
		if len(values[name]) != 1 || name != "after" && name != "since" {
			return nil, errTarget
		}
		variables[name] = values.Get(name)
	}
	since, err := time.Parse(time.RFC3339, values.Get("since"))
	if dated != (err == nil) {
		return nil, errTarget
	}
	if dated {
		variables["since"] = since.UTC().Format(time.RFC3339)
	}
	return variables, nil
}

// Hosts lists the one host.
func (e *endpoint) Hosts() []string { return []string{apiHost} }

// Pace keeps what calls cost, about 150 credits each, below the 60 credits a
// second that an account gets.
func (e *endpoint) Pace() platform.Pace { return platform.Pace{Every: 3 * time.Second, Burst: 10} }

// Token exchanges the credential, a refresh token, for an access token.
func (e *endpoint) Token(credential platform.Secret) (*http.Request, error) {
	text := strings.TrimSpace(string(credential))
	if text == "" || strings.ContainsAny(text, " \t\r\n{}\"") {
		return nil, errors.New("shiphero: want a refresh token as the credential, and nothing else")
	}
	return post("/auth/refresh", map[string]string{"refresh_token": text})
}

// ReadToken reads the access token and how long it may be used.
func (e *endpoint) ReadToken(answer []byte) (platform.Secret, time.Duration, error) {
	var granted struct {
		Token   body.Field `json:"access_token"`
		Seconds body.Field `json:"expires_in"`
	}
	if err := body.Decode(answer, &granted); err != nil {
		return "", 0, fmt.Errorf("shiphero: read token: %w", err)
	}
	token, ok := granted.Token.Text()
	seconds, err := strconv.ParseUint(strings.Trim(string(granted.Seconds), `"`), 10, 31)
	if !ok || token == "" || err != nil {
		return "", 0, errors.New("shiphero: read token: want access_token and expires_in")
	}
	return platform.Secret(token), time.Duration(seconds) * time.Second, nil
}

// Chores asks for what webhooks lost or showed too late, and for what is
// subscribed.
func (e *endpoint) Chores() []platform.Chore {
	return []platform.Chore{
		{Name: stockTopic, Every: stockEvery, Fetch: platform.Fetch{Topic: stockTopic, Target: stockTopic + "?since={since}"}},
		{Name: ordersTopic, Every: ordersEvery, Fetch: platform.Fetch{Topic: ordersTopic, Target: ordersTopic + "?since={since}"}},
		{Name: subscriptionsTopic, Every: subscriptionsEvery, Fetch: platform.Fetch{Topic: subscriptionsTopic, Target: subscriptionsTopic}},
	}
}
