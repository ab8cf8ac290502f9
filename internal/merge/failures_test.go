package merge_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/record"
)

// TestMerge_ReturnsExactlyWhatIsNotStored refuses every subset of the rows of a
// batch. Each of the ten messages has a row of its own; one row they share.
func TestMerge_ReturnsExactlyWhatIsNotStored(t *testing.T) {
	const size = 10
	for refused := range 1 << size {
		w := newWorld()
		var batch, want []merge.Message
		for i := range size {
			m := w.message(level("shop", "SHARED", i, i+1), level("erp", fmt.Sprint(i), i, 1))
			batch = append(batch, m)
			if refused&(1<<i) != 0 {
				want = append(want, m)
			}
		}
		down := true
		w.records.refuse = func(row record.Row) error {
			var i int
			if _, err := fmt.Sscan(row.Key[0], &i); err == nil && down && refused&(1<<i) != 0 {
				return errDown
			}
			return nil
		}
		if failed := w.merge(t, batch...); !slices.Equal(failed, ids(want)) {
			t.Fatalf("rows %010b refused: failed %v, want %v", refused, failed, ids(want))
		}
		if len(w.archive.bodies) != size-len(want) {
			t.Fatalf("rows %010b refused: %d archived, want %d", refused, len(w.archive.bodies), size-len(want))
		}
		down = false
		if failed := w.merge(t, want...); failed != nil {
			t.Fatalf("rows %010b refused before: the second try of %v failed: %v", refused, ids(want), failed)
		}
		if got := shown(w.row(t, commerce.Inventory, "SHARED", "east"), "shop", "available"); got != "9" {
			t.Fatalf("rows %010b refused before: the shared row shows %s", refused, got)
		}
		for i := range size {
			if row := w.row(t, commerce.Inventory, fmt.Sprint(i), "east"); row.Rev != 1 {
				t.Fatalf("rows %010b refused before: row %d was written %d times", refused, i, row.Rev)
			}
		}
	}
}

func ids(messages []merge.Message) []string {
	var all []string
	for _, m := range messages {
		all = append(all, m.ID)
	}
	return all
}

func TestMerge_ARefusedSharedRowReturnsEveryMessageOfIt(t *testing.T) {
	w := newWorld()
	a, b, c := w.message(level("erp", "MUG", 1, 1)), w.message(level("erp", "MUG", 2, 2)), w.message(level("erp", "CAP", 1, 1))
	w.records.refuse = func(row record.Row) error {
		if row.Key[0] == "MUG" {
			return errDown
		}
		return nil
	}
	if failed := w.merge(t, a, b, c); !slices.Equal(failed, []string{a.ID, b.ID}) {
		t.Errorf("failed %v, want those of the row that is not stored", failed)
	}
}

func TestMerge_WhatCannotBeReadFromTheStoreIsReturned(t *testing.T) {
	w := newWorld()
	a, b := w.message(level("erp", "MUG", 1, 1)), w.message(itemLink("1", "MUG", 1))
	w.records.unreadable = errDown
	if failed := w.merge(t, a, b); !slices.Equal(failed, []string{a.ID, b.ID}) {
		t.Errorf("failed %v, want both", failed)
	}
}

// TestMerge_ALostRaceIsTriedAgain lets somebody else write the row just before
// each of the first writes.
func TestMerge_ALostRaceIsTriedAgain(t *testing.T) {
	for _, c := range []struct {
		lost   int
		merged bool
	}{{1, true}, {5, true}, {15, true}, {16, false}} {
		for _, kind := range []commerce.Kind{commerce.Inventory, commerce.Link} {
			t.Run(fmt.Sprintf("%d lost over %s", c.lost, kind), func(t *testing.T) {
				w := newWorld()
				var writes atomic.Int64
				w.records.before = func(row record.Row) {
					n := int(writes.Add(1))
					if n > c.lost || row.Kind != kind {
						return
					}
					id := row.ID()
					now, err := w.records.Records.Get(t.Context(), []commerce.RecordID{id})
					if err != nil {
						t.Fatal(err)
					}
					other := now[id]
					other.Kind, other.Key = row.Kind, row.Key
					view := observe(commerce.Observation{System: "shop", Part: "other", Native: "other", Facets: commerce.Facets{"available": number(n)}}, n)
					other, _ = record.Merge(other, view, record.Source{Received: nine})
					if err := w.records.Records.Put(t.Context(), other); err != nil {
						t.Fatal(err)
					}
				}
				m := w.message(level("erp", "MUG", 12, 1))
				key := []string{"MUG", "east"}
				if kind == commerce.Link {
					m, key = w.message(itemLink("1", "MUG", 1)), []string{"shop", "item", "1"}
				}
				failed := w.merge(t, m)
				if merged := failed == nil; merged != c.merged {
					t.Fatalf("merged %t, want %t", merged, c.merged)
				}
				row := w.row(t, kind, key...)
				if got := shown(row, "shop", "available"); got != fmt.Sprint(c.lost) {
					t.Errorf("the other writer's value is %q, want %d", got, c.lost)
				}
				if views := len(row.Views); c.merged && views != 2 {
					t.Errorf("%d views, want both writers'", views)
				}
			})
		}
	}
}
