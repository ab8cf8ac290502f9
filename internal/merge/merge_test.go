package merge_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/record"
)

func TestMerge_ReadsOnceAndWritesEachChangedRowOnce(t *testing.T) {
	w := newWorld()
	w.deliver(t, level("erp", "MUG", 1, 0), level("erp", "CAP", 1, 0), level("erp", "BAG", 1, 0))
	w.records.forget()
	var batch []merge.Message
	for i := range 10 {
		batch = append(batch, w.message(level("erp", "MUG", i, i+1), level("shop", "MUG", i, i+1), level("shop", "CAP", i, i+1), level("erp", "BAG", 1, 0)))
	}
	if failed := w.merge(t, batch...); failed != nil {
		t.Fatalf("%v failed", failed)
	}
	if len(w.records.reads) != 1 || len(w.records.reads[0]) != 3 {
		t.Errorf("reads of %v, want one of three rows", w.records.reads)
	}
	slices.Sort(w.records.puts)
	want := []commerce.RecordID{commerce.Key{"CAP", "east"}.ID(commerce.Inventory), commerce.Key{"MUG", "east"}.ID(commerce.Inventory)}
	if !slices.Equal(w.records.puts, want) {
		t.Errorf("writes of %v, want one of each changed row: %v", w.records.puts, want)
	}
	if got := shown(w.row(t, commerce.Inventory, "MUG", "east"), "erp", "free"); got != "9" {
		t.Errorf("the row shows %s, want the newest of the batch, 9", got)
	}
}

func TestMerge_NothingNewerIsNoWrite(t *testing.T) {
	w := newWorld()
	old := w.message(level("erp", "MUG", 12, 1))
	w.deliver(t, level("erp", "MUG", 9, 2))
	again := w.message(level("erp", "MUG", 9, 2))
	w.records.forget()
	if failed := w.merge(t, again, old); failed != nil || len(w.records.puts) > 0 {
		t.Errorf("failed %v, writes %v; want neither", failed, w.records.puts)
	}
	if got := w.row(t, commerce.Inventory, "MUG", "east"); got.Rev != 1 || shown(got, "erp", "free") != "9" {
		t.Errorf("the row is at revision %d and shows %s", got.Rev, shown(got, "erp", "free"))
	}
}

func TestMerge_KeepsOnlyFacetsThatARuleReads(t *testing.T) {
	say := func(system string, kind commerce.Kind, facets ...string) commerce.Observation {
		o := commerce.Observation{System: system, Kind: kind, Key: make(commerce.Key, len(kind.KeyParts())), Part: "p", Native: "1", Facets: commerce.Facets{}}
		for i := range o.Key {
			o.Key[i] = "k"
		}
		for _, f := range facets {
			o.Facets[f] = commerce.Text("x")
		}
		return observe(o, 1)
	}
	gone := say("shop", commerce.Inventory)
	gone.Gone = true
	lines := say("shop", commerce.Order)
	lines.Lines = []commerce.Line{{SKU: "MUG", Units: commerce.Int(1)}}
	for _, c := range []struct {
		name   string
		o      commerce.Observation
		stored bool
		facets string
	}{
		{"what the rule compares", say("shop", commerce.Inventory, "available", "on_hand"), true, "available"},
		{"what the rule's formula reads", say("erp", commerce.Inventory, "free", "available"), true, "free"},
		{"nothing that a rule reads", say("erp", commerce.Inventory, "on_hand"), false, ""},
		{"the currency beside an amount", say("shop", commerce.Order, "total", "tax", "currency"), true, "currency,total"},
		{"the currency alone, where a rule wants the record", say("erp", commerce.Order, "currency"), true, "currency"},
		{"the currency alone, where no rule wants it", say("wms", commerce.Order, "currency"), false, ""},
		{"an order of which only the presence counts", lines, true, ""},
		{"a tombstone", gone, true, ""},
		{"a kind that no rule is about", say("shop", commerce.Price, "regular", "currency"), false, ""},
		{"a system that no rule is about", say("wms", commerce.Inventory, "free"), false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			w.deliver(t, c.o)
			row := w.row(t, c.o.Kind, c.o.Key...)
			if stored := row.Rev > 0; stored != c.stored {
				t.Fatalf("stored %t, want %t", stored, c.stored)
			}
			if !c.stored {
				return
			}
			v := row.Views[0]
			if got := strings.Join(v.Facets.Names(), ","); got != c.facets || v.Version != c.o.Version || v.Gone != c.o.Gone || len(v.Lines) != len(c.o.Lines) {
				t.Errorf("kept %q of version %s, want %q of %s", got, v.Version, c.facets, c.o.Version)
			}
		})
	}
}

func TestMerge_ArchivesEveryMergedMessageOnceItIsStored(t *testing.T) {
	w := newWorld()
	stock, ignored := w.message(level("erp", "MUG", 12, 1)), w.message()
	refused := w.message(level("erp", "CAP", 12, 1))
	w.records.refuse = func(row record.Row) error {
		if row.Key[0] == "CAP" {
			return errDown
		}
		if len(w.archive.bodies) > 0 {
			t.Error("archived before it was stored")
		}
		return nil
	}
	if failed := w.merge(t, stock, refused, ignored); !slices.Equal(failed, []string{refused.ID}) {
		t.Errorf("failed %v", failed)
	}
	if want := []string{stock.Body, ignored.Body}; !slices.Equal(w.archive.bodies, want) {
		t.Errorf("%d messages archived, want those that are merged, as they came", len(w.archive.bodies))
	}
}

