package load

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/sheet"
)

// Exports reads files as the registry says. The key is that of personal
// identifiers' hashes.
func Exports(r *registry.Registry, hashKey []byte) Reader {
	return func(of Place, asOf time.Time, body io.Reader) (Rows, error) {
		system := r.Systems[of.System]
		rows, err := sheet.Open(body, sheet.Options{Name: path.Base(of.Name), Zone: system.Timezone})
		if err != nil {
			return nil, err
		}
		layout := system.Exports[of.Kind]
		if layout == nil {
			layout = &registry.Export{}
		}
		mapping, title, err := layoutOf(layout, of.Kind, system.Platform, rows.Header())
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		counted := &counter{Reader: rows}
		records, err := export.NewReader(counted, mapping, export.Options{Config: r.PlatformConfig(of.System, hashKey), AsOf: asOf})
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		return &file{of: of, asOf: asOf, rows: counted, records: records, title: title}, nil
	}
}

// layoutOf is what the columns mean: what the registry says, else what the header
// is recognised as. A file of an unknown layout has to be described first.
func layoutOf(l *registry.Export, kind commerce.Kind, of string, header []string) (export.Mapping, string, error) {
	if len(l.Content) > 0 {
		var m export.Mapping
		if err := yaml.UnmarshalWithOptions(l.Content, &m, yaml.Strict()); err != nil {
			return m, "", fmt.Errorf("%s is no mapping of columns", l.Mapping)
		}
		if m.Kind != kind {
			return m, "", fmt.Errorf("%s: want kind: %s", l.Mapping, kind)
		}
		return m, l.Mapping, nil
	}
	for _, p := range export.Presets() {
		if l.Preset != "" && p.Name != l.Preset || l.Preset == "" && p.Platform != of {
			continue
		}
		mappings, _ := p.For(header)
		for _, m := range mappings {
			if m.Kind == kind {
				return m, p.Title, nil
			}
		}
	}
	if l.Preset != "" {
		return export.Mapping{}, "", fmt.Errorf("the header is not that of %s with %s records", l.Preset, kind)
	}
	return export.Mapping{}, "", fmt.Errorf("no known layout of %s with %s records has this header: name a preset or a mapping of columns under exports.%s in plumbline.yaml",
		cmp.Or(of, "this platform"), kind, kind)
}

// counter counts the rows of a file.
type counter struct {
	*sheet.Reader
	rows int
}

func (c *counter) Next() (sheet.Row, error) {
	row, err := c.Reader.Next()
	var bad *sheet.RowError
	if err == nil || errors.As(err, &bad) {
		c.rows++
	}
	return row, err
}

// file is an export file as Rows.
type file struct {
	of      Place
	asOf    time.Time
	rows    *counter
	records *export.Reader
	title   string
}

func (f *file) Next() (Row, error) {
	r, err := f.records.Next()
	if err != nil {
		return Row{}, err
	}
	o, err := r.Observation(f.of.System, f.asOf)
	if err != nil {
		return Row{}, &sheet.RowError{Line: r.Line, Want: "a whole key of at most 512 bytes a part"}
	}
	return Row{Line: r.Line, Observation: o}, nil
}

func (f *file) Read() int { return f.rows.rows }

func (f *file) Unmapped() map[string]int { return f.records.Unknown() }

func (f *file) As() string { return fmt.Sprintf("%s, %s", f.title, f.rows.Format()) }

func (f *file) Close() error { return f.rows.Close() }
