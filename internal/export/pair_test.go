package export_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/export"
)

func sample(t *testing.T, name string) export.Table {
	t.Helper()
	return export.Sample(open(t, samples+"/"+name), 1000)
}

// table makes a table of lines with commas.
func table(lines ...string) export.Table {
	var t export.Table
	for i, line := range lines {
		cells := strings.Split(line, ",")
		if i == 0 {
			t.Header = cells
			continue
		}
		t.Samples = append(t.Samples, cells)
	}
	return t
}

// told writes pairs as "left=right".
func told(all []export.Common) []string {
	var texts []string
	for _, c := range all {
		texts = append(texts, c.Name+": "+c.Left+"="+c.Right)
	}
	return texts
}

func TestTwoKnownFilesMeetInTheKindThatBothTellOf(t *testing.T) {
	for _, c := range []struct {
		left, right string
		kind        string
		facets      []string
	}{
		{"shopify-inventory.csv", "businesscentral-stock.csv", "inventory", []string{
			"tracked: Available (not editable)=", "on_hand: On hand (current)=Inventory",
		}},
		{"shopify-orders.csv", "woocommerce-orders.csv", "order", []string{
			"fulfilment: Fulfillment Status=Order Status", "cancelled: Cancelled at=Order Status", "payment: Financial Status=Order Status",
			"total: Total=Order Total Amount", "tax: Taxes=Order Total Tax Amount", "units: Lineitem quantity=Quantity (- Refund)", "lines: Lineitem quantity=Quantity (- Refund)",
		}},
		{"shopify-orders.csv", "businesscentral-sales-orders.csv", "order", []string{
			"fulfilment: Fulfillment Status=Completely Shipped", "total: Total=Amount Including VAT", "tax: Taxes=Amount Including VAT",
		}},
		{"woocommerce-products.csv", "businesscentral-items.csv", "product", nil},
		{"businesscentral-sales-orders.csv", "avalara-transactions.csv", "order", []string{
			"total_current: Amount Including VAT=Total Amount", "tax_current: Amount Including VAT=Total Tax",
		}},
	} {
		p, err := export.Pair(sample(t, c.left), sample(t, c.right))
		if err != nil {
			t.Errorf("%s and %s: %v", c.left, c.right, err)
			continue
		}
		if string(p.Left.Kind) != c.kind || p.Right.Kind != p.Left.Kind {
			t.Errorf("%s and %s: compared as %s and %s, want %s", c.left, c.right, p.Left.Kind, p.Right.Kind, c.kind)
		}
		got, want := told(p.Facets), c.facets
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" && want != nil {
			t.Errorf("%s and %s:\n%s", c.left, c.right, diff)
		}
	}
}

func TestLocationsAreAddedUpWhereTheOtherFileHasTheirSum(t *testing.T) {
	p, err := export.Pair(sample(t, "shopify-inventory.csv"), sample(t, "businesscentral-items.csv"))
	if err != nil {
		t.Fatal(err)
	}
	left := all(t, open(t, samples+"/shopify-inventory.csv"), p.Left, export.Options{})
	right := all(t, open(t, samples+"/businesscentral-items.csv"), p.Right, export.Options{})
	got := map[string][]string{}
	for _, r := range append(left.Records, right.Records...) {
		got[r.Key] = append(got[r.Key], r.Facets["on_hand"])
	}
	want := map[string][]string{
		"MUG-BLU@*": {"number 14", "number 1014"}, "MUG-RED@*": {"number 44", "number 40"}, "CAP-BLK@*": {"number 0"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAKnownFileFindsItsKeyInAnUnknownOne(t *testing.T) {
	unknown := table("Artikel,Platz,Bestand,Frei,Bemerkung", "MUG-RED,East,44,40,x", "MUG-BLU,West,-3,-3,y", "MUG-BLU,East,17,14,z")
	for _, swapped := range []bool{false, true} {
		left, right := sample(t, "shopify-inventory.csv"), unknown
		if swapped {
			left, right = right, left
		}
		p, err := export.Pair(left, right)
		if err != nil {
			t.Fatal(err)
		}
		if p.Left.Kind != "inventory" || p.Right.Kind != "inventory" {
			t.Errorf("kinds %q and %q", p.Left.Kind, p.Right.Kind)
		}
		want := []string{"sku: SKU=Artikel", "location: Location=Platz"}
		if swapped {
			want = []string{"sku: Artikel=SKU", "location: Platz=Location"}
		}
		if diff := cmp.Diff(want, told(p.Key)); diff != "" {
			t.Error(diff)
		}
		if len(p.Facets) == 0 || len(p.Reasons) < 3 {
			t.Errorf("facets %v, reasons %q", told(p.Facets), p.Reasons)
		}
	}
}

func TestTwoUnknownFilesArePairedByNamesAndValues(t *testing.T) {
	left := []string{"Part No,Site,Qty,Unit cost,Clerk name"}
	right := []string{"cost,qty_on_hand,site,part,other"}
	for i := range 40 {
		part, site := fmt.Sprintf("P%03d", i/2), []string{"N", "S"}[i%2]
		left = append(left, fmt.Sprintf("%s,%s,%d,%d.50,Kim", part, site, i*3, i))
		right = slices.Insert(right, 1, fmt.Sprintf("%d.5,%d,%s,%s,%d", i, i*3, site, part, i%3))
	}
	p, err := export.Pair(table(left...), table(right...))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"part_no: Part No=part", "site: Site=site"}, told(p.Key)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"qty: Qty=qty_on_hand", "unit_cost: Unit cost=cost"}, told(p.Facets)); diff != "" {
		t.Error(diff)
	}
	for _, c := range append(p.Key, p.Facets...) {
		if c.Why == "" {
			t.Errorf("%s: no reason", c.Name)
		}
	}
}

func TestFilesWithoutAnythingInCommonAreNotPaired(t *testing.T) {
	for _, c := range [][2]export.Table{
		{table("Part No,Qty", "A,1", "B,2"), table("Colour,Weight", "red,1.5", "blue,2.5")},
		{sample(t, "hubspot-contacts.csv"), sample(t, "shopify-inventory.csv")},
		{{}, table("SKU,Qty", "A,1")},
	} {
		if _, err := export.Pair(c[0], c[1]); !errors.Is(err, export.ErrPair) {
			t.Errorf("%v and %v: %v", c[0].Header, c[1].Header, err)
		}
	}
}
