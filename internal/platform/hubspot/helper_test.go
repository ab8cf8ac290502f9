package hubspot_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/hubspot"
)

func newEndpoint(t testing.TB, settings ...string) platform.Endpoint {
	t.Helper()
	c := config()
	for i := 0; i < len(settings); i += 2 {
		c.Settings[settings[i]] = settings[i+1]
	}
	e, err := hubspot.Platform().New(c)
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
		System: "crm", Received: received, Header: header,
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

// of is the observation of the kind, or an empty one.
func of(r platform.Reading, kind commerce.Kind) commerce.Observation {
	for _, o := range r.Observations {
		if o.Kind == kind {
			return o
		}
	}
	return commerce.Observation{}
}

// asked are the targets that a reading asks for.
func asked(r platform.Reading) string {
	var all []string
	for _, f := range r.Fetch {
		all = append(all, f.Target)
	}
	return strings.Join(all, " ")
}
