package stripe_test

import (
	"net/http"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
)

func TestRequest_IsTheAPIsOwnAddress(t *testing.T) {
	const base = "https://api.stripe.com/v1/"
	api, ok := newEndpoint(t).(platform.API)
	if !ok {
		t.Fatal("no API")
	}
	for target, want := range map[string]string{
		"payment_intents/pi_1Acme@1772547267000":                      base + "payment_intents/pi_1Acme?expand%5B%5D=latest_charge.balance_transaction",
		"refunds/re_1Acme@1772547267000":                              base + "refunds/re_1Acme?expand%5B%5D=payment_intent",
		"disputes/dp_1Acme@1772547267000":                             base + "disputes/dp_1Acme",
		"payouts/po_1Acme@1772547267000":                              base + "payouts/po_1Acme",
		"charge_refunds/ch_1Acme@1772547267000":                       base + "refunds?charge=ch_1Acme&expand%5B%5D=data.payment_intent&limit=100",
		"charge_refunds/ch_1Acme@1772547267000/re_9":                  base + "refunds?charge=ch_1Acme&expand%5B%5D=data.payment_intent&limit=100&starting_after=re_9",
		"payout_transactions/po_1Acme@1772547267000":                  base + "balance_transactions?limit=100&payout=po_1Acme",
		"payout_transactions/po_1@1772547267000/txn_7/USD:1:-2:3:4:5": base + "balance_transactions?limit=100&payout=po_1&starting_after=txn_7",
	} {
		req, err := api.Request(platform.Fetch{Topic: "any", Target: target}, "rk_live_published")
		if err != nil {
			t.Errorf("%s: %v", target, err)
			continue
		}
		if got := req.URL.String(); got != want || req.Method != http.MethodGet || req.Header.Get("Authorization") != "Bearer rk_live_published" ||
			req.Header.Get("Stripe-Version") == "" || req.Header.Get("Stripe-Account") != "" {
			t.Errorf("%s: %s %s with %v", target, req.Method, got, req.Header)
		}
	}
	for _, target := range []string{
		"payment_intents/pi_1Acme", "customers/cus_1@1772547267000", "payment_intents/pi_1/../../charges@1772547267000",
		"payout_transactions/po_1@1772547267000/txn_7/USD:1", "events/yesterday", "events/2026-13-03T13:12:30Z", "events/2026-03-03T13:12:30Z/evt_1?x",
	} {
		if _, err := api.Request(platform.Fetch{Topic: "any", Target: target}, ""); err == nil {
			t.Errorf("%s was asked for", target)
		}
	}
}

func TestRequest_NamesTheConnectedAccount(t *testing.T) {
	api, _ := newEndpoint(t, "account", "acct_1AcmeOther").(platform.API)
	req, err := api.Request(platform.Fetch{Topic: "payout", Target: "payouts/po_1Acme@1772547267000"}, "key")
	if err != nil || req.Header.Get("Stripe-Account") != "acct_1AcmeOther" {
		t.Errorf("%v, %v", req, err)
	}
}

// Stripe takes at most twenty types in one list.
func TestChores_ListTheEventsThatAreRead(t *testing.T) {
	e := newEndpoint(t)
	chores := e.(platform.Recurring).Chores()
	if len(chores) != 1 || chores[0].Fetch.Target != "events/{since}" {
		t.Fatalf("got %+v", chores)
	}
	req, err := e.(platform.API).Request(platform.Fetch{Topic: "events", Target: "events/2026-03-03T13:12:30Z/evt_1Acme"}, "key")
	if err != nil {
		t.Fatal(err)
	}
	q := req.URL.Query()
	if types := q["types[]"]; len(types) == 0 || len(types) > 20 || q.Get("created[gte]") != "1772543550" || q.Get("starting_after") != "evt_1Acme" {
		t.Errorf("got %v", q)
	}
}

func TestToken_IsTheCredential(t *testing.T) {
	api, _ := newEndpoint(t).(platform.API)
	if req, err := api.Token("rk_live_published"); req != nil || err != nil {
		t.Errorf("got %v, %v", req, err)
	}
}
