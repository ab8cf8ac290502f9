package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/wire"
)

// pulledRegistry has two systems that are pulled. The shop sends webhooks too.
const pulledRegistry = `
systems:
  shop:
    platform: shopify
    shop: acme.myshopify.com
    secrets: [env:SHOP]
    credential: env:SHOP_API
    currency: USD
    pull: {every: 15m, kinds: [product, price], budget: 60/h, full: daily}
  erp:
    platform: businesscentral
    tenant: acme.example
    company: 11111111-2222-4333-8444-555555555555
    credential: env:ERP_API
    currency: USD
    pull: {every: 15m, kinds: [product, price], budget: 60/h, full: daily}
integrations:
  prices:
    purpose: Prices from the ERP to the shop
    owner: {team: pricing, slack: "#pricing"}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: We sell at yesterday's price.
    from: erp
    to: shop
    rules:
      - {id: price, kind: price, expect: {effective: from.regular}, settle: 30m, mode: alert}
`

// article is a product in a shop, or an item in an ERP.
type article struct {
	id, price int
	modified  time.Time
}

// offices are the APIs of both systems over HTTP, two records a page.
type offices struct {
	now func() time.Time

	mu        sync.Mutex
	shop, erp []article
	calls     map[string][]time.Time
	tokens    int
	// stop is called before the second page of the ERP is answered.
	stop func()
}

const erpHost, shopHost, tokenHost = "api.businesscentral.dynamics.com", "acme.myshopify.com", "login.microsoftonline.com"

func (o *offices) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Date", o.now().UTC().Format(http.TimeFormat))
	if r.Host != tokenHost {
		o.calls[r.Host] = append(o.calls[r.Host], o.now())
	}
	switch {
	case r.Host == tokenHost:
		o.tokens++
		_, _ = fmt.Fprintf(w, `{"access_token":"token-%d","expires_in":3600}`, o.tokens)
	case len(o.calls[shopHost]) == 1 && r.Host == shopHost:
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusTooManyRequests)
	case r.Host == shopHost && r.Header.Get("X-Shopify-Access-Token") == "shpat-test":
		o.products(w, r)
	// The first token is taken back while it is used.
	case r.Host == erpHost && r.Header.Get("Authorization") == "Bearer token-"+strconv.Itoa(o.tokens) && (o.tokens > 1 || len(o.calls[erpHost]) < 3):
		o.items(w, r)
	default:
		w.WriteHeader(http.StatusUnauthorized)
	}
}

// page is two records from the cursor on, of those that changed since.
func page(all []article, since, after string, cursor func(article) string) (some []article, end string, more bool) {
	at, _ := time.Parse(time.RFC3339, since) // all, where it says none
	all = slices.DeleteFunc(slices.Clone(all), func(a article) bool { return a.modified.Before(at) || cursor(a) <= after })
	slices.SortFunc(all, func(a, b article) int { return strings.Compare(cursor(a), cursor(b)) })
	some = all[:min(2, len(all))]
	if len(some) > 0 {
		end = cursor(some[len(some)-1])
	}
	return some, end, len(all) > len(some)
}

func (o *offices) items(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("$skiptoken") != "" && o.stop != nil {
		o.stop()
		o.stop = nil
	}
	filter := q.Get("$filter")
	some, end, more := page(o.erp, strings.TrimPrefix(filter, "lastModifiedDateTime gt "), q.Get("$skiptoken"), func(a article) string { return fmt.Sprintf("%03d", a.id) })
	values := []string{}
	for _, a := range some {
		values = append(values, fmt.Sprintf(`{"id":"00000000-0000-4000-8000-%012d","number":"SKU-%d","unitPrice":%d,"lastModifiedDateTime":%q}`,
			a.id, a.id, a.price, a.modified.UTC().Format(time.RFC3339)))
	}
	next := ""
	if more {
		q.Set("$skiptoken", end)
		next = fmt.Sprintf(`,"@odata.nextLink":"https://%s%s?%s"`, erpHost, r.URL.Path, strings.ReplaceAll(q.Encode(), "+", "%20"))
	}
	_, _ = fmt.Fprintf(w, `{"value":[%s]%s}`, strings.Join(values, ","), next)
}

