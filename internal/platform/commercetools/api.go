package commercetools

import (
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

// targets are the only ones that may be asked for: a resource at a version.
var targets = lazyregexp.New(`^(orders|product-projections|inventory|payments|customers)/(` + uuidPattern + `)@([1-9]\d{0,18})$`)

func target(path, id string, version uint64) string {
	return path + "/" + id + "@" + strconv.FormatUint(version, 10)
}

// readTarget reads what target wrote.
func readTarget(text string) (path, id string, version uint64, ok bool) {
	groups := targets.FindStringSubmatch(text)
	if groups == nil {
		return "", "", 0, false
	}
	version, err := strconv.ParseUint(groups[3], 10, 63)
	return groups[1], strings.ToLower(groups[2]), version, err == nil
}

func (e *endpoint) apiHost() string  { return "api." + e.region + ".commercetools.com" }
func (e *endpoint) authHost() string { return "auth." + e.region + ".commercetools.com" }

// Request makes the call for a resource of the project. Which version it must
// have at least the answer shows.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	path, id, _, ok := readTarget(f.Target)
	if !ok {
		return nil, fmt.Errorf("commercetools: fetch %s: the target is none of the API's", f.Topic)
	}
	address := "https://" + e.apiHost() + "/" + e.project + "/" + path + "/" + id
	if f.Topic == products {
		address += "?staged=false"
	}
	req, err := http.NewRequest(http.MethodGet, address, http.NoBody) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("commercetools: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Hosts lists the region's API and the host that gives tokens.
func (e *endpoint) Hosts() []string { return []string{e.apiHost(), e.authHost()} }

// Pace is a modest share of what a project may ask for.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 50 * time.Millisecond, Burst: 10}
}

// Token asks for a token with the API client's id and secret, which the
// credential holds as {"client_id":…,"client_secret":…}.
func (e *endpoint) Token(credential platform.Secret) (*http.Request, error) {
	var client struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	if err := json.Unmarshal([]byte(credential), &client); err != nil || client.ID == "" || client.Secret == "" {
		return nil, errors.New(`commercetools: want a credential {"client_id":…,"client_secret":…}`)
	}
	form := url.Values{"grant_type": {"client_credentials"}}.Encode()
	req, err := http.NewRequest(http.MethodPost, "https://"+e.authHost()+"/oauth/token", strings.NewReader(form)) //nolint:noctx // as in Request
	if err != nil {
		return nil, errors.New("commercetools: the region makes no address")
	}
	req.SetBasicAuth(client.ID, client.Secret)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req, nil
}

// ReadToken reads the token and how long it may be used.
func (e *endpoint) ReadToken(answer []byte) (platform.Secret, time.Duration, error) {
	var granted struct {
		Token   body.Field `json:"access_token"`
		Seconds body.Field `json:"expires_in"`
	}
	if err := body.Decode(answer, &granted); err != nil {
		return "", 0, fmt.Errorf("commercetools: read token: %w", err)
	}
	token, ok := granted.Token.Text()
	seconds, err := strconv.ParseUint(string(granted.Seconds), 10, 31)
	if !ok || token == "" || err != nil {
		return "", 0, errors.New("commercetools: read token: want access_token and expires_in")
	}
	return platform.Secret(token), time.Duration(seconds) * time.Second, nil
}
