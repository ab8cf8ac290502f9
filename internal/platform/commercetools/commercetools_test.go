package commercetools_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/commercetools"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

const samples = "../../../events/commercetools"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System:   "shop",
		Settings: map[string]string{"project_key": "acme-prod", "region": "us-central1.gcp", "stock_location": "outlet"},
		Currency: "USD", Timezone: time.UTC,
		Locations: platform.Locations{
			"9a000001-5b7a-4c2d-9e8f-1a2b3c4d5e6f": "east", "9a000002-5b7a-4c2d-9e8f-1a2b3c4d5e6f": "west",
			"9a000009-5b7a-4c2d-9e8f-1a2b3c4d5e6f": platform.Ignore,
		},
		OrderNumber: platform.OrderNumber{Stores: map[string]string{"us": "shop"}},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: commercetools.Platform(), Config: config(),
		Secret: "no-secret-is-needed", Other: "nor-another",
		Dir: samples, Received: received,
		BigIDs: map[string]string{"inventory-updated-change": "9007199254740993"},
	}
}

func TestConformance(t *testing.T) { platformtest.Run(t, suite()) }

func FuzzDelivery(f *testing.F) { platformtest.Fuzz(f, suite()) }

func newEndpoint(t testing.TB, changes ...func(*platform.Config)) platform.Endpoint {
	t.Helper()
	c := config()
	for _, change := range changes {
		change(&c)
	}
	e, err := commercetools.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// setting changes one of the platform's own settings.
func setting(name, value string) func(*platform.Config) {
	return func(c *platform.Config) { c.Settings[name] = value }
}

// sample is a sample's body with some texts replaced by others.
func sample(t testing.TB, name string, replace ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(text), replace[i]) {
			t.Fatalf("sample %s has no %s", name, replace[i])
		}
	}
	return []byte(strings.NewReplacer(replace...).Replace(string(text)))
}

// told is a sample as it arrives in the queue.
func told(t testing.TB, name string, replace ...string) commerce.Delivery {
	t.Helper()
	return platformtest.Deliver(newEndpoint(t), "shop", platform.Request{Body: sample(t, name, replace...), Received: received})
}

// answer is what the API says when it was asked for the target.
func answer(topic, target string, body []byte) commerce.Delivery {
	return commerce.Delivery{
		ID: "a", System: "shop", Topic: topic, Received: received, Body: body,
		Header: map[string]string{platform.FetchedHeader: target, platform.StatusHeader: "200"},
	}
}

func reading(t testing.TB, d commerce.Delivery, changes ...func(*platform.Config)) platform.Reading {
	t.Helper()
	r, err := newEndpoint(t, changes...).Normalise(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// of is the first observation of the kind.
func of(t testing.TB, r platform.Reading, kind commerce.Kind) commerce.Observation {
	t.Helper()
	for _, o := range r.Observations {
		if o.Kind == kind {
			return o
		}
	}
	t.Fatalf("no %s: %s", kind, r.Ignored)
	return commerce.Observation{}
}
