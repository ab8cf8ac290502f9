package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/layout"
)

// letters are a text's without what folding puts between them.
func letters(text string) string { return strings.Join(strings.Fields(text), "") }

func present(text string) compare.Text { return compare.Text{State: compare.Present, Text: text} }

// What a person needs to find a record stands there whole, however long it is.
func TestTheTerminalFoldsAndCutsNothing(t *testing.T) {
	const (
		key     = "MUG-BLUE-LARGE-WITH-HANDLE-AND-LID-FOR-THE-SPRING-COLLECTION-2026-EAST-WAREHOUSE-B7"
		facet   = "description_of_the_article_as_the_supplier_writes_it"
		left    = "Mug, blue, large, with a handle and a lid, for the spring collection"
		right   = "Mug, blau, gross, mit Henkel und Deckel, für die Kollektion im Frühling"
		why     = "a reason that is longer than whatever is left of a line behind the key of the record"
		file    = "an-export-with-a-very-long-name-that-somebody-downloaded-twice-on-a-monday (2) of 7.csv"
		segment = "Location in the north-east of the region, second floor, behind the lift"
	)
	r := Report{Limit: 20, Result: &compare.Result{
		Plan:   compare.Plan{Facets: []compare.Facet{{Name: facet}}},
		Biases: []compare.Bias{{Facet: facet, Segment: "location", Value: segment, Records: 1234567, Higher: 1234000, Lower: 567}},
		Findings: []compare.Finding{
			{Class: finding.ValueDiffers, Outcome: compare.Differ, Key: key, Facet: facet, Left: present(left), Right: present(right), Lines: [2]int{1234567, 7654321}},
			{Class: finding.ValueDiffers, Outcome: compare.Explained, Key: "MUG", Facet: "stock", Left: present("1"), Right: present("2"), Why: why},
			{Class: finding.Missing, Side: compare.Right, Key: key, Lines: [2]int{7, 0}},
			{Class: finding.Duplicate, Outcome: compare.Differ, Key: key, Why: why},
		},
	}}
	r.Files[compare.Left].Name = file
	var out bytes.Buffer
	if err := Terminal(&out, r, false); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(out.String(), "\n") {
		if n := layout.Columns(line); n > Width {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, want := range []string{key, facet, left, right, why, file, segment, "1234567/7654321"} {
		if !strings.Contains(letters(out.String()), letters(want)) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "…") {
		t.Errorf("something is cut off:\n%s", &out)
	}
}
