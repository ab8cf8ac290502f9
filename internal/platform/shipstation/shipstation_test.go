package shipstation_test

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/shipstation"
)

const (
	samples         = "../../../events/shipstation"
	signed          = "testdata/v2"
	signatureHeader = "X-Shipengine-Rsa-Sha256-Signature"
	timestampHeader = "X-Shipengine-Timestamp"
	token           = "published-secret-of-the-samples"
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System: "shipping", Settings: map[string]string{}, Timezone: time.UTC, Currency: "USD",
		Locations:   platform.Locations{"16079": "east", "16080": "west", "16099": platform.Ignore},
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`), Store: "shopify-us", Stores: map[string]string{"700101": "shopify-us"}},
		HashKey:     []byte("published hash key of the samples"),
	}
}

// suite is of the first generation.
func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: shipstation.Platform(), Config: config(),
		Secret: token, Other: "another-secret",
		Dir: samples, Received: received, Query: "token=" + token,
		BigIDs:    map[string]string{"answer-orders": "9007199254740993", "answer-shipments": "9007199254740995"},
		Forgeries: unproved,
	}
}

// signedSuite is of the second generation.
func signedSuite(t testing.TB) platformtest.Suite {
	return platformtest.Suite{
		Platform: shipstation.Platform(), Config: config(), Secret: key(t, "key"), Other: key(t, "other"),
		Dir: signed, Received: received, SignatureHeader: signatureHeader, Spoil: spoil, Forgeries: misdated,
	}
}

// key is a private key of these tests alone.
func key(t testing.TB, name string) platform.Secret {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".pem")
	if err != nil {
		t.Fatal(err)
	}
	return platform.Secret(text)
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func TestConformanceOfTheSecondGeneration(t *testing.T) { platformtest.Run(t, signedSuite(t)) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignedDelivery(f *testing.F) { platformtest.Fuzz(f, signedSuite(f)) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, signedSuite(f)) }

func unproved(c platformtest.Case) map[string]platform.Request {
	all := map[string]platform.Request{}
	for name, query := range map[string]string{
		"no query": "", "no token": "token=", "another token": "token=guessed", "two tokens": "token=" + token + "&token=" + token,
	} {
		req := c.Request
		req.Query = query
		all[name] = req
	}
	all["a signature of nobody beside the token"] = platformtest.With(c.Request, signatureHeader, "c2lnbmF0dXJl")
	return all
}

func misdated(c platformtest.Case) map[string]platform.Request {
	all := map[string]platform.Request{"no time": platformtest.With(c.Request, timestampHeader)}
	for name, stamp := range map[string]string{
		"another time": "2026-03-03T14:14:31Z", "an empty time": "", "a time that is none": "now", "a second spelling of the time": "1772547270",
	} {
		all[name] = platformtest.With(c.Request, timestampHeader, stamp)
	}
	stamp := c.Request.Header.Get(timestampHeader)
	all["two times"] = platformtest.With(c.Request, timestampHeader, stamp, stamp)
	late, early := c.Request, c.Request
	late.Received, early.Received = received.Add(5*time.Minute+time.Second), received.Add(-5*time.Minute-time.Second)
	all["too late"], all["too early"] = late, early
	token := platformtest.With(c.Request, signatureHeader, "c2lnbmF0dXJl")
	token.Query = "token=" + token.Query
	all["a token beside a wrong signature"] = token
	return all
}

func spoil(header string) map[string]string {
	raw, err := base64.StdEncoding.DecodeString(header)
	if err != nil {
		return map[string]string{"that is no base64": header}
	}
	flipped := append([]byte{}, raw...)
	flipped[len(flipped)-1] ^= 1
	return map[string]string{
		"empty": "", "of other bytes": base64.StdEncoding.EncodeToString(flipped), "cut off": header[:len(header)-4],
		"of fewer bytes": base64.StdEncoding.EncodeToString(raw[:255]), "of more bytes": base64.StdEncoding.EncodeToString(append(flipped, 0)),
		"in hexadecimal": hex.EncodeToString(raw), "without padding": strings.TrimRight(header, "="),
		"with a newline inside": header[:20] + "\n" + header[20:], "joined with a comma": header + "," + header,
		"too long": strings.Repeat("A", 1028),
	}
}
