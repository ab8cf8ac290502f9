package commerce_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestEveryKindHasItsKey(t *testing.T) {
	got := map[commerce.Kind]string{}
	for _, k := range allKinds {
		got[k] = k.KeyTemplate()
	}
	want := map[commerce.Kind]string{
		commerce.Product: "sku", commerce.Price: "sku@list", commerce.Inventory: "sku@location", commerce.Order: "store/number",
		commerce.Customer: "hash", commerce.Shipment: "store/number/tracking", commerce.Return: "store/number/rma",
		commerce.Refund: "store/number", commerce.Payment: "transaction", commerce.Payout: "payout",
		commerce.Link: "system/type/native", commerce.Mapping: "system/what/native",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	commerce.Order.KeyParts()[0] = "changed"
	if commerce.Order.KeyParts()[0] != "store" {
		t.Error("a caller can change the parts of a kind")
	}
}

func TestRulesNameTheTenKindsOfMerchants(t *testing.T) {
	for _, k := range commerce.Kinds() {
		if got, err := commerce.ParseKind(string(k)); err != nil || got != k {
			t.Errorf("%s reads as %s, %v", k, got, err)
		}
	}
	for _, name := range []string{"", "Order", "orders", "link", "mapping"} {
		if k, err := commerce.ParseKind(name); err == nil {
			t.Errorf("%q reads as %s", name, k)
		}
	}
}

// facetName is what may stand behind the dot of a formula's name.
var facetName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

func TestEveryFacetHasATypeThatItsFoldCanFold(t *testing.T) {
	folds := map[commerce.Fold][]commerce.Type{
		commerce.Same:  {commerce.NumberType, commerce.TextType, commerce.BoolType, commerce.TimeType},
		commerce.Add:   {commerce.NumberType},
		commerce.Min:   {commerce.NumberType, commerce.BoolType, commerce.TimeType},
		commerce.Max:   {commerce.NumberType, commerce.BoolType, commerce.TimeType},
		commerce.Worst: {commerce.TextType},
	}
	for _, k := range append(commerce.Kinds(), commerce.Mapping) {
		names := k.FacetNames()
		if len(names) == 0 || !slices.IsSorted(names) {
			t.Errorf("%s has facets %v", k, names)
		}
		for _, name := range names {
			f, ok := k.FacetOf(name)
			if !ok || !slices.Contains(folds[f.Fold], f.Type) || !facetName.MatchString(name) {
				t.Errorf("%s of %s is %+v, known %t", name, k, f, ok)
			}
		}
		if f, ok := k.FacetOf("no_such_facet"); ok {
			t.Errorf("%s has an unknown facet %+v", k, f)
		}
	}
	if f, ok := commerce.Link.FacetOf("variant"); !ok || f != (commerce.Facet{Type: commerce.TextType, Fold: commerce.Same}) {
		t.Errorf("links take any text, got %+v, %t", f, ok)
	}
}

// An order that is shipped in two parts is shipped when both are: the least
// advanced word counts.
func TestStatusWordsAdvance(t *testing.T) {
	for _, path := range [][]string{
		{"no such word", "pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided"},
		{"no such word", "unfulfilled", "partial", "fulfilled", "restocked"},
	} {
		for i := 1; i < len(path); i++ {
			if commerce.Advancement(path[i-1]) >= commerce.Advancement(path[i]) {
				t.Errorf("%s is not before %s", path[i-1], path[i])
			}
		}
	}
}
