package standard

import (
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

// read normalises a body for a system of the suite, changed as the test needs.
func read(t *testing.T, change func(*platform.Config), body string) platform.Reading {
	t.Helper()
	s := suite(t)
	change(&s.Config)
	endpoint, err := s.Platform.New(s.Config)
	if err != nil {
		t.Fatal(err)
	}
	req := platform.Request{Body: []byte(body), Received: s.Received}
	reading, err := endpoint.Normalise(platformtest.Deliver(endpoint, s.Config.System, req))
	if err != nil {
		t.Fatal(err)
	}
	return reading
}

func TestCurrencyOfTheSystemIsUsedForAmountsWithoutOne(t *testing.T) {
	for _, tc := range []struct{ name, currency, facets, want string }{
		{"an amount without currency", "USD", `{"total":"9.90"}`, "USD"},
		{"an amount with its own", "USD", `{"total":"9.90","currency":"CAD"}`, "CAD"},
		{"an amount whose currency is null", "USD", `{"total":"9.90","currency":null}`, "null"},
		{"units only", "USD", `{"units":"2"}`, "missing"},
		{"a system without currency", "", `{"total":"9.90"}`, "missing"},
	} {
		reading := read(t, func(c *platform.Config) { c.Currency = tc.currency },
			`{"type":"records.reported","timestamp":"2026-03-03T14:14:00Z","records":[
				{"kind":"order","key":{"number":"US1042"},"facets":`+tc.facets+`}]}`)
		got := "missing"
		if v, ok := reading.Observations[0].Facets["currency"]; ok {
			got = v.String()
		}
		if got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestSystemWithoutTimeZoneWritesUTC(t *testing.T) {
	reading := read(t, func(c *platform.Config) { c.Timezone = nil },
		`{"type":"records.reported","timestamp":"2026-03-03T14:14:00","records":[{"kind":"product","key":{"sku":"MUG-BLU"}}]}`)
	if got := reading.Observations[0].Version.Parts().Clock.String(); got != "2026-03-03 14:14:00 +0000 UTC" {
		t.Errorf("got %s", got)
	}
}

// A message that was repeated is recognised by its versions, and what it says
// of one record does not depend on the others in it.
func TestRecordReadsTheSameAloneAndAmongOthers(t *testing.T) {
	const first = `{"kind":"inventory","key":{"sku":"MUG-BLU","location":"EAST"},"facets":{"free":"12.0"}}`
	const second = `{"kind":"inventory","key":{"location":"EAST","sku":"MUG-BLU"},"facets":{"free":12}}`
	var versions []commerce.Version
	for _, records := range []string{first, second, second + "," + first} {
		reading := read(t, func(*platform.Config) {},
			`{"records":[`+records+`],"timestamp":"2026-03-03T09:14:00-05:00","type":"records.reported"}`)
		for _, o := range reading.Observations {
			versions = append(versions, o.Version)
		}
	}
	for _, v := range versions {
		if v != versions[0] {
			t.Errorf("got %s, want %s", v, versions[0])
		}
	}
}
