package storetest

import (
	"fmt"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

func fill(t *testing.T, s store.Records, n int) map[commerce.RecordID]record.Row {
	t.Helper()
	all := map[commerce.RecordID]record.Row{}
	for i := range n {
		r := put(t, s, row(fmt.Sprintf("SKU-%02d|ö", i)))
		all[r.ID()] = r
	}
	link := put(t, s, record.Row{Kind: commerce.Link, Key: commerce.Key{"shopify-us", "item", "4914"}})
	all[link.ID()] = link
	return all
}

// walk reads a segment from a cursor on, and calls between before each further
// page.
func walk(t *testing.T, s store.Records, segment, segments, limit int, cursor string, between func(cursor string)) []record.Row {
	t.Helper()
	var all []record.Row
	for pages := 0; ; pages++ {
		rows, next, err := s.Page(t.Context(), segment, segments, cursor, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) > limit {
			t.Errorf("%d rows, asked for %d", len(rows), limit)
		}
		all = append(all, rows...)
		if next == "" {
			return all
		}
		if pages > 200 {
			t.Fatal("no end")
		}
		cursor = next
		between(cursor)
	}
}

func pages(t *testing.T, s store.Records) {
	want := fill(t, s, 30)
	for _, segments := range []int{1, 4} {
		seen := map[commerce.RecordID]int{}
		for segment := range segments {
			for _, r := range walk(t, s, segment, segments, 3, "", func(string) {}) {
				seen[r.ID()]++
				if diff := Diff(store.Kept(want[r.ID()]), r); diff != "" {
					t.Errorf("%s is another row: %s", r.ID(), diff)
				}
			}
		}
		for id := range want {
			if seen[id] != 1 {
				t.Errorf("%d segments: %s was read %d times", segments, id, seen[id])
			}
		}
	}
	if rows, next, err := s.Page(t.Context(), 0, 1, "", 100); err != nil || len(rows) != len(want) || next != "" {
		t.Errorf("one page of all: %d rows, cursor %q, %v", len(rows), next, err)
	}
}

func pagesFromCursor(t *testing.T, s store.Records) {
	fill(t, s, 12)
	var cursors []string
	all := walk(t, s, 0, 1, 5, "", func(cursor string) { cursors = append(cursors, cursor) })
	if len(cursors) < 2 {
		t.Fatalf("%d rows in %d pages", len(all), len(cursors)+1)
	}
	for i, cursor := range cursors {
		rest := walk(t, s, 0, 1, 2, cursor, func(string) {})
		if want := all[min(5*(i+1), len(all)):]; len(rest) != len(want) || len(rest) > 0 && rest[0].ID() != want[0].ID() {
			t.Errorf("from cursor %d: %d rows, want %d", i, len(rest), len(want))
		}
	}
}

func pagesUnderWrites(t *testing.T, s store.Records) {
	want := fill(t, s, 12)
	written := 0
	seen := map[commerce.RecordID]int64{}
	for _, r := range walk(t, s, 0, 1, 2, "", func(string) {
		for id, r := range want {
			if r.Rev == 1 {
				want[id] = put(t, s, r)
				break
			}
		}
		put(t, s, row(fmt.Sprintf("NEW-%02d", written)))
		written++
	}) {
		seen[r.ID()] = r.Rev
	}
	if written == 0 {
		t.Fatal("nothing was written between two pages")
	}
	for id := range want {
		if seen[id] == 0 {
			t.Errorf("%s was there all the while and not read", id)
		}
	}
}
