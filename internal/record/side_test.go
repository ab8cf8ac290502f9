package record_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

func document(part, native string, second int, facets commerce.Facets) commerce.Observation {
	o := commerce.Observation{
		System: "erp", Kind: commerce.Order, Key: commerce.Key{"shopify-us", "US1042"}, Part: part, Native: native, Facets: facets,
	}
	o.Stamp(commerce.VersionParts{Clock: tuesday.Add(time.Duration(second) * time.Second)})
	return o
}

func orderRow(observations ...commerce.Observation) record.Row {
	row := record.Row{Kind: commerce.Order, Key: commerce.Key{"shopify-us", "US1042"}}
	for _, o := range observations {
		row, _ = record.Merge(row, o, record.Source{Received: tuesday})
	}
	return row
}

func amount(text string) commerce.Value { return commerce.Number(commerce.MustDecimal(text)) }

func TestSide_OrderTurnsIntoInvoicesAndCreditMemos(t *testing.T) {
	row := orderRow(
		document("order", "SO-1", 1, commerce.Facets{"total_current": amount("20.00")}),
		document("invoice", "PSI-1", 2, commerce.Facets{"total_current": amount("60.50")}),
		document("invoice", "PSI-2", 3, commerce.Facets{"total_current": amount("25")}),
		document("credit_memo", "PSC-1", 4, commerce.Facets{"total_current": amount("-5.50")}),
	)
	if got := row.SideOf("erp").Facets["total_current"].String(); got != "100" {
		t.Errorf("the documents add up to %s, want 100", got)
	}
}

func TestSide_SuccessionIsNoLoss(t *testing.T) {
	gone := document("order", "SO-1", 5, nil)
	gone.Gone, gone.SucceededBy = true, "PSI-1"
	order := document("order", "SO-1", 1, commerce.Facets{"total_current": amount("20")})
	side := orderRow(order, gone).SideOf("erp")
	if side.Live || side.Gone() || !side.Succeeded {
		t.Errorf("a succeeded order is live %t, gone %t, succeeded %t", side.Live, side.Gone(), side.Succeeded)
	}
	deleted := gone
	deleted.SucceededBy = ""
	deleted.Stamp(commerce.VersionParts{Clock: tuesday.Add(6 * time.Second)})
	if side := orderRow(order, deleted).SideOf("erp"); !side.Gone() {
		t.Error("a deleted order is not gone")
	}
}

func TestSide_FoldsPerFacet(t *testing.T) {
	for _, c := range []struct {
		name, facet string
		values      []commerce.Value
		want        string // blank: not known
	}{
		{"amounts add", "total", []commerce.Value{amount("1.10"), amount("2.20")}, "3.3"},
		{"null adds nothing", "total", []commerce.Value{amount("1.10"), commerce.Null()}, "1.1"},
		{"the least advanced status wins", "fulfilment", []commerce.Value{commerce.Text("fulfilled"), commerce.Text("partial")}, "partial"},
		{"an unknown status counts as no progress", "payment", []commerce.Value{commerce.Text("paid"), commerce.Text("odd")}, "odd"},
		{"cancelled when all are", "cancelled", []commerce.Value{commerce.Bool(true), commerce.Bool(false)}, "false"},
		{"a test when any is", "test", []commerce.Value{commerce.Bool(false), commerce.Bool(true)}, "true"},
		{"the same currency", "currency", []commerce.Value{commerce.Text("USD"), commerce.Text("USD")}, "USD"},
		{"two currencies are not known", "currency", []commerce.Value{commerce.Text("USD"), commerce.Text("CAD")}, ""},
		{"the earliest creation", "created", []commerce.Value{commerce.Time(tuesday.Add(time.Hour)), commerce.Time(tuesday)}, "2026-03-03T09:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			side := orderRow(
				document("invoice", "1", 1, commerce.Facets{c.facet: c.values[0]}),
				document("invoice", "2", 1, commerce.Facets{c.facet: c.values[1]}),
			).SideOf("erp")
			got, known := side.Facets[c.facet]
			switch {
			case c.want == "" && (known || len(side.Mixed) != 1):
				t.Errorf("got %v, mixed %v; want unknown", got, side.Mixed)
			case c.want != "" && got.String() != c.want:
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestSide_TwoLiveNativesInOneSlotAreADuplicate(t *testing.T) {
	a, b := observe("1", 1, 0, "9", false), observe("2", 1, 0, "9", false)
	if !mergeAll([]commerce.Observation{a, b}, []int{0, 1}).SideOf("shopify-us").Duplicate {
		t.Error("two natives in one slot are no duplicate")
	}
	b.Slot = "east-2"
	if mergeAll([]commerce.Observation{a, b}, []int{0, 1}).SideOf("shopify-us").Duplicate {
		t.Error("natives in two slots are a duplicate")
	}
	gone := observe("2", 2, 0, "", true)
	if mergeAll([]commerce.Observation{a, observe("2", 1, 0, "9", false), gone}, []int{0, 1, 2}).SideOf("shopify-us").Duplicate {
		t.Error("a tombstone is a duplicate")
	}
}
