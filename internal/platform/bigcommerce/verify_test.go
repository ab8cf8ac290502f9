package bigcommerce_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/bigcommerce"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/signature"
)

func TestEitherASignatureOrTheHeaderProvesTheSender(t *testing.T) {
	body := sample(t, "order-updated")
	signed := func() http.Header {
		return signature.SignWebhook("msg_1", received, body, signature.Key(secret))
	}
	carrying := func(h http.Header, values ...string) http.Header {
		h["X-Plumbline"] = values
		return h
	}
	for name, c := range map[string]struct {
		header  http.Header
		genuine bool
	}{
		"signed":                             {signed(), true},
		"the header":                         {carrying(http.Header{}, string(secret)), true},
		"the header of another secret":       {carrying(http.Header{}, "of-yesterday"), true},
		"both":                               {carrying(signed(), string(secret)), true},
		"signed, and a wrong header":         {carrying(signed(), "guessed"), true},
		"the header, and another signature":  {carrying(signature.SignWebhook("msg_1", received, body, signature.Key("unknown")), string(secret)), true},
		"neither":                            {http.Header{}, false},
		"a wrong header":                     {carrying(http.Header{}, "guessed"), false},
		"a blank header":                     {carrying(http.Header{}, ""), false},
		"the header twice":                   {carrying(http.Header{}, string(secret), string(secret)), false},
		"signed with the decoded secret":     {signature.SignWebhook("msg_1", received, body, signature.WebhookKey(string(secret))), false},
		"a header that is not configured":    {http.Header{"X-Other": {string(secret)}}, false},
		"the secret in place of a signature": {http.Header{"Webhook-Signature": {string(secret)}}, false},
	} {
		for _, secrets := range [][]platform.Secret{{"", "of-yesterday", secret}, {secret, "of-yesterday", ""}} {
			err := newEndpoint(t).Verify(platform.Request{Header: c.header, Body: body, Received: received}, secrets)
			if c.genuine != (err == nil) || err != nil && !errors.Is(err, platform.ErrSignature) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
	for _, values := range [][]string{nil, {""}, {string(secret)}} {
		req := platform.Request{Header: http.Header{"": values, "X-Plumbline": values}, Body: body, Received: received}
		if err := newEndpoint(t, setting("header", "")).Verify(req, []platform.Secret{"", secret}); err == nil {
			t.Errorf("%q proves the sender although no header is configured", values)
		}
	}
}

func TestAnotherStoresEventIsNotGenuine(t *testing.T) {
	for producer, genuine := range map[string]bool{
		`"stores/acme01x"`: true, `"stores/acme01"`: false, `"stores/other"`: false, `"stores/acme01x/"`: false, `"acme01x"`: false, `7`: false, `""`: false,
		`null`: true,
	} {
		body := sample(t, "order-updated", `"stores/acme01x"`, producer)
		header := newEndpoint(t).Sign(platform.Sample{ID: "1", At: received, Body: body}, secret)
		err := newEndpoint(t).Verify(platform.Request{Header: header, Body: body, Received: received}, []platform.Secret{secret})
		if genuine != (err == nil) {
			t.Errorf("%s: got %v", producer, err)
		}
		// What is genuine and names no store is kept for somebody to look at.
		if _, err := newEndpoint(t).Normalise(event(t, "order-updated", `"stores/acme01x"`, producer)); (producer == `"stores/acme01x"`) != (err == nil) {
			t.Errorf("%s is read: %v", producer, err)
		}
	}
}

func TestAnEventIsItsProducerScopeAndHash(t *testing.T) {
	e := newEndpoint(t)
	id := func(name string, replace ...string) string {
		topic, id := e.Identify(platform.Request{Body: sample(t, name, replace...)})
		if topic == "" {
			t.Errorf("%s has no topic", name)
		}
		return id
	}
	first := id("order-updated")
	if again := id("order-updated", `"created_at":1772547247`, `"created_at":1772547999`); again != first || len(first) != 32 {
		t.Error("what is sent again is another event")
	}
	seen := map[string]string{first: "it"}
	for name, replace := range map[string][]string{
		"another scope":    {`"store/order/updated"`, `"store/order/created"`},
		"another producer": {`"stores/acme01x"`, `"stores/other"`},
		"another hash":     {`"hash":"`, `"hash":"f`},
	} {
		other := id("order-updated", replace...)
		if of, taken := seen[other]; taken {
			t.Errorf("%s has the id of %s", name, of)
		}
		seen[other] = name
	}
	if got := id("order-updated", `"hash":"`, `"hush":"`); got != "" {
		t.Error("an event without a hash has an id")
	}
	if topic, id := e.Identify(platform.Request{Body: []byte("x")}); topic != "" || id != "" {
		t.Error("what is no event has a topic")
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, values := range map[string][]string{
		"store_hash": {"stores/acme01x", "ACME", "a/../b", "ab"}, "header": {"a b", "1", "Webhook-Signature", "webhook-id", "Content-Type", "a:b"},
		"test_payment": {"Manual,"}, "scopes": {"order", "store/order/*,", "store/a b"}, "calls": {"0", "-1", "many", "10001"}, "stock_every": {"1s", "daily"},
	} {
		for _, value := range values {
			c := config()
			c.Settings[name] = value
			if _, err := bigcommerce.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
				t.Errorf("%s %s: got %v", name, value, err)
			}
		}
	}
}

func TestHeaderThatProvesIsNotKept(t *testing.T) {
	body := sample(t, "order-updated")
	e := newEndpoint(t)
	header := e.Sign(platform.Sample{ID: "1", At: received, Body: body}, secret)
	header.Set("X-Plumbline", string(secret))
	d := platformtest.Deliver(e, "shop", platform.Request{Header: header, Body: body, Received: received})
	for name, value := range d.Header {
		if strings.Contains(value, string(secret)) || name == "webhook-signature" {
			t.Errorf("%s is kept", name)
		}
	}
}
