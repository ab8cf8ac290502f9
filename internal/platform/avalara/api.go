package avalara

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

const (
	every = time.Hour
	// pageSize keeps a page with its lines well below what an answer may hold.
	pageSize = "50"
)

// errCredential is what a credential must look like.
var errCredential = errors.New("avalara: want a credential of account id and licence key, with a colon between")

// fetchable is every target that may be asked for: pages of a company's
// transactions.
var fetchable = lazyregexp.New(`^companies/[A-Za-z0-9._-]+/transactions\?[\w$=&(),;:'%.+ @|-]+$`)

// Request makes the call for a page.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	if !strings.HasPrefix(f.Target, e.path()+"?") || !fetchable.MatchString(f.Target) {
		return nil, fmt.Errorf("avalara: fetch %s: the target is none of the API's", f.Topic)
	}
	address := "https://" + e.host + "/api/v2/" + strings.NewReplacer(" ", "%20", "'", "%27").Replace(f.Target)
	req, err := http.NewRequest(http.MethodGet, address, nil) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("avalara: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(strings.TrimSpace(string(token)))))
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// path is where the company's transactions are.
func (e *endpoint) path() string { return "companies/" + e.company + "/transactions" }

// Hosts lists the one host of the environment.
func (e *endpoint) Hosts() []string { return []string{e.host} }

// Pace is slow: nothing waits for the answers.
func (e *endpoint) Pace() platform.Pace { return platform.Pace{Every: time.Second, Burst: 5} }

// Token makes no call: account id and licence key go along with every call.
func (e *endpoint) Token(credential platform.Secret) (*http.Request, error) {
	account, key, ok := strings.Cut(strings.TrimSpace(string(credential)), ":")
	if !ok || account == "" || key == "" || strings.ContainsAny(account+key, " \t\r\n{}\"") {
		return nil, errCredential
	}
	return nil, nil //nolint:nilnil // no call is what the interface calls for
}

// ReadToken is never called: there is no call for a token.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) {
	return "", 0, errCredential
}

// Chores asks for what was modified, the newest first: what is modified between
// two pages then comes twice, and never not at all.
func (e *endpoint) Chores() []platform.Chore {
	return []platform.Chore{{
		Name: transactions, Every: every,
		Fetch: platform.Fetch{Topic: transactions, Target: e.path() + "?$filter=modifiedDate ge '{since}'&$include=LinesOnly&$orderBy=modifiedDate DESC&$top=" + pageSize},
	}}
}

// nextPage is the target of a list's next page. The API says it as an address,
// which is followed only to the company's transactions.
func (e *endpoint) nextPage(link string) (target string, ok bool) {
	at, err := url.Parse(link)
	if err != nil || at.Scheme != "https" || at.Hostname() != e.host || at.Port() != "" && at.Port() != "443" || at.User != nil || at.Fragment != "" {
		return "", false
	}
	path, found := strings.CutPrefix(at.Path, "/api/v2/")
	target = path + "?" + at.RawQuery
	return target, found && path == e.path() && fetchable.MatchString(target)
}
