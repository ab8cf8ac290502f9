package export_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/export"
)

// matches are the readings of a header with samples, the guess left out.
func matches(table export.Table) []export.Match {
	all := export.Recognise(table.Header, table.Samples)
	return slices.DeleteFunc(all, func(m export.Match) bool { return !m.Known() })
}

func TestEachSampleIsRecognisedAsItselfAndNothingElse(t *testing.T) {
	for _, file := range sampleFiles(t) {
		table := export.Sample(open(t, file), 100)
		found := matches(table)
		if len(found) != 1 || found[0].Mapping.Preset != presetOf(file) {
			var names []string
			for _, m := range found {
				names = append(names, fmt.Sprintf("%s %.2f", m.Mapping.Preset, m.Score))
			}
			t.Errorf("%s: recognised as %v", file, names)
			continue
		}
		if bare := matches(export.Table{Header: table.Header}); len(bare) != 1 || bare[0].Mapping.Preset != presetOf(file) {
			t.Errorf("%s: its header alone is recognised as %d layouts", file, len(bare))
		}
		if len(found[0].Ambiguous) > 0 {
			t.Errorf("%s: ambiguous: %v", file, found[0].Ambiguous)
		}
	}
}

// rearranged is a table with its columns in another order, and with further ones.
func rearranged(table export.Table, order []int, extra ...string) export.Table {
	pick := func(row []string) []string {
		out := make([]string, 0, len(order))
		for _, i := range order {
			out = append(out, row[i])
		}
		return out
	}
	t := export.Table{Header: append(pick(table.Header), extra...)}
	for _, row := range table.Samples {
		t.Samples = append(t.Samples, append(pick(row), extra...))
	}
	return t
}

func TestTheOrderOfColumnsDoesNotMatter(t *testing.T) {
	for _, file := range sampleFiles(t) {
		if strings.Contains(file, "by-location") {
			continue // its locations are all columns behind the last one of another meaning
		}
		table := export.Sample(open(t, file), 100)
		order := rand.New(rand.NewPCG(1, 2)).Perm(len(table.Header))
		found := matches(rearranged(table, order, "Warehouse note", "x1", "x2"))
		if len(found) != 1 || found[0].Mapping.Preset != presetOf(file) {
			t.Errorf("%s: not recognised in another order with further columns", file)
		}
	}
}

func TestNamesOfColumnsAreReadAsProgramsLeaveThem(t *testing.T) {
	table := export.Sample(open(t, samples+"/shopify-inventory.csv"), 100)
	for i, name := range table.Header {
		table.Header[i] = " " + strings.ToUpper(strings.ReplaceAll(name, " ", "\u00a0 "))
	}
	table.Header[0] = "\ufeff" + table.Header[0]
	if found := matches(table); len(found) != 1 {
		t.Errorf("recognised as %d layouts, want one", len(found))
	}
}

func TestAnotherLanguageIsGuessedAndSaysWhy(t *testing.T) {
	german := export.Table{
		Header:  []string{"Artikelnummer", "Bezeichnung", "Lagerort", "Lagerbestand", "Preis"},
		Samples: [][]string{{"MUG-BLU", "Becher", "OST", "1.014", "18,00"}, {"MUG-BLU", "Becher", "WEST", "12", "18,00"}, {"MUG-RED", "Becher", "OST", "7", "1.018,50"}},
	}
	all := export.Recognise(german.Header, german.Samples)
	if len(all) != 1 || all[0].Known() {
		t.Fatalf("want one guess, got %d readings", len(all))
	}
	want := export.Mapping{
		Key: []export.KeyColumn{{Part: "artikelnummer", Column: "Artikelnummer"}, {Part: "lagerort", Column: "Lagerort"}},
		Facets: []export.FacetColumn{
			{Facet: "bezeichnung", Column: "Bezeichnung", Type: export.Text},
			{Facet: "lagerbestand", Column: "Lagerbestand", Type: export.Number},
			{Facet: "preis", Column: "Preis", Type: export.Number, Style: "1.234,56"},
		},
	}
	if diff := cmp.Diff(want, all[0].Mapping); diff != "" {
		t.Error(diff)
	}
	for _, reason := range []string{"columns Artikelnummer and Lagerort together are the key", "Preis writes numbers as 1.234,56"} {
		if !strings.Contains(strings.Join(all[0].Reasons, "\n"), reason) {
			t.Errorf("no reason %q in %q", reason, all[0].Reasons)
		}
	}
	if len(all[0].Ambiguous) != 1 || !strings.Contains(all[0].Ambiguous[0], "Lagerbestand") {
		t.Errorf("ambiguous = %q, want that 1.014 can be read in two ways", all[0].Ambiguous)
	}
}

func TestANearMissSaysWhatIsNotThere(t *testing.T) {
	guess := export.Recognise([]string{"Handle", "SKU", "Available (not editable)", "On hand (current)"}, nil)
	want := "resembles Shopify inventory, but has no column Location"
	if last := guess[len(guess)-1]; !slices.Contains(last.Reasons, want) {
		t.Errorf("reasons = %q, want %q", last.Reasons, want)
	}
}

func TestAResavedExportIsReadInItsOwnStyle(t *testing.T) {
	table := export.Sample(open(t, samples+"/shopify-payouts.csv"), 100)
	for _, row := range table.Samples {
		for i := 2; i < 9; i++ {
			row[i] = strings.NewReplacer(",", ".", ".", ",").Replace(row[i])
		}
		row[0] = "16/11/2026"
	}
	m := matches(table)[0]
	for _, f := range m.Mapping.Facets {
		switch {
		case f.Facet == "gross" && f.Style != "1.234,56":
			t.Errorf("gross is read as %s", f.Style)
		case f.Facet == "paid_at" && f.Style != "20/11/2026":
			t.Errorf("paid_at is read as %q", f.Style)
		}
	}
}

func TestDatesThatCanBeTwoDaysAreNotGuessed(t *testing.T) {
	table := export.Sample(open(t, samples+"/hubspot-contacts.csv"), 100)
	last := slices.Index(table.Header, "Last Modified Date")
	for _, row := range table.Samples {
		row[last] = "03/04/2026"
	}
	m := matches(table)[0]
	if m.Mapping.Updated != nil {
		t.Errorf("updated = %v, want none", m.Mapping.Updated)
	}
	if len(m.Ambiguous) != 1 || !strings.Contains(m.Ambiguous[0], "Last Modified Date") {
		t.Errorf("ambiguous = %q", m.Ambiguous)
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add("SKU,Location,Available (not editable)", "MUG-BLU,East,not stocked")
	f.Add("No.,Description,EAST", "MUG-BLU,Mug,1.014")
	f.Add("Record ID,Email,Last Modified Date", "1,ann@acme.example,03/04/2026")
	f.Add(",,\xff,a,a", "\x00,0,-,,1e9")
	f.Fuzz(func(t *testing.T, header, row string) {
		names, cells := strings.Split(header, ","), strings.Split(row, ",")
		all := export.Recognise(names, [][]string{cells, cells, nil})
		if len(all) == 0 || all[len(all)-1].Known() {
			t.Fatal("the last reading is not a guess")
		}
		for _, m := range all {
			if m.Score < 0 || m.Score > 1 || len(m.Reasons)+len(m.Ambiguous) == 0 {
				t.Errorf("score %v with %d reasons", m.Score, len(m.Reasons))
			}
		}
	})
}
