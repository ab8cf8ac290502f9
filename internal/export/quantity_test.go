package export_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/export"
)

func TestStockIsComparedWhereTheFilesCallDifferentQuantities(t *testing.T) {
	available := table("SKU,Location,Available", "MUG-BLU,East,17", "MUG-RED,East,4")
	onHand := table("Item No.,Location Code,Inventory", "MUG-BLU,EAST,12", "MUG-RED,EAST,4")
	for _, c := range []struct {
		left, right export.Table
		want        string
	}{
		{available, onHand, "available: Available=Inventory"},
		{onHand, available, "on_hand: Inventory=Available"},
	} {
		p, err := export.Pair(c.left, c.right)
		if err != nil {
			t.Fatal(err)
		}
		if got := told(p.Facets); !slices.Contains(got, c.want) {
			t.Errorf("compared %v, want %s", got, c.want)
		}
		if !slices.ContainsFunc(p.Ambiguous, func(text string) bool { return strings.Contains(text, "need not be the same") }) {
			t.Errorf("it does not say that they are not the same: %q", p.Ambiguous)
		}
	}
}

func TestAQuantityThatBothFilesHaveIsCompared(t *testing.T) {
	p, err := export.Pair(sample(t, "shopify-inventory.csv"), sample(t, "businesscentral-stock.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"on_hand: On hand (current)=Inventory", "tracked: Available (not editable)="}, sorted(told(p.Facets))); diff != "" {
		t.Error(diff)
	}
}

func sorted(all []string) []string {
	slices.Sort(all)
	return all
}
