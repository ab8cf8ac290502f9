package shopify

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

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// apiVersion is the version of the GraphQL Admin API whose names are used.
const apiVersion = "2026-07"

// fetchable is every target that may be asked for: a list, or one thing by its id,
// since a time and behind a cursor.
var fetchable = lazyregexp.New(`^(products|variants|orders|order|levels)(?:/([1-9]\d{0,19}))?(?:\?([\w=&:.%-]*))?$`)

// Request makes the call of the GraphQL Admin API for a target.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	groups := fetchable.FindStringSubmatch(f.Target)
	if groups == nil || f.Topic != groups[1] || queries[f.Topic] == "" {
		return nil, fmt.Errorf("shopify: fetch %s: the target is none of the API's", f.Topic)
	}
	with, err := url.ParseQuery(groups[3])
	if err != nil {
		return nil, fmt.Errorf("shopify: fetch %s: the target is none of the API's", f.Topic)
	}
	variables := map[string]string{}
	if groups[2] != "" {
		variables["id"] = "gid://shopify/" + entityOf(f.Topic) + "/" + groups[2]
	}
	if since := with.Get("since"); since != "" {
		variables["changed"] = "updated_at:>='" + strings.ReplaceAll(since, "'", "") + "'"
	}
	if after := with.Get("after"); after != "" {
		variables["after"] = after
	}
	content, err := json.Marshal(map[string]any{"query": queries[f.Topic], "variables": variables})
	if err != nil {
		return nil, fmt.Errorf("shopify: fetch %s: the target makes no call", f.Topic)
	}
	address := "https://" + e.shop + "/admin/api/" + apiVersion + "/graphql.json"
	req, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(content)) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("shopify: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("X-Shopify-Access-Token", string(token))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// entityOf is what the id of a target names.
func entityOf(topic string) string {
	return map[string]string{variantsTopic: "Product", orderTopic: "Order", levelsTopic: "Location"}[topic]
}

// Hosts lists the shop's own host.
func (e *endpoint) Hosts() []string { return []string{e.shop} }

// Pace is that of a shop on the least plan, whose limit is one of cost: a page costs
// some hundred points, and fifty or more come back each second.
func (e *endpoint) Pace() platform.Pace { return platform.Pace{Every: 2 * time.Second, Burst: 2} }

// Token makes no call: the access token of a custom app is the credential.
func (e *endpoint) Token(platform.Secret) (*http.Request, error) {
	return nil, nil //nolint:nilnil // no call is what the interface asks for
}

// ReadToken reads nothing: Token makes no call.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) {
	return "", 0, errors.New("shopify: there is no answer with a token")
}

// throttledPause is how long the shop is left alone that does not say for how long.
const throttledPause = 10 * time.Second

// Throttled reads how long it takes until the points have come back that a call
// costs. Such an answer has the status of a good one.
func (e *endpoint) Throttled(answer []byte) time.Duration {
	if !bytes.Contains(answer, []byte(`"THROTTLED"`)) {
		return 0
	}
	var a struct {
		Errors []struct {
			Extensions struct {
				Code body.Field `json:"code"`
			} `json:"extensions"`
		} `json:"errors"`
		Extensions struct {
			Cost struct {
				Requested body.Field `json:"requestedQueryCost"`
				Status    struct {
					Available body.Field `json:"currentlyAvailable"`
					Restored  body.Field `json:"restoreRate"`
				} `json:"throttleStatus"`
			} `json:"cost"`
		} `json:"extensions"`
	}
	if json.Unmarshal(answer, &a) != nil || len(a.Errors) == 0 {
		return 0
	}
	if code, _ := a.Errors[0].Extensions.Code.Text(); code != "THROTTLED" {
		return 0
	}
	cost := a.Extensions.Cost
	lacking, restored := points(cost.Requested)-points(cost.Status.Available), points(cost.Status.Restored)
	if lacking <= 0 || restored <= 0 {
		return throttledPause
	}
	return time.Duration((lacking+restored-1)/restored) * time.Second
}

// points are the whole points of a cost, 0 where it is none.
func points(f body.Field) int {
	whole, _, _ := strings.Cut(string(f), ".")
	n, err := strconv.ParseInt(whole, 10, 32)
	if err != nil {
		return 0
	}
	return int(n)
}
