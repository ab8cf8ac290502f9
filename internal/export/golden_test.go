package export_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/sheet"
)

var update = flag.Bool("update", false, "write the golden files")

const samples = "../../events/exports"

// presetOf is the preset of each sample file, by its name without a year.
func presetOf(file string) string {
	name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	return regexp.MustCompile(`-20\d\d$`).ReplaceAllString(name, "")
}

func sampleFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(samples + "/*.*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	return slices.DeleteFunc(files, func(f string) bool { return filepath.Ext(f) == ".md" })
}

func open(t testing.TB, file string) *sheet.Reader {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return reading(t, f)
}

func reading(t testing.TB, r io.Reader) *sheet.Reader {
	t.Helper()
	rows, err := sheet.Open(r, sheet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	return rows
}

// recognised is the best reading of a file.
func recognised(t testing.TB, file string) export.Match {
	t.Helper()
	table := export.Sample(open(t, file), 100)
	return export.Recognise(table.Header, table.Samples)[0]
}

var asOf = time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)

// acme is what a registry says of the system that a sample is of.
func acme(mapped bool) export.Options {
	newYork, _ := time.LoadLocation("America/New_York")
	c := platform.Config{System: "acme", Timezone: newYork, Currency: "USD", HashKey: []byte("key"), OrderNumber: platform.OrderNumber{
		Store: "shopify-us", Match: regexp.MustCompile(`^#?((?:US)?\d{4})$`),
	}}
	if mapped {
		c.Locations = platform.Locations{
			"East": "east", "West": "west", "EAST": "east", "WEST": "west", "Primary": "east", "*": "all",
		}
	}
	return export.Options{Config: c, AsOf: asOf}
}

// readings is what a golden file holds.
type readings struct {
	Kind    commerce.Kind
	Records []entry
	Bad     []string       `json:",omitempty"`
	Skipped map[string]int `json:",omitempty"`
	Unknown map[string]int `json:",omitempty"`
}

type entry struct {
	Line    int
	Key     string
	Part    string
	Native  string
	Slot    string            `json:",omitempty"`
	Created string            `json:",omitempty"`
	Version string            `json:",omitempty"`
	Facets  map[string]string `json:",omitempty"`
	Lines   []string          `json:",omitempty"`
}

func shown(t testing.TB, r export.Record) entry {
	t.Helper()
	s := entry{Line: r.Line, Key: r.Key.Text(r.Kind), Facets: map[string]string{}}
	for name, v := range r.Facets {
		s.Facets[name] = v.Type().String() + " " + v.String()
	}
	for _, l := range r.Lines {
		s.Lines = append(s.Lines, strings.TrimSpace(l.Units.String()+" × "+l.SKU+" "+l.Location))
	}
	if !r.Created.IsZero() {
		s.Created = r.Created.Format(time.RFC3339)
	}
	if r.Kind == "" {
		return s
	}
	o, err := r.Observation("acme", asOf)
	if err != nil {
		t.Fatal(err)
	}
	parts := o.Version.Parts()
	s.Part, s.Native, s.Slot, s.Version = o.Part, o.Native, o.Slot, parts.Clock.Format(time.RFC3339)
	if parts.ReadBack {
		s.Version += " read back"
	}
	return s
}

// all reads a file by a mapping.
func all(t testing.TB, rows export.Rows, m export.Mapping, o export.Options) readings {
	t.Helper()
	r, err := export.NewReader(rows, m, o)
	if err != nil {
		t.Fatal(err)
	}
	got := readings{Kind: m.Kind}
	for {
		rec, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if bad := (*sheet.RowError)(nil); errors.As(err, &bad) {
			got.Bad = append(got.Bad, bad.Error())
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		got.Records = append(got.Records, shown(t, rec))
	}
	got.Skipped, got.Unknown = r.Skipped(), r.Unknown()
	return got
}

func golden(t *testing.T, name string, got any) {
	t.Helper()
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(want)), string(text)); diff != "" {
		t.Errorf("run with -update if this is right (-want +got):\n%s", diff)
	}
}

func TestEachSampleGivesItsRecords(t *testing.T) {
	for _, file := range sampleFiles(t) {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		t.Run(name, func(t *testing.T) {
			match := recognised(t, file)
			var got []readings
			for _, m := range match.Mappings() {
				got = append(got, all(t, open(t, file), m, acme(true)))
			}
			golden(t, name, got)
		})
	}
}

func TestEachPresetHasASample(t *testing.T) {
	have := map[string]bool{}
	for _, file := range sampleFiles(t) {
		have[presetOf(file)] = true
	}
	for _, p := range export.Presets() {
		if !have[p.Name] {
			t.Errorf("%s has no file in %s", p.Name, samples)
		}
	}
}

func TestNothingOfAPersonLeaves(t *testing.T) {
	for _, file := range sampleFiles(t) {
		match := recognised(t, file)
		for _, m := range match.Mappings() {
			text, err := json.Marshal(all(t, open(t, file), m, acme(true)))
			if err != nil {
				t.Fatal(err)
			}
			for _, personal := range []string{"@acme.example", "Sample", "555 0100"} {
				if strings.Contains(string(text), personal) {
					t.Errorf("%s as %s: a record or error holds %q", file, m.Kind, personal)
				}
			}
		}
	}
}

func TestWithoutARegistryLocationsKeepTheirNames(t *testing.T) {
	file := samples + "/shopify-inventory.csv"
	got := all(t, open(t, file), recognised(t, file).Mapping, export.Options{})
	want := []string{"MUG-BLU@East", "MUG-BLU@West", "MUG-RED@East", "MUG-RED@West", "CAP-BLK@East"}
	var keys []string
	for _, r := range got.Records {
		keys = append(keys, r.Key)
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Error(diff)
	}
}

func TestAnUnknownLocationIsCountedAndSaid(t *testing.T) {
	file := samples + "/shopify-inventory.csv"
	o := acme(true)
	o.Config.Locations = platform.Locations{"East": "east"}
	got := all(t, open(t, file), recognised(t, file).Mapping, o)
	if diff := cmp.Diff(map[string]int{"West": 2}, got.Unknown); diff != "" {
		t.Error(diff)
	}
	if got := slices.Collect(maps.Keys(got.Unknown)); len(got) != 1 {
		t.Errorf("unknown = %v", got)
	}
}
