package merge_test

import (
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
)

// TestMerge_KeepsWhatMayExplainADifference: amounts that no rule compares, where
// they are more than nothing.
func TestMerge_KeepsWhatMayExplainADifference(t *testing.T) {
	amount := func(text string) commerce.Value { return commerce.Number(commerce.MustDecimal(text)) }
	for _, c := range []struct {
		name   string
		facets commerce.Facets
		want   string
	}{
		{"amounts", commerce.Facets{"total": amount("112"), "shipping": amount("12"), "tips": amount("0"), "duties": commerce.Null()}, "shipping,total"},
		{"what explains no total", commerce.Facets{"total": amount("112"), "units_open": amount("2"), "total_current": amount("100")}, "total"},
		{"how many lines were rounded", commerce.Facets{"total": amount("112"), "lines": amount("3")}, "lines,total"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			o := observe(commerce.Observation{
				System: "shop", Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}, Part: "order", Native: "1", Facets: c.facets,
			}, 1)
			w.deliver(t, o)
			if got := strings.Join(w.row(t, commerce.Order, "shop", "US1042").Views[0].Facets.Names(), ","); got != c.want {
				t.Errorf("kept %s, want %s", got, c.want)
			}
		})
	}
}
