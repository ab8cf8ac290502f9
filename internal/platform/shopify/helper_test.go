package shopify_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
	"github.com/plumbline/plumbline/internal/platform/shopify"
)

func newEndpoint(t testing.TB) platform.Endpoint {
	t.Helper()
	e, err := shopify.Platform().New(config())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// sampleOf is a sample as it arrives.
func sampleOf(t testing.TB, name string) platform.Request {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(samples, name+".body.json"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(samples, name+".headers.json"))
	if err != nil {
		t.Fatal(err)
	}
	var flat map[string]string
	if err := json.Unmarshal(text, &flat); err != nil {
		t.Fatal(err)
	}
	header := http.Header{}
	for k, v := range flat {
		header.Set(k, v)
	}
	return platform.Request{Header: header, Body: body, Received: received}
}

// change edits a delivery before it is read.
type change func(*commerce.Delivery)

// replace changes a text in the body, which must hold it.
func replace(old, with string) change {
	return func(d *commerce.Delivery) {
		if !strings.Contains(string(d.Body), old) {
			panic("the sample does not hold " + old)
		}
		d.Body = []byte(strings.ReplaceAll(string(d.Body), old, with))
	}
}

func under(topic string) change { return func(d *commerce.Delivery) { d.Topic = topic } }

func triggered(at string) change {
	return func(d *commerce.Delivery) {
		d.Header = maps.Clone(d.Header)
		d.Header["x-shopify-triggered-at"] = at
	}
}

func body(text string) change { return func(d *commerce.Delivery) { d.Body = []byte(text) } }

func normalise(t testing.TB, name string, changes ...change) (platform.Reading, error) {
	t.Helper()
	e := newEndpoint(t)
	d := platformtest.Deliver(e, "shopify-us", sampleOf(t, name))
	for _, c := range changes {
		c(&d)
	}
	return e.Normalise(d)
}

func read(t testing.TB, name string, changes ...change) []commerce.Observation {
	t.Helper()
	reading, err := normalise(t, name, changes...)
	if err != nil {
		t.Fatal(err)
	}
	return reading.Observations
}

// one is the only observation of a kind and part.
func one(t testing.TB, all []commerce.Observation, kind commerce.Kind, part string) commerce.Observation {
	t.Helper()
	found := slices.DeleteFunc(slices.Clone(all), func(o commerce.Observation) bool { return o.Kind != kind || o.Part != part })
	if len(found) != 1 {
		t.Fatalf("%d observations %s %s, want 1", len(found), kind, part)
	}
	return found[0]
}

// unreadable checks that a body is refused, with a place.
func unreadable(t *testing.T, where string, name string, changes ...change) {
	t.Helper()
	reading, err := normalise(t, name, changes...)
	var problem *platform.BodyError
	if !errors.As(err, &problem) || problem.Where != where {
		t.Errorf("%s: got %v and %d observations, want an error at %s", name, err, len(reading.Observations), where)
	}
}
