package stripe_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/stripe"
	"github.com/plumbline/plumbline/internal/record"
)

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := stripe.Platform().New(c)
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
	return commerce.Delivery{
		System: "payments", Received: received, Header: header,
		Body: []byte(strings.NewReplacer(replace...).Replace(string(raw))),
	}
}

func reading(t testing.TB, e platform.Endpoint, d commerce.Delivery) platform.Reading {
	t.Helper()
	r, err := e.Normalise(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// of is the observation of the kind, or an empty one.
func of(r platform.Reading, kind commerce.Kind) commerce.Observation {
	for _, o := range r.Observations {
		if o.Kind == kind {
			return o
		}
	}
	return commerce.Observation{}
}

func TestSettingsThatAreWrongAreNamed(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"livemode", "yes"},
		{"account", "acme"},
		{"account", "acct_1/../2"},
		{"order_fields", "order_id,"},
		{"minor_units", "JPY"},
		{"minor_units", "JPY:9"},
		{"minor_units", "jpy:0"},
		{"tolerance", "5"},
		{"tolerance", "0s"},
		{"tolerance", "25h"},
	} {
		cfg := config()
		cfg.Settings[c.name] = c.value
		if _, err := stripe.Platform().New(cfg); err == nil || !strings.Contains(err.Error(), c.name) {
			t.Errorf("%s %q: got %v, want an error that names it", c.name, c.value, err)
		}
	}
}

func TestOneModeAndOneAccountAreRead(t *testing.T) {
	for _, c := range []struct {
		name, sample, ignored string
		settings              []string
	}{
		{"a live event", "payment-succeeded", "", nil},
		{"a test event", "test-event", "test event", nil},
		{"a test event of the test mode's system", "test-event", "", []string{"livemode", "false"}},
		{"a live event of the test mode's system", "payment-succeeded", "live event", []string{"livemode", "false"}},
		{"another account's", "connected-account", "event of another account", nil},
		{"the connected account's", "connected-account", "", []string{"account", "acct_1AcmeOther"}},
		{"the platform's, not the connected account's", "payment-succeeded", "event of another account", []string{"account", "acct_1AcmeOther"}},
	} {
		if r := reading(t, newEndpoint(t, c.settings...), delivered(t, c.sample)); r.Ignored != c.ignored {
			t.Errorf("%s: ignored %q, want %q", c.name, r.Ignored, c.ignored)
		}
	}
}

func TestThinEventOfAnotherModeOrAccountIsIgnored(t *testing.T) {
	e := newEndpoint(t)
	if r := reading(t, e, delivered(t, "thin", `"livemode": true`, `"livemode": false`)); r.Ignored != "test event" {
		t.Errorf("got %+v", r)
	}
	context := []string{`"reason": null`, `"reason": null, "context": "acct_1AcmeOther"`}
	if r := reading(t, e, delivered(t, "thin", context...)); r.Ignored != "event of another account" {
		t.Errorf("got %+v", r)
	}
	if r := reading(t, newEndpoint(t, "account", "acct_1AcmeOther"), delivered(t, "thin", context...)); len(r.Fetch) != 1 {
		t.Errorf("got %+v", r)
	}
}

func TestAmountsAreExactInEveryCurrency(t *testing.T) {
	for _, c := range []struct {
		currency, units, want string
		settings              []string
	}{
		{"usd", "18640", "186.4", nil},
		{"usd", "5", "0.05", nil},
		{"usd", "0", "0", nil},
		{"usd", "-1999", "-19.99", nil},
		{"usd", "900719925474099301", "9007199254740993.01", nil},
		{"jpy", "5980", "5980", nil},
		{"krw", "12000", "12000", nil},
		{"kwd", "5120", "5.12", nil},
		{"bhd", "7", "0.007", nil},
		{"isk", "500", "5", nil},
		{"ugx", "500", "500", nil},
		{"ugx", "500", "5", []string{"minor_units", "ISK:0, UGX:2"}},
	} {
		d := delivered(t, "payment-succeeded", `"amount_received": 18640`, `"amount_received": `+c.units, `"currency": "usd"`, `"currency": "`+c.currency+`"`)
		o := of(reading(t, newEndpoint(t, c.settings...), d), commerce.Payment)
		if platformtest.Facet(o, "amount") != c.want || platformtest.Facet(o, "currency") != strings.ToUpper(c.currency) {
			t.Errorf("%s %s: got %s %s, want %s", c.units, c.currency, platformtest.Facet(o, "amount"), platformtest.Facet(o, "currency"), c.want)
		}
	}
}

