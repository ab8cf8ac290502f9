package commerce_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestPersonal_IsWhatIsAboutACustomer(t *testing.T) {
	for _, c := range []struct {
		kind commerce.Kind
		key  commerce.Key
		want bool
	}{
		{commerce.Customer, commerce.Key{"c0ffee"}, true},
		{commerce.Customer, commerce.Key{""}, true},
		{commerce.Link, commerce.Key{"shop", commerce.CustomerLink, "77"}, true},
		{commerce.Link, commerce.Key{"shop", commerce.OrderLink, "5"}, false},
		{commerce.Order, commerce.Key{"shop", "US1042"}, false},
	} {
		if got := (commerce.Observation{Kind: c.kind, Key: c.key}).Personal(); got != c.want {
			t.Errorf("%s %v: personal %t", c.kind, c.key, got)
		}
	}
}

func TestNamesNobody_LeavesOutWhatMayNameAPerson(t *testing.T) {
	facets := commerce.Facets{"total": commerce.Number(commerce.Int(9)), "company": commerce.Text("Canaryworth & Daughters")}
	got, had := facets.NamesNobody(commerce.Order)
	if !had || len(got) != 1 || len(facets) != 2 {
		t.Errorf("%v of %v, %t", got.Names(), facets.Names(), had)
	}
	if got, had := got.NamesNobody(commerce.Order); had || len(got) != 1 {
		t.Errorf("%v once more, %t", got.Names(), had)
	}
	for _, kind := range commerce.Kinds() {
		for _, name := range kind.NamingFacets() {
			if _, known := kind.FacetOf(name); !known {
				t.Errorf("%s has no facet %s", kind, name)
			}
		}
	}
}
