package registry

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/plumbline/plumbline/internal/platform"
)

// Generate writes the JSON Schema of plumbline.yaml for the given platforms, made
// from the types that Parse decodes into. It knows how a registry is written,
// not what it means, so Parse refuses more. It is test code because only the
// committed schema.json is used, by editors.
func Generate(platforms []platform.Platform) ([]byte, error) {
	root := reflect.TypeFor[yamlRegistry]()
	scalars := map[reflect.Type]*jsonschema.Schema{}
	collect(root, scalars)
	s, err := jsonschema.ForType(root, &jsonschema.ForOptions{TypeSchemas: scalars})
	if err != nil {
		return nil, fmt.Errorf("infer the registry's schema: %w", err)
	}
	refine(root, s)
	s.Schema = "https://json-schema.org/draft/2020-12/schema"
	s.Title = "plumbline.yaml"
	s.Description = "Systems, keys, integrations, owners and rules of one company."
	describe(s.Properties["systems"].AdditionalProperties, platforms)
	out, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the registry's schema: %w", err)
	}
	return append(out, '\n'), nil
}

// collect finds the scalar types below a type and their schemas.
func collect(t reflect.Type, scalars map[reflect.Type]*jsonschema.Schema) {
	if w, ok := reflect.Zero(t).Interface().(written); ok {
		scalars[t] = schemaOf(w.syntax())
		return
	}
	switch t.Kind() {
	case reflect.Map, reflect.Slice:
		collect(t.Elem(), scalars)
	default:
		for _, f := range fieldsOf(t) {
			collect(t.Field(f.index).Type, scalars)
		}
	}
}

func schemaOf(s syntax) *jsonschema.Schema {
	out := &jsonschema.Schema{Type: "string"}
	if s.literal {
		out.Type, out.Types = "", []string{"string", "number", "boolean"}
	}
	for _, w := range s.words {
		out.Enum = append(out.Enum, w)
	}
	if s.pattern != nil {
		out.Pattern = s.pattern.String()
		out.MinLength = jsonschema.Ptr(1)
	}
	return out
}

// refine says what inference cannot: how keys are written, that a list of
// scalars may be one scalar, and that nothing may be null.
func refine(t reflect.Type, s *jsonschema.Schema) {
	if _, ok := reflect.Zero(t).Interface().(written); ok {
		return
	}
	switch t.Kind() {
	case reflect.Map:
		key := reflect.Zero(t.Key()).Interface().(written)
		s.PropertyNames = schemaOf(key.syntax())
		s.PropertyNames.Type = ""
		refine(t.Elem(), s.AdditionalProperties)
	case reflect.Slice:
		refine(t.Elem(), s.Items)
		list := &jsonschema.Schema{Type: "array", Items: s.Items, MinItems: jsonschema.Ptr(1)}
		if _, scalar := reflect.Zero(t.Elem()).Interface().(written); scalar {
			*s = jsonschema.Schema{Description: s.Description, AnyOf: []*jsonschema.Schema{s.Items.CloneSchemas(), list}}
			return
		}
		list.Description = s.Description
		*s = *list
	default:
		for _, f := range fieldsOf(t) {
			refine(t.Field(f.index).Type, s.Properties[f.name])
		}
	}
}

// describe adds what the platforms know of a system: their names, and their
// settings.
func describe(system *jsonschema.Schema, platforms []platform.Platform) {
	var named []any
	for _, p := range platforms {
		named = append(named, p.Name)
		of := &jsonschema.Schema{Properties: map[string]*jsonschema.Schema{
			"platform": {Const: jsonschema.Ptr[any](p.Name)},
		}}
		then := &jsonschema.Schema{}
		if !p.Inbox {
			then.Required = []string{"secrets"}
		}
		for _, s := range p.Settings {
			if s.Required {
				then.Required = append(then.Required, s.Name)
			}
			if shared, ok := system.Properties[s.Name]; ok {
				shared.Description += "; of " + p.Title + ": " + s.Help
				continue
			}
			setting := schemaOf(settingSyntax)
			setting.Description = "of " + p.Title + ": " + s.Help
			system.Properties[s.Name] = setting
			system.PropertyOrder = append(system.PropertyOrder, s.Name)
		}
		if len(then.Required) > 0 {
			system.AllOf = append(system.AllOf, &jsonschema.Schema{If: of, Then: then})
		}
	}
	system.Properties["platform"].Enum = named
}
