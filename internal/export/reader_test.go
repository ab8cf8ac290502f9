package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/sheet"
)

func preset(t testing.TB, name string, header []string) export.Mapping {
	t.Helper()
	p, ok := export.PresetOf(name)
	if !ok {
		t.Fatalf("no preset %s", name)
	}
	all, ok := p.For(header)
	if !ok {
		t.Fatalf("%s does not fit %v", name, header)
	}
	return all[0]
}

// read reads lines of text by a preset.
func read(t testing.TB, name string, o export.Options, lines ...string) readings {
	t.Helper()
	rows := reading(t, strings.NewReader(strings.Join(lines, "\n")))
	return all(t, rows, preset(t, name, rows.Header()), o)
}

const stock = "SKU,Location,Available (not editable),On hand (current)"

func TestABadRowIsReportedWithItsPlaceAndSetAside(t *testing.T) {
	got := read(t, "shopify-inventory", export.Options{}, stock,
		"MUG-BLU,East,14,17", "MUG-RED,East,ann@acme.example,17", "CAP-BLK,East,1,12345678901234567890", "CAP-RED,East,1.2.3,4", "SOCK,East,1,2")
	want := []string{
		"line 3, column 3 (Available (not editable)): want a number",
		"line 4, column 4 (On hand (current)): want a number of at most 19 digits",
		"line 5, column 3 (Available (not editable)): want a number",
	}
	if diff := cmp.Diff(want, got.Bad); diff != "" {
		t.Error(diff)
	}
	if len(got.Records) != 2 {
		t.Errorf("%d records, want 2", len(got.Records))
	}
}

func TestARowChangedAfterItsExportIsSetAside(t *testing.T) {
	lines := []string{"Record ID,Email,Last Modified Date", "1,ann@acme.example,2026-11-21 05:00", "2,bo@acme.example,2026-11-21 07:00"}
	got := read(t, "hubspot-contacts", export.Options{AsOf: asOf}, lines...)
	if len(got.Records) != 1 || len(got.Bad) != 1 || !strings.Contains(got.Bad[0], "24 hours") {
		t.Errorf("records %v, bad %v", got.Records, got.Bad)
	}
}

const orders = "Name,Financial Status,Currency,Total,Lineitem quantity,Lineitem sku,Id"

