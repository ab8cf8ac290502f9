package registry

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// Load reads and checks the registry at a path, and the tables beside it. The
// registry is nil when something is wrong; the problems are all that is wrong.
// Owner dates are judged as of the given time.
func Load(path string, platforms []platform.Platform, asOf time.Time) (*Registry, []Problem) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, []Problem{{File: path, Message: "cannot be read: " + reason(err)}}
	}
	dir := filepath.Dir(path)
	read := func(file string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, file)) }
	return Parse(path, content, read, platforms, asOf)
}

// reason is an error of the file system without the path, which messages name
// already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

// Parse is Load for a registry in memory. The name stands in problems; read
// gives the content of a file that the registry names, relative to it.
func Parse(name string, source []byte, read func(file string) ([]byte, error), platforms []platform.Platform, asOf time.Time) (*Registry, []Problem) {
	c := checker{name: name, read: read, asOf: asOf, platforms: map[string]platform.Platform{}}
	for _, p := range platforms {
		c.platforms[p.Name] = p
	}
	root := readYAML(name, source, &c.errors)
	if root == nil {
		return nil, c.errors.sorted(name)
	}
	d := decoder{problems: &c.errors}
	d.decode(root, nil, reflect.ValueOf(&c.file).Elem(), "")
	r := c.registry()
	if len(c.errors.list) > 0 {
		return nil, c.errors.sorted(name)
	}
	r.Generation = generation(root, c.packs, r)
	r.Warnings = c.warnings.sorted(name)
	r.Local = c.local.sorted(name)
	return r, nil
}

// checker turns a file that is well written into a registry, and reports
// everything that makes no sense.
type checker struct {
	name      string
	read      func(file string) ([]byte, error)
	asOf      time.Time
	platforms map[string]platform.Platform
	file      yamlRegistry
	// packs are the contents of the starter packs in use, by name.
	packs    map[string]*node
	errors   problems
	warnings problems
	local    problems

	systems map[string]System
	tables  map[string]Table
	// over is from where on rules alert that do not say it themselves.
	over map[string]commerce.Decimal
	// graver is from where on alerts of rules become graver that do not say it
	// themselves.
	graver SeverityOver
	// exchange and ignores are what every rule is given.
	exchange *Rates
	ignores  []Ignored
}

func (c *checker) registry() *Registry {
	c.systems, c.tables, c.packs = map[string]System{}, map[string]Table{}, map[string]*node{}
	for name, y := range ordered(c.file.Systems) {
		c.systems[string(name)] = c.system(string(name), y)
	}
	c.keys()
	for name, y := range ordered(c.file.Tables) {
		c.tables[string(name)] = c.table(string(name), y)
	}
	c.exchange, c.ignores = c.rates(), c.ignored()
	r := &Registry{Systems: c.systems, Tables: c.tables, Rates: c.exchange, Quiet: c.quiet(), Kits: c.kits()}
	r.Digest, r.AlertsPerMinute = c.alerting()
	r.Report = c.report()
	c.graver = c.severityOver("defaults.severity_over", c.file.Defaults.SeverityOver)
	for name, y := range ordered(c.file.Integrations) {
		r.Integrations = append(r.Integrations, c.integration(string(name), y))
	}
	r.People = c.people(r.Integrations)
	r.ChangeSecrets = c.changes()
	if len(c.errors.list) == 0 {
		c.flight(r)
	}
	if c.file.given() && len(c.file.Systems) == 0 && c.file.node.has("systems") {
		c.errors.add(c.file.at(), "there are no systems, want at least one")
	}
	return r
}

// keys checks that the file's idea of each kind's key is the right one.
func (c *checker) keys() {
	for kind, y := range ordered(c.file.Keys) {
		if want := commerce.Kind(kind).KeyTemplate(); y.given() && y.text() != want {
			c.errors.add(y.at(), "keys.%s: want %s, the one key of %s records", kind, want, kind)
		}
	}
}

// ordered yields the entries of a mapping in the order of the file, so that
// equal files give equal registries.
func ordered[K ~string, V interface{ named() place }](m map[K]V) func(yield func(K, V) bool) {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b K) int {
		return m[a].named().compare(m[b].named())
	})
	return func(yield func(K, V) bool) {
		for _, k := range keys {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
