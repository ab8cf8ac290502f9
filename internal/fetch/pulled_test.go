package fetch_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/bigcommerce"
	"github.com/plumbline/plumbline/internal/platform/businesscentral"
	"github.com/plumbline/plumbline/internal/platform/shopify"
	"github.com/plumbline/plumbline/internal/platform/woocommerce"
)

// thing is one record of a fake API: its amount is what has to be known in the end.
type thing struct {
	id, amount int
	modified   time.Time
}

// shop is a fake API with a clock of its own. Before each call, before may change
// something; an answer of it takes the place of the page.
type shop struct {
	things []thing
	clock  func() time.Time
	before func() *http.Response
	page   func(s *shop, with url.Values, body string) string
}

func (s *shop) RoundTrip(req *http.Request) (*http.Response, error) {
	if answer := s.before(); answer != nil {
		answer.Header.Set("Date", s.clock().UTC().Format(http.TimeFormat))
		return answer, nil
	}
	var sent []byte
	if req.Body != nil {
		sent, _ = io.ReadAll(req.Body)
	}
	if strings.HasSuffix(req.URL.Path, "/token") {
		return says(s, `{"access_token":"a","expires_in":3600}`), nil
	}
	return says(s, s.page(s, req.URL.Query(), string(sent))), nil
}

func says(s *shop, body string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/json"}, "Date": {s.clock().UTC().Format(http.TimeFormat)}},
	}
}

// since are the things that changed since then, in the order of ids.
func (s *shop) since(text string) []thing {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return slices.Clone(s.things)
	}
	return slices.DeleteFunc(slices.Clone(s.things), func(one thing) bool { return one.modified.Before(at) })
}

// part is a page of things by its number, and whether there are more.
func part(things []thing, page, size int) ([]thing, bool) {
	from, to := min((page-1)*size, len(things)), min(page*size, len(things))
	return things[from:to], to < len(things)
}

func each(things []thing, write func(thing) string) string {
	var all []string
	for _, one := range things {
		all = append(all, write(one))
	}
	return "[" + strings.Join(all, ",") + "]"
}

func woocommercePage(s *shop, with url.Values, _ string) string {
	page, _ := strconv.Atoi(with.Get("page"))
	things, _ := part(s.since(with.Get("modified_after")), page, 50)
	return each(things, func(o thing) string {
		return fmt.Sprintf(`{"id":%d,"number":"%d","status":"processing","currency":"USD","date_created_gmt":"2026-01-01T00:00:00","date_modified_gmt":"%s","total":"%d","line_items":[],"refunds":[]}`,
			o.id, o.id, o.modified.UTC().Format("2006-01-02T15:04:05"), o.amount)
	})
}

func bigcommercePage(s *shop, with url.Values, _ string) string {
	page, _ := strconv.Atoi(with.Get("page"))
	all := s.since(with.Get("date_modified:min"))
	things, _ := part(all, page, 10)
	return fmt.Sprintf(`{"data":%s,"meta":{"pagination":{"current_page":%d,"total_pages":%d}}}`, each(things, func(p thing) string {
		return fmt.Sprintf(`{"id":%d,"sku":"","price":%d,"date_modified":"%s","variants":[{"id":%d,"sku":"S%d","price":%d}]}`,
			p.id, p.amount, p.modified.UTC().Format(time.RFC3339), p.id, p.id, p.amount)
	}), page, (len(all)+9)/10)
}

func businesscentralPage(s *shop, with url.Values, _ string) string {
	filter := with.Get("$filter")
	page, err := strconv.Atoi(with.Get("$skiptoken"))
	if err != nil {
		page = 1
	}
	things, more := part(s.since(strings.TrimPrefix(filter, "lastModifiedDateTime gt ")), page, 25)
	next := ""
	if more {
		next = fmt.Sprintf(`,"@odata.nextLink":"https://api.businesscentral.dynamics.com/v2.0/acme.example/production/api/v2.0/companies(%s)/items?$filter=%s&$skiptoken=%d"`,
			company, strings.ReplaceAll(filter, " ", "%20"), page+1)
	}
	return `{"value":` + each(things, func(i thing) string {
		return fmt.Sprintf(`{"id":"00000000-0000-4000-8000-%012d","number":"S%d","unitPrice":%d,"lastModifiedDateTime":"%s"}`,
			i.id, i.id, i.amount, i.modified.UTC().Format(time.RFC3339))
	}) + next + `}`
}

// shopifyPage sorts by the time of change, as it is asked to, behind a cursor.
func shopifyPage(s *shop, _ url.Values, body string) string {
	var asked struct {
		Variables struct{ Changed, After string }
	}
	if err := json.Unmarshal([]byte(body), &asked); err != nil {
		panic(err)
	}
	cursor := func(p thing) string { return p.modified.UTC().Format(time.RFC3339) + "|" + fmt.Sprintf("%06d", p.id) }
	things := s.since(strings.Trim(strings.TrimPrefix(asked.Variables.Changed, "updated_at:>="), "'"))
	slices.SortFunc(things, func(a, b thing) int { return strings.Compare(cursor(a), cursor(b)) })
	things = slices.DeleteFunc(things, func(p thing) bool { return cursor(p) <= asked.Variables.After })
	things, more := part(things, 1, 10)
	end := ""
	if len(things) > 0 {
		end = cursor(things[len(things)-1])
	}
	return fmt.Sprintf(`{"data":{"products":{"pageInfo":{"hasNextPage":%t,"endCursor":"%s"},"nodes":%s}}}`, more, end, each(things, func(p thing) string {
		at := p.modified.UTC().Format(time.RFC3339)
		return fmt.Sprintf(`{"id":"gid://shopify/Product/%d","status":"ACTIVE","updatedAt":"%s","variants":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[`+
			`{"id":"gid://shopify/ProductVariant/%d","sku":"S%d","price":"%d","compareAtPrice":null,"updatedAt":"%s","inventoryItem":{"id":"gid://shopify/InventoryItem/%d"}}]}}`,
			p.id, at, p.id, p.id, p.amount, at, p.id)
	}))
}