func TestMerge_WhatCannotBeArchivedComesAgainAndChangesNothing(t *testing.T) {
	for _, c := range []struct {
		name string
		with func(a *archive, second string)
		want []int
	}{
		{"one of three", func(a *archive, second string) {
			a.refuse = func(body string) error {
				if body == second {
					return errDown
				}
				return nil
			}
		}, []int{1}},
		{"all of them", func(a *archive, _ string) { a.down = errDown }, []int{0, 1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld()
			batch := []merge.Message{w.message(level("erp", "MUG", 1, 1)), w.message(level("erp", "CAP", 1, 1)), w.message(level("erp", "BAG", 1, 1))}
			var want []merge.Message
			for _, i := range c.want {
				want = append(want, batch[i])
			}
			c.with(w.archive, batch[1].Body)
			poison := merge.Message{ID: "poison"}
			failed := w.merge(t, append([]merge.Message{poison}, batch...)...)
			if !slices.Equal(failed, append([]string{poison.ID}, ids(want)...)) {
				t.Fatalf("failed %v, want the poison and %v", failed, ids(want))
			}
			w.archive.refuse, w.archive.down = nil, nil
			w.records.forget()
			if failed := w.merge(t, want...); failed != nil || len(w.records.puts) > 0 {
				t.Errorf("the second try: failed %v, writes %v", failed, w.records.puts)
			}
			if len(w.archive.bodies) != len(batch) {
				t.Errorf("%d messages archived, want each once", len(w.archive.bodies))
			}
		})
	}
}

func TestMerge_PoisonIsReturnedAloneAmongGoodMessages(t *testing.T) {
	w := newWorld()
	batch := []merge.Message{
		w.message(level("erp", "MUG", 1, 1)),
		{ID: "not JSON", Body: "\x00"},
		w.message(level("erp", "CAP", 1, 1)),
		{ID: "newer codec", Body: `{"codec":99}`},
		{ID: "empty"},
		w.message(level("erp", "BAG", 1, 1)),
	}
	if failed := w.merge(t, batch...); !slices.Equal(failed, []string{"not JSON", "newer codec", "empty"}) {
		t.Errorf("failed %v, want the three that cannot be read", failed)
	}
	for _, sku := range []string{"MUG", "CAP", "BAG"} {
		if w.row(t, commerce.Inventory, sku, "east").Rev != 1 {
			t.Errorf("%s was not merged", sku)
		}
	}
}

func TestMerge_ARowThatBreaksTheCodeTakesNoNeighbourWithIt(t *testing.T) {
	for name, breaks := range map[string]func(record.Row) bool{
		"a record": func(row record.Row) bool { return row.Kind == commerce.Inventory && row.Key[0] == "MUG" },
		"a link":   func(row record.Row) bool { return row.Kind == commerce.Link && row.Key[2] == "1" },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.records.before = func(row record.Row) {
				if breaks(row) {
					panic("of the test")
				}
			}
			mug := w.message(itemLink("1", "MUG", 1), level("erp", "MUG", 1, 1))
			capped := w.message(itemLink("2", "CAP", 1), level("erp", "CAP", 1, 1))
			if failed := w.merge(t, mug, capped); !slices.Equal(failed, []string{mug.ID}) {
				t.Errorf("failed %v, want %s", failed, mug.ID)
			}
			if w.row(t, commerce.Inventory, "CAP", "east").Rev != 1 || w.row(t, commerce.Link, "shop", "item", "2").Rev != 1 {
				t.Error("the neighbour was not merged")
			}
		})
	}
}

func TestMerge_WithTooLittleTimeLeftNothingIsBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		ctx, cancel := context.WithTimeout(t.Context(), 2900*time.Millisecond)
		defer cancel()
		a, b := w.message(level("erp", "MUG", 1, 1)), w.message(itemLink("1", "MUG", 1), itemStock("1", 3, 1))
		if failed := w.service.Merge(ctx, []merge.Message{a, b}); !slices.Equal(failed, []string{a.ID, b.ID}) {
			t.Errorf("failed %v, want both", failed)
		}
		if len(w.records.reads)+len(w.records.puts)+len(w.looks.sent)+len(w.archive.bodies) > 0 {
			t.Errorf("reads %v, writes %v, %d looks, %d archived", w.records.reads, w.records.puts, len(w.looks.sent), len(w.archive.bodies))
		}
	})
}

// TestMerge_StopsBetweenSlicesBeforeTimeIsUp lets every write take 200 ms, of
// which eight run at the same time.
func TestMerge_StopsBetweenSlicesBeforeTimeIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.records.before = func(record.Row) { time.Sleep(200 * time.Millisecond) }
		slice := func(name string) merge.Message {
			var all []commerce.Observation
			for i := range 50 {
				all = append(all, level("erp", fmt.Sprint(name, i), 1, 1))
			}
			return w.message(all...)
		}
		first, second, third := slice("a"), slice("b"), slice("c")
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		failed := w.service.Merge(ctx, []merge.Message{first, second, third})
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("merging took %s of 5s", took)
		}
		if !slices.Equal(failed, []string{third.ID}) {
			t.Errorf("failed %v, want the one for which no time was left", failed)
		}
		if got := w.row(t, commerce.Inventory, "c0", "east"); got.Rev != 0 {
			t.Error("a returned message was half applied")
		}
		if failed := w.service.Merge(t.Context(), []merge.Message{third}); failed != nil {
			t.Errorf("the next try failed: %v", failed)
		}
	})
}
