// Package interop holds signatures to the libraries that platforms publish for
// their own webhooks: what those sign is accepted here, what is signed here they
// accept, and neither takes what was changed.
package interop

import (
	"maps"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/all"
)

const (
	address = "https://hooks.acme.example/hooks/system"
	shop    = "acme.myshopify.com"
)

// partner is a platform's library beside our endpoint for the platform.
type partner struct {
	// library is its name in vendors.mjs.
	library  string
	platform string
	settings map[string]string
	secret   platform.Secret
	other    platform.Secret
	// stamp is the header with the signed time, and later moves it by a second.
	// Blank where none is signed.
	stamp string
	later func(string) string
	// older is a generation of signatures that the platform still makes and that
	// Sign does not.
	older bool
}

var partners = []partner{
	{
		library: "standardwebhooks", platform: "standard", secret: "whsec_aW50ZXJvcGVyYWJpbGl0eSB0ZXN0IGtleSAwMQ==", other: "whsec_aW50ZXJvcGVyYWJpbGl0eSB0ZXN0IGtleSAwMg==",
		stamp: "webhook-timestamp", later: plus(1),
	},
	{
		library: "svix", platform: "standard", secret: "whsec_aW50ZXJvcGVyYWJpbGl0eSB0ZXN0IGtleSAwMQ==", other: "whsec_aW50ZXJvcGVyYWJpbGl0eSB0ZXN0IGtleSAwMg==",
		stamp: "webhook-timestamp", later: plus(1),
	},
	{
		library: "standardwebhooks raw", platform: "bigcommerce", settings: map[string]string{"store_hash": "acme01x"},
		secret: "client secret of an app", other: "another secret", stamp: "webhook-timestamp", later: plus(1),
	},
	{
		library: "stripe", platform: "stripe", secret: "whsec_aW50ZXJvcGVyYWJpbGl0eQ==", other: "whsec_YW5vdGhlcg==",
		stamp: "stripe-signature", later: func(header string) string {
			stamp, rest, _ := strings.Cut(header, ",")
			return "t=" + plus(1)(strings.TrimPrefix(stamp, "t=")) + "," + rest
		},
	},
	{library: "shopify", platform: "shopify", settings: map[string]string{"shop": shop}, secret: "shpss_interop", other: "shpss_another"},
	{library: "square", platform: "square", settings: map[string]string{"url": address, "merchant": "MACME1"}, secret: "signature-key", other: "another-key"},
	{library: "easypost", platform: "easypost", secret: "ｓéﬁcret-Å", other: "another"},
	{library: "hubspot v1", platform: "hubspot", settings: portal, secret: "client-secret", other: "another", older: true},
	{library: "hubspot v2", platform: "hubspot", settings: portal, secret: "client-secret", other: "another", older: true},
	{
		library: "hubspot v3", platform: "hubspot", settings: portal, secret: "client-secret", other: "another",
		stamp: "x-hubspot-request-timestamp", later: plus(1000),
	},
}

var portal = map[string]string{"portal": "7700123", "url": address}

func plus(n int64) func(string) string {
	return func(stamp string) string {
		was, err := strconv.ParseInt(stamp, 10, 64)
		if err != nil {
			panic(err)
		}
		return strconv.FormatInt(was+n, 10)
	}
}

