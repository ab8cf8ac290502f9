package hubspot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// stored is an object as the API writes it.
type stored struct {
	ID         body.Field            `json:"id"`
	Properties map[string]body.Field `json:"properties"`
	Created    body.Field            `json:"createdAt"`
	Updated    body.Field            `json:"updatedAt"`
	Archived   body.Field            `json:"archived"`
}

// answer reads what the API said of what was asked for.
func (n *normaliser) answer(asked string) {
	t, ok := readTarget(asked)
	missing := n.delivery.Header[platform.StatusHeader] == "404"
	switch {
	case !ok || len(t.set.properties(n.endpoint)) == 0:
		n.Fail(platform.FetchedHeader, "what this platform asks for")
	case missing && len(t.ids) == 1:
		n.gone(t.set, t.ids[0], "", n.delivery.Received)
	case missing:
		n.Fail(platform.StatusHeader, "a list, which may be empty")
	case len(t.ids) == 1:
		var o stored
		n.open(n.delivery.Body, &o)
		n.expected(t, []string{n.stored(t, &o)})
	default:
		n.page(t)
	}
}

// page reads the results of a batch or of a search.
func (n *normaliser) page(t target) {
	var page struct {
		Results []stored `json:"results"`
		Paging  struct {
			Next struct {
				After body.Field `json:"after"`
			} `json:"next"`
		} `json:"paging"`
	}
	n.open(n.delivery.Body, &page)
	if page.Results == nil {
		n.Fail("results", "a list")
	}
	n.Limit("results", len(page.Results), maxElements)
	var found []string
	for i := range page.Results[:min(len(page.Results), maxElements)] {
		n.Enter("results", i)
		found = append(found, n.stored(t, &page.Results[i]))
		n.Leave()
	}
	if len(t.ids) > 0 {
		n.expected(t, found)
		return
	}
	if next := page.Paging.Next.After; next.Given() && len(found) > 0 {
		n.turn(t, next, page.Results[len(found)-1].Updated)
	}
	n.skip("nothing on the page")
}

// expected sees to what was asked for and not answered: what was merged away is
// told by what it was merged into, and the rest is asked for alone, because only
// that tells what is gone.
func (n *normaliser) expected(t target, found []string) {
	for _, id := range t.ids {
		if slices.Contains(found, id) || slices.Contains(n.merged, id) {
			continue
		}
		if len(t.ids) == 1 {
			n.Fail("id", "the object that was asked for")
			return
		}
		n.ask(t.set.name, target{set: t.set, ids: []string{id}})
	}
	n.skip("nothing that was asked for")
}

// stored reads one object and returns its id.
func (n *normaliser) stored(t target, s *stored) string {
	id, _ := s.ID.Text()
	if !portalID.MatchString(id) {
		n.Fail("id", "an id in a text")
		return ""
	}
	changed := n.Clock("updatedAt", n.Instant("updatedAt", s.Updated), n.delivery.Received)
	if t.at.After(changed) {
		changed = t.at
	}
	if len(t.ids) > 0 && !slices.Contains(t.ids, id) {
		n.absorbed(t, s, id, changed)
	}
	if s.Archived.Given() && n.Truth("archived", s.Archived) {
		n.gone(t.set, id, "", changed)
		return id
	}
	o := object{id: id, properties: s.Properties}
	if s.Created.Given() {
		o.created = n.Instant("createdAt", s.Created)
	}
	t.set.read(n, o, changed)
	return id
}

// absorbed reads an object that is not the one that was asked for. It must be
// what that one was merged into.
func (n *normaliser) absorbed(t target, s *stored, id string, changed time.Time) {
	text, _ := s.Properties[mergedIDs].Text()
	before := len(n.merged)
	for away := range strings.SplitSeq(text, ";") {
		if slices.Contains(t.ids, away) {
			n.gone(t.set, away, id, changed)
			n.merged = append(n.merged, away)
		}
	}
	if len(n.merged) == before {
		n.Fail("id", "an object that was asked for")
	}
}

// turn asks for the next page. A search shows ten thousand objects at most; what
// is behind them is searched for since the last of them.
func (n *normaliser) turn(t target, next, last body.Field) {
	text, _ := next.Text()
	after, err := strconv.Atoi(text)
	if err != nil || after <= t.after {
		n.Fail("paging.next.after", "a number that advances")
		return
	}
	t.after = after
	if after+batchSize > searchable {
		since := n.Instant("results.updatedAt", last).UTC().Truncate(time.Second)
		if !since.After(t.since) {
			n.Fail("results", "at most ten thousand changes in one second")
			return
		}
		t.since, t.after = since, 0
	}
	n.ask(t.set.name+sinceSuffix, t)
}
