package heal_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/heal"
)

var update = flag.Bool("update", false, "write the golden files")

const shopifyInventory = `Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,SKU,HS Code,COO,Location,Bin name,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current),On hand (new)
mug,"Mug, blue",Colour,Blue,,,,,MUG-BLU,6912,PT,East,A-1,0,1,3,14,18,
mug,"Mug, blue",Colour,Blue,,,,,MUG-BLU,6912,PT,West,B-1,0,0,0,5,5,
cap,Cap,Colour,Black,,,,,CAP-BLK,,,East,,0,0,2,7,9,
sock,Sock,,,,,,,SOCK-M,,,East,,0,0,0,not stocked,not stocked,
tee,Tee,,,,,,,TEE,,,East,,0,0,0,4,4,
`

const shopifyProducts = `Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Price,Variant Compare At Price,Body (HTML)
mug,"Mug, blue",Colour,Blue,,,,,MUG-BLU,12.00,,A mug
cap,Cap,Colour,Black,,,,,CAP-BLK,8.00,10.00,A cap
`

func export(t *testing.T, name, text string) heal.Export {
	t.Helper()
	e, err := heal.ReadExport(strings.NewReader(text), name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// everything is a plan with something for each import, and something that each
// cannot do.
func everything(t *testing.T) (*world, heal.Exports) {
	t.Helper()
	w := &world{registry: acme()}
	for _, x := range []wish{
		stock("shop", "MUG-BLU", "14", "9", nil), stock("shop", "CAP-BLK", "6", "5", nil), stock("shop", "SOCK-M", "0", "4", nil),
		stock("shop", "TEE", "4", "4.5", nil), stock("shop", "GONE", "1", "2", nil),
		price("shop", "MUG-BLU", "regular", "12", "13.5", nil),
		price("shop", "CAP-BLK", "sale", "8", "7.5", commerce.Facets{"regular": number(10)}),
		{system: "shop", facet: "regular", kind: commerce.Price, key: commerce.Key{"CAP-BLK", "wholesale"}, current: "5", judged: "6"},
		{system: "erp", facet: "free", kind: commerce.Inventory, key: commerce.Key{"MUG-BLU", "east"}, current: "9", judged: "12", slot: "EAST2"},
		{system: "erp", facet: "on_hand", kind: commerce.Inventory, key: commerce.Key{"CAP-BLK", "west"}, current: "9", judged: "2", slot: "WEST"},
		{system: "erp", facet: "on_hand", kind: commerce.Inventory, key: commerce.Key{"TEE", "east"}, current: "9", judged: "2"},
		price("erp", "MUG-BLU", "regular", "12", "13.5", nil),
		stock("woo", "MUG-BLU", "14", "9", nil), price("woo", "MUG-BLU", "regular", "12", "13.5", nil), price("woo", "CAP-BLK", "sale", "null", "7.5", nil),
		stock("wms", "MUG-BLU", "14", "9", commerce.Facets{"on_hand": number(20)}), stock("wms", "CAP-BLK", "14", "9", nil),
		stock("wms", "TEE", "14", "0", commerce.Facets{"on_hand": number(5)}), stock("wms", "-SUM(A1)", "14", "15", commerce.Facets{"on_hand": number(20)}),
		{system: "shop", facet: "status", kind: commerce.Product, key: commerce.Key{"MUG-BLU"}, current: "draft", judged: "active"},
		{system: "shop", facet: "barcode", kind: commerce.Product, key: commerce.Key{"=EVIL"}, current: "missing", judged: "active"},
	} {
		w.want(t, x)
	}
	return w, heal.Exports{"shop": {export(t, "stock.csv", shopifyInventory), export(t, "products.csv", shopifyProducts)}}
}

func TestWrite_EachImportHasItsOwnForm(t *testing.T) {
	w, exports := everything(t)
	plan := heal.PlanOf(w.registry, w.cases)
	files, left := heal.Write(plan, exports, nine)
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
		path := filepath.Join("testdata", f.Name)
		if *update {
			if err := os.WriteFile(path, f.Body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(f.Body)); diff != "" {
			t.Errorf("%s changed (-golden +now):\n%s", f.Name, diff)
		}
	}
	for _, f := range heal.Formats() {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.HasSuffix(name, "-"+f.Name+".csv") }) {
			t.Errorf("no file of %s", f.Name)
		}
	}
	if len(left) == 0 {
		t.Error("everything can be corrected, and should not")
	}
}

// Every difference is in a file or is listed, and in no file is a formula.
func TestWrite_NothingIsLeftOutAndNothingIsAFormula(t *testing.T) {
	w, exports := everything(t)
	files, _ := heal.Write(heal.PlanOf(w.registry, w.cases), exports, nine)
	seen := map[string]int{}
	for _, f := range files {
		rows, err := csv.NewReader(bytes.NewReader(f.Body)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if len(rows) != f.Rows+1 {
			t.Errorf("%s: %d rows, says %d", f.Name, len(rows)-1, f.Rows)
		}
		for _, row := range rows[1:] {
			for _, cell := range row {
				if strings.HasPrefix(cell, "f-") {
					seen[cell]++
				}
				if cell != "" && strings.ContainsAny(cell[:1], "=+@-\t\r") {
					if _, err := commerce.ParseDecimal(cell); err != nil {
						t.Errorf("%s holds the formula %q", f.Name, cell)
					}
				}
			}
		}
	}
	for _, c := range w.cases {
		if seen[c.Finding.ID] != 1 {
			t.Errorf("finding %s is in %d files, want one", c.Finding.ID, seen[c.Finding.ID])
		}
	}
}

func TestWrite_WithoutTheSystemsExportSaysWhichIsNeeded(t *testing.T) {
	w := &world{registry: acme()}
	w.want(t, stock("shop", "MUG-BLU", "14", "9", nil))
	_, left := heal.Write(heal.PlanOf(w.registry, w.cases), nil, nine)
	if len(left) != 1 || !strings.Contains(left[0].Reason, "--export shop=FILE") {
		t.Errorf("%+v", left)
	}
}

// The export is newer than what was judged, and says otherwise.
func TestWrite_AnExportThatSaysOtherwiseIsNotWrittenOver(t *testing.T) {
	w := &world{registry: acme()}
	w.want(t, stock("shop", "MUG-BLU", "13", "9", nil))
	_, left := heal.Write(heal.PlanOf(w.registry, w.cases), heal.Exports{"shop": {export(t, "stock.csv", shopifyInventory)}}, nine)
	if len(left) != 1 || !strings.Contains(left[0].Reason, "export it again") {
		t.Errorf("%+v", left)
	}
}

func TestWrite_AnotherExportIsNoHelp(t *testing.T) {
	w := &world{registry: acme()}
	w.want(t, stock("shop", "MUG-BLU", "14", "9", nil))
	_, left := heal.Write(heal.PlanOf(w.registry, w.cases), heal.Exports{"shop": {export(t, "x.csv", "Name,Value\na,b\n"), export(t, "p.csv", shopifyProducts)}}, nine)
	if len(left) != 1 || !strings.Contains(left[0].Reason, "On hand (current)") {
		t.Errorf("%+v", left)
	}
}
