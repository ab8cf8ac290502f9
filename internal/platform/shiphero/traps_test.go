package shiphero_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/shiphero"
	"github.com/plumbline/plumbline/internal/record"
)

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := shiphero.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// delivered is a sample as it is read, with texts of its body replaced.
func delivered(t testing.TB, e platform.Endpoint, name string, replace ...string) commerce.Delivery {
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
	raw = []byte(strings.NewReplacer(replace...).Replace(string(raw)))
	d := platformtest.Deliver(e, "wms", platform.Request{Body: raw, Received: received, Header: http.Header{}})
	head, err := os.ReadFile(filepath.Join(samples, name+".headers.json"))
	var header map[string]string
	if err != nil || json.Unmarshal(head, &header) != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if header[platform.FetchedHeader] != "" {
		d.Topic, d.Header = header["plumbline-topic"], header
	}
	return d
}

func read(t *testing.T, name string, replace ...string) platform.Reading {
	t.Helper()
	e := newEndpoint(t)
	r, err := e.Normalise(delivered(t, e, name, replace...))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheAccountsTotalsAreNeverAWarehouses(t *testing.T) {
	want := read(t, "inventory-update")
	got := read(t, "inventory-update", `"inventory":"61"`, `"inventory":"999"`, `"on_hand":"70"`, `"on_hand":"998"`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the totals count:\n%s", diff)
	}
	if r := read(t, "inventory-update-old"); len(r.Observations) != 0 || len(r.Fetch) != 2 {
		t.Errorf("without a warehouse: %+v", r)
	}
}

func TestWebhooksAndTheAPIMeanTheSameByAvailable(t *testing.T) {
	webhook, answer := read(t, "inventory-update").Observations[0], read(t, "answer-product").Observations[0]
	if diff := cmp.Diff(webhook.Facets, answer.Facets); diff != "" || webhook.Native != answer.Native || webhook.Slot != answer.Slot {
		t.Errorf("%s %s, %s %s:\n%s", webhook.Native, webhook.Slot, answer.Native, answer.Slot, diff)
	}
}

func TestBothSpellingsOfTheTypeAreOneTopic(t *testing.T) {
	e := newEndpoint(t)
	for name, want := range map[string]string{
		"inventory-update": "inventory-update", "inventory-update-old": "inventory-update",
		"shipment-update": "shipment-update", "shipment-update-old": "shipment-update", "po-update": "po-update", "bad-no-type": "",
	} {
		if got := delivered(t, e, name).Topic; got != want {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestOnlyTheConfiguredAccountIsRead(t *testing.T) {
	for _, account := range []string{`7557`, `"7557"`} {
		for _, name := range []string{"inventory-update", "inventory-change", "order-allocated", "order-deallocated"} {
			if r := read(t, name, `"account_id":7556`, `"account_id":`+account); r.Ignored != "another account's" {
				t.Errorf("%s of %s: %+v", name, account, r)
			}
		}
	}
	if r := read(t, "inventory-update", `"account_id":7556`, `"account_id":"7556"`); len(r.Observations) != 1 {
		t.Errorf("the number as a text: %+v", r)
	}
}

// side merges the order of the deliveries into one row.
func side(t *testing.T, names ...string) record.Side {
	t.Helper()
	var row record.Row
	for i, name := range names {
		e := newEndpoint(t)
		d := delivered(t, e, name)
		d.Received = d.Received.Add(time.Duration(i) * time.Minute)
		r, err := e.Normalise(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range r.Observations {
			if o.Kind == commerce.Order && (o.Via != nil || o.Key[1] == "US1042") {
				row.Kind, row.Key = o.Kind, commerce.Key{"shopify-us", "US1042"}
				row, _ = record.Merge(row, o, record.Source{Delivery: name, Received: d.Received})
			}
		}
	}
	return row.SideOf("wms")
}

func TestTheOrderIsWhatWasOrderedWithItsShipments(t *testing.T) {
	for name, c := range map[string]struct {
		deliveries []string
		want       string
	}{
		"webhooks alone":             {[]string{"shipment-update"}, "missing missing 3 missing"},
		"split":                      {[]string{"shipment-update", "shipment-update-split"}, "missing missing 6 missing"},
		"told twice":                 {[]string{"shipment-update", "shipment-update"}, "missing missing 3 missing"},
		"told by the API as well":    {[]string{"shipment-update", "answer-order"}, "4 1 3 false"},
		"a webhook that was lost":    {[]string{"answer-order"}, "4 1 3 false"},
		"cancelled":                  {[]string{"answer-order", "order-canceled"}, "4 1 3 true"},
		"cancelled, and asked for":   {[]string{"order-canceled", "answer-order-canceled"}, "2 0 0 true"},
		"cancelled, and taken back":  {[]string{"order-canceled", "answer-order"}, "4 1 3 false"},
		"more lines than one answer": {[]string{"answer-order", "shipment-update-split"}, "4 1 6 false"},
	} {
		s := side(t, c.deliveries...)
		var got []string
		for _, facet := range []string{"units", "units_open", "units_shipped", "cancelled"} {
			text := "missing"
			if v, ok := s.Facets[facet]; ok {
				text = v.String()
			}
			got = append(got, text)
		}
		if text := strings.Join(got, " "); text != c.want || s.Duplicate || s.Gone() {
			t.Errorf("%s: got %s, want %s", name, text, c.want)
		}
	}
	if s := side(t, "answer-order-canceled", "answer-order-none"); !s.Gone() {
		t.Error("an order that does not exist is still there")
	}
}

func TestTestsShipNothing(t *testing.T) {
	for _, o := range read(t, "shipment-update-test").Observations {
		if o.Kind != commerce.Shipment || o.Facets["test"] != commerce.Bool(true) {
			t.Errorf("got %s %v", o.Kind, o.Facets)
		}
	}
	for text, want := range map[string]bool{`"0"`: false, `0`: false, `"1"`: true, `1`: true, `null`: false} {
		r := read(t, "shipment-update", `"test":"0"`, `"test":`+text)
		at := slices.IndexFunc(r.Observations, func(o commerce.Observation) bool { return o.Kind == commerce.Shipment })
		if r.Observations[at].Facets["test"] != commerce.Bool(want) {
			t.Errorf("%s: %v", text, r.Observations[at].Facets)
		}
	}
	e := newEndpoint(t)
	_, err := e.Normalise(delivered(t, e, "shipment-update", `"test":"0"`, `"test":"no"`))
	var problem *platform.BodyError
	if !errors.As(err, &problem) || problem.Where != "test" {
		t.Errorf("got %v", err)
	}
}

func TestOrdersOfOtherShopsAreNoWebOrders(t *testing.T) {
	for _, name := range []string{"shipment-update-other-shop", "order-canceled-other", "answer-order-other-shop"} {
		if r := read(t, name); r.Ignored == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestAnswersOfTheAPIAreReadBacks(t *testing.T) {
	if !read(t, "answer-product").Observations[0].Version.Parts().ReadBack || read(t, "inventory-update").Observations[0].Version.Parts().ReadBack {
		t.Error("only answers are read back")
	}
}

func TestSignatureHeaderAndEncodingAreSettings(t *testing.T) {
	body := []byte(`{"account_id":7556}`)
	secrets := []platform.Secret{"", "of-yesterday", "right"}
	for _, c := range []struct {
		header   string
		settings []string
	}{
		{"x-shiphero-hmac-sha256", nil},
		{"x-shiphero-hmac-sha256", []string{"signature_encoding", "hex"}},
		{"X-Other-Signature", []string{"signature_header", "X-Other-Signature"}},
		{"x-other", []string{"signature_header", "x-other", "signature_encoding", "hex"}},
	} {
		e := newEndpoint(t, c.settings...)
		req := platform.Request{Header: e.Sign(platform.Sample{ID: "m", Body: body}, "right"), Body: body}
		if err := e.Verify(req, secrets); err != nil {
			t.Errorf("%v: %v", c.settings, err)
		}
		right := req.Header.Get(c.header)
		for _, wrong := range []string{"", strings.ToUpper(right), right + "zz", right + "00", right + " ", right + "=", right[:len(right)-2]} {
			if e.Verify(platformtest.With(req, c.header, wrong), secrets) == nil {
				t.Errorf("%v: taken as %s", c.settings, wrong)
			}
		}
		if newEndpoint(t, "signature_header", "x-third").Verify(req, secrets) == nil {
			t.Errorf("%v: taken by another header", c.settings)
		}
	}
}

func TestTheAnswerIsExactlyWhatShipHeroTakesForASuccess(t *testing.T) {
	answerer := newEndpoint(t).(platform.Answerer)
	want := platform.Answer{Type: "application/json", Body: `{"code":"200","Status":"Success"}`}
	if got := answerer.Accepted(platform.Request{}); got != want || got.Code() != http.StatusOK {
		t.Errorf("got %+v", got)
	}
	if got := answerer.Refused(); got.Code() != http.StatusUnauthorized || got.Body != "" {
		t.Errorf("got %+v", got)
	}
}

// query is the call of a target.
func query(t *testing.T, e platform.Endpoint, target string) (text string, variables map[string]string) {
	t.Helper()
	req, err := e.(platform.API).Request(platform.Fetch{Topic: "x", Target: target}, "token")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(req.Body)
	if err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Query     string
		Variables map[string]string
	}
	if err := json.Unmarshal(raw, &sent); err != nil {
		t.Fatal(err)
	}
	if req.Method != http.MethodPost || req.URL.String() != "https://public-api.shiphero.com/graphql" || req.Header.Get("Authorization") != "Bearer token" {
		t.Errorf("%s %s", req.Method, req.URL)
	}
	return sent.Query, sent.Variables
}

func TestWhatIsAskedForGoesIntoVariables(t *testing.T) {
	e := newEndpoint(t)
	text, variables := query(t, e, `product/%22%29%7Bdelete%7D`)
	if strings.Contains(text, "delete") || variables["sku"] != `"){delete}` {
		t.Errorf("got %s %v", text, variables)
	}
	if _, variables := query(t, e, "order/389118717"); variables["id"] != "T3JkZXI6Mzg5MTE4NzE3" {
		t.Errorf("got %v", variables)
	}
	_, variables = query(t, e, "stock?since=2026-03-03T09:00:00-05:00&after=a%3D")
	if diff := cmp.Diff(map[string]string{"since": "2026-03-03T14:00:00Z", "after": "a="}, variables); diff != "" {
		t.Error(diff)
	}
	for _, target := range []string{
		"product", "product/", "product/a/b", "product/%zz", "order/", "order/x", "order/1?since=2026-03-03T14:00:00Z", "orders", "stock?since=yesterday",
		"stock?since=2026-03-03T14:00:00Z&since=2026-03-03T15:00:00Z", "stock?since=2026-03-03T14:00:00Z&first=5", "webhooks?since=2026-03-03T14:00:00Z", "webhooks/1", "shipments",
	} {
		if _, err := e.(platform.API).Request(platform.Fetch{Topic: "x", Target: target}, "hush"); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", target, err)
		}
	}
}

func TestA3PLNamesItsCustomer(t *testing.T) {
	e := newEndpoint(t, "customer_account", "true")
	for target, want := range map[string]bool{"product/A": true, "stock?since=2026-03-03T14:00:00Z": true, "orders?since=2026-03-03T14:00:00Z": true, "order/1": false} {
		text, variables := query(t, e, target)
		if variables["customer"] != "QWNjb3VudDo3NTU2" || strings.Contains(text, "customer_account_id:$customer") != want || strings.Contains(text, "#") {
			t.Errorf("%s: %s %v", target, text, variables)
		}
	}
}

func TestChoresAskForWhatWebhooksLost(t *testing.T) {
	e := newEndpoint(t)
	for _, c := range e.(platform.Recurring).Chores() {
		query(t, e, strings.ReplaceAll(c.Fetch.Target, "{since}", "2026-03-03T14:00:00Z"))
		if c.Every < time.Minute {
			t.Errorf("%s every %s", c.Name, c.Every)
		}
	}
}

func TestTheRefreshTokenBecomesAnAccessToken(t *testing.T) {
	e := newEndpoint(t).(platform.API)
	req, err := e.Token(" refresh-1\n")
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := io.ReadAll(req.Body)
	if req.URL.String() != "https://public-api.shiphero.com/auth/refresh" || string(raw) != `{"refresh_token":"refresh-1"}` || req.Header.Get("Authorization") != "" {
		t.Errorf("%s %s", req.URL, raw)
	}
	token, lasts, err := e.ReadToken([]byte(`{"access_token":"a-1","expires_in":2419200,"scope":"openid","token_type":"Bearer"}`))
	if token != "a-1" || lasts != 28*24*time.Hour || err != nil {
		t.Errorf("got %s, %v", lasts, err)
	}
	for _, credential := range []platform.Secret{"", `{"refresh_token":"hush"}`, "hush hush"} {
		if _, err := e.Token(credential); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("got %v", err)
		}
	}
	for _, answer := range []string{``, `{}`, `{"access_token":"hush"}`, `{"access_token":"","expires_in":1}`, `{"access_token":"hush","expires_in":-1}`} {
		if _, _, err := e.ReadToken([]byte(answer)); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v", answer, err)
		}
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, value := range map[string]string{
		"account": "acme", "customer_account": "yes", "signature_header": "a b", "signature_encoding": "base32",
	} {
		c := config()
		c.Settings[name] = value
		if _, err := shiphero.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestOnlyAListOnOnePageSaysWhichWebhookIsMissing(t *testing.T) {
	e := newEndpoint(t)
	const last, more = `"hasNextPage":false,"endCursor":null`, `"hasNextPage":true,"endCursor":"YXJyYXk6OTk="`
	missing := func(d commerce.Delivery) (all int) {
		r, err := e.Normalise(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range r.Observations {
			if !o.Gone {
				all++
			}
		}
		return all
	}
	second := delivered(t, e, "answer-webhooks")
	second.Header[platform.FetchedHeader] = "webhooks?after=YXJyYXk6OTk%3D"
	for name, c := range map[string]struct {
		delivery commerce.Delivery
		want     int
	}{
		"one page": {delivered(t, e, "answer-webhooks"), 1}, "the first of two": {delivered(t, e, "answer-webhooks", last, more), 0}, "the second of two": {second, 0},
	} {
		if got := missing(c.delivery); got != c.want {
			t.Errorf("%s: %d are missing, want %d", name, got, c.want)
		}
	}
}

func TestAShipmentWithMoreLinesThanOneAnswerIsLeftToItsWebhook(t *testing.T) {
	whole := `"line_items":{"pageInfo":{"hasNextPage":false},"edges":[{"node":{"quantity":2}}`
	r := read(t, "answer-order", whole, strings.Replace(whole, "false", "true", 1))
	for _, o := range r.Observations {
		if o.Part == "shipment" {
			t.Errorf("a part of a shipment was taken for the whole: %+v", o)
		}
	}
}

func TestAnAllocationThatNamesNoShopIsAskedFor(t *testing.T) {
	c := config()
	c.OrderNumber.Store, c.OrderNumber.Stores = "", map[string]string{"acme.myshopify.com": "shopify-us"}
	e, err := shiphero.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	reading, err := e.Normalise(delivered(t, e, "order-allocated"))
	if want := []platform.Fetch{{Topic: "order", Target: "order/389118717"}}; err != nil || !slices.Equal(reading.Fetch, want) {
		t.Errorf("%v asked for, ignored as %q, %v", reading.Fetch, reading.Ignored, err)
	}
}
