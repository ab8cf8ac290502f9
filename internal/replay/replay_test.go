package replay_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/replay"
	"github.com/plumbline/plumbline/internal/store/memory"
)

func changes(r replay.Report) []string {
	var all []string
	for _, c := range r.Changes {
		all = append(all, fmt.Sprintf("%s %s %s %s: %s -> %s", c.Kind, c.Key.Text(c.Kind), c.System, c.Facet, c.Before, c.After))
	}
	return all
}

func (w *world) available(t testing.TB, sku string) string {
	t.Helper()
	id := commerce.Key{sku, "east"}.ID(commerce.Inventory)
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{id})
	if err != nil {
		t.Fatal(err)
	}
	return rows[id].SideOf("shop").Facets["available"].String()
}

func TestPreview_OfWhatIsReadAsBeforeIsNothing(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "erp", "stock", "MUG 9", nine)
	w.receive(t, "shop", "stock", "MUG 9", nine.Add(time.Second))
	r := w.preview(t, whole)
	if r.Deliveries != 2 || r.Rows != 0 || r.Newer != 0 || len(r.Changes) > 0 {
		t.Errorf("%+v", r)
	}
}

func TestPreview_SaysWhatARepairedNormaliserChanges_AndChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "shop", "stock", "CAP 2", nine)
	w.receive(t, "shop", "stock", "MUG 5", nine)
	w.receive(t, "shop", "stock", "MUG 7", nine.Add(time.Minute))
	w.reads, w.revision = 12, 2
	r := w.preview(t, whole)
	want := []string{"inventory CAP@east shop available: 2 -> 24", "inventory MUG@east shop available: 7 -> 84"}
	if diff := cmp.Diff(want, changes(r)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]replay.Count{{System: "shop", Kind: commerce.Inventory, Observations: 3, Views: 2}}, r.Counts); diff != "" {
		t.Error(diff)
	}
	if r.Rows != 2 || r.New != 0 || w.available(t, "MUG") != "7" {
		t.Errorf("%d rows, %d new, MUG is %s", r.Rows, r.New, w.available(t, "MUG"))
	}
}

func TestReplay_TwiceChangesNothingMore(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "shop", "stock", "MUG 5", nine)
	w.receive(t, "shop", "stock", "MUG 7", nine.Add(time.Minute))
	w.reads, w.revision = 12, 2
	for range 3 {
		if sent := w.replay(t, whole); sent != 2 {
			t.Errorf("%d deliveries were sent, want each once, however often it is archived by now", sent)
		}
		if w.available(t, "MUG") != "84" {
			t.Errorf("MUG is %s", w.available(t, "MUG"))
		}
		if r := w.preview(t, whole); r.Rows+r.Newer > 0 {
			t.Errorf("replayed once more it would change %v", changes(r))
		}
	}
}

func TestPreview_CountsWhatIsOnlyNewer(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "shop", "stock", "MUG 5", nine)
	w.revision = 2
	if r := w.preview(t, whole); r.Newer != 1 || r.Rows != 0 || len(r.Changes) > 0 {
		t.Errorf("%+v", r)
	}
}

func TestPreview_NamesRecordsThatThereAreNotYet(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "shop", "stock", "MUG 5", nine)
	w.records = &memory.Records{}
	r := w.preview(t, whole)
	want := []string{"inventory MUG@east shop : not known -> there", "inventory MUG@east shop available: missing -> 5"}
	if diff := cmp.Diff(want, changes(r)); diff != "" || r.New != 1 {
		t.Errorf("%d new: %s", r.New, diff)
	}
}

func TestReplay_LeavesOutWhatCannotBeReadAndSaysSo(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "shop", "stock", "MUG 5", nine)
	for i := range 3 {
		d := commerce.Delivery{ID: fmt.Sprint(i), System: "erp", Topic: "stock", Received: nine, Body: []byte("nonsense")}
		w.take(t, queue.Envelope{Delivery: d})
	}
	r := w.preview(t, whole)
	want := []replay.Unread{{System: "erp", Topic: "stock", Problem: "body: want a SKU and a number", Count: 3}}
	if diff := cmp.Diff(want, r.Unread); diff != "" || r.Deliveries != 4 {
		t.Error(diff)
	}
	if sent := w.replay(t, whole); sent != 1 {
		t.Errorf("%d were sent, want the one that can be read", sent)
	}
}

func TestReplay_OfOneSystemAndSpanTakesNothingElse(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "shop", "stock", "MUG 1", nine)
	w.receive(t, "erp", "stock", "MUG 2", nine)
	w.receive(t, "shop", "stock", "MUG 3", nine.Add(time.Hour))
	for _, c := range []struct {
		span replay.Span
		want int
	}{
		{whole, 3},
		{replay.Span{Since: nine, Until: nine.Add(time.Hour)}, 2},
		{replay.Span{Since: nine, Until: nine.Add(time.Hour), System: "shop"}, 1},
		{replay.Span{Since: nine.Add(time.Nanosecond), Until: nine.Add(time.Hour)}, 0},
	} {
		if r := w.preview(t, c.span); r.Deliveries != c.want {
			t.Errorf("%+v: %d deliveries, want %d", c.span, r.Deliveries, c.want)
		}
	}
}

// What was received before whole deliveries are kept is taken as it was read then.
func TestReplay_OfOldDeliveriesUsesWhatWasReadInThem(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "shop", "stock", "MUG 5", nine)
	w.records = &memory.Records{}
	w.now = nine.AddDate(0, 2, 0)
	w.receive(t, "shop", "stock", "CAP 5", w.now.Add(-time.Minute))
	w.reads = 12
	r := w.preview(t, whole)
	if r.Deliveries != 2 || r.Observed != 1 {
		t.Errorf("%d deliveries, %d of them as they were read", r.Deliveries, r.Observed)
	}
	w.replay(t, whole)
	if w.available(t, "MUG") != "5" {
		t.Errorf("MUG is %s, want what was read then", w.available(t, "MUG"))
	}
}

func TestReplay_ErasedRecordsStayAway(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "shop", "customer", "quillon 1", nine)
	w.receive(t, "shop", "customer", "merriam 1", nine)
	w.receive(t, "shop", "forget", "quillon 0", nine.Add(time.Minute))
	before := w.rows(t)
	r := w.preview(t, replay.Span{Since: nine, Until: nine.Add(time.Second)})
	if r.Erased == 0 || len(r.Changes) > 0 {
		t.Errorf("%d erased records stay away, and these come: %v", r.Erased, changes(r))
	}
	w.replay(t, whole)
	if diff := cmp.Diff(before, w.rows(t), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("after a replay (-before +after):\n%s", diff)
	}
}

func (w *world) rows(t testing.TB) map[commerce.RecordID]record.Row {
	t.Helper()
	all := map[commerce.RecordID]record.Row{}
	err := w.records.Scan(t.Context(), "", func(row record.Row) error {
		row.Rev = 0
		all[row.ID()] = row
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestReplay_EndsWithTheFirstError(t *testing.T) {
	w := newWorld(t)
	w.receive(t, "shop", "stock", "MUG 5", nine)
	keys, err := w.bucket.List(t.Context(), "deliveries/")
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	if err := w.bucket.Put(t.Context(), keys[0], []byte("cut off")); err != nil {
		t.Fatal(err)
	}
	if _, err := replay.Preview(t.Context(), w.service().Items(t.Context(), whole), w.records, w.registry, w.now); err == nil {
		t.Error("a damaged archive was taken for an empty one")
	}
	if _, err := w.service().Send(t.Context(), whole, w.queue); err == nil {
		t.Error("a damaged archive was replayed")
	}
}
