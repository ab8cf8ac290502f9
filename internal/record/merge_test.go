package record_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

var tuesday = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

// canonical is what must not depend on order: each view's version, facets,
// tombstone and doubts, and nothing about when they arrived.
type canonical struct {
	ID        record.ViewID
	Version   commerce.Version
	Gone      bool
	Successor string
	Doubt     bool
	Facets    map[string]string
}

func canonicalOf(row record.Row) []canonical {
	out := make([]canonical, 0, len(row.Views))
	for _, v := range row.Views {
		facets := map[string]string{}
		for name, value := range v.Facets {
			facets[name] = value.String()
		}
		out = append(out, canonical{v.ViewID, v.Version, v.Gone, v.SucceededBy, v.Ties.Unknown(), facets})
	}
	return out
}

func mergeAll(observations []commerce.Observation, order []int) record.Row {
	row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}}
	for n, i := range order {
		from := record.Source{Delivery: fmt.Sprint(i), Received: tuesday.Add(time.Duration(n) * time.Second)}
		row, _ = record.Merge(row, observations[i], from)
	}
	return row
}

func permutations(n int, each func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var walk func(int)
	walk = func(k int) {
		if k == n {
			each(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			walk(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	walk(0)
}

// observe makes one stock observation; seq 0 is a change without a number.
func observe(native string, second int, seq uint64, available string, gone bool) commerce.Observation {
	o := commerce.Observation{
		System: "shopify-us", Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"},
		Part: "level", Native: native, Slot: "east", Gone: gone,
	}
	if !gone {
		o.Facets = commerce.Facets{"available": commerce.Number(commerce.MustDecimal(available))}
	}
	o.Stamp(commerce.VersionParts{Clock: tuesday.Add(time.Duration(second) * time.Second), Sequence: seq})
	return o
}

func TestMerge_AnyOrderGivesTheSameViews(t *testing.T) {
	worlds := map[string][]commerce.Observation{
		"changes, a deletion and a return": {
			observe("1", 1, 0, "9", false), observe("1", 2, 0, "8", false), observe("1", 3, 0, "", true), observe("1", 4, 0, "7", false),
		},
		"a late change after a deletion": {
			observe("1", 1, 0, "9", false), observe("1", 3, 0, "", true), observe("1", 2, 0, "8", false),
		},
		"two natives": {
			observe("1", 1, 0, "9", false), observe("2", 1, 0, "5", false), observe("1", 2, 0, "8", false), observe("2", 3, 0, "", true),
		},
		"one second, numbered": {
			observe("1", 1, 11, "9", false), observe("1", 1, 12, "8", false), observe("1", 1, 13, "7", false),
		},
		"one second, not numbered": {
			observe("1", 1, 0, "9", false), observe("1", 1, 0, "8", false), observe("1", 1, 0, "7", false),
		},
		"one second, one of three not numbered": {
			observe("1", 1, 11, "9", false), observe("1", 1, 0, "8", false), observe("1", 1, 13, "8", false), observe("1", 1, 0, "8", false),
		},
		"one second, a number used twice, then a later one": {
			observe("1", 1, 11, "9", false), observe("1", 1, 11, "8", false), observe("1", 1, 12, "7", false),
		},
		"doubt ends with the next second": {
			observe("1", 1, 0, "9", false), observe("1", 1, 0, "8", false), observe("1", 2, 0, "7", false),
		},
	}
	for name, observations := range worlds {
		t.Run(name, func(t *testing.T) {
			var want []canonical
			count := 0
			permutations(len(observations), func(order []int) {
				count++
				got := canonicalOf(mergeAll(observations, order))
				again := canonicalOf(mergeAll(observations, append(slices.Clone(order), order...)))
				if want == nil {
					want = got
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("order %v gives other views:\n%s", order, diff)
				}
				if diff := cmp.Diff(want, again); diff != "" {
					t.Fatalf("order %v twice gives other views:\n%s", order, diff)
				}
			})
			t.Logf("%d orders", count)
		})
	}
}

func TestMerge_AnyHistoryConverges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		observations := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) commerce.Observation {
			return observe(
				rapid.SampledFrom([]string{"1", "2"}).Draw(t, "native"),
				rapid.IntRange(1, 3).Draw(t, "second"),
				rapid.Uint64Range(0, 2).Draw(t, "sequence"),
				rapid.SampledFrom([]string{"7", "8"}).Draw(t, "available"),
				rapid.IntRange(0, 5).Draw(t, "gone") == 0,
			)
		}), 1, 12).Draw(t, "observations")
		order := make([]int, len(observations))
		for i := range order {
			order[i] = i
		}
		shuffled := rapid.Permutation(append(slices.Clone(order), order...)).Draw(t, "order")
		want, got := canonicalOf(mergeAll(observations, order)), canonicalOf(mergeAll(observations, shuffled))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("another order gives other views:\n%s", diff)
		}
	})
}

