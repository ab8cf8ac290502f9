package taxjar

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The collections of transactions, which are the topics of answers as well.
const (
	ordersTopic  = "orders"
	refundsTopic = "refunds"
)

const (
	every = time.Hour
	// sinceName is the parameter that says from which day on.
	sinceName = "from_transaction_date"
	// providerParam is the parameter that says who sent the transactions.
	providerParam = "provider"
)

var errCredential = errors.New("taxjar: want an API token as the credential, and nothing else")

// fetchable is every target that may be asked for: a list, or one transaction.
var fetchable = lazyregexp.New(`^transactions/(?:orders|refunds)(?:/[\w.~%+:@-]+)?\?[\w=&%:.+-]+$`)

// Request makes the call for a target. A list starts some days before what the
// target says, because it is by the day of the transaction and not of its change.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	path, query, _ := strings.Cut(f.Target, "?")
	values, err := url.ParseQuery(query)
	if err != nil || !fetchable.MatchString(f.Target) || strings.HasSuffix(path, "/.") || strings.HasSuffix(path, "/..") {
		return nil, fmt.Errorf("taxjar: fetch %s: the target is none of the API's", f.Topic)
	}
	if values.Has(sinceName) {
		since, err := time.Parse(time.RFC3339, values.Get(sinceName))
		if err != nil {
			return nil, fmt.Errorf("taxjar: fetch %s: want a time to start at", f.Topic)
		}
		values.Set(sinceName, since.AddDate(0, 0, -e.days).Format(time.DateOnly))
	}
	req, err := http.NewRequest(http.MethodGet, "https://"+e.host+"/v2/"+path+"?"+values.Encode(), nil) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("taxjar: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Hosts lists the one host of the environment.
func (e *endpoint) Hosts() []string { return []string{e.host} }

// Pace is slow: nothing waits for the answers.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 250 * time.Millisecond, Burst: 10}
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

// Chores lists the transactions of every provider.
func (e *endpoint) Chores() []platform.Chore {
	var chores []platform.Chore
	for _, provider := range e.providers {
		for _, topic := range []string{ordersTopic, refundsTopic} {
			target := "transactions/" + topic + "?" + sinceName + "={since}&" + providerParam + "=" + provider
			chores = append(chores, platform.Chore{
				Name: topic + "-" + provider, Every: every, Fetch: platform.Fetch{Topic: topic, Target: target},
			})
		}
	}
	return chores
}

// single is the target of one transaction.
func single(topic, id, provider string) string {
	return "transactions/" + topic + "/" + url.PathEscape(id) + "?" + providerParam + "=" + url.QueryEscape(provider)
}

// readTarget is the transaction that was asked for.
func readTarget(target string) (topic, id, provider string, ok bool) {
	path, query, _ := strings.Cut(target, "?")
	values, err := url.ParseQuery(query)
	parts := strings.Split(path, "/")
	const withID = 3
	if err != nil || len(parts) < withID-1 || len(parts) > withID || !fetchable.MatchString(target) {
		return "", "", "", false
	}
	if len(parts) == withID {
		if id, err = url.PathUnescape(parts[2]); err != nil {
			return "", "", "", false
		}
	}
	return parts[1], id, values.Get(providerParam), true
}