func TestRowsOfOneRecordAreOneWholeOrNone(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		keys  []string
		bad   []string
	}{
		{"totals in the first row", []string{"#1,paid,USD,30,1,A,11", "#1,,,,2,B,", "#2,paid,USD,5,1,A,12"}, []string{"web/1 30 3", "web/2 5 1"}, nil},
		{"totals in any row", []string{"#1,,,,2,B,", "#1,paid,USD,30,1,A,11"}, []string{"web/1 30 3"}, nil},
		{
			"rows that contradict each other",
			[]string{"#1,paid,USD,30,1,A,11", "#1,paid,USD,31,1,B,11", "#1,,,,1,C,", "#2,paid,USD,5,1,A,12"},
			[]string{"web/2 5 1"},
			[]string{"line 3, column 4 (Total): want the same value in all rows of one record, or none"},
		},
		{
			"two ids for one number",
			[]string{"#1,paid,USD,30,1,A,11", "#1,,,,1,B,12"},
			nil,
			[]string{"line 3, column 7 (Id): want the same id in all rows of one record, or none"},
		},
		{
			"a bad row in the middle",
			[]string{"#1,paid,USD,30,1,A,11", "#1,,,,many,B,", "#1,,,,1,C,", "#2,paid,USD,5,1,A,12"},
			[]string{"web/2 5 1"},
			[]string{"line 3, column 5 (Lineitem quantity): want a number"},
		},
		{
			"a row without a number tears both neighbours",
			[]string{"#1,paid,USD,30,1,A,11", ",,,,2,B,", "#2,paid,USD,5,1,A,12", "#3,paid,USD,6,1,A,13"},
			[]string{"web/3 6 1"},
			[]string{
				"line 3, column 1 (Name): want a number, as it identifies the record",
				"line 2: want a record whose rows can all be read, line 3 may be one of them",
				"line 4: want a record whose rows can all be read, line 3 may be one of them",
			},
		},
		{
			"rows apart",
			[]string{"#1,paid,USD,30,1,A,11", "#2,paid,USD,5,1,A,12", "#1,,,,2,B,"},
			[]string{"web/1 30 1", "web/2 5 1"},
			[]string{"line 4: want all rows of a record together: sort the file by its key"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := read(t, "shopify-orders", export.Options{}, append([]string{orders}, c.lines...)...)
			var keys []string
			for _, r := range got.Records {
				keys = append(keys, strings.ReplaceAll(fmt.Sprintf("%s %s %s", r.Key, r.Facets["total"], r.Facets["units"]), "number ", ""))
			}
			if diff := cmp.Diff(c.keys, keys); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.bad, got.Bad); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhetherThereIsAValueAnyRowMaySay(t *testing.T) {
	m := export.Mapping{
		Key: []export.KeyColumn{{Column: "Order"}}, Group: export.Anywhere,
		Facets: []export.FacetColumn{{Facet: "held", Column: "Hold", Type: export.Given, Values: map[string]string{"none": "false"}}},
	}
	rows := [][]string{{"1", "credit"}, {"2", "none"}, {"1", "none"}, {"3", ""}, {"2", ""}}
	got := map[string]string{}
	for _, r := range all(t, fixed([]string{"Order", "Hold"}, rows), m, export.Options{}).Records {
		got[r.Key] = r.Facets["held"]
	}
	if diff := cmp.Diff(map[string]string{"1": "bool true", "2": "bool false", "3": "bool false"}, got); diff != "" {
		t.Error(diff)
	}
}

// torn gives a row that cannot be read in the middle.
type torn struct {
	export.Rows
	at, line int
}

func (r *torn) Next() (sheet.Row, error) {
	if r.line++; r.line == r.at {
		return sheet.Row{}, &sheet.RowError{Line: r.line + 1, Want: "a quote that closes"}
	}
	return r.Rows.Next()
}

func TestARowThatTheFileDoesNotGiveTearsItsRecord(t *testing.T) {
	rows := reading(t, strings.NewReader(strings.Join([]string{orders, "#1,paid,USD,30,1,A,11", "#2,paid,USD,5,1,A,12", "#3,paid,USD,6,1,A,13"}, "\n")))
	got := all(t, &torn{Rows: rows, at: 2}, preset(t, "shopify-orders", rows.Header()), export.Options{})
	if len(got.Records) != 1 || got.Records[0].Key != "web/3" || len(got.Bad) != 3 {
		t.Errorf("records %v, bad %q", got.Records, got.Bad)
	}
}

func TestAnyOrderOfRowsGivesTheSameRecords(t *testing.T) {
	for _, file := range sampleFiles(t) {
		rows := open(t, file)
		m := recognised(t, file).Mapping
		header, lines := rows.Header(), cells(t, rows)
		together := grouped(header, lines, m)
		rapid.Check(t, func(rt *rapid.T) {
			order := rapid.Permutation(together).Draw(rt, "records")
			var shuffled [][]string
			for _, record := range order {
				shuffled = append(shuffled, rapid.Permutation(record).Draw(rt, "rows")...)
			}
			want, got := set(all(t, fixed(header, lines), m, acme(true))), set(all(t, fixed(header, shuffled), m, acme(true)))
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Errorf("%s:\n%s", file, diff)
			}
		})
	}
}

// set is what was read without where and in which order.
func set(r readings) readings {
	for i := range r.Records {
		r.Records[i].Line = 0
	}
	slices.SortFunc(r.Records, func(a, b entry) int {
		return strings.Compare(a.Key+a.Native, b.Key+b.Native)
	})
	return r
}

// cells reads all rows as texts.
func cells(t *testing.T, rows export.Rows) [][]string { return export.Sample(rows, 1000).Samples }

// grouped keeps rows together that are one record.
func grouped(header []string, lines [][]string, m export.Mapping) [][][]string {
	var records [][][]string
	key := slices.Index(header, m.Key[0].Column)
	for i, line := range lines {
		if m.Group == export.Adjacent && i > 0 && line[key] == lines[i-1][key] {
			records[len(records)-1] = append(records[len(records)-1], line)
			continue
		}
		records = append(records, [][]string{line})
	}
	return records
}

// fixed are rows from memory.
func fixed(header []string, lines [][]string) export.Rows {
	return &memory{header: header, lines: lines}
}

type memory struct {
	header []string
	lines  [][]string
	at     int
}

func (m *memory) Header() []string { return m.header }

func (m *memory) Next() (sheet.Row, error) {
	if m.at == len(m.lines) {
		return sheet.Row{}, io.EOF
	}
	row := sheet.Row{Line: m.at + 2}
	for _, text := range m.lines[m.at] {
		c := sheet.Cell{State: sheet.Blank}
		if text != "" {
			c = sheet.Cell{Text: []byte(text), State: sheet.Text}
		}
		row.Cells = append(row.Cells, c)
	}
	m.at++
	return row, nil
}

func TestAMappingThatDoesNotFitSaysWhatWouldBeRight(t *testing.T) {
	sku := []export.KeyColumn{{Part: "sku", Column: "SKU"}}
	for _, c := range []struct {
		m    export.Mapping
		want string
	}{
		{export.Mapping{}, "no key"},
		{export.Mapping{Kind: "stock", Key: sku}, `unknown kind "stock"`},
		{export.Mapping{Kind: commerce.Product, Key: []export.KeyColumn{{Part: "sku", Column: "Item"}}}, `no column "Item"`},
		{export.Mapping{Kind: commerce.Order, Key: sku}, `has no part "sku", want store/number`},
		{export.Mapping{Kind: commerce.Product, Key: sku, Facets: []export.FacetColumn{{Facet: "colour", Column: "SKU"}}}, `no facet "colour", want one of barcode`},
		{export.Mapping{Kind: commerce.Product, Key: sku, Facets: []export.FacetColumn{{Facet: "barcode", Column: "SKU", Type: export.Number}}}, "is a text, not a number"},
		{export.Mapping{Kind: commerce.Product, Key: sku, Facets: []export.FacetColumn{{Facet: "barcode", Column: "SKU"}, {Facet: "barcode", Column: "SKU"}}}, "mapped twice"},
		{export.Mapping{Key: sku, Facets: []export.FacetColumn{{Facet: "a", Column: "SKU", Type: "integer"}}}, `type "integer"`},
		{export.Mapping{Key: sku, Facets: []export.FacetColumn{{Facet: "a", Column: "SKU", Type: export.Number, Style: "1:2"}}}, "style"},
		{export.Mapping{Key: sku, Facets: []export.FacetColumn{{Facet: "a", Column: "SKU", Type: export.Time, Style: "mdy"}}}, "20/11/2026"},
		{export.Mapping{Key: sku, Group: "all"}, "adjacent or anywhere"},
		{export.Mapping{Key: sku, Skip: []export.Filter{{Column: "Type"}}}, `no column "Type"`},
		{export.Mapping{Key: sku, Updated: &export.TimeColumn{Column: "When"}}, `no column "When"`},
	} {
		_, err := export.NewReader(fixed([]string{"SKU"}, nil), c.m, export.Options{})
		if !errors.Is(err, export.ErrMapping) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.m, err, c.want)
		}
	}
}