func (o *offices) products(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Variables struct{ Changed, After string }
	}
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	since := strings.Trim(strings.TrimPrefix(asked.Variables.Changed, "updated_at:>="), "'")
	some, end, more := page(o.shop, since, asked.Variables.After, func(a article) string { return a.modified.UTC().Format(time.RFC3339) + fmt.Sprintf("|%03d", a.id) })
	nodes := []string{}
	for _, a := range some {
		at := a.modified.UTC().Format(time.RFC3339)
		nodes = append(nodes, fmt.Sprintf(`{"id":"gid://shopify/Product/%d","status":"ACTIVE","updatedAt":%q,"variants":{"pageInfo":{"hasNextPage":false,"endCursor":null},"nodes":[`+
			`{"id":"gid://shopify/ProductVariant/%d","sku":"SKU-%d","price":"%d","compareAtPrice":null,"updatedAt":%q,"inventoryItem":{"id":"gid://shopify/InventoryItem/%d"}}]}}`,
			a.id, at, a.id, a.id, a.price, at, a.id))
	}
	_, _ = fmt.Fprintf(w, `{"data":{"products":{"pageInfo":{"hasNextPage":%t,"endCursor":%q},"nodes":[%s]}}}`, more, end, strings.Join(nodes, ","))
}

func (o *offices) change(do func(o *offices)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	do(o)
}

// there leads every call to the offices, whatever its host.
type there struct{ address string }

func (to there) RoundTrip(req *http.Request) (*http.Response, error) {
	r := req.Clone(req.Context())
	r.Host, r.URL.Scheme, r.URL.Host = req.URL.Host, "http", to.address
	return http.DefaultTransport.RoundTrip(r)
}

// mortal is a function whose process can be ended within an invocation.
type mortal struct {
	lambda.Handler

	mu   sync.Mutex
	kill context.CancelFunc
	died bool
}

var errDied = errors.New("the process has died")

// Invoke says nothing of what a process did that has died.
func (m *mortal) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m.mu.Lock()
	m.kill = cancel
	m.mu.Unlock()
	out, err := m.Handler.Invoke(ctx, payload)
	if ctx.Err() != nil {
		return nil, errDied
	}
	return out, err
}

func (m *mortal) die() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.died = true
	m.kill()
}

