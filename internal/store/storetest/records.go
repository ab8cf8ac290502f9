package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

var noon = time.Date(2026, 3, 3, 12, 0, 0, 123_000_000, time.UTC)

// Records runs the suite of rows. Each call of open returns an empty store.
func Records(t *testing.T, open func(t *testing.T) store.Records) {
	for name, test := range map[string]func(*testing.T, store.Records){
		"a row comes back as kept":                  rowComesBack,
		"an unknown id is not in the result":        unknownID,
		"a lost race returns the current row":       lostRace,
		"a write on a row that is gone is lost":     lostOnNothing,
		"concurrent writers lose nothing":           concurrentWriters,
		"an ambiguous failure is harmless on retry": ambiguousFailure,
		"more ids than one request takes":           manyIDs,
		"due rows by shard and time":                dueRows,
		"a row at rest is not due":                  noLongerDue,
		"a scan sees every row of its kind":         scanKind,
		"a scan stops at the first error":           scanStops,
		"pages hold every row once":                 pages,
		"pages go on from any cursor":               pagesFromCursor,
		"pages hold what stays while rows change":   pagesUnderWrites,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func row(sku string) record.Row {
	return record.Row{
		Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}, Generation: "g1",
		Views: []record.View{{
			ViewID:  record.ViewID{System: "shopify-us", Part: "level", Native: "4914|655441491"},
			Version: commerce.NewVersion(commerce.VersionParts{Clock: noon}, [8]byte{1}),
			Facets: commerce.Facets{
				"available": commerce.Number(commerce.Int(0)), "tracked": commerce.Bool(true), "cost": commerce.Null(),
			},
			Created: noon.Add(7), Received: noon, Delivery: "d-1",
			Was: []record.Past{{Until: noon, Facets: commerce.Facets{"available": commerce.Number(commerce.Int(3))}}},
		}},
		Marks: map[string]record.Mark{"stock-to-storefront/stock": {Since: noon, First: noon, Cause: "d-1", System: "erp", Open: "f-1"}},
	}
}

func put(t *testing.T, s store.Records, r record.Row) record.Row {
	t.Helper()
	if err := s.Put(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	r.Rev++
	return r
}

func get(t *testing.T, s store.Records, id commerce.RecordID) record.Row {
	t.Helper()
	rows, err := s.Get(t.Context(), []commerce.RecordID{id})
	if err != nil {
		t.Fatal(err)
	}
	return rows[id]
}

func rowComesBack(t *testing.T, s store.Records) {
	for _, sku := range []string{"MUG-BLU", "a|b:c%|", "Größe 7½", " "} {
		r := row(sku)
		r.Due, r.Expires = noon.Add(time.Minute+1), noon.Add(time.Hour)
		want := store.Kept(put(t, s, r))
		if diff := Diff(want, get(t, s, r.ID())); diff != "" {
			t.Errorf("%q: %s", sku, diff)
		}
	}
	link := record.Row{
		Kind: commerce.Link, Key: commerce.Key{"shopify-us", "item", "4914"},
		Views: []record.View{{ViewID: record.ViewID{System: "shopify-us", Part: "link", Native: "44"}, Facets: commerce.Facets{"sku": commerce.Text("MUG-BLU")}}},
		Waiting: []commerce.Observation{{
			System: "shopify-us", Kind: commerce.Inventory, Key: commerce.Key{"", "east"}, Part: "level", Native: "4914",
			Via: &commerce.Via{Type: "item", Native: "4914"}, Facets: commerce.Facets{"available": commerce.Number(commerce.Int(2))},
		}},
	}
	if diff := Diff(store.Kept(put(t, s, link)), get(t, s, link.ID())); diff != "" {
		t.Error(diff)
	}
}

func unknownID(t *testing.T, s store.Records) {
	known := put(t, s, row("MUG-BLU"))
	rows, err := s.Get(t.Context(), []commerce.RecordID{known.ID(), row("MUG-RED").ID(), known.ID()})
	if err != nil || len(rows) != 1 || rows[known.ID()].Rev != 1 {
		t.Errorf("got %d rows, %v", len(rows), err)
	}
	// A glance may not show yet what was written a moment ago, and shows nothing else.
	if rows, err = s.Glance(t.Context(), []commerce.RecordID{known.ID(), row("MUG-RED").ID()}); err != nil || len(rows) > 1 || rows[row("MUG-RED").ID()].Rev > 0 {
		t.Errorf("a glance: got %d rows, %v", len(rows), err)
	}
	if rows, err = s.Get(t.Context(), nil); err != nil || len(rows) != 0 {
		t.Errorf("no ids: got %d rows, %v", len(rows), err)
	}
}

func lostRace(t *testing.T, s store.Records) {
	first := put(t, s, row("MUG-BLU"))
	second := put(t, s, first)
	for name, stale := range map[string]record.Row{"new": row("MUG-BLU"), "older": first} {
		stale.Generation = "stale"
		var lost *store.LostError
		err := s.Put(t.Context(), stale)
		if !errors.Is(err, store.ErrLost) || !errors.As(err, &lost) {
			t.Fatalf("%s: got %v, want a *LostError", name, err)
		}
		if diff := Diff(store.Kept(second), lost.Current); diff != "" {
			t.Errorf("%s: current row: %s", name, diff)
		}
	}
	if got := get(t, s, first.ID()); got.Generation != "g1" || got.Rev != 2 {
		t.Errorf("a lost write changed the row: %+v", got)
	}
}

func lostOnNothing(t *testing.T, s store.Records) {
	stale := row("MUG-BLU")
	stale.Rev = 7
	var lost *store.LostError
	if err := s.Put(t.Context(), stale); !errors.As(err, &lost) {
		t.Fatalf("got %v, want a *LostError", err)
	}
	if diff := Diff(record.Row{Kind: stale.Kind, Key: stale.Key}, lost.Current); diff != "" {
		t.Error(diff)
	}
}

func concurrentWriters(t *testing.T, s store.Records) {
	const writers = 20
	count := func(r record.Row) int { return len(r.Views) }
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			r := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"HOT", "east"}}
			for range 10 * writers {
				next := r
				next.Views = append(slices.Clone(r.Views), record.View{ViewID: record.ViewID{System: "erp", Part: "level", Native: fmt.Sprint(i)}})
				err := s.Put(t.Context(), next)
				var lost *store.LostError
				if !errors.As(err, &lost) {
					if err != nil {
						t.Error(err)
					}
					return
				}
				r = lost.Current
			}
			t.Error("lost every race: the current row does not come back")
		})
	}
	all.Wait()
	if got := get(t, s, commerce.Key{"HOT", "east"}.ID(commerce.Inventory)); count(got) != writers || got.Rev != writers {
		t.Errorf("%d views at revision %d, want %d", count(got), got.Rev, writers)
	}
}

