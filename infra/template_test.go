package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// template is a synthesised stack, read back.
type template struct {
	// dir is the assembly, file the template in it, and text its content.
	dir, file, text string
	Resources       map[string]resource
	Outputs         map[string]struct{ Value any }
}

type resource struct {
	Type                                string
	Properties                          map[string]any
	DependsOn                           []string
	DeletionPolicy, UpdateReplacePolicy string
}

func (t *template) read(dir, stack string) error {
	t.dir, t.file = dir, filepath.Join(dir, stack+".template.json")
	content, err := os.ReadFile(t.file)
	if err != nil {
		return err
	}
	t.text = string(content)
	return json.Unmarshal(content, t)
}

// all are the resources of a type, by logical name.
func (t *template) all(kind string) map[string]resource {
	found := map[string]resource{}
	for id, r := range t.Resources {
		if r.Type == kind {
			found[id] = r
		}
	}
	return found
}

// named is the resource of a type whose property holds a value, and its
// logical name.
func (t *template) named(tt *testing.T, kind, property, value string) (string, resource) {
	tt.Helper()
	for id, r := range t.all(kind) {
		if plain(r.Properties[property]) == value {
			return id, r
		}
	}
	tt.Fatalf("no %s with %s %s", kind, property, value)
	return "", resource{}
}

// at follows a path of names and numbers into the properties.
func (r resource) at(path ...any) any {
	var value any = r.Properties
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := value.(map[string]any)
			value = m[step]
		case int:
			l, _ := value.([]any)
			if step >= len(l) {
				return nil
			}
			value = l[step]
		}
	}
	return value
}

// text is at, as plain text.
func (r resource) text(path ...any) string { return plain(r.at(path...)) }

// plain writes a value as text: a reference as ${Name}, an attribute as
// ${Name.Attribute}, joined parts in a row.
func plain(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case map[string]any:
		if ref, ok := v["Ref"]; ok {
			return fmt.Sprintf("${%v}", ref)
		}
		if get, ok := v["Fn::GetAtt"].([]any); ok {
			return fmt.Sprintf("${%v.%v}", get[0], get[1])
		}
		if join, ok := v["Fn::Join"].([]any); ok {
			var b strings.Builder
			for i, part := range join[1].([]any) {
				if i > 0 {
					b.WriteString(plain(join[0]))
				}
				b.WriteString(plain(part))
			}
			return b.String()
		}
	}
	content, _ := json.Marshal(value)
	return string(content)
}

// reference is what plain writes for something that the deployment fills in.
var reference = regexp.MustCompile(`\$\{([A-Za-z0-9:]+)(\.\w+)?\}`)

// deployed is a value as a deployment fills it in, in some account.
func (t *template) deployed(value any) string {
	const region, account = "ap-southeast-1", "111122223333"
	return reference.ReplaceAllStringFunc(plain(value), func(ref string) string {
		m := reference.FindStringSubmatch(ref)
		r := t.Resources[m[1]]
		switch {
		case m[1] == "AWS::AccountId":
			return account
		case m[1] == "AWS::Region":
			return region
		case r.Type == "AWS::SQS::Queue" && m[2] == ".Arn":
			return "arn:aws:sqs:" + region + ":" + account + ":" + r.text("QueueName")
		case r.Type == "AWS::SQS::Queue":
			return "https://sqs." + region + ".amazonaws.com/" + account + "/" + r.text("QueueName")
		case r.Type == "AWS::SNS::Topic":
			return "arn:aws:sns:" + region + ":" + account + ":" + r.text("TopicName")
		case r.Type == "AWS::S3::Bucket":
			return t.deployed(r.at("BucketName"))
		case r.Type == "AWS::DynamoDB::Table":
			return r.text("TableName")
		case m[2] == ".ApiEndpoint":
			return "https://a1b2c3d4e5.execute-api." + region + ".amazonaws.com"
		}
		return ref
	})
}

// list is a value that may be one or several.
func list(value any) []any {
	if several, ok := value.([]any); ok {
		return several
	}
	if value == nil {
		return nil
	}
	return []any{value}
}

func plains(value any) []string {
	var all []string
	for _, v := range list(value) {
		all = append(all, plain(v))
	}
	return all
}

// sameSet compares two sets of texts.
func sameSet(t *testing.T, what string, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("%s: the template has %s beside what is wanted", what, g)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("%s: the template lacks %s", what, w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d, want %d", what, len(got), len(want))
	}
}

// physicalName are the properties by which a stage names its resources.
var physicalName = regexp.MustCompile(`^((Alarm|Bucket|Dashboard|Domain|Function|LogGroup|Queue|Role|Rule|Table|Topic)Name|Name)$`)

// names are the physical names of a template.
func (t *template) names() []string {
	var all []string
	for _, id := range slices.Sorted(maps.Keys(t.Resources)) {
		r := t.Resources[id]
		for property := range r.Properties {
			if name := r.text(property); physicalName.MatchString(property) && !strings.HasPrefix(name, "${") {
				all = append(all, r.Type+" "+name)
			}
		}
	}
	return all
}
