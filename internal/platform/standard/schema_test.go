package standard

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

type schema = jsonschema.Schema

const (
	decimalPattern = `^-?[0-9]+(\.[0-9]+)?$`
	timePattern    = `^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$`
)

// messageSchema describes the format with the same lists and limits that the
// reader uses.
func messageSchema() *schema {
	kindValues := make([]any, 0, len(commerce.Kinds()))
	perKind := make([]*schema, 0, len(commerce.Kinds()))
	for _, kind := range commerce.Kinds() {
		kindValues = append(kindValues, string(kind))
		perKind = append(perKind, ofKind(kind))
	}
	rec := fields(recordFields, map[string]*schema{
		"kind":         {Enum: kindValues, Description: "What the record is about."},
		"part":         described(name(), "Which set of facets this is, always reported whole. The kind's name when left out."),
		"id":           described(name(), "The sender's own id of the record or document. The joined key when left out."),
		"key":          {Type: "object"},
		"many":         {Type: "boolean", Description: "Several documents of this part may exist side by side. True for invoice, shipment and credit_memo of an order when left out."},
		"created_at":   described(clock(), "When the record came to be."),
		"updated_at":   described(clock(), "When it changed. The message's timestamp when left out. Without an offset it is local time of the system's time zone."),
		"sequence":     {AnyOf: []*schema{{Type: "integer", Minimum: jsonschema.Ptr(0.0)}, {Type: "string", Pattern: `^[0-9]{1,20}$`}}, Description: "Orders changes of the same time."},
		"gone":         {Type: "boolean", Description: "The sender no longer has the record."},
		"succeeded_by": described(name(), "The id of the document that took over from one that is gone."),
		"facets":       {Type: "object"},
		"lines":        {Type: "array", MaxItems: jsonschema.Ptr(maxLines), Items: lineSchema()},
	}, "kind", "key")
	rec.AllOf = perKind
	rec.DependentSchemas = map[string]*schema{"succeeded_by": {
		Properties: map[string]*schema{"gone": {Const: constant(true)}}, Required: []string{"gone"},
	}}
	m := fields(messageFields, map[string]*schema{
		"type":      {Const: constant(messageType)},
		"timestamp": described(clock(), "The time of records that do not say when they changed."),
		"records":   {Type: "array", MinItems: jsonschema.Ptr(1), MaxItems: jsonschema.Ptr(maxRecords), Items: rec},
	}, "type", "records")
	m.Defs = definitions()
	m.Schema = "https://json-schema.org/draft/2020-12/schema"
	m.Title = "Plumbline standard webhook"
	m.Description = "Records of one system, as it sees them. Numbers may be JSON numbers or texts and are read exactly; a facet that is null has no value, one that is left out was not reported."
	m.AnyOf = []*schema{
		{Required: []string{"timestamp"}},
		{Properties: map[string]*schema{"records": {Items: &schema{Required: []string{"updated_at"}}}}},
	}
	return m
}

func ofKind(kind commerce.Kind) *schema {
	required, optional := keyFields(kind)
	keyProperties := map[string]*schema{}
	for _, n := range slices.Concat(required, optional) {
		keyProperties[n] = name()
	}
	keySchema := fields(slices.Concat(required, optional), keyProperties, required...)
	if kind == commerce.Customer {
		keyProperties["hash"] = &schema{Type: "string", Pattern: "^[0-9a-f]{32}$"}
		keySchema.MinProperties, keySchema.MaxProperties = jsonschema.Ptr(1), jsonschema.Ptr(1)
	}
	facetProperties := map[string]*schema{}
	for _, n := range kind.FacetNames() {
		facet, _ := kind.FacetOf(n)
		facetProperties[n] = defined(facet.Type.String() + "_facet")
	}
	then := &schema{Properties: map[string]*schema{
		"key": keySchema, "facets": fields(kind.FacetNames(), facetProperties),
	}}
	if kind != commerce.Order && kind != commerce.Shipment {
		then.Properties["lines"] = never()
	}
	if kind == commerce.Customer {
		then.Properties["id"] = &schema{Not: &schema{Pattern: "@"}}
	}
	return &schema{If: &schema{Properties: map[string]*schema{"kind": {Const: constant(string(kind))}}}, Then: then}
}

func lineSchema() *schema {
	return fields(lineFields, map[string]*schema{
		"sku": name(), "units": defined("number"), "location": name(),
	}, "sku", "units")
}

// definitions are the values that many places take.
func definitions() map[string]*schema {
	number := func() []*schema {
		return []*schema{{Type: "number"}, {Type: "string", Pattern: decimalPattern}}
	}
	orNull := func(forms ...*schema) *schema { return &schema{AnyOf: append(forms, &schema{Type: "null"})} }
	clock := &schema{Type: "string", Pattern: timePattern}
	return map[string]*schema{
		"name":         {Type: "string", Pattern: `\S`, MaxLength: jsonschema.Ptr(maxName)},
		"time":         clock,
		"number":       {AnyOf: number()},
		"number_facet": orNull(number()...),
		"bool_facet":   orNull(&schema{Type: "boolean"}),
		"time_facet":   orNull(clock.CloneSchemas()),
		"text_facet":   orNull(&schema{Type: "string", MaxLength: jsonschema.Ptr(maxText)}),
	}
}

func defined(definition string) *schema { return &schema{Ref: "#/$defs/" + definition} }

func name() *schema { return defined("name") }

func clock() *schema { return defined("time") }

func described(s *schema, description string) *schema {
	s.Description = description
	return s
}

func never() *schema { return &schema{Not: &schema{}} }

func constant(v any) *any { return &v }

func fields(order []string, properties map[string]*schema, required ...string) *schema {
	return &schema{
		Type: "object", Properties: properties, PropertyOrder: order,
		Required: required, AdditionalProperties: never(),
	}
}

func TestSchemaIsWhatTheReaderReads(t *testing.T) {
	var want bytes.Buffer
	enc := json.NewEncoder(&want)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(messageSchema()); err != nil {
		t.Fatal(err)
	}
	if platformtest.Updating() {
		if err := os.WriteFile("schema.json", want.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), string(got)); diff != "" {
		t.Errorf("schema.json is old, update it (-want +got):\n%s", diff)
	}
}

func TestFieldsAreNamedByTheirTags(t *testing.T) {
	for _, tc := range []struct {
		of     any
		fields []string
	}{{message{}, messageFields}, {record{}, recordFields}, {line{}, lineFields}} {
		var tags []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(tc.of)) {
			tags = append(tags, f.Tag.Get("json"))
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(tags)), slices.Sorted(slices.Values(tc.fields))); diff != "" {
			t.Errorf("%T: %s", tc.of, diff)
		}
	}
}

// The schema accepts what is read and refuses what is not, but for what a
// schema cannot see.
func TestSchemaAgreesWithTheReaderOnEverySample(t *testing.T) {
	resolved, err := messageSchema().Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	invisible := []string{"bad-duplicate-name", "bad-cut-off", "bad-utf8"}
	paths, err := filepath.Glob("../../../events/standard/*.body.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, path := range paths {
		sample := strings.TrimSuffix(filepath.Base(path), ".body.json")
		if slices.Contains(invisible, sample) {
			continue
		}
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var instance any
		if err := json.Unmarshal(body, &instance); err != nil {
			t.Fatalf("%s: %v", sample, err)
		}
		err = resolved.Validate(instance)
		if bad := strings.HasPrefix(sample, "bad-"); bad != (err != nil) {
			t.Errorf("%s: got %v", sample, err)
		}
	}
}
