// Package shipstation verifies and reads the webhooks of a ShipStation account, and
// what the first version of its API answers.
//
// It owns both generations of webhooks with their proofs, which addresses may be
// asked, and the shapes of what they answer, and turns them into fetches and
// observations. Calling the API, links, waiting views, and what a difference means
// are left to others.
//
// # Who sends
//
// The first generation signs nothing: the proof is a token in the address. The
// second signs its time and the body with RSA. A request that carries a signature
// is judged by it and never by a token. The system's secrets are tokens, and public
// keys in PEM; a key is never taken for a token, because everybody may have it. The
// name of the key that a request carries is not looked at: every key is tried.
//
// # What is asked for
//
// A webhook of the first generation says no more than an address. Only https on
// ssapi, or ssapi and a number, of shipstation.com is asked, only for orders,
// shipments and fulfilments, and nowhere else does an answer lead. An address that
// is none of these is a webhook that cannot be read. What stands there is a page of
// several, and more pages may follow.
//
// # Times
//
// The first version writes times without an offset, as clocks of the Pacific coast
// show them. What changed last is asked for in such times too: in the hour that
// clocks show twice, an hour more is asked for.
//
// # From memory
//
// Not confirmed, and so a setting: the encoding of the signature and its headers,
// and the zone. Not confirmed and without a setting: that a page says page and
// pages, that 40 calls a minute are allowed, that the second generation signs the
// time, a dot and the body, and its time's two spellings, unix seconds and RFC 3339.
package shipstation

import (
	"cmp"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// The names of the settings in the registry.
const (
	zoneSetting      = "api_timezone"
	signatureSetting = "signature_header"
	timestampSetting = "timestamp_header"
	encodingSetting  = "signature_encoding"
)

const (
	defaultZone      = "America/Los_Angeles"
	defaultSignature = "x-shipengine-rsa-sha256-signature"
	defaultTimestamp = "x-shipengine-timestamp"
	base64Coding     = "base64"
	hexCoding        = "hex"
)

// Platform describes ShipStation.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "shipstation",
		Title: "ShipStation",
		Role:  platform.Shipping,
		Settings: []platform.Setting{
			{Name: zoneSetting, Help: "the zone of the times that the first version of the API writes; " + defaultZone + " when not given"},
			{Name: signatureSetting, Help: "the header with the signature of the second generation; " + defaultSignature + " when not given"},
			{Name: timestampSetting, Help: "the header with the signed time; " + defaultTimestamp + " when not given"},
			{Name: encodingSetting, Help: "how that signature is written: base64, which is the default, or hex"},
		},
		New: newEndpoint,
	}
}

// endpoint is one configured account. It does not change after it was made.
type endpoint struct {
	platform.Config
	pacific              *time.Location
	signature, timestamp string
	encoding             string
}

var headerName = lazyregexp.New(`^[A-Za-z0-9-]+$`)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{
		Config:    c,
		signature: cmp.Or(c.Settings[signatureSetting], defaultSignature),
		timestamp: cmp.Or(c.Settings[timestampSetting], defaultTimestamp),
		encoding:  cmp.Or(c.Settings[encodingSetting], base64Coding),
	}
	var err error
	e.pacific, err = time.LoadLocation(cmp.Or(c.Settings[zoneSetting], defaultZone))
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{zoneSetting, "an IANA zone, such as " + defaultZone, err == nil},
		{signatureSetting, "the name of a header", headerName.MatchString(e.signature)},
		{timestampSetting, "the name of a header", headerName.MatchString(e.timestamp)},
		{encodingSetting, "base64 or hex", e.encoding == base64Coding || e.encoding == hexCoding},
	} {
		if !check.right {
			return nil, fmt.Errorf("shipstation: setting %s: want %s", check.setting, check.want)
		}
	}
	return e, nil
}

// Normalise reads a webhook or an answer of the API.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	if asked, ok := d.Header[platform.FetchedHeader]; ok {
		n.answer(asked)
	} else {
		n.webhook()
	}
	if err := n.Problem(); err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = n.why
	}
	return n.reading, nil
}
