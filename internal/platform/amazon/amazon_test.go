package amazon_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/amazon"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

const samples = "../../../events/amazon"

var received = time.Date(2026, 3, 3, 14, 14, 30, 0, time.UTC)

func config() platform.Config {
	return platform.Config{
		System: "amazon-us", Timezone: time.UTC,
		Settings: map[string]string{
			"seller_id": "A1ACMEEXAMPLE", "rule": "arn:aws:events:us-east-1:111122223333:rule/aws.partner/sellingpartnerapi.amazon.com/111122223333/acme/listings",
		},
		Locations:   platform.Locations{"DEFAULT": "east", "ATVPDKIKX0DER": "amazon-warehouses", "A2EUQ1WTGCTBG2": platform.Ignore},
		OrderNumber: platform.OrderNumber{Stores: map[string]string{"ATVPDKIKX0DER": "amazon-us"}},
		HashKey:     []byte("published hash key of the samples"),
	}
}

func suite() platformtest.Suite {
	return platformtest.Suite{
		Platform: amazon.Platform(), Config: config(),
		Secret: "no-secret-is-needed", Other: "nor-another",
		Dir: samples, Received: received,
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
	e, err := amazon.Platform().New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// told is a sample as it arrives in the queue, with some texts replaced by others.
func told(t testing.TB, name string, replace ...string) commerce.Delivery {
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
	body := []byte(strings.NewReplacer(replace...).Replace(string(text)))
	return platformtest.Deliver(newEndpoint(t), "amazon-us", platform.Request{Body: body, Received: received})
}

func reading(t testing.TB, d commerce.Delivery, changes ...func(*platform.Config)) platform.Reading {
	t.Helper()
	r, err := newEndpoint(t, changes...).Normalise(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// part is the observation of a part, or fails.
func part(t testing.TB, r platform.Reading, name string) commerce.Observation {
	t.Helper()
	for _, o := range r.Observations {
		if o.Part == name {
			return o
		}
	}
	t.Fatalf("no %s: %s", name, r.Ignored)
	return commerce.Observation{}
}
