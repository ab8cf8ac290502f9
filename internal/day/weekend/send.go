package weekend

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/klaviyo"
	"github.com/plumbline/plumbline/internal/platform/shopify"
	"github.com/plumbline/plumbline/internal/platform/standard"
)

const (
	shopDomain = "acme.myshopify.com"
	mailID     = "AcM3xY"
	// pipeline is no system: its secret signs changes and nothing else.
	pipeline = "changes"
)

// sender signs what a system sends.
type sender struct {
	endpoint platform.Endpoint
	secret   platform.Secret
}

// Secrets returns the content of the stretch's secret files by system. They are
// published with it and protect nothing.
func Secrets() map[string]string {
	return map[string]string{
		portalName: "whsec_ZGVtby1wb3J0YWwtcHVibGlzaGVkLXdpdGgtdGhlLXdlZWtlbmQ=",
		erpName:    "whsec_ZGVtby1lcnAtcHVibGlzaGVkLXdpdGgtdGhlLXdlZWtlbmQ=",
		wmsName:    "whsec_ZGVtby13bXMtcHVibGlzaGVkLXdpdGgtdGhlLXdlZWtlbmQ=",
		shopName:   "demo-client-secret-published-with-the-weekend",
		mailName:   "demo-klaviyo-secret-published-with-the-weekend",
		pipeline:   "whsec_ZGVtby1jaGFuZ2VzLXB1Ymxpc2hlZC13aXRoLXRoZS13ZWVrZW5k",
	}
}

func newSenders() map[string]sender {
	described := map[string]struct {
		platform platform.Platform
		settings map[string]string
	}{
		portalName: {standard.Platform(), nil},
		erpName:    {standard.Platform(), nil},
		wmsName:    {standard.Platform(), nil},
		pipeline:   {standard.Platform(), nil},
		shopName:   {shopify.Platform(), map[string]string{"shop": shopDomain}},
		mailName:   {klaviyo.Platform(), map[string]string{"account": mailID}},
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

// send delivers a body about an event of a moment, signed as its platform does.
func (c *company) send(at time.Time, system, topic string, body any) {
	c.deliver(at, system, system, topic, script.Text(body))
}

// deploy lets the pipeline tell that it changed a system.
func (c *company) deploy(at time.Time, id, system, what string) {
	c.deliver(at, "", pipeline, "", script.Text(object{"id": id, "at": second(at), "system": system, "what": what, "by": "deploy"}))
}

func (c *company) deliver(at time.Time, system, signedBy, topic, text string) {
	if system == shopName {
		text = strings.ReplaceAll(text, "/", `\/`)
	}
	arrives := at.Add(c.Jitter(200*time.Millisecond, 900*time.Millisecond))
	sample := platform.Sample{Topic: topic, ID: c.UUID(), At: arrives, Body: []byte(text)}
	s := c.senders[signedBy]
	headers := map[string]string{}
	for name, values := range s.endpoint.Sign(sample, s.secret) {
		headers[name] = values[0]
	}
	c.Deliver(script.Sent{Delivery: day.Delivery{At: arrives, System: system, Headers: headers, Body: text}})
}

// tell lets a system on the standard format report records: to the front from
// Friday evening on, and before that as what was heard and kept.
func (c *company) tell(at time.Time, system string, records ...object) {
	for _, r := range records {
		c.sequence++
		r["updated_at"], r["sequence"] = second(at), c.sequence
	}
	body := object{"type": topic, "records": records}
	if at.Before(begin) {
		c.Remember(day.Past{At: at, System: system, Topic: topic, Headers: map[string]string{}, Body: script.Text(body)})
		return
	}
	c.send(at, system, topic, body)
}

// topic is what messages of the standard format are called.
const topic = "records.reported"

// begin is when deliveries reach the front.
var begin = on(friday, 18, 30)

// record is one that a system of the standard format reports.
func record(kind string, key, facets object) object {
	return object{"kind": kind, "key": key, "facets": facets}
}

// second writes a moment with the offset of its zone.
func second(t time.Time) string { return t.Format(time.RFC3339) }

// object is a JSON object in the making.
type object = map[string]any
