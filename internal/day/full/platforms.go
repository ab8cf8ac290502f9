package full

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/businesscentral"
	"github.com/plumbline/plumbline/internal/platform/easypost"
	"github.com/plumbline/plumbline/internal/platform/hubspot"
	"github.com/plumbline/plumbline/internal/platform/klaviyo"
	"github.com/plumbline/plumbline/internal/platform/shiphero"
	"github.com/plumbline/plumbline/internal/platform/shopify"
	"github.com/plumbline/plumbline/internal/platform/standard"
	"github.com/plumbline/plumbline/internal/platform/stripe"
	"github.com/plumbline/plumbline/internal/platform/woocommerce"
)

// What the systems are known by, as the registry has it.
const (
	shopDomain = "acme.myshopify.com"
	outletHost = "outlet.acme.example"
	tenant     = "acme.onmicrosoft.com"
	companyID  = "5d0d7c3a-41f2-4e57-9a43-7b1f1d2c0e11"
	accountID  = "7556"
	portalID   = 7700123
	mailID     = "AcM3xY"
	hooks      = "https://hooks.acme.example/hooks/"
)

// sender signs what a system sends.
type sender struct {
	endpoint platform.Endpoint
	secret   platform.Secret
}

// Secrets returns the content of the day's secret files by system. They are
// published with the day and protect nothing.
func Secrets() map[string]string {
	return map[string]string{
		shopName:   "demo-client-secret-published-with-the-full-day",
		erpName:    "demo-client-state-published-with-the-full-day",
		wmsName:    "demo-shiphero-secret-published-with-the-full-day",
		taxName:    "whsec_ZGVtby10YXgtYnJpZGdlLXB1Ymxpc2hlZC13aXRoLXRoZS1kYXk=",
		crmName:    "demo-hubspot-secret-published-with-the-full-day",
		payName:    "whsec_demo_stripe_secret_published_with_the_full_day",
		outletName: "demo-woocommerce-secret-published-with-the-full-day",
		labelName:  "demo-easypost-secret-published-with-the-full-day",
		mailName:   "demo-klaviyo-secret-published-with-the-full-day",
		booksName:  "whsec_ZGVtby1ib29rcy1wdWJsaXNoZWQtd2l0aC10aGUtZnVsbC1kYXk=",
	}
}

// Credentials returns the content of the files with what the systems' APIs would
// be asked with. Nobody ever sees them: the answers were recorded.
func Credentials() map[string]string {
	return map[string]string{
		erpName:    `{"client_id":"demo","client_secret":"demo"}`,
		wmsName:    "demo-refresh-token",
		taxName:    "2001234567:demo",
		crmName:    "demo-access-token",
		payName:    "demo-restricted-key",
		outletName: "ck_demo:cs_demo",
		labelName:  "demo-production-key",
		mailName:   "demo-private-key",
	}
}

func newSenders() map[string]sender {
	described := map[string]struct {
		platform platform.Platform
		settings map[string]string
	}{
		shopName:   {shopify.Platform(), map[string]string{"shop": shopDomain}},
		erpName:    {businesscentral.Platform(), map[string]string{"tenant": tenant, "company": companyID}},
		wmsName:    {shiphero.Platform(), map[string]string{"account": accountID}},
		crmName:    {hubspot.Platform(), map[string]string{"portal": "7700123", "url": hooks + crmName}},
		payName:    {stripe.Platform(), nil},
		outletName: {woocommerce.Platform(), map[string]string{"shop": "https://" + outletHost}},
		labelName:  {easypost.Platform(), nil},
		mailName:   {klaviyo.Platform(), map[string]string{"account": mailID}},
		booksName:  {standard.Platform(), nil},
	}
	senders := map[string]sender{}
	for name, d := range described {
		endpoint, err := d.platform.New(platform.Config{System: name, Settings: d.settings, HashKey: []byte("unused")})
		if err != nil {
			panic(err)
		}
		senders[name] = sender{endpoint, platform.Secret(Secrets()[name])}
	}
	return senders
}

// travel is how a delivery gets here.
type travel struct {
	// delay is how long after the event it arrives; 0 is the usual second.
	delay time.Duration
	// forged signs with a secret that is not the sender's.
	forged bool
	// outcome is what must become of it; blank is accepted.
	outcome, why string
}

// send delivers a body about an event of now, signed as its platform does.
func (c *company) send(system, topic string, body any, t travel) {
	text := script.Text(body)
	if system == shopName || system == outletName {
		// Both write slashes with a backslash; all of them are inside texts.
		text = strings.ReplaceAll(text, "/", `\/`)
	}
	if t.delay == 0 {
		t.delay = c.Jitter(200*time.Millisecond, 1500*time.Millisecond)
	}
	at := c.Now.Add(t.delay)
	sample := platform.Sample{Topic: topic, ID: c.UUID(), At: at, Body: []byte(text)}
	if system == shopName {
		// The shop tells when the event was, and signs no time.
		sample.At = c.Now.Add(c.Jitter(time.Microsecond, 100*time.Millisecond))
	}
	s := c.senders[system]
	secret := s.secret
	if t.forged {
		secret = "not-" + secret
	}
	headers := map[string]string{}
	for name, values := range s.endpoint.Sign(sample, secret) {
		headers[name] = values[0]
	}
	c.Deliver(script.Sent{
		Delivery: day.Delivery{At: at, System: system, Headers: headers, Body: text}, Is: t.outcome, Why: t.why,
	})
}

// answer notes what an API answers from now on.
func (c *company) answer(call, holds string, body any) {
	c.Answer(day.Answer{Call: call, Holds: holds, Body: script.Text(body)})
}

// millis writes a moment in UTC with milliseconds.
func millis(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// second writes a moment with the offset of its zone.
func second(t time.Time) string { return t.Format(time.RFC3339) }

// plain writes a moment in UTC without saying so.
func plain(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") }

// object is a JSON object in the making.
type object = map[string]any
