package merge_test

import (
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/record"
)

// canonical is what must not depend on order, duplication or failures: what
// each view shows, and what still waits.
func (w *world) canonical(t testing.TB) map[string]string {
	t.Helper()
	state := map[string]string{}
	err := w.records.Scan(t.Context(), "", func(row record.Row) error {
		for _, v := range row.Views {
			values := map[string]string{}
			for name, value := range v.Facets {
				values[name] = value.String()
			}
			state[fmt.Sprint(row.ID(), v.ViewID)] = fmt.Sprint(v.Version, v.Gone, values, v.Ties.Unknown())
		}
		for _, o := range row.Waiting {
			state[fmt.Sprint(row.ID(), " waits ", o.Key, o.Part, o.Native)] = o.Version.String()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// TestMerge_AnyOrderDuplicationAndFailureConverges delivers the same messages
// in order and without trouble, and then in any batches, over a store of rows
// that fails at any write and may show rows as they were a moment ago.
func TestMerge_AnyOrderDuplicationAndFailureConverges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		calm, rough := newWorld(), newWorld()
		var messages []merge.Message
		for i := range rapid.IntRange(1, 14).Draw(rt, "messages") {
			messages = append(messages, rough.message(anything(rt, i+1)...))
		}
		for _, m := range messages {
			if failed := calm.merge(t, m); failed != nil {
				rt.Fatal("failed without a reason")
			}
		}
		var writes atomic.Int64 // rows of a batch are written side by side
		broken := rapid.SliceOfNDistinct(rapid.Int64Range(1, 30), 0, 8, rapid.ID).Draw(rt, "broken writes")
		rough.records.refuse = func(record.Row) error {
			if slices.Contains(broken, writes.Add(1)) {
				return errDown
			}
			return nil
		}
		rough.records.lags = rapid.Bool().Draw(rt, "glances lag")
		left := rapid.Permutation(append(slices.Clone(messages), messages[:len(messages)/2]...)).Draw(rt, "order")
		for tries := 0; len(left) > 0; tries++ {
			if tries > 100 {
				rt.Fatalf("%v never succeed", ids(left))
			}
			n := rapid.IntRange(1, min(len(left), 4)).Draw(rt, "batch")
			batch := left[:n]
			left = slices.Clone(left[n:])
			failed := rough.merge(t, batch...)
			for _, m := range batch {
				if slices.Contains(failed, m.ID) {
					left = append(left, m)
				}
			}
		}
		if diff := cmp.Diff(calm.canonical(t), rough.canonical(t)); diff != "" {
			rt.Fatalf("another order, or failures, give another state:\n%s", diff)
		}
	})
}

// anything is one delivery about two items of two products.
func anything(t *rapid.T, change int) []commerce.Observation {
	item := rapid.SampledFrom([]string{"1", "2"}).Draw(t, "item")
	sku := map[string]string{"1": "MUG", "2": "CAP"}[item]
	amount := rapid.IntRange(0, 5).Draw(t, "amount")
	kinds := map[string]func() []commerce.Observation{
		"stock": func() []commerce.Observation { return []commerce.Observation{itemStock(item, amount, change)} },
		"link":  func() []commerce.Observation { return []commerce.Observation{itemLink(item, sku, change)} },
		"product": func() []commerce.Observation {
			return append(variant("9", "7"+item, sku, change), itemLink(item, sku, change))
		},
		"gone": func() []commerce.Observation {
			o := itemStock(item, amount, change)
			o.Gone, o.Facets = true, nil
			return []commerce.Observation{observe(o, change)}
		},
		"deleted": func() []commerce.Observation {
			return []commerce.Observation{observe(commerce.Observation{
				System: "shop", Kind: commerce.Product, Key: commerce.Key{""}, Via: &commerce.Via{Type: "product", Native: "9", Each: true},
				Part: "product", Native: "{variant}", Slot: "sku", Gone: true,
			}, change)}
		},
		"erp": func() []commerce.Observation {
			return []commerce.Observation{level("erp", "MUG", amount, change), level("erp", "CAP", amount, change)}
		},
	}
	return kinds[rapid.SampledFrom(slices.Sorted(maps.Keys(kinds))).Draw(t, "what")]()
}