func TestValuesThatCannotBeReadSayWhere(t *testing.T) {
	const object = "data.object."
	for name, c := range map[string]struct{ where, old, new string }{
		"an amount with a point":       {object + "amount_received", `"amount_received": 18640`, `"amount_received": 186.40`},
		"an amount in a text":          {object + "amount_received", `"amount_received": 18640`, `"amount_received": "18640"`},
		"an amount with an exponent":   {object + "amount_received", `"amount_received": 18640`, `"amount_received": 1e4`},
		"an amount of 19 digits":       {object + "amount_received", `"amount_received": 18640`, `"amount_received": 1000000000000000000`},
		"no amount":                    {object + "amount_received", `"amount_received": 18640,`, ``},
		"a currency in capitals":       {object + "currency", `"currency": "usd"`, `"currency": "USD"`},
		"an id with a slash":           {object + "id", `"id": "pi_1AcmeUS1042"`, `"id": "pi_1/../2"`},
		"a created time in a text":     {"created", `"created": 1772547267`, `"created": "1772547267"`},
		"a time in milliseconds":       {"created", `"created": 1772547267`, `"created": 1772547267000`},
		"a time two days ahead":        {"created", `"created": 1772547267`, `"created": 1772720067`},
		"no mode":                      {"livemode", `"livemode": true,` + "\n" + `  "pending`, `"pending`},
		"another object than the type": {object + "object", `"object": "payment_intent"`, `"object": "charge"`},
		"metadata that are a list":     {object + "metadata.body", `"metadata": {`, `"metadata": [], "x": {`},
		"another envelope":             {"object", `"object": "event"`, `"object": "events"`},
	} {
		_, err := newEndpoint(t).Normalise(delivered(t, "payment-succeeded", c.old, c.new))
		var problem *platform.BodyError
		if !errors.As(err, &problem) || problem.Where != c.where {
			t.Errorf("%s: got %v, want an error at %s", name, err, c.where)
		}
	}
}

func TestOrderNumberIsTheFirstFieldThatHoldsOne(t *testing.T) {
	for metadata, want := range map[string]string{
		`{"order_number": "#US7"}`:                           "US7",
		`{"order_id": "77", "order_number": "US7"}`:          "US7",
		`{"order_id": "US8", "order_number": "US7"}`:         "US8",
		`{"order_id": null, "order_number": "US7"}`:          "US7",
		`{"order_id": "US` + strings.Repeat("7", 127) + `"}`: "",
		`{"order_id": 1042}`:                                 "",
		`{"cart": "US7"}`:                                    "",
		`{}`:                                                 "",
		`null`:                                               "",
	} {
		r := reading(t, newEndpoint(t), delivered(t, "payment-succeeded", `"metadata": {`+"\n"+`        "order_number": "#US1042"`+"\n      }", `"metadata": `+metadata))
		got := ""
		if o := of(r, commerce.Order); o.Key != nil {
			got = o.Key[1]
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", metadata, got, want)
		}
	}
	r := reading(t, newEndpoint(t, "order_fields", "till"), delivered(t, "payment-no-order", `"east-2"`, `"US9"`))
	if o := of(r, commerce.Order); o.Key == nil || o.Key[1] != "US9" {
		t.Errorf("a field of the setting: got %v", o.Key)
	}
}

// Only what was taken is the order's, and only where it was taken.
func TestOrderIsPaidByASuccessAlone(t *testing.T) {
	for _, sample := range []string{"payment-failed", "payment-canceled"} {
		if o := of(reading(t, newEndpoint(t), delivered(t, sample)), commerce.Order); o.Key != nil {
			t.Errorf("%s: the order %v was paid", sample, o.Key)
		}
	}
	part := delivered(t, "payment-succeeded", `"amount_received": 18640`, `"amount_received": 12000`)
	if o := of(reading(t, newEndpoint(t), part), commerce.Order); platformtest.Facet(o, "total") != "120" {
		t.Errorf("captured in part: %s", platformtest.Facet(o, "total"))
	}
}

