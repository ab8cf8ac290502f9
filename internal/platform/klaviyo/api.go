package klaviyo

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

const (
	apiHost  = "a.klaviyo.com"
	apiPath  = "/api/profiles"
	pageSize = "100"
)

// The topics of answers, which begin their targets: one profile, and those that
// changed.
const (
	profileTopic  = "profile"
	profilesTopic = "profiles"
)

// profilesEvery is how often what changed without being told is asked for.
const profilesEvery = time.Hour

// target is one profile, or a page of those that changed since a time.
type target struct {
	id, since, cursor string
}

var (
	bySince = lazyregexp.New(`^profiles/since/(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)(?:/([A-Za-z0-9_=-]{1,512}))?$`)
	byID    = lazyregexp.New(`^profile/([A-Za-z0-9]{6,32})$`)
)

func (t target) topic() string {
	if t.id != "" {
		return profileTopic
	}
	return profilesTopic
}

func (t target) text() string {
	switch {
	case t.id != "":
		return profileTopic + "/" + t.id
	case t.cursor != "":
		return profilesTopic + "/since/" + t.since + "/" + t.cursor
	default:
		return profilesTopic + "/since/" + t.since
	}
}

// readTarget reads what text wrote.
func readTarget(text string) (target, bool) {
	if groups := byID.FindStringSubmatch(text); groups != nil {
		return target{id: groups[1]}, true
	}
	groups := bySince.FindStringSubmatch(text)
	if groups == nil {
		return target{}, false
	}
	_, err := time.Parse(time.RFC3339, groups[1])
	return target{since: groups[1], cursor: groups[2]}, err == nil
}

// address is where a target is.
func (t target) address() string {
	query := url.Values{"additional-fields[profile]": {"subscriptions"}, "fields[profile]": {"email,created,updated,location,subscriptions"}}
	path := apiPath
	if t.id != "" {
		path += "/" + t.id
	} else {
		query.Set("filter", "greater-than(updated,"+t.since+")")
		query.Set("sort", "updated")
		query.Set("page[size]", pageSize)
		if t.cursor != "" {
			query.Set("page[cursor]", t.cursor)
		}
	}
	return "https://" + apiHost + path + "?" + query.Encode()
}

// Request makes the call for a target. It only reads.
func (e *endpoint) Request(f platform.Fetch, token platform.Secret) (*http.Request, error) {
	t, ok := readTarget(f.Target)
	if !ok {
		return nil, fmt.Errorf("klaviyo: fetch %s: the target is none of the API's", f.Topic)
	}
	req, err := http.NewRequest(http.MethodGet, t.address(), nil) //nolint:noctx // the caller, who knows the time-out, adds its context
	if err != nil {
		return nil, fmt.Errorf("klaviyo: fetch %s: the target makes no address", f.Topic)
	}
	req.Header.Set("Authorization", "Klaviyo-API-Key "+string(token))
	req.Header.Set("Accept", "application/vnd.api+json")
	req.Header.Set("Revision", e.version)
	return req, nil
}

// Hosts lists the API's host.
func (e *endpoint) Hosts() []string { return []string{apiHost} }

// Pace stays below the 75 calls of a burst and 700 a minute that the API allows
// for profiles.
func (e *endpoint) Pace() platform.Pace {
	return platform.Pace{Every: 100 * time.Millisecond, Burst: 10}
}

// Token makes no call: the credential is a private API key.
func (e *endpoint) Token(platform.Secret) (*http.Request, error) { return nil, nil } //nolint:nilnil // the contract's way to say that there is no call

// ReadToken is never asked.
func (e *endpoint) ReadToken([]byte) (platform.Secret, time.Duration, error) { return "", 0, nil }

// Chores ask for the profiles that changed: what no event tells.
func (e *endpoint) Chores() []platform.Chore {
	return []platform.Chore{{
		Name: profilesTopic, Every: profilesEvery,
		Fetch: platform.Fetch{Topic: profilesTopic, Target: profilesTopic + "/since/{since}"},
	}}
}

// answer reads what the API said of what was asked for.
func (n *normaliser) answer(asked string) {
	t, ok := readTarget(asked)
	missing := n.delivery.Header[platform.StatusHeader] == "404"
	switch {
	case !ok:
		n.Fail(platform.FetchedHeader, "what this platform asks for")
	case missing && t.id != "":
		n.gone(t.id, n.delivery.Received)
	case missing:
		n.Fail(platform.StatusHeader, "a list, which may be empty")
	case t.id != "":
		var one struct {
			Data resource `json:"data"`
		}
		n.open(n.delivery.Body, &one)
		if n.stored(&one.Data) != t.id {
			n.Fail("data.id", "the profile that was asked for")
		}
	default:
		n.page(t)
	}
}

// page reads the profiles of a page and asks for the next one.
func (n *normaliser) page(t target) {
	var page struct {
		Data  []resource `json:"data"`
		Links struct {
			Next body.Field `json:"next"`
		} `json:"links"`
	}
	n.open(n.delivery.Body, &page)
	if page.Data == nil {
		n.Fail("data", "a list")
	}
	n.Limit("data", len(page.Data), maxElements)
	for i := range page.Data[:min(len(page.Data), maxElements)] {
		n.Enter("data", i)
		n.stored(&page.Data[i])
		n.Leave()
	}
	if page.Links.Next.Given() {
		n.turn(t, page.Links.Next)
	}
	n.skip("no profile that changed")
}

// turn asks for the page behind this one. Only the cursor of its address is taken.
func (n *normaliser) turn(t target, next body.Field) {
	text, _ := next.Text()
	u, err := url.Parse(text)
	cursor := ""
	if err == nil {
		cursor = strings.TrimSpace(u.Query().Get("page[cursor]"))
	}
	last := t.cursor
	t.cursor = cursor
	if _, ok := readTarget(t.text()); !ok || cursor == "" || cursor == last {
		n.Fail("links.next", "an address with the cursor of another page")
		return
	}
	n.ask(t)
}

// stored reads a profile as the API has it and returns its id.
func (n *normaliser) stored(r *resource) string {
	id := n.profileID("id", r.ID)
	updated := n.instant("attributes.updated", r.Attributes.Updated)
	hash := n.profile(r, id, updated)
	if consent := n.told(r); consent != "" && hash != "" {
		n.consent(id, hash, consent, updated)
	}
	return id
}
