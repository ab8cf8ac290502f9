package square_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/square"
	"github.com/plumbline/plumbline/internal/signature"
)

const (
	samples         = "../../../events/square"
	signatureHeader = "X-Square-Hmacsha256-Signature"
	notificationURL = "https://hooks.acme.example/hooks/square"
	// The key is text that looks like base64, so that whoever decodes it is found.
	secret = platform.Secret("cHVibGlzaGVkIHNlY3JldA==")
)

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System:   "square",
		Settings: map[string]string{"url": notificationURL, "merchant": "MACME1", "order_fields": "reference_id,ticket_name"},
		Currency: "USD", Timezone: time.UTC,
		Locations:   platform.Locations{"LEAST": "east", "LWEST": "west", "LQUAR": platform.Ignore},
		OrderNumber: platform.OrderNumber{Match: regexp.MustCompile(`^#?(US\d+)$`)},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: square.Platform(), Config: config(), Secret: secret, Other: "another-secret",
		Dir: samples, Received: received, SignatureHeader: signatureHeader, Forgeries: forgeries,
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func FuzzSignature(f *testing.F) { platformtest.FuzzSignature(f, suite()) }

// forgeries are genuine bodies that were signed as something else.
func forgeries(c platformtest.Case) map[string]platform.Request {
	signed := func(message ...[]byte) platform.Request {
		return platformtest.With(c.Request, signatureHeader, signature.Encode(signature.Sum(signature.Key(secret), message...)))
	}
	body := c.Request.Body
	return map[string]platform.Request{
		"the body alone":                 signed(body),
		"another URL":                    signed([]byte("https://hooks.acme.example/hooks/other"), body),
		"the URL with a slash behind it": signed([]byte(notificationURL+"/"), body),
		"the URL with a query":           signed([]byte(notificationURL+"?a=b"), body),
		"the URL in capitals":            signed([]byte(strings.ToUpper(notificationURL)), body),
		"the URL with a port":            signed([]byte(strings.Replace(notificationURL, "/hooks/", ":443/hooks/", 1)), body),
		"the URL without TLS":            signed([]byte(strings.Replace(notificationURL, "https", "http", 1)), body),
		"URL and body with a separator":  signed([]byte(notificationURL+"\n"), body),
		"the body before the URL":        signed(body, []byte(notificationURL)),
	}
}

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := square.Platform().New(c)
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
		System: "square", Topic: header["plumbline-topic"], Received: received, Header: header,
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

// of is the observation of the kind and part, or an empty one.
func of(r platform.Reading, kind commerce.Kind, part string) commerce.Observation {
	for _, o := range r.Observations {
		if o.Kind == kind && o.Part == part {
			return o
		}
	}
	return commerce.Observation{}
}