// A payment that waits for its first try is none, and neither is asked for again.
func TestPaymentThatWaitsIsNone(t *testing.T) {
	for name, d := range map[string]commerce.Delivery{
		"for an action":      delivered(t, "payment-answer-waiting"),
		"for its first card": delivered(t, "payment-answer-waiting", `"status": "requires_action"`, `"status": "requires_payment_method"`),
	} {
		if r := reading(t, newEndpoint(t), d); of(r, commerce.Payment).Key != nil || len(r.Fetch) > 0 {
			t.Errorf("%s: got %+v", name, r)
		}
	}
	short := delivered(t, "payment-answer-waiting", `"status": "requires_action"`, `"status": "succeeded"`, `"latest_charge": null`, `"latest_charge": "ch_1Acme"`, `"amount_received": 0`, `"amount_received": 1`)
	if r := reading(t, newEndpoint(t), short); len(r.Fetch) > 0 {
		t.Errorf("an answer without its charge asks for %v", r.Fetch)
	}
}

func TestWhatTheAPIAloneKnowsIsAskedFor(t *testing.T) {
	for name, c := range map[string]struct {
		delivery commerce.Delivery
		want     string
	}{
		"a charge that lists its refunds":         {delivered(t, "charge-refunded-with-list"), ""},
		"a charge that lists some of its refunds": {delivered(t, "charge-refunded-with-list", `"has_more": false`, `"has_more": true`), "charge_refunds/ch_1AcmeUS1042@1772547267000"},
		"an automatic payout that is not certain": {delivered(t, "payout-created"), ""},
		"an automatic payout that is reconciled":  {delivered(t, "payout-reconciled"), "payout_transactions/po_1Acme0303@1772547267000"},
		"a payout of old that is paid":            {delivered(t, "payout-paid", `"reconciliation_status": "completed"`, `"reconciliation_status": null`), "payout_transactions/po_1Acme0303@1772547267000"},
		"a payout by hand":                        {delivered(t, "payout-manual"), ""},
		"a payout by hand of old":                 {delivered(t, "payout-manual", `"reconciliation_status": "not_applicable"`, `"reconciliation_status": null`), ""},
		"a charge that has no fee yet":            {delivered(t, "charge-updated", `"txn_1AcmeUS1042"`, `null`), ""},
	} {
		got := ""
		for _, f := range reading(t, newEndpoint(t), c.delivery).Fetch {
			got += f.Target
		}
		if got != c.want {
			t.Errorf("%s: asks for %q, want %q", name, got, c.want)
		}
	}
}

// Whatever the order in which the events of one second arrive, the later state
// of the object is what stays, and it is known to be the later one.
func TestStatesOfOneSecondAreOrdered(t *testing.T) {
	for name, c := range map[string]struct {
		kind    commerce.Kind
		samples []commerce.Delivery
	}{
		"a payment that failed and then succeeded": {commerce.Payment, []commerce.Delivery{
			delivered(t, "payment-failed", "pi_1AcmeUS1043", "pi_1AcmeUS1042"), delivered(t, "payment-succeeded"),
		}},
		"a refund that was taken back": {commerce.Refund, []commerce.Delivery{delivered(t, "refund-own-order"), delivered(t, "refund-failed")}},
		"a payout that came back": {commerce.Payout, []commerce.Delivery{
			delivered(t, "payout-created"), delivered(t, "payout-reconciled"), delivered(t, "payout-paid"), delivered(t, "payout-failed"),
		}},
		"a dispute whose money was taken": {commerce.Payment, []commerce.Delivery{delivered(t, "dispute-created"), delivered(t, "dispute-funds-withdrawn")}},
	} {
		var all []commerce.Observation
		for _, d := range c.samples {
			all = append(all, of(reading(t, newEndpoint(t), d), c.kind))
		}
		last := all[len(all)-1]
		rapid.Check(t, func(t *rapid.T) {
			var row record.Row
			for _, o := range rapid.Permutation(append(all, all...)).Draw(t, "order") {
				row, _ = record.Merge(row, o, record.Source{Received: received})
			}
			view := row.Views[0]
			if len(row.Views) != 1 || view.Gone != last.Gone || !view.Facets.Equal(last.Facets) || view.Ties.Unknown() {
				t.Fatalf("%s: got %+v", name, view)
			}
		})
	}
}

