package alert_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/plumbline/plumbline/internal/alert"
)

// described is the JSON Schema of what subscribers of the topic get, made of the
// type that is written.
func described(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.ForType(alert.PublishedType, &jsonschema.ForOptions{})
	if err != nil {
		t.Fatal(err)
	}
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "Plumbline alert"
	s.Description = "An alert as subscribers of the topic alerts get it. It is a hint: what it says may be old when it arrives, and it may arrive twice."
	// What is added later is no reason to refuse.
	s.AdditionalProperties = nil
	s.Properties["findings"].Items.AdditionalProperties = nil
	s.Properties["links"].Items.AdditionalProperties = nil
	return s
}

func TestSchema_IsThatOfTheMessage(t *testing.T) {
	want, err := json.MarshalIndent(described(t), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile("schema.json", want, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("schema.json is old, update it (-want +got):\n%s", diff)
	}
}

func TestSchema_AcceptsEveryAlert(t *testing.T) {
	schema, err := described(t).Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	for name, a := range map[string]alert.Alert{
		"one that is open": {ID: "a1", Class: "missing", Kind: "order", Members: []alert.Member{{Finding: "f1", Key: "web/US1", State: "open", Since: now}}},
		"one that is over": {ID: "a1", Class: "missing", Kind: "order", Closed: now},
		"a storm":          {ID: "a2", Class: alert.ClassStorm},
	} {
		var body any
		if err := json.Unmarshal(alert.Payload(a, now).Body, &body); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(body); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if schema.Validate(map[string]any{"alert": "a1"}) == nil {
		t.Error("an alert without the rest is accepted")
	}
}
