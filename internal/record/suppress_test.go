package record_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

func TestSuppress_LeavesTheKeyAndTheTimeAlone(t *testing.T) {
	row := mergeAll([]commerce.Observation{observe("1", 1, 0, "9", false), observe("2", 1, 0, "", true)}, []int{0, 1})
	row.Marks = map[string]record.Mark{"acme/stock": {Open: "f-1"}}
	row.Waiting = []commerce.Observation{observe("3", 1, 0, "9", false)}
	row.Rev, row.Generation, row.Due, row.Expires = 7, "g1", tuesday, tuesday
	got, changed := record.Suppress(row, tuesday)
	want := record.Row{Kind: row.Kind, Key: row.Key, Rev: 7, Generation: "g1", Suppressed: tuesday}
	if diff := cmp.Diff(want, got); diff != "" || !changed {
		t.Errorf("changed %t (-want +got):\n%s", changed, diff)
	}
	if again, changed := record.Suppress(got, tuesday.Add(time.Hour)); changed || !again.Suppressed.Equal(tuesday) {
		t.Errorf("suppressed once more: changed %t, at %s", changed, again.Suppressed)
	}
}

// Whatever is observed of an erased record, before or after and in any order,
// its row is the same.
func TestSuppress_WhateverComesLaterIsLeftOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}}
		n := rapid.IntRange(0, 6).Draw(t, "observations")
		at := rapid.IntRange(0, n).Draw(t, "erased after")
		for i := range n + 1 {
			if i == at {
				row, _ = record.Suppress(row, tuesday)
				continue
			}
			o := observe(fmt.Sprint(rapid.IntRange(1, 2).Draw(t, "native")), rapid.IntRange(1, 9).Draw(t, "second"), 0, "9", rapid.Bool().Draw(t, "gone"))
			if rapid.Bool().Draw(t, "waits") {
				row, _ = record.Wait(row, o)
			} else {
				row, _ = record.Merge(row, o, record.Source{Received: tuesday.Add(time.Duration(i) * time.Hour)})
			}
		}
		want := record.Row{Kind: row.Kind, Key: row.Key, Suppressed: tuesday}
		if diff := cmp.Diff(want, row); diff != "" {
			t.Fatal(diff)
		}
	})
}

// order is an order of a company, as a system without links reports it.
func order(second int, company, total string, gone bool) commerce.Observation {
	o := commerce.Observation{
		System: "erp", Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}, Part: "order", Native: "SO-1", Gone: gone,
		Facets: commerce.Facets{"company": commerce.Text(company), "total": commerce.Number(commerce.MustDecimal(total))},
	}
	o.Stamp(commerce.VersionParts{Clock: tuesday.Add(time.Duration(second) * time.Second)})
	return o
}

func TestRedact_ABusinessRecordStaysComparableAndNamesNobody(t *testing.T) {
	observations := []commerce.Observation{
		order(1, "Canaryworth & Daughters", "9", false), order(2, "Canaryworth Ltd", "8", false), order(3, "Canaryworth", "7", false),
	}
	permutations(3, func(turn []int) {
		for redacted := range 4 {
			row := record.Row{Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}}
			for i, n := range turn {
				if i == redacted {
					row, _ = record.Redact(row, tuesday)
				}
				row, _ = record.Merge(row, observations[n], record.Source{Received: tuesday.Add(time.Duration(i) * time.Minute)})
			}
			row, _ = record.Redact(row, tuesday)
			side := row.SideOf("erp")
			if _, named := side.Facets["company"]; named || side.Facets["total"].String() != "7" {
				t.Fatalf("order %v, redacted at %d: shows %v", turn, redacted, side.Facets)
			}
			for _, past := range row.Views[0].Was {
				if _, named := past.Facets["company"]; named || past.Facets["total"].IsNull() {
					t.Fatalf("order %v, redacted at %d: remembers %v", turn, redacted, past.Facets)
				}
			}
		}
	})
}

func TestRedact_DoesNotExpire(t *testing.T) {
	row, _ := record.Redact(record.Row{Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}}, tuesday)
	row, _ = record.Merge(row, order(1, "Canaryworth", "9", true), record.Source{Received: tuesday})
	if !row.Expires.IsZero() {
		t.Errorf("expires %s, and a later delivery would name the company again", row.Expires)
	}
}