// An answer settles its event's second only when it was asked for after it.
func TestAnswerIsReadBackFiveSecondsAfterItsEvent(t *testing.T) {
	for asked, want := range map[time.Duration]bool{3 * time.Second: false, 5 * time.Second: true, time.Hour: true} {
		d := delivered(t, "payment-answer")
		d.Received = time.Unix(1772547267, 0).Add(asked)
		v := of(reading(t, newEndpoint(t), d), commerce.Payment).Version.Parts()
		if v.ReadBack != want || v.Clock.Unix() != 1772547267 {
			t.Errorf("asked %s after the event: %+v", asked, v)
		}
	}
}

func TestFeeIsMissingInAnotherCurrency(t *testing.T) {
	for sample, want := range map[string]string{"payment-answer": "5.71", "payment-answer-late": "missing"} {
		got := "missing"
		for _, o := range reading(t, newEndpoint(t), delivered(t, sample)).Observations {
			if o.Kind == commerce.Payment && platformtest.Facet(o, "fee") != "missing" {
				got = platformtest.Facet(o, "fee")
			}
		}
		if got != want {
			t.Errorf("%s: fee %s, want %s", sample, got, want)
		}
	}
	euros := delivered(t, "dispute-funds-withdrawn", `"created": 1772547265,
          "currency": "usd"`, `"created": 1772547265,
          "currency": "eur"`)
	if o := of(reading(t, newEndpoint(t), euros), commerce.Payment); platformtest.Facet(o, "fee") != "missing" || platformtest.Facet(o, "net") != "missing" {
		t.Errorf("a dispute moved in euros: %v", o.Facets)
	}
}

// What is in a payout adds up to the same however it is cut into pages, and to
// what is paid out.
func TestPayoutAddsUpOverItsPages(t *testing.T) {
	e := newEndpoint(t)
	var all []json.RawMessage
	for _, sample := range []string{"payout-page-1", "payout-page-2"} {
		var page struct {
			Data []json.RawMessage `json:"data"`
		}
		if err := json.Unmarshal(delivered(t, sample).Body, &page); err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Data...)
	}
	rapid.Check(t, func(t *rapid.T) {
		target := "payout_transactions/po_1Acme0303@1772547240000"
		for rest := all; ; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "page")
			raw, _ := json.Marshal(map[string]any{"object": "list", "data": rest[:n], "has_more": n < len(rest)})
			r, err := e.Normalise(commerce.Delivery{
				Received: received, Body: raw,
				Header: map[string]string{platform.FetchedHeader: target, platform.StatusHeader: "200"},
			})
			if err != nil {
				t.Fatal(err)
			}
			if rest = rest[n:]; len(rest) > 0 {
				target = r.Fetch[0].Target
				continue
			}
			o := of(r, commerce.Payout)
			got := map[string]string{}
			for name := range o.Facets {
				got[name] = platformtest.Facet(o, name)
			}
			want := map[string]string{"gross": "386.4", "refunds": "53", "adjustments": "-5", "fees": "27.18", "count": "6"}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
			return
		}
	})
	twoCurrencies := delivered(t, "payout-page-2", `"currency": "usd"`, `"currency": "eur"`)
	if _, err := e.Normalise(twoCurrencies); err == nil {
		t.Error("two currencies were added")
	}
}

func TestPageThatCannotEndIsRefused(t *testing.T) {
	_, err := newEndpoint(t).Normalise(delivered(t, "payout-empty", `"has_more": false`, `"has_more": true`))
	if err == nil {
		t.Error("an empty page with more behind it was taken")
	}
}

// An event that lists itself in the hourly run says what it said when it was
// delivered.
func TestListedEventIsTheDeliveredOne(t *testing.T) {
	e := newEndpoint(t)
	once := reading(t, e, delivered(t, "payment-succeeded"))
	raw := delivered(t, "payment-succeeded").Body
	listed := reading(t, e, commerce.Delivery{
		Received: received, Body: fmt.Appendf(nil, `{"object":"list","data":[%s],"has_more":false}`, raw),
		Header: map[string]string{platform.FetchedHeader: "events/2026-03-03T13:12:30Z", platform.StatusHeader: "200"},
	})
	if !reflect.DeepEqual(once, listed) {
		t.Errorf("delivered %+v, listed %+v", once, listed)
	}
}
