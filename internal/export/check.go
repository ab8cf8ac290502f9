package export

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// Mistake is what is wrong with a file that says what columns mean, and where.
type Mistake struct {
	Line, Column int
	Message      string
}

// CheckMapping reads a mapping as a file beside a registry says it, for records of
// one kind of one system, and returns the first thing that is wrong with it, or nil.
// Whether a file of the system has the columns can be told only from such a file.
func CheckMapping(content []byte, kind commerce.Kind, c platform.Config) *Mistake {
	var m Mapping
	if err := yaml.UnmarshalWithOptions(content, &m, yaml.Strict()); err != nil {
		return syntax(err)
	}
	if m.Kind != kind {
		return mistake(content, "$.kind", fmt.Errorf("kind: %q, want %s, as in the registry", m.Kind, kind))
	}
	columns := m.Columns()
	for _, step := range m.steps() {
		if _, err := newPlan(step.until, columns, Options{Config: c}); err != nil {
			return mistake(content, step.path, err)
		}
	}
	return nil
}

// step is the part of a mapping up to one place, which its path names.
type step struct {
	path  string
	until Mapping
}

// steps add one part of a mapping after the other, so that the first which cannot be
// laid on a header has the mistake.
func (m Mapping) steps() []step {
	part := Mapping{Preset: m.Preset, Platform: m.Platform, Kind: m.Kind, Part: m.Part, Many: m.Many, Key: m.Key}
	if m.Spread != nil { // it has a part of the key
		part.Spread = &Spread{Part: m.Spread.Part, Columns: m.Spread.Columns}
	}
	all := []step{{"$.key", part}}
	add := func(path string, set func()) {
		set()
		all = append(all, step{path, part})
	}
	for i := range m.Facets {
		add(fmt.Sprintf("$.facets[%d]", i), func() { part.Facets = m.Facets[:i+1] })
	}
	add("$.updated", func() { part.Updated = m.Updated })
	add("$.created", func() { part.Created = m.Created })
	add("$.currency", func() { part.Currency = m.Currency })
	add("$.native", func() { part.Native = m.Native })
	add("$.lines", func() { part.Lines = m.Lines })
	for i := range m.Skip {
		add(fmt.Sprintf("$.skip[%d]", i), func() { part.Skip = m.Skip[:i+1] })
	}
	add("$.spread", func() { part.Spread = m.Spread })
	add("$.group", func() { part.Group = m.Group })
	return all
}

// mistake says where in the file a path leads: to its beginning, where nothing
// stands there.
func mistake(content []byte, path string, err error) *Mistake {
	m := &Mistake{Line: 1, Column: 1, Message: strings.ReplaceAll(err.Error(), ErrMapping.Error()+": ", "")}
	at, wrong := yaml.PathString(path)
	if wrong != nil {
		return m
	}
	if node, wrong := at.ReadNode(bytes.NewReader(content)); wrong == nil && node != nil {
		m.Line, m.Column = node.GetToken().Position.Line, node.GetToken().Position.Column
	}
	return m
}

// syntax is what the file's form has wrong.
func syntax(err error) *Mistake {
	m := &Mistake{Line: 1, Column: 1, Message: "want what the columns mean, as plumbline compare --save writes it"}
	var at yaml.Error
	if errors.As(err, &at) {
		m.Message = at.GetMessage()
		if token := at.GetToken(); token != nil && token.Position != nil {
			m.Line, m.Column = token.Position.Line, token.Position.Column
		}
	}
	return m
}