// unhurried is an endpoint whose API may be called at any time, so that no test
// waits for it.
type unhurried struct {
	platform.Endpoint
	platform.Puller
}

func (unhurried) Pace() platform.Pace { return platform.Pace{Every: time.Microsecond, Burst: 1000} }

const (
	company = "00000000-0000-4000-8000-000000000001"
	client  = `{"client_id":"a","client_secret":"b"}`
)

// pulled are the platforms whose lists are read, with the kind and the facet that
// tell the amount.
var pulled = []struct {
	platform   platform.Platform
	settings   map[string]string
	credential string
	page       func(*shop, url.Values, string) string
	kind       commerce.Kind
	facet      string
}{
	{woocommerce.Platform(), map[string]string{"shop": "https://shop.acme.example"}, "ck_a:cs_b", woocommercePage, commerce.Order, "total"},
	{bigcommerce.Platform(), map[string]string{"store_hash": "acme01x", "header": "X-Acme"}, "a", bigcommercePage, commerce.Price, "regular"},
	{businesscentral.Platform(), map[string]string{"tenant": "acme.example", "company": company}, client, businesscentralPage, commerce.Price, "regular"},
	{shopify.Platform(), map[string]string{"shop": "acme.myshopify.com"}, "a", shopifyPage, commerce.Price, "effective"},
}

// TestPull_MissesNothing changes records before any call, between the pages as well,
// keeps the API busy, lets its clock go wrong by minutes, and stops the process at
// any call to the outside. In the end every record is known as it is. Nothing but
// what changed is read, so that no sweep makes good for it.
func TestPull_MissesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		// Calls are made where nothing can be drawn.
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "chance"), 0))
		p := pulled[rapid.IntRange(0, len(pulled)-1).Draw(r, "platform")]
		w, s := newWorld(), &shop{page: p.page}
		endpoint, err := p.platform.New(platform.Config{System: "erp", Settings: p.settings, Currency: "USD", Timezone: time.UTC, HashKey: []byte("a key")})
		if err != nil {
			t.Fatal(err)
		}
		w.secrets[credential] = p.credential
		w.endpoint, w.transport = unhurried{endpoint, endpoint.(platform.Puller)}, s
		w.pull = &fetch.Pull{Every: 15 * time.Minute, Overlap: time.Minute, Budget: 6000, Kinds: []commerce.Kind{p.kind}}
		skew := time.Duration(rapid.IntRange(-240, 240).Draw(r, "skew")) * time.Second
		now := nine
		w.now = func() time.Time { return now }
		s.clock = func() time.Time { return now.Add(skew).Truncate(time.Second) }
		for id := 1; id <= 60; id++ {
			s.things = append(s.things, thing{id: id, amount: 1, modified: nine.Add(-time.Hour)})
		}
		last := 0
		change := func() {
			if chance.IntN(3) > 0 { // the same again, maybe within its second
				last = chance.IntN(len(s.things))
			}
			s.things[last].amount++
			s.things[last].modified = s.clock()
		}
		busy, changing := rapid.IntRange(0, 3).Draw(r, "busy"), true
		s.before = func() *http.Response {
			now = now.Add(time.Duration(chance.IntN(3000)) * time.Millisecond)
			if !changing {
				return nil
			}
			for range chance.IntN(3) {
				change()
			}
			if busy > 0 && chance.IntN(4) == 0 {
				busy--
				return &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"40"}}, Body: http.NoBody}
			}
			return nil
		}
		stops, stopped := rapid.SliceOfN(rapid.IntRange(1, 60), 0, 3).Draw(r, "stops"), false
		calls := 0
		w.trip = func(name string) error {
			calls++
			if stopped = stopped || slices.Contains(stops, calls); stopped {
				return errors.New("stopped")
			}
			return nil
		}
		known := map[string]commerce.Observation{}
		for tick := range 20 {
			now, stopped, changing = later(now, nine.Add(time.Duration(tick)*5*time.Minute)), false, tick < 6
			if changing {
				change()
			}
			_ = w.service().Chores(t.Context())
			w.run(t)
			for _, e := range taken(t, w.observations) {
				for _, o := range e.Observations {
					if _, tells := o.Facets[p.facet]; tells && o.Kind == p.kind && o.Version.Compare(known[o.Native].Version) > 0 {
						known[o.Native] = o
					}
				}
			}
		}
		if length(t, w.dead)+length(t, w.quarantine) > 0 {
			r.Fatalf("%d given up, %d in quarantine: %s", length(t, w.dead), length(t, w.quarantine), w.log)
		}
		got := map[int]string{}
		for native, o := range known {
			id, _ := strconv.Atoi(strings.TrimLeft(native[strings.LastIndex(native, "-")+1:], "0"))
			got[id] = o.Facets[p.facet].String()
		}
		for _, one := range s.things {
			if want := strconv.Itoa(one.amount); got[one.id] != want {
				r.Fatalf("%s: record %d is known as %q, want %s, modified %s; skew %v; known %d\n%v",
					p.platform.Name, one.id, got[one.id], want, one.modified, skew, len(known), slices.Sorted(maps.Keys(got)))
			}
		}
	})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
