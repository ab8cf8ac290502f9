package woocommerce_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/woocommerce"
	"github.com/plumbline/plumbline/internal/signature"
)

func TestSecretIsReadAsWordPressReadsIt(t *testing.T) {
	e, body := newEndpoint(t), []byte(`{"id":1}`)
	for stored, key := range map[string]string{
		`a&b`: `a&b`, `a&amp;b`: `a&b`, `&lt;&gt;&quot;`: `<>"`, `&#039;&#39;&#x27;&#X0027;`: `''''`,
		`&#34;&#034;&#x22;`: `"""`, `&#38;&#x26;&#60;&#062;`: `&&<>`, `&amp;amp;`: `&amp;`, `&amp;lt;`: `&lt;`,
		`&`: `&`, `&euro;`: `&euro;`, `&AMP;`: `&AMP;`, `&#x3c;`: `&#x3c;`, `&#8217;`: `&#8217;`, `amp;`: `amp;`, `&amp`: `&amp`,
	} {
		req := platform.Request{Body: body, Header: e.Sign(platform.Sample{Topic: "order.updated", Body: body}, "x")}
		req.Header.Set("X-WC-Webhook-Signature", signature.Encode(signature.Sum(signature.Key(key), body)))
		if err := e.Verify(req, []platform.Secret{platform.Secret(stored)}); err != nil {
			t.Errorf("%s: %v", stored, err)
		}
		if stored == key {
			continue
		}
		req.Header.Set("X-WC-Webhook-Signature", signature.Encode(signature.Sum(signature.Key(stored), body)))
		if err := e.Verify(req, []platform.Secret{platform.Secret(stored)}); !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%s is taken as it stands: %v", stored, err)
		}
	}
}

func TestShopIsTheHomeAddress(t *testing.T) {
	for setting, source := range map[string]string{
		"https://shop.acme.example":    "https://shop.acme.example/",
		"https://Shop.ACME.example/":   "http://shop.acme.example",
		"https://acme.example/store":   "https://acme.example/store/",
		"https://acme.example/store/a": "https://ACME.example/store/a",
	} {
		c := config()
		c.Settings["shop"] = setting
		e, err := woocommerce.Platform().New(c)
		if err != nil {
			t.Fatal(err)
		}
		header := e.Sign(platform.Sample{Topic: "order.updated"}, secret)
		header.Set("X-WC-Webhook-Source", source)
		if err := e.Verify(platform.Request{Header: header}, []platform.Secret{secret}); err != nil {
			t.Errorf("%s for %s: %v", source, setting, err)
		}
	}
}

func TestAnotherAddressIsAnotherShop(t *testing.T) {
	e := newEndpoint(t)
	for _, source := range []string{"", "shop.acme.example", "ftp://shop.acme.example", "https://shop.acme.example/%zz", "https://shop.acme.example/store"} {
		header := e.Sign(platform.Sample{Topic: "order.updated"}, secret)
		header.Set("X-WC-Webhook-Source", source)
		if err := e.Verify(platform.Request{Header: header}, []platform.Secret{secret}); !errors.Is(err, platform.ErrSignature) {
			t.Errorf("%s: got %v", source, err)
		}
	}
}

func TestSettingsSayWhatWouldBeRight(t *testing.T) {
	for name, values := range map[string][]string{
		"shop": {
			"shop.acme.example", "http://shop.acme.example", "https://shop", "https://a@shop.acme.example", "https://shop.acme.example:8443",
			"https://shop.acme.example/?a=b", "https://shop.acme.example/../x", "https://shop.acme.example/#x", "ftp://shop.acme.example", "https://",
		},
		"location": {"mug@east"},
		"topics":   {"order", "order.updated,,product.updated", "coupon.created"},
	} {
		for _, value := range values {
			c := config()
			c.Settings[name] = value
			if _, err := woocommerce.Platform().New(c); err == nil || !strings.Contains(err.Error(), "setting "+name+": want") {
				t.Errorf("%s %s: got %v", name, value, err)
			}
		}
	}
}

func TestPingIsAnsweredWith200AndHasNoEffect(t *testing.T) {
	greeter := newEndpoint(t).(platform.Greeter)
	answer, greeted := greeter.Greet(ping(func(*platform.Request) {}), nil)
	if !greeted || answer.Code() != http.StatusOK || answer.Body != "" {
		t.Errorf("got %d %q, %t", answer.Code(), answer.Body, greeted)
	}
	charset := ping(func(r *platform.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	})
	if _, greeted := greeter.Greet(charset, nil); !greeted {
		t.Error("a ping that names its charset is refused")
	}
	body := func(text string) func(*platform.Request) { return func(r *platform.Request) { r.Body = []byte(text) } }
	header := func(name, value string) func(*platform.Request) {
		return func(r *platform.Request) { r.Header.Set(name, value) }
	}
	for name, change := range map[string]func(*platform.Request){
		"another field":       body("webhook_id=123&x=1"),
		"no number":           body("webhook_id="),
		"a text":              body("webhook_id=abc"),
		"zero":                body("webhook_id=0"),
		"another case":        body("Webhook_ID=123"),
		"a newline":           body("webhook_id=123\n"),
		"a line before":       body("x\nwebhook_id=123"),
		"nothing":             body(""),
		"JSON":                body(`{"webhook_id":123}`),
		"a JSON type":         header("Content-Type", "application/json"),
		"no type":             header("Content-Type", ""),
		"half a type":         header("Content-Type", "application/x-www-form-urlencoded; ="),
		"a topic":             header("X-WC-Webhook-Topic", "order.updated"),
		"a signature":         header("X-WC-Webhook-Signature", "x"),
		"an unsigned webhook": header("X-WC-Webhook-ID", "1"),
		"GET":                 func(r *platform.Request) { r.Method = http.MethodGet },
	} {
		if _, greeted := greeter.Greet(ping(change), nil); greeted {
			t.Errorf("%s: taken for a ping", name)
		}
	}
	if err := newEndpoint(t).Verify(ping(func(*platform.Request) {}), []platform.Secret{secret}); !errors.Is(err, platform.ErrSignature) {
		t.Errorf("a ping is a delivery: %v", err)
	}
}

func TestDeliveriesOfOneSecondHaveIDsOfTheirOwn(t *testing.T) {
	e, ids := newEndpoint(t), map[string]string{}
	request := func(topic, body string) platform.Request {
		return platform.Request{Body: []byte(body), Header: e.Sign(platform.Sample{Topic: topic, ID: "0f3a", Body: []byte(body)}, secret)}
	}
	for name, req := range map[string]platform.Request{
		"one product":     request("product.updated", `{"id":1}`),
		"another product": request("product.updated", `{"id":2}`),
		"another state":   request("product.updated", `{"id":1,"sku":""}`),
		"another topic":   request("product.deleted", `{"id":1}`),
		"another shop":    platformtest.With(request("product.updated", `{"id":1}`), "X-WC-Webhook-Source", "https://other.example/"),
	} {
		_, id := e.Identify(req)
		if other, taken := ids[id]; taken || len(id) != 32 {
			t.Errorf("%s and %s share the id %q", name, other, id)
		}
		ids[id] = name
	}
	first, again := request("product.updated", `{"id":1}`), request("product.updated", `{"id":1}`)
	again.Header.Set("X-WC-Webhook-Delivery-ID", "77aa")
	_, was := e.Identify(first)
	if _, id := e.Identify(again); id != was {
		t.Error("what is sent twice is two deliveries")
	}
}
