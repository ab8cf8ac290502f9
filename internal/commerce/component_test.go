package commerce_test

import (
	"slices"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestComponentsOf_AreAmountsInTheSameCurrency(t *testing.T) {
	with := 0
	for _, kind := range commerce.Kinds() {
		for _, facet := range kind.FacetNames() {
			components := kind.ComponentsOf(facet)
			if !slices.IsSorted(components) {
				t.Errorf("%s.%s: %v is in no order", kind, facet, components)
			}
			for _, name := range components {
				with++
				if name == facet || kind.CurrencyOf(name) == "" || kind.CurrencyOf(name) != kind.CurrencyOf(facet) {
					t.Errorf("%s.%s is made of %s, an amount in %q, want one in %q", kind, facet, name, kind.CurrencyOf(name), kind.CurrencyOf(facet))
				}
			}
		}
	}
	if with == 0 {
		t.Error("no facet has components")
	}
}

func TestCent_IsTheSmallestAmountOfACurrency(t *testing.T) {
	for currency, want := range map[string]string{"USD": "0.01", "JPY": "1", "KWD": "0.001", "": "0.01"} {
		if got := commerce.Cent(currency); got.String() != want {
			t.Errorf("%q: %s, want %s", currency, got, want)
		}
	}
}