// forgetful applies the first write and reports a failure, as a lost answer
// does.
type forgetful struct {
	store.Records
	once sync.Once
}

var errNoAnswer = errors.New("no answer")

func (f *forgetful) Put(ctx context.Context, r record.Row) (err error) {
	err = f.Records.Put(ctx, r)
	f.once.Do(func() { err = errors.Join(err, errNoAnswer) })
	return err
}

func ambiguousFailure(t *testing.T, s store.Records) {
	f := &forgetful{Records: s}
	r := row("MUG-BLU")
	if err := f.Put(t.Context(), r); !errors.Is(err, errNoAnswer) {
		t.Fatal(err)
	}
	var lost *store.LostError
	if err := f.Put(t.Context(), r); !errors.As(err, &lost) {
		t.Fatalf("got %v, want a *LostError", err)
	}
	r.Rev = 1
	if diff := Diff(store.Kept(r), lost.Current); diff != "" {
		t.Errorf("the row that is there is not the one that was meant: %s", diff)
	}
}

func manyIDs(t *testing.T, s store.Records) {
	var ids []commerce.RecordID
	for i := range 230 {
		r := row(fmt.Sprintf("SKU-%03d", i))
		ids = append(ids, r.ID(), r.ID())
		if i%23 != 0 {
			put(t, s, r)
		}
	}
	rows, err := s.Get(t.Context(), ids)
	if err != nil || len(rows) != 220 {
		t.Fatalf("got %d rows, %v; want 220", len(rows), err)
	}
	for id, r := range rows {
		if r.ID() != id {
			t.Errorf("%s is under %s", r.ID(), id)
		}
	}
}

func dueRows(t *testing.T, s store.Records) {
	want := map[int][]commerce.RecordID{}
	for i := range 40 {
		r := row(fmt.Sprintf("SKU-%02d", i))
		r.Due = noon.Add(time.Duration(i) * time.Second)
		put(t, s, r)
		if i <= 30 {
			shard := store.ShardOf(r.ID())
			want[shard] = append(want[shard], r.ID())
		}
	}
	if len(want) < store.Shards/2 {
		t.Errorf("40 rows fill %d shards of %d", len(want), store.Shards)
	}
	for shard := range store.Shards {
		got, err := s.Due(t.Context(), shard, noon.Add(30*time.Second), 100)
		if err != nil || !slices.Equal(got, want[shard]) {
			t.Errorf("shard %d: got %v, %v; want %v", shard, got, err, want[shard])
		}
		if first, err := s.Due(t.Context(), shard, noon.Add(30*time.Second), 1); err != nil || !slices.Equal(first, want[shard][:min(1, len(want[shard]))]) {
			t.Errorf("shard %d, one: got %v, %v", shard, first, err)
		}
	}
}

func noLongerDue(t *testing.T, s store.Records) {
	r := row("MUG-BLU")
	shard := store.ShardOf(r.ID())
	due := func() []commerce.RecordID {
		ids, err := s.Due(t.Context(), shard, noon.Add(time.Hour), 10)
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	r.Due = noon
	r = put(t, s, r)
	if got := due(); len(got) != 1 {
		t.Errorf("due: %v, want the row", got)
	}
	r.Due = time.Time{}
	put(t, s, r)
	if got := due(); len(got) != 0 {
		t.Errorf("due: %v, want nothing", got)
	}
}

func scanKind(t *testing.T, s store.Records) {
	for i := range 30 {
		put(t, s, row(fmt.Sprintf("SKU-%02d", i)))
	}
	put(t, s, record.Row{Kind: commerce.Product, Key: commerce.Key{"SKU-01"}})
	for kind, want := range map[commerce.Kind]int{commerce.Inventory: 30, commerce.Product: 1, commerce.Order: 0, "": 31} {
		seen := map[commerce.RecordID]bool{}
		err := s.Scan(t.Context(), kind, func(r record.Row) error {
			seen[r.ID()] = true
			return nil
		})
		if err != nil || len(seen) != want {
			t.Errorf("%q: saw %d rows, %v; want %d", kind, len(seen), err, want)
		}
	}
}

func scanStops(t *testing.T, s store.Records) {
	for i := range 3 {
		put(t, s, row(fmt.Sprint(i)))
	}
	calls, stop := 0, errors.New("enough")
	err := s.Scan(t.Context(), commerce.Inventory, func(record.Row) error {
		calls++
		return stop
	})
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}