// pulling is a stack with both systems.
func pulling(t *testing.T, o *offices) (*world, *mortal) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	if err := os.WriteFile(path, []byte(pulledRegistry), 0o600); err != nil {
		t.Fatal(err)
	}
	stack, err := local.Start(t.Context(), local.Options{
		Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: "pull-", Visibility: time.Second},
		Clock: local.SteppedClock(time.Date(2026, 3, 3, 17, 4, 0, 0, time.UTC)),
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Stack: stack, console: &printed{}, log: &printed{}}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("close the stack: %v", err)
		}
	})
	o.now = w.Clock().Now
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	values := map[string]string{
		contract.RegistryVariable: path, "SHOP": "a secret for these tests", "SHOP_API": "shpat-test", "ERP_API": `{"client_id":"a","client_secret":"b"}`,
	}
	w.options = wire.Options{
		Getenv: w.Getenv(func(name string) string {
			if v, ok := values[name]; ok {
				return v
			}
			return environment(name)
		}),
		AWS: w.AWSConfig(), Now: w.Clock().Now, Console: w.console, Transport: there{strings.TrimPrefix(server.URL, "http://")},
		Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	if w.wire, err = wire.New(w.options); err != nil {
		t.Fatal(err)
	}
	// Under no stage's policies: none has these systems' credentials.
	handlers := map[string]lambda.Handler{}
	for _, name := range wire.Functions() {
		if handlers[name], err = w.wire.Handler(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	m := &mortal{Handler: handlers[contract.Fetch]}
	handlers[contract.Fetch] = m
	if err := w.Open(t.Context(), local.Service{Handlers: handlers, Address: "127.0.0.1:0"}); err != nil {
		t.Fatal(err)
	}
	return w, m
}

// until lets time pass, five minutes at a time, until something is so.
func (w *world) until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for range 40 {
		if is() {
			return
		}
		w.Clock().Set(w.Clock().Now().Add(4 * time.Minute))
		w.advance(t, time.Minute)
	}
	t.Fatalf("%s: never; log %s", what, w.log)
}

// price is what a system shows of an article, "-" for one that it does not have.
func (w *world) price(t *testing.T, system, facet string, id int) string {
	t.Helper()
	side := w.mustRows(t)[fmt.Sprintf("price SKU-%d@base", id)].SideOf(system)
	if !side.Live {
		return "-"
	}
	return side.Facets[facet].String()
}

func (w *world) prices(t *testing.T, system, facet string, n int) string {
	t.Helper()
	var all []string
	for id := 1; id <= n; id++ {
		all = append(all, w.price(t, system, facet, id))
	}
	return strings.Join(all, " ")
}

// readings are the full ones of a system's prices that are concluded.
func (w *world) readings(t *testing.T, system string) []load.Certificate {
	t.Helper()
	l, err := load.ReadLedger(t.Context(), w.wire.Findings(), system, commerce.Price)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(l.Loads, func(c load.Certificate) bool { return c.State != load.Done })
}

// TestPull_FindsWhatNoWebhookTold: two systems are read by their APIs. One asks for
// patience, the other takes its token back; the process dies between two pages; a
// change without a webhook is seen with the next reading and told as a lost one with
// the next full reading; what is removed is gone once two readings lack it.
func TestPull_FindsWhatNoWebhookTold(t *testing.T) {
	t.Parallel()
	o := &offices{calls: map[string][]time.Time{}}
	w, m := pulling(t, o)
	old := w.Clock().Now().Add(-72 * time.Hour)
	o.change(func(o *offices) {
		for id := 1; id <= 5; id++ {
			o.shop, o.erp = append(o.shop, article{id, 10 * id, old}), append(o.erp, article{id, 10 * id, old})
		}
		o.stop = m.die
	})
	w.until(t, "everything is read", func() bool { return len(w.readings(t, "shop")) == 1 && len(w.readings(t, "erp")) == 1 })
	if !m.died || o.tokens < 2 {
		t.Errorf("died %t, %d tokens: nothing went wrong", m.died, o.tokens)
	}
	const all = "10 20 30 40 50"
	if shop, erp := w.prices(t, "shop", "effective", 5), w.prices(t, "erp", "regular", 5); shop != all || erp != all {
		t.Fatalf("the shop has %s, the ERP %s, want %s", shop, erp, all)
	}

	// One change that a webhook tells, and one that none does.
	now := w.Clock().Now()
	at := now.UTC().Format(time.RFC3339)
	o.change(func(o *offices) {
		o.shop[0], o.shop[1] = article{1, 11, now}, article{2, 22, now}
		o.erp = slices.Delete(o.erp, 2, 3)
	})
	body := fmt.Appendf(nil, `{"id":1,"title":"Mug","status":"active","updated_at":%q,"variants":[{"id":1,"product_id":1,"sku":"SKU-1","price":"11","inventory_item_id":1,"updated_at":%q}]}`, at, at)
	if got := w.call(t, http.MethodPost, "shop", w.sign(t, "shop", "products/update", "told", body), body); got != http.StatusOK {
		t.Fatalf("the webhook is answered %d", got)
	}
	w.quiesce(t)
	w.until(t, "the change is seen", func() bool { return w.price(t, "shop", "effective", 2) == "22" })
	if late := w.Clock().Now().Sub(now); late > 25*time.Minute {
		t.Errorf("seen after %s, want it with the next reading", late)
	}
	for n := 2; n <= 3; n++ {
		w.Clock().Set(now.Add(time.Duration(n-1) * 25 * time.Hour))
		w.until(t, "everything is read again", func() bool { return len(w.readings(t, "shop")) == n && len(w.readings(t, "erp")) == n })
		if c := w.readings(t, "shop")[0]; n == 2 && (c.Lost != 1 || c.Told != 1 || !slices.Equal(c.Samples, []string{"SKU-2@base"})) {
			t.Errorf("%d lost, %d told, such as %v, want SKU-2 alone lost", c.Lost, c.Told, c.Samples)
		}
		if want := map[int]string{2: "10 20 30 40 50", 3: "10 20 - 40 50"}[n]; w.prices(t, "erp", "regular", 5) != want {
			t.Errorf("after %d readings the ERP has %s, want %s", n, w.prices(t, "erp", "regular", 5), want)
		}
	}
	if !strings.Contains(w.console.String(), "shop loses webhooks (price)") {
		t.Errorf("nobody is told of the lost webhook:\n%s", w.console)
	}
	o.change(func(o *offices) {
		for host, calls := range o.calls {
			if most := busiest(calls); most > 60 {
				t.Errorf("%s had %d calls in an hour, want at most its budget of 60", host, most)
			}
		}
	})
}

// busiest is the most calls of any hour.
func busiest(calls []time.Time) (most int) {
	for i, from := range calls {
		n := 0
		for _, at := range calls[i:] {
			if at.Sub(from) < time.Hour {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
