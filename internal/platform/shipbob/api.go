package shipbob

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The topics of what the API answers: one order, a page of orders that changed,
// and a page of stock.
const (
	orderTopic  = "order"
	ordersTopic = "orders"
	stockTopic  = "stock"
)

const (
	stockPath   = "inventory-level/locations"
	stockEvery  = 15 * time.Minute
	ordersEvery = time.Hour
	// pageSize is how many orders are asked for at once.
	pageSize = 100
)

var errCredential = errors.New("shipbob: want a personal access token as the credential, and nothing else")

// fetchable is every target that may be asked for, below the API's version.
var fetchable = lazyregexp.New(`^(?:order/[1-9]\d{0,18}|order\?[\w=&:%.+-]+|inventory-level/locations(?:\?[\w=&:%.+-]*)?)$`)

// Request makes the call for a target.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	if !fetchable.MatchString(f.Target) {
		return nil, fmt.Errorf("shipbob: fetch %s: the target is none of the API's", f.Topic)
	}
	req, err := http.NewRequest(http.MethodGet, "https://"+e.host+"/"+e.version+"/"+f.Target, nil) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("shipbob: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Hosts lists the one host of the environment.
func (e *endpoint) Hosts() []string { return []string{e.host} }

// Pace stays below 150 calls a minute.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 500 * time.Millisecond, Burst: 10}
}

// Token makes no call: the credential is the token.
func (e *endpoint) Token(credential platform.Secret) (*http.Request, error) {
	if text := strings.TrimSpace(string(credential)); text == "" || strings.ContainsAny(text, " \t\r\n{}\"") {
		return nil, errCredential
	}
	return nil, nil //nolint:nilnil // no call is what the interface calls for
}

// ReadToken is never called: there is no call for a token.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) {
	return "", 0, errCredential
}

// Chores asks for stock, which no webhook tells, and for orders whose webhooks were
// lost.
func (e *endpoint) Chores() []platform.Chore {
	orders := ordersTarget(1, "{since}")
	return []platform.Chore{
		{Name: stockTopic, Every: stockEvery, Fetch: platform.Fetch{Topic: stockTopic, Target: stockPath}},
		{Name: ordersTopic, Every: ordersEvery, Fetch: platform.Fetch{Topic: ordersTopic, Target: orders}},
	}
}

func ordersTarget(page int, since string) string {
	return "order?Limit=" + strconv.Itoa(pageSize) + "&Page=" + strconv.Itoa(page) + "&LastUpdateStartDate=" + since
}

// nextPage is the target of the page behind the one that was asked for.
func nextPage(target string) (string, bool) {
	_, query, _ := strings.Cut(target, "?")
	values, err := url.ParseQuery(query)
	page, bad := strconv.Atoi(values.Get("Page"))
	if err != nil || bad != nil || page < 1 {
		return "", false
	}
	return ordersTarget(page+1, url.QueryEscape(values.Get("LastUpdateStartDate"))), true
}

// follow is the target of a link in an answer, which is an address or a path. It
// is followed below the API's version alone.
func (e *endpoint) follow(link string) (target string, ok bool) {
	at, err := url.Parse(link)
	if err != nil || at.User != nil || at.Fragment != "" || at.IsAbs() != (at.Host != "") || at.IsAbs() && (at.Scheme != "https" || at.Host != e.host) {
		return "", false
	}
	target, found := strings.CutPrefix(at.EscapedPath(), "/"+e.version+"/")
	if at.RawQuery != "" {
		target += "?" + at.RawQuery
	}
	return target, found && strings.HasPrefix(target, stockPath) && fetchable.MatchString(target)
}
