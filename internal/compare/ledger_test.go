package compare

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
)

// money files have a total and its currency.
func money(rows ...[3]string) memory {
	var m memory
	for _, r := range rows {
		m = append(m, []string{r[0], "east", r[1], r[2]})
	}
	return m
}

func TestAmountsAreAddedUpByCurrency(t *testing.T) {
	p := plan(Facet{Name: "total", Type: commerce.NumberType, Money: true}, Facet{Name: CurrencyFacet, Type: commerce.TextType})
	usd, cad := [3]string{"A", "10", "USD"}, [3]string{"B", "5", "CAD"}
	for name, c := range map[string]struct {
		left, right memory
		want        []string
	}{
		"both name them": {money(usd, cad), money(usd, [3]string{"B", "4", "CAD"}), []string{"total CAD 5 4", "total USD 10 10"}},
		"one leaves its own blank": {
			money(usd, cad), money([3]string{"A", "10", "-"}, cad), []string{"total CAD 5 5", "total USD 10 10"},
		},
		"one never names any":        {money(usd, cad), money([3]string{"A", "10", "-"}, [3]string{"B", "5", "-"}), []string{"total 15 15"}},
		"one file lacks a currency":  {money(usd, cad), money(usd), []string{"total USD 10 10"}},
		"they have none in common":   {money(usd), money(cad), nil},
		"nobody names a currency":    {money([3]string{"A", "10", "-"}), money([3]string{"A", "9", "-"}), []string{"total 10 9"}},
		"the only one is left blank": {money(usd), money([3]string{"A", "10", "-"}), []string{"total USD 10 10"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, total := range compare(t, p, c.left, c.right).Totals {
				got = append(got, fmt.Sprintf("%s %s %s", total.Name(), total.Sums[Left], total.Sums[Right]))
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAColumnOfTooManyCurrenciesIsNone(t *testing.T) {
	p := plan(Facet{Name: "total", Type: commerce.NumberType, Money: true}, Facet{Name: CurrencyFacet, Type: commerce.TextType})
	var rows [][3]string
	for i := range 3 * maxCurrencies {
		rows = append(rows, [3]string{fmt.Sprint("K", i), "1", fmt.Sprint("note ", i)})
	}
	r := compare(t, p, money(rows...), money(rows...))
	if len(r.Totals) != 1 || r.Totals[0].Name() != "total" || r.Totals[0].Sums[Left].String() != fmt.Sprint(len(rows)) {
		t.Errorf("totals %+v", r.Totals)
	}
}