func TestAMappingIsWrittenAndReadAsYAML(t *testing.T) {
	for _, p := range export.Presets() {
		for _, m := range p.Mappings {
			text, err := yaml.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			var got export.Mapping
			if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&got); err != nil {
				t.Fatalf("%s: %v\n%s", p.Name, err, text)
			}
			if diff := cmp.Diff(m, got); diff != "" {
				t.Errorf("%s:\n%s", p.Name, diff)
			}
		}
	}
}

func TestAMappingIsExplainedByColumn(t *testing.T) {
	type line struct{ Column, Means string }
	var got []line
	for _, e := range recognised(t, samples+"/shopify-orders.csv").Mapping.Explain() {
		got = append(got, line{e.Column, e.Means})
	}
	golden(t, "explain-shopify-orders", got)
}

func TestAnObservationIsAsOldAsItsRowOrItsExport(t *testing.T) {
	changed := asOf.Add(-time.Hour)
	r := export.Record{Kind: commerce.Product, Key: commerce.Key{"MUG"}, Part: "item", Native: "1", Facets: commerce.Facets{"unit": commerce.Text("PCS")}}
	plain, err := r.Observation("erp", asOf)
	if err != nil {
		t.Fatal(err)
	}
	r.Updated = changed
	own, _ := r.Observation("erp", asOf)
	r.Updated = asOf.Add(-time.Second)
	fresh, _ := r.Observation("erp", asOf)
	for _, c := range []struct {
		o    commerce.Observation
		at   time.Time
		back bool
	}{{plain, asOf, false}, {own, changed, true}, {fresh, asOf.Add(-time.Second), false}} {
		if got := c.o.Version.Parts(); !got.Clock.Equal(c.at) || got.ReadBack != c.back {
			t.Errorf("version %+v, want %s, %t", got, c.at, c.back)
		}
	}
	if plain.Part != "export/item" || !commerce.Exported(plain.Part) {
		t.Errorf("part %q is not that of an export", plain.Part)
	}
	r.Key = commerce.Key{""}
	if _, err := r.Observation("erp", asOf); !errors.Is(err, commerce.ErrKey) {
		t.Errorf("a record without its key: %v", err)
	}
}

func TestAJSONObjectWithoutTheKeyDoesNotTellIt(t *testing.T) {
	rows := reading(t, strings.NewReader(`{"SKU":"MUG-BLU","barcode":"1"}`+"\n"+`{"SKU":"MUG-RED"}`+"\n"+`{"SKU":"CAP-RED","barcode":""}`+"\n"+`{"SKU":"CAP-BLK","barcode":null}`))
	m := export.Mapping{
		Kind: commerce.Product, Part: "item", Key: []export.KeyColumn{{Part: "sku", Column: "SKU"}},
		Facets: []export.FacetColumn{{Facet: "barcode", Column: "barcode", Blank: "blank"}},
	}
	got := map[string]string{}
	for _, r := range all(t, rows, m, export.Options{}).Records {
		got[r.Key] = r.Facets["barcode"]
	}
	want := map[string]string{"MUG-BLU": "text 1", "MUG-RED": "", "CAP-RED": "text ", "CAP-BLK": "unknown null"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
