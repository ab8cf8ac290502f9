package kit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/kit"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// set is two mugs and a tray.
var set = []registry.Component{{SKU: "MUG", Units: commerce.Int(2)}, {SKU: "TRAY", Units: commerce.Int(1)}}

// stocked is a component's row with one view of the ERP's for each facets.
func stocked(rev int64, views ...commerce.Facets) record.Row {
	row := record.Row{Kind: commerce.Inventory, Rev: rev}
	for i, f := range views {
		row.Views = append(row.Views, record.View{
			ViewID: record.ViewID{System: "erp", Part: "level", Native: string(rune('a' + i))}, Facets: f, Gone: f == nil,
		})
	}
	return row
}

func free(n string) commerce.Facets {
	return commerce.Facets{"free": commerce.Number(commerce.MustDecimal(n)), "tracked": commerce.Bool(true)}
}

func untracked(f commerce.Facets) commerce.Facets {
	f["tracked"] = commerce.Bool(false)
	return f
}

func TestObserve_AsManyAsTheScarcestComponentAllows(t *testing.T) {
	for name, c := range map[string]struct {
		mug, tray record.Row
		want      string // free, or what there is instead
	}{
		"mugs limit":                      {stocked(1, free("9")), stocked(1, free("12")), "4"},
		"trays limit":                     {stocked(1, free("9")), stocked(1, free("3")), "3"},
		"none of one":                     {stocked(1, free("0")), stocked(1, free("3")), "0"},
		"oversold":                        {stocked(1, free("-3")), stocked(1, free("3")), "-2"},
		"at two places of one location":   {stocked(1, free("5"), free("3")), stocked(1, free("9")), "4"},
		"a component that is not counted": {stocked(1, free("5")), stocked(1, untracked(free("0"))), "2"},
		"nothing is counted":              {stocked(1, untracked(free("5"))), stocked(1, untracked(free("0"))), "no free"},
		"one was never reported":          {stocked(1, free("5")), record.Row{}, "no free"},
		"one does not say":                {stocked(1, free("5")), stocked(1, commerce.Facets{"on_hand": commerce.Number(commerce.Int(3))}), "no free"},
		"one is null":                     {stocked(1, free("5")), stocked(1, commerce.Facets{"free": commerce.Null()}), "no free"},
		"one is gone":                     {stocked(1, free("5")), stocked(1, nil), "no free"},
		"all are gone":                    {stocked(1, nil), stocked(1, nil), "gone"},
		"none was ever reported":          {record.Row{}, record.Row{}, "unknown"},
	} {
		o, known := kit.Observe("SET", "east", "erp", set, map[string]record.Row{"MUG": c.mug, "TRAY": c.tray})
		got := "no free"
		switch v, ok := o.Facets["free"]; {
		case !known:
			got = "unknown"
		case o.Gone:
			got = "gone"
		case ok:
			got = v.String()
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestObserve_WhoHasSeenMoreIsTheNewer: two looks at once write in any order.
func TestObserve_WhoHasSeenMoreIsTheNewer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		revs := rapid.SliceOfN(rapid.Int64Range(1, 50), 4, 4).Draw(t, "revs")
		n := rapid.SliceOfN(rapid.IntRange(0, 9), 4, 4).Draw(t, "free")
		row := func(i int) record.Row { return stocked(revs[i], free(commerce.Int(int64(n[i])).String())) }
		older := map[string]record.Row{"MUG": row(0), "TRAY": row(1)}
		newer := map[string]record.Row{"MUG": row(2), "TRAY": row(3)}
		if revs[2] < revs[0] || revs[3] < revs[1] || revs[2]+revs[3] == revs[0]+revs[1] {
			return
		}
		a, _ := kit.Observe("SET", "east", "erp", set, older)
		b, _ := kit.Observe("SET", "east", "erp", set, newer)
		if a.Version.Compare(b.Version) >= 0 {
			t.Errorf("revisions %v: the older look is the newer view", revs)
		}
		again, _ := kit.Observe("SET", "east", "erp", set, newer)
		if cmp.Diff(b, again, cmp.AllowUnexported(commerce.Value{}), cmp.Comparer(func(x, y commerce.Version) bool { return x == y })) != "" {
			t.Error("two looks at the same see another")
		}
	})
}

func TestLacking_NamesComponentsThatASystemDoesNotKnow(t *testing.T) {
	rows := map[string]record.Row{"MUG": stocked(1, free("5"))}
	if got := kit.Lacking("erp", set, rows); len(got) != 1 || got[0] != "TRAY" {
		t.Errorf("lacking %v, want TRAY", got)
	}
	if got := kit.Lacking("wms", set, rows); got != nil {
		t.Errorf("a system that knows none lacks %v", got)
	}
	rows["TRAY"] = stocked(1, nil)
	if got := kit.Lacking("erp", set, rows); got != nil {
		t.Errorf("what is gone is known: %v", got)
	}
}
