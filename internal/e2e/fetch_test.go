package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/wire"
)

// storeAPI is the API of a shop that says in its webhooks nothing but ids. It has
// no time at first.
type storeAPI struct {
	t *testing.T

	mu    sync.Mutex
	calls []string
}

func (a *storeAPI) RoundTrip(req *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls = append(a.calls, req.URL.Host+req.URL.Path)
	answer := &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}}, Request: req, Body: http.NoBody}
	sample := map[string]string{
		"/stores/acme01x/v2/orders/250": "answer-order", "/stores/acme01x/v2/orders/250/products": "answer-lines",
	}[req.URL.Path]
	switch {
	case req.Header.Get("X-Auth-Token") != "a token for these tests":
		answer.StatusCode = http.StatusUnauthorized
	case len(a.calls) == 1:
		answer.StatusCode = http.StatusTooManyRequests
		answer.Header.Set("Retry-After", "1")
	case sample != "":
		body, err := os.ReadFile(filepath.Join(root, "events", "bigcommerce", sample+".body.json"))
		if err != nil {
			return nil, err
		}
		answer.StatusCode, answer.Body = http.StatusOK, io.NopCloser(bytes.NewReader(body))
	}
	return answer, nil
}

// thinRegistry has a shop whose orders are asked for.
const thinRegistry = `
systems:
  outlet:
    platform: bigcommerce
    store_hash: acme01x
    secrets: [env:OUTLET]
    credential: env:OUTLET_API
    currency: USD
    locations: {"1": east}
    pull: {kinds: [inventory], full: daily}
  erp: {platform: standard, secrets: [env:ERP], order_number: {store: outlet}}
integrations:
  orders-to-erp:
    purpose: Web orders from the outlet to the ERP
    owner: {team: order-ops, slack: "#order-ops"}
    deputy: {person: lee@acme.example}
    runbook: builtin
    on_failure: Orders wait.
    from: outlet
    to: erp
    rules:
      - {id: order-in-erp, kind: order, check: present, expect: {total: from.total}, settle: learned, learn: {from: 30m, to: 2h}, mode: alert}
`

// thin is a stack with that shop.
func thin(t *testing.T, prefix string, api http.RoundTripper) *world {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plumbline.yaml")
	if err := os.WriteFile(path, []byte(thinRegistry), 0o600); err != nil {
		t.Fatal(err)
	}
	stack, err := local.Start(t.Context(), local.Options{Memory: true, Emulators: emulator.ForTest(t), Plan: local.Plan{Prefix: prefix, Visibility: 2 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Stack: stack, console: &printed{}, log: &printed{}}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Errorf("close the stack: %v", err)
		}
	})
	getenv := w.Getenv(func(name string) string {
		values := map[string]string{
			contract.RegistryVariable: path, "OUTLET": "a secret for these tests", "OUTLET_API": "a token for these tests", "ERP": "whsec_dGVzdHM=",
		}
		if v, ok := values[name]; ok {
			return v
		}
		return environment(name)
	})
	err = w.open(t.Context(), wire.Options{
		Getenv: getenv, AWS: w.AWSConfig(), Now: time.Now, Console: w.console, Transport: api, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// asked is how many calls the API had so far.
func (a *storeAPI) asked() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.calls)
}

// TestFetch_AnIDInAWebhookBecomesAnOrder: the webhook names an order, its API is
// asked, is busy, and is asked again; what it says is compared like anything else.
func TestFetch_AnIDInAWebhookBecomesAnOrder(t *testing.T) {
	t.Parallel()
	api := &storeAPI{t: t}
	w := thin(t, "thin-", api)
	body := fmt.Appendf(nil, `{"scope":"store/order/updated","store_id":"1025646","data":{"type":"order","id":250},"hash":"ab",`+
		`"created_at":%d,"producer":"stores/acme01x"}`, time.Now().Unix())
	if got := w.call(t, http.MethodPost, "outlet", w.sign(t, "outlet", "store/order/updated", "thin-1", body), body); got != http.StatusOK {
		t.Fatalf("the webhook is answered %d", got)
	}
	var order record.Row
	deadline := time.Now().Add(patience)
	for (len(order.Views) == 0 || api.asked() < 3) && time.Now().Before(deadline) {
		time.Sleep(100 * time.Millisecond)
		if err := w.wire.Records().Scan(context.WithoutCancel(t.Context()), commerce.Order, func(row record.Row) error {
			order = row
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if order.Key.Text(order.Kind) != "outlet/250" || len(order.Views) == 0 || order.Views[0].Facets["total"].String() == "" {
		t.Fatalf("the order is %v with %d views; asked %v; log %s", order.Key, len(order.Views), api.calls, w.log)
	}
	api.mu.Lock()
	defer api.mu.Unlock()
	for _, call := range api.calls {
		if !strings.HasPrefix(call, "api.bigcommerce.com/") {
			t.Errorf("asked %s, which is not the platform's host", call)
		}
	}
	if len(api.calls) < 3 {
		t.Errorf("asked %v, want the order twice and its lines", api.calls)
	}
}