// endpoint is ours. A platform that is not there fails the test.
func (p partner) endpoint(t *testing.T) platform.Endpoint {
	t.Helper()
	for _, known := range all.Platforms() {
		if known.Name == p.platform {
			e, err := known.New(platform.Config{System: "system", Settings: p.settings, Timezone: time.UTC, Currency: "USD", HashKey: []byte("key")})
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
	}
	t.Fatalf("there is no platform %s", p.platform)
	return nil
}

func (p partner) sign(body string, at time.Time, secret platform.Secret) question {
	return question{Library: p.library, Act: "sign", Secret: string(secret), Body: body, At: at.Unix(), URL: address, Shop: shop}
}

func (p partner) verify(body string, headers map[string]string, secret platform.Secret) question {
	return question{Library: p.library, Act: "verify", Secret: string(secret), Body: body, Headers: headers, URL: address}
}

// moved is the request with its signed time one second later.
func (p partner) moved(headers map[string]string) map[string]string {
	headers = maps.Clone(headers)
	headers[p.stamp] = p.later(headers[p.stamp])
	return headers
}

func TestWhatTheVendorSignsIsAccepted(t *testing.T) {
	now, libraries := time.Now(), start(t)
	for _, p := range partners {
		t.Run(p.library, func(t *testing.T) {
			e, sent := p.endpoint(t), bodies()
			var signs []question
			for _, body := range sent {
				signs = append(signs, p.sign(body, now, p.secret), p.sign(body, now.Add(-6*time.Minute), p.secret), p.sign(body, now.Add(6*time.Minute), p.secret))
			}
			signed := libraries.ask(t, signs)
			for i, body := range sent {
				check := func(what string, want bool, body string, headers map[string]string, secrets ...platform.Secret) {
					t.Helper()
					if err := e.Verify(request(body, headers, now), secrets); (err == nil) != want {
						t.Errorf("%s: got %v, want it accepted: %t\n%s", what, err, want, body)
					}
				}
				headers := signed[3*i].Headers
				check("as signed", true, body, headers, p.other, p.secret)
				check("another secret", false, body, headers, p.other)
				check("another body", false, changed(body), headers, p.secret)
				check("the same in other bytes", false, body+"\n", headers, p.secret)
				if p.stamp != "" {
					check("another time", false, body, p.moved(headers), p.secret)
					check("six minutes old", false, body, signed[3*i+1].Headers, p.secret)
					check("six minutes ahead", false, body, signed[3*i+2].Headers, p.secret)
				}
			}
		})
	}
}

func TestWhatIsSignedHereTheVendorAccepts(t *testing.T) {
	now, libraries := time.Now(), start(t)
	for _, p := range partners {
		if p.older {
			continue
		}
		t.Run(p.library, func(t *testing.T) {
			e := p.endpoint(t)
			var questions []question
			var what []string
			add := func(name string, want bool, q question) {
				questions = append(questions, q)
				what = append(what, name+": "+strconv.FormatBool(want))
			}
			for _, body := range bodies() {
				headers := flat(e.Sign(platform.Sample{Topic: "orders/create", ID: "interop", At: now, Body: []byte(body)}, p.secret))
				add("as signed", true, p.verify(body, headers, p.secret))
				add("another secret", false, p.verify(body, headers, p.other))
				add("another body", false, p.verify(changed(body), headers, p.secret))
				if p.stamp != "" {
					add("another time", false, p.verify(body, p.moved(headers), p.secret))
					old := flat(e.Sign(platform.Sample{ID: "interop", At: now.Add(-6 * time.Minute), Body: []byte(body)}, p.secret))
					add("six minutes old", false, p.verify(body, old, p.secret))
				}
			}
			for i, a := range libraries.ask(t, questions) {
				if !strings.HasSuffix(what[i], strconv.FormatBool(a.Genuine)) {
					t.Errorf("%s, and the vendor says %t\n%s", what[i], a.Genuine, questions[i].Body)
				}
			}
		})
	}
}

// request is what arrives here.
func request(body string, headers map[string]string, received time.Time) platform.Request {
	header := http.Header{}
	for name, value := range headers {
		header.Set(name, value)
	}
	return platform.Request{Method: http.MethodPost, Header: header, Body: []byte(body), Received: received}
}

// flat is a header as Node has it: names in lower case.
func flat(header http.Header) map[string]string {
	headers := map[string]string{}
	for name := range header {
		headers[strings.ToLower(name)] = header.Get(name)
	}
	return headers
}