func TestMerge_SparseSourcesLoseNothing(t *testing.T) {
	edit := func(part, facet, value string, second int) commerce.Observation {
		o := observe("1", second, 0, "0", false)
		o.Part, o.Facets = part, commerce.Facets{facet: commerce.Number(commerce.MustDecimal(value))}
		o.Stamp(commerce.VersionParts{Clock: tuesday.Add(time.Duration(second) * time.Second)})
		return o
	}
	observations := []commerce.Observation{
		edit("level", "available", "9", 1), edit("count", "on_hand", "12", 2), edit("plan", "incoming", "40", 3),
	}
	permutations(3, func(order []int) {
		side := mergeAll(observations, order).SideOf("shopify-us")
		if len(side.Facets) != 3 {
			t.Errorf("order %v keeps %v, want all three facets", order, side.Facets.Names())
		}
	})
}

func TestMerge_DoubtsOnlyWhatCannotBeOrdered(t *testing.T) {
	for _, c := range []struct {
		name         string
		observations []commerce.Observation
		doubt        bool
	}{
		{"a duplicate", []commerce.Observation{observe("1", 1, 0, "9", false), observe("1", 1, 0, "9", false)}, false},
		{"numbered changes", []commerce.Observation{observe("1", 1, 1, "9", false), observe("1", 1, 2, "8", false)}, false},
		{"changes without a number", []commerce.Observation{observe("1", 1, 0, "9", false), observe("1", 1, 0, "8", false)}, true},
		{"one without a number", []commerce.Observation{observe("1", 1, 5, "9", false), observe("1", 1, 0, "8", false)}, true},
		{"a second later", []commerce.Observation{observe("1", 1, 0, "9", false), observe("1", 2, 0, "8", false)}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			row := mergeAll(c.observations, []int{0, 1})
			if got := row.Views[0].Ties.Unknown(); got != c.doubt {
				t.Errorf("doubt = %t, want %t", got, c.doubt)
			}
		})
	}
}

func TestMerge_ReadBackSettlesATie(t *testing.T) {
	back := observe("1", 1, 0, "8", false)
	back.Stamp(commerce.VersionParts{Clock: tuesday.Add(time.Second), ReadBack: true})
	observations := []commerce.Observation{observe("1", 1, 0, "9", false), observe("1", 1, 0, "8", false), back}
	permutations(3, func(order []int) {
		row := mergeAll(observations, order)
		if got := row.Views[0]; got.Ties.Unknown() || got.Facets["available"].String() != "8" {
			t.Errorf("order %v shows %v, doubt %t", order, got.Facets, got.Ties.Unknown())
		}
	})
}

func TestMerge_SameValuesAgainKeepTheAgeOfTheChange(t *testing.T) {
	row := mergeAll([]commerce.Observation{observe("1", 1, 0, "9", false), observe("1", 5, 0, "9", false)}, []int{0, 1})
	if v := row.Views[0]; !v.Received.Equal(tuesday) || len(v.Was) != 0 {
		t.Errorf("received %s, %d past values; want the first arrival and none", v.Received, len(v.Was))
	}
}

func TestMerge_ExpiresOnlyWhenEveryViewIsGone(t *testing.T) {
	live, gone := observe("1", 1, 0, "9", false), observe("1", 2, 0, "", true)
	if row := mergeAll([]commerce.Observation{live, gone}, []int{0, 1}); !row.Expires.Equal(tuesday.Add(time.Second + record.Tombstones)) {
		t.Errorf("a row of tombstones expires %s", row.Expires)
	}
	other := observe("2", 3, 0, "4", false)
	if row := mergeAll([]commerce.Observation{live, gone, other}, []int{0, 1, 2}); !row.Expires.IsZero() {
		t.Errorf("a live row expires %s", row.Expires)
	}
}

func TestMerge_RemembersRecentValuesAndEverFewerOldOnes(t *testing.T) {
	var observations []commerce.Observation
	var order []int
	for i := range 500 {
		observations = append(observations, observe("1", i+1, 0, fmt.Sprint(i), false))
		order = append(order, i)
	}
	row := mergeAll(observations, order)
	was := row.Views[0].Was
	if len(was) != record.MaxPast {
		t.Fatalf("%d past values, want %d", len(was), record.MaxPast)
	}
	end := tuesday.Add(499 * time.Second)
	for i := 1; i < len(was) && end.Sub(was[i].Until) < 300*time.Second; i++ {
		newer, older := end.Sub(was[i-1].Until)+time.Second, end.Sub(was[i].Until)+time.Second
		if older > 8*newer {
			t.Errorf("nothing between %s and %s ago is remembered", newer, older)
		}
	}
	if forgets := row.Forgets("shopify-us"); forgets.IsZero() || forgets.After(end) {
		t.Errorf("complete since %s, want a time before now", forgets)
	}
	if got := row.SideAt("shopify-us", end.Add(-time.Millisecond)).Facets["available"].String(); got != "498" {
		t.Errorf("just before the last change the side showed %s, want 498", got)
	}
}
