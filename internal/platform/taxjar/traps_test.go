package taxjar_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/taxjar"
	"github.com/plumbline/plumbline/internal/record"
)

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := taxjar.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// delivered is a sample as it is read, with texts of its body replaced.
func delivered(t testing.TB, name string, replace ...string) commerce.Delivery {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(raw), replace[i]) {
			t.Fatalf("%s does not hold %s", name, replace[i])
		}
	}
	head, err := os.ReadFile(filepath.Join(samples, name+".headers.json"))
	var header map[string]string
	if err != nil || json.Unmarshal(head, &header) != nil {
		t.Fatalf("%s: %v", name, err)
	}
	d := commerce.Delivery{System: "tax", Topic: header["plumbline-topic"], Received: received, Header: header}
	if d.Topic == "" {
		d.Topic, d.Header = "transactions", nil
	}
	d.Body = []byte(strings.NewReplacer(replace...).Replace(string(raw)))
	return d
}

func read(t *testing.T, e platform.Endpoint, name string, replace ...string) platform.Reading {
	t.Helper()
	r, err := e.Normalise(delivered(t, name, replace...))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// side merges the samples' observations of the kind into one row. What waits for
// a link has found its order.
func side(t *testing.T, e platform.Endpoint, kind commerce.Kind, names ...string) record.Side {
	t.Helper()
	row := record.Row{Kind: kind, Key: commerce.Key{"shopify-us", "US1021"}}
	for i, name := range names {
		d := delivered(t, name)
		d.Received = d.Received.Add(time.Duration(i) * time.Minute)
		r, err := e.Normalise(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range r.Observations {
			if o.Kind == kind {
				row, _ = record.Merge(row, o, record.Source{Delivery: name, Received: d.Received})
			}
		}
	}
	return row.SideOf("tax")
}

func facets(s record.Side, names ...string) string {
	var all []string
	for _, name := range names {
		text := "missing"
		if v, ok := s.Facets[name]; ok {
			text = v.String()
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func TestAnOrderIsItsTransactionLessItsRefunds(t *testing.T) {
	for name, c := range map[string]struct {
		samples         []string
		want            string
		duplicate, gone bool
	}{
		"filed":                    {[]string{"order"}, "true 10.35 10.35 135.85", false, false},
		"posted and asked for":     {[]string{"order", "answer-order"}, "true 10.35 10.35 135.85", false, false},
		"refunded in part":         {[]string{"order", "refund"}, "true 10.35 7.42 135.85", false, false},
		"a refund without a sign":  {[]string{"order", "refund-positive"}, "true 10.35 7.42 135.85", false, false},
		"a refund that is deleted": {[]string{"order", "refund", "answer-refund-gone"}, "true 10.35 10.35 135.85", false, false},
		"from shop and ERP":        {[]string{"order", "order-from-shop"}, "true 20.7 20.7 271.7", true, false},
		"one of two deleted":       {[]string{"order", "order-from-shop", "answer-order-gone"}, "true 10.35 10.35 135.85", false, false},
		"deleted":                  {[]string{"order", "answer-order-gone"}, "missing missing missing missing", false, true},
	} {
		s := side(t, newEndpoint(t), commerce.Order, c.samples...)
		if got := facets(s, "committed", "tax", "tax_current", "total"); got != c.want || s.Duplicate != c.duplicate || s.Gone() != c.gone {
			t.Errorf("%s: got %s, want %s; duplicate %t, gone %t", name, got, c.want, s.Duplicate, s.Gone())
		}
	}
}

func TestRefundsAddUpWithoutTheirSign(t *testing.T) {
	s := side(t, newEndpoint(t), commerce.Refund, "refund", "refund-positive")
	if got := facets(s, "amount", "tax", "shipping", "booked_at", "currency"); got != "76.86 5.86 13 2026-03-03T00:00:00Z USD" {
		t.Errorf("got %s", got)
	}
	if s := side(t, newEndpoint(t), commerce.Refund, "refund", "answer-refund-gone"); !s.Gone() {
		t.Error("a deleted refund is still there")
	}
	if r := read(t, newEndpoint(t), "refund-other"); r.Ignored == "" {
		t.Errorf("got %+v", r)
	}
	if r := read(t, newEndpoint(t), "refund-without-reference"); r.Observations[0].Key[1] != "US1021" {
		t.Errorf("got %+v", r)
	}
}

func TestWhatAMarketplaceRemitsIsNoTaxOfTheOrder(t *testing.T) {
	for name, want := range map[string]string{"order": "10.35 0", "order-marketplace": "0 10.35", "order-of-a-marketplace": "0 10.35"} {
		if got := facets(side(t, newEndpoint(t), commerce.Order, name), "tax", "tax_channel_liable"); got != want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestAListAsksForTheTransactionsOfWebOrders(t *testing.T) {
	e := newEndpoint(t)
	for name, want := range map[string]string{
		"answer-orders":      "transactions/orders/US1021?provider=api transactions/orders/US1025?provider=api",
		"answer-orders-shop": "transactions/orders/%23US1021?provider=shopify",
		"answer-refunds":     "transactions/refunds/US1021-R1?provider=api transactions/refunds/RF-2?provider=api",
		"orders-hinted":      "transactions/orders/US1026?provider=api transactions/orders/US%2F27?provider=api transactions/refunds/RF-9?provider=api",
	} {
		var got []string
		for _, f := range read(t, e, name).Fetch {
			got = append(got, f.Target)
			if _, err := e.(platform.API).Request(f, "token"); err != nil {
				t.Errorf("%s: %v", f.Target, err)
			}
		}
		if text := strings.Join(got, " "); text != want {
			t.Errorf("%s: got %s", name, text)
		}
	}
	stores := config()
	stores.OrderNumber.Stores = map[string]string{"shopify": "shopify-us"}
	only, err := taxjar.Platform().New(stores)
	if err != nil {
		t.Fatal(err)
	}
	if r := read(t, only, "answer-orders"); len(r.Fetch) != 0 || r.Ignored == "" {
		t.Errorf("transactions of a provider that is no store: %+v", r)
	}
}

func TestAmountsAreReadDigitByDigit(t *testing.T) {
	s := side(t, newEndpoint(t), commerce.Order, "order-numbers")
	if got := facets(s, "tax", "total", "shipping"); got != "0.30000000000000004 missing 6.5" {
		t.Errorf("got %s", got)
	}
	if got := s.Created.UTC().Format(time.RFC3339); got != "2026-03-03T05:00:00Z" {
		t.Errorf("a date is the midnight of the account's clocks: got %s", got)
	}
}

func TestProblemsSayWhereTheyAre(t *testing.T) {
	for name, where := range map[string]string{"bad-empty": "order", "bad-tax": "order.sales_tax", "bad-in-list": "orders[1].transaction_date", "bad-not-json": "body"} {
		_, err := newEndpoint(t).Normalise(delivered(t, name))
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != where {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestListsReachBackByDays(t *testing.T) {
	e := newEndpoint(t, "environment", "sandbox", "days", "7")
	chores := e.(platform.Recurring).Chores()
	if len(chores) != 4 {
		t.Errorf("%d chores", len(chores))
	}
	for _, c := range chores {
		f := c.Fetch
		f.Target = strings.ReplaceAll(f.Target, "{since}", "2026-03-03T13:12:00Z")
		req, err := e.(platform.API).Request(f, " token\n")
		if err != nil {
			t.Fatal(err)
		}
		q := req.URL.Query()
		if req.Method != http.MethodGet || req.URL.Host != "api.sandbox.taxjar.com" || !strings.HasPrefix(req.URL.Path, "/v2/transactions/") ||
			req.Header.Get("Authorization") != "Bearer token" || q.Get("from_transaction_date") != "2026-02-24" || q.Get("provider") == "" || c.Every < time.Minute {
			t.Errorf("%s: %s", c.Name, req.URL)
		}
	}
}

func TestCallsStayAmongTransactions(t *testing.T) {
	e := newEndpoint(t).(platform.API)
	for _, target := range []string{
		"transactions/orders", "transactions/orders/..?provider=api", "transactions/orders/.?provider=api", "transactions/orders/a/b?provider=api", "transactions/orders/a#b?provider=api",
		"customers/1?provider=api", "transactions/orders?from_transaction_date=yesterday&provider=api", "transactions/orders?a=%zz",
	} {
		if _, err := e.Request(platform.Fetch{Topic: "x", Target: target}, "hush"); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", target, err)
		}
	}
	for credential, right := range map[platform.Secret]bool{"token-1": true, "": false, "hush hush": false, `{"hush":1}`: false} {
		call, err := e.Token(credential)
		if call != nil || right != (err == nil) || err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", string(credential), err)
		}
	}
	if _, _, err := e.ReadToken(nil); err == nil {
		t.Error("there is no token to read")
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{
		"environment": "test", "providers": "A B", "marketplace_providers": "a/b", "days": "0",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := taxjar.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestAnIdThatIsListedTwiceIsAskedForOnce(t *testing.T) {
	if r := read(t, newEndpoint(t), "answer-orders", `"US1025"`, `"US1021"`); len(r.Fetch) != 1 {
		t.Errorf("got %v", r.Fetch)
	}
}
