package registry

import (
	"hash"
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Export says how a system's files of a kind are read.
type Export struct {
	// Preset names a layout that is known, such as shopify-inventory; Mapping is a
	// file beside the registry that says what the columns mean, with its Content.
	// Without either a file's layout is recognised by its header.
	Preset  string
	Mapping string
	Content []byte
	// Complete says that every file holds all of the system's records of the kind,
	// so that what one lacks is gone.
	Complete bool
}

type yamlExport struct {
	origin
	Preset   text   `json:"preset,omitempty" jsonschema:"The layout that its files have, such as shopify-inventory; recognised by the header when not given."`
	Mapping  text   `json:"mapping,omitempty" jsonschema:"A file beside the registry that says what the columns mean, as plumbline compare --save writes it."`
	Complete toggle `json:"complete,omitempty" jsonschema:"True when every file holds all of the system's records of the kind, so that what one lacks is gone."`
}

func (c *checker) exports(system string, y yamlSystem) map[commerce.Kind]*Export {
	all := map[commerce.Kind]*Export{}
	for kind, of := range ordered(y.Exports) {
		e := &Export{Preset: of.Preset.text(), Mapping: of.Mapping.text(), Complete: of.Complete.text() == "true"}
		all[commerce.Kind(kind)] = e
		if !of.Mapping.given() {
			continue
		}
		content, err := c.read(e.Mapping)
		switch {
		case err != nil:
			c.errors.add(of.Mapping.at(), "systems.%s.exports.%s.mapping: %s cannot be read: %s", system, kind, e.Mapping, reason(err))
		case len(content) == 0:
			c.errors.add(of.Mapping.at(), "systems.%s.exports.%s.mapping: %s is empty, want what its columns mean", system, kind, e.Mapping)
		}
		e.Content = content
	}
	return all
}

// digestExports covers what the files say that the registry names.
func (r *Registry) digestExports(h hash.Hash) {
	for _, name := range slices.Sorted(maps.Keys(r.Systems)) {
		of := r.Systems[name].Exports
		for _, kind := range slices.Sorted(maps.Keys(of)) {
			if of[kind].Mapping != "" {
				part(h, "export", name, string(kind), string(of[kind].Content))
			}
		}
	}
}

// ExportFiles lists the files beside the registry that say what columns of exports
// mean.
func (r *Registry) ExportFiles() []string {
	var files []string
	for _, s := range r.Systems {
		for _, e := range s.Exports {
			if e.Mapping != "" {
				files = append(files, e.Mapping)
			}
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}
