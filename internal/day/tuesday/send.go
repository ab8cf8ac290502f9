package tuesday

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// The secrets with which the company signs. They are published with the day
// and protect nothing.
const (
	shopSecret = "demo-client-secret-published-with-the-recorded-day"
	erpSecret  = "whsec_ZGVtby1lcnAtc2VjcmV0LXB1Ymxpc2hlZC13aXRoLXRoZS1kYXk="
	wmsSecret  = "whsec_ZGVtby13bXMtc2VjcmV0LXB1Ymxpc2hlZC13aXRoLXRoZS1kYXk="
)

// Secrets returns the content of the day's secret files by system. They are
// published with the day and protect nothing.
func Secrets() map[string]string {
	return map[string]string{shopName: shopSecret, erpName: erpSecret, wmsName: wmsSecret}
}

// shopDomain is what the shop calls itself in headers.
const shopDomain = "acme.myshopify.com"

// travel is how a delivery of the shop gets here.
type travel struct {
	// delay is how long after the event it arrives; 0 is the usual second.
	delay time.Duration
	// untimed leaves out the header that tells when it was triggered.
	untimed bool
	// forged signs with a secret that is not the shop's.
	forged bool
	// outcome is what must become of it; blank is accepted.
	outcome, why string
}

// fromShop sends a webhook of the shop about an event of now.
func (c *company) fromShop(topic string, body any, t travel) {
	// The shop writes slashes with a backslash; all of them are inside texts.
	text := strings.ReplaceAll(script.Text(body), "/", `\/`)
	if t.delay == 0 {
		t.delay = c.Jitter(200*time.Millisecond, 1500*time.Millisecond)
	}
	headers := map[string]string{
		"Content-Type":           "application/json",
		"User-Agent":             "Shopify-Captain-Hook",
		"X-Shopify-Api-Version":  "2026-01",
		"X-Shopify-Hmac-Sha256":  signBody(t.secret(), text),
		"X-Shopify-Shop-Domain":  shopDomain,
		"X-Shopify-Topic":        topic,
		"X-Shopify-Webhook-Id":   c.UUID(),
		"X-Shopify-Triggered-At": c.Now.UTC().Add(c.Jitter(time.Microsecond, 100*time.Millisecond)).Format(time.RFC3339Nano),
	}
	if t.untimed {
		delete(headers, "X-Shopify-Triggered-At")
	}
	c.deliver(shopName, c.Now.Add(t.delay), headers, text, t)
}

func (t travel) secret() string {
	if t.forged {
		return "not-" + shopSecret
	}
	return shopSecret
}

// report is the body of a system that speaks the standard format.
type report struct {
	Type      string     `json:"type"`
	Timestamp string     `json:"timestamp"`
	Records   []reported `json:"records"`
}

// reported is one record of a report.
type reported struct {
	Kind        string         `json:"kind"`
	Part        string         `json:"part,omitempty"`
	ID          string         `json:"id,omitempty"`
	Key         map[string]any `json:"key"`
	CreatedAt   string         `json:"created_at,omitempty"`
	UpdatedAt   string         `json:"updated_at"`
	Sequence    uint64         `json:"sequence,omitempty"`
	Gone        bool           `json:"gone,omitempty"`
	SucceededBy string         `json:"succeeded_by,omitempty"`
	Facets      map[string]any `json:"facets,omitempty"`
	Lines       []reportLine   `json:"lines,omitempty"`
}

type reportLine struct {
	SKU      string `json:"sku"`
	Units    string `json:"units"`
	Location string `json:"location,omitempty"`
}

// report sends records of the ERP or the WMS.
func (c *company) report(system string, records []reported, t travel) {
	if len(records) == 0 {
		return
	}
	text := script.Text(report{Type: "records.reported", Timestamp: stamp(c.Now), Records: records})
	if t.delay == 0 {
		t.delay = c.Jitter(100*time.Millisecond, 900*time.Millisecond)
	}
	at := c.Now.Add(t.delay)
	headers := signed(system, "msg_"+strings.ReplaceAll(c.UUID(), "-", ""), at, text)
	c.deliver(system, at, headers, text, t)
}

// signed makes the headers of an attempt to deliver a body.
func signed(system, id string, at time.Time, body string) map[string]string {
	when := strconv.FormatInt(at.Unix(), 10)
	return map[string]string{
		"Content-Type":      "application/json",
		"Webhook-Id":        id,
		"Webhook-Timestamp": when,
		"Webhook-Signature": "v1," + signBody(mustKey(Secrets()[system]), id+"."+when+"."+body),
	}
}

// mustKey is the key inside a Standard Webhooks secret. It panics on a text that
// is none, which the constants above are not.
func mustKey(secret string) string {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		panic(err)
	}
	return string(key)
}

// signBody is the base64 HMAC-SHA256 of a text.
func signBody(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (c *company) deliver(system string, at time.Time, headers map[string]string, body string, t travel) {
	c.Deliver(script.Sent{
		Delivery: day.Delivery{At: at, System: system, Headers: headers, Body: body}, Is: t.outcome, Why: t.why,
	})
}

// again delivers once more what was sent before. A sender of the standard
// format signs every attempt; the shop sends the frozen bytes.
func (c *company) again(s script.Sent, at time.Time) {
	headers := maps.Clone(s.Headers)
	if s.System != shopName {
		headers = signed(s.System, s.Headers["Webhook-Id"], at, s.Body)
	}
	c.deliver(s.System, at, headers, s.Body, travel{outcome: s.Is, why: s.Why})
}

// stamp writes a moment as ERP and WMS do.
func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.000Z07:00") }

// second writes a moment as the shop does.
func second(t time.Time) string { return t.Format(time.RFC3339) }

// gid is the shop's global id of an entity.
func gid(kind string, id int64) string { return fmt.Sprintf("gid://shopify/%s/%d", kind, id) }
