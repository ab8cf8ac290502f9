package merge_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/generation"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

// under makes merge ask a deployment which generation is current. The returned
// function makes another one current.
func (w *world) under(current string) (deploy func(string)) {
	w.service.Generation = generation.New(w.service.Registry.Generation,
		func(context.Context) (string, error) { return current, nil }, func() time.Time { return w.now })
	return func(next string) { current = next }
}

// stamped rewrites a row as another generation would.
func (w *world) stamped(t *testing.T, row record.Row, generation string) {
	t.Helper()
	row.Generation = generation
	if err := w.records.Records.Put(t.Context(), row); err != nil {
		t.Fatal(err)
	}
}

// readUnder is a message that another generation's receive put into the queue.
func (w *world) readUnder(t *testing.T, generation string, o commerce.Observation) merge.Message {
	t.Helper()
	m := w.message(o)
	e, err := queue.Decode(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	e.Generation = generation
	if m.Body, err = queue.Encode(e); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestGeneration_AnOldMergeLeavesWhatTheNewOneWrote(t *testing.T) {
	w := newWorld()
	deploy := w.under("g1")
	w.deliver(t, level("erp", "CAP", 12, 1))
	w.deliver(t, level("erp", "MUG", 12, 1))
	w.stamped(t, w.row(t, commerce.Inventory, "CAP", "east"), "g2")
	before := w.row(t, commerce.Inventory, "CAP", "east")
	deploy("g2")
	ofCap, ofMug := w.message(level("shop", "CAP", 9, 2)), w.message(level("shop", "MUG", 9, 2))
	if failed := w.merge(t, ofCap, ofMug); strings.Join(failed, ",") != ofCap.ID {
		t.Errorf("failed %v, want the message about the row of the new registry alone", failed)
	}
	if after := w.row(t, commerce.Inventory, "CAP", "east"); after.Rev != before.Rev || after.Generation != "g2" {
		t.Errorf("revision %d of %s, want the row untouched", after.Rev, after.Generation)
	}
	if got := shown(w.row(t, commerce.Inventory, "MUG", "east"), "shop", "available"); got != "9" {
		t.Errorf("the row that the old registry wrote shows %q, want 9", got)
	}
}

func TestGeneration_ANewMergeGoesOnWithWhatTheOldOneWrote(t *testing.T) {
	w := newWorld()
	w.under("g1")
	w.deliver(t, level("erp", "CAP", 12, 1))
	w.stamped(t, w.row(t, commerce.Inventory, "CAP", "east"), "g0")
	w.deliver(t, level("shop", "CAP", 9, 2))
	row := w.row(t, commerce.Inventory, "CAP", "east")
	if shown(row, "shop", "available") != "9" || row.Generation != "g1" {
		t.Errorf("shows %q of generation %s", shown(row, "shop", "available"), row.Generation)
	}
}

// TestGeneration_AnOldMergeBeginsNothing: a sweep stamps the rows that are there.
// One that an old merge adds behind it would be judged by the old rules for good.
func TestGeneration_AnOldMergeBeginsNothing(t *testing.T) {
	w := newWorld()
	w.under("g2")
	for name, o := range map[string]commerce.Observation{
		"a record": level("erp", "CAP", 12, 1), "a link": itemLink("1", "CAP", 1), "what waits for a link": itemStock("2", 12, 1),
	} {
		if failed := w.merge(t, w.message(o)); len(failed) != 1 {
			t.Errorf("%s: failed %v", name, failed)
		}
	}
	if len(w.records.puts) > 0 {
		t.Errorf("wrote %v", w.records.puts)
	}
}

func TestGeneration_AnOldMergeThatLosesTheRaceLeavesTheRow(t *testing.T) {
	w := newWorld()
	deploy := w.under("g1")
	w.deliver(t, level("erp", "CAP", 12, 1))
	w.records.before = func(row record.Row) {
		w.records.before = nil
		deploy("g2")
		w.stamped(t, w.row(t, commerce.Inventory, "CAP", "east"), "g2")
	}
	if failed := w.merge(t, w.message(level("shop", "CAP", 9, 2))); len(failed) != 1 {
		t.Errorf("failed %v", failed)
	}
	if row := w.row(t, commerce.Inventory, "CAP", "east"); row.Generation != "g2" || row.SideOf("shop").Known {
		t.Errorf("generation %s, the shop is known %t", row.Generation, row.SideOf("shop").Known)
	}
}

func TestGeneration_AMessageOfANewerReceiveWaits(t *testing.T) {
	w := newWorld()
	deploy := w.under("g1")
	deploy("g2")
	m := w.readUnder(t, "g2", level("erp", "CAP", 12, 1))
	if failed := w.merge(t, m); len(failed) != 1 || len(w.records.puts)+len(w.archive.bodies) > 0 {
		t.Errorf("failed %v, %d written, %d archived", failed, len(w.records.puts), len(w.archive.bodies))
	}
	deploy("g1")
	w.now = w.now.Add(generation.Fresh)
	if failed := w.merge(t, m, w.readUnder(t, "g0", level("shop", "CAP", 9, 1))); failed != nil {
		t.Errorf("failed %v once the own registry is current", failed)
	}
}

func TestGeneration_OneLineTellsOfAllThatWaits(t *testing.T) {
	w := newWorld()
	w.under("g2")
	var log strings.Builder
	w.service.Log = slog.New(slog.NewTextHandler(&log, nil))
	w.merge(t, w.message(level("erp", "CAP", 12, 1)), w.message(level("erp", "MUG", 12, 1)))
	if lines := strings.Count(log.String(), "\n"); lines != 1 || !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "messages=2") {
		t.Errorf("log:\n%s", log.String())
	}
}

func TestGeneration_StockReadUnderAnEarlierRegistryGoesToItsLocation(t *testing.T) {
	w := newWorld()
	w.deliver(t, itemLink("1", "CAP", 1))
	early := itemStock("1", 12, 2)
	early.Key[1] = "old-east"
	ignored := itemStock("1", 5, 2)
	ignored.Native, ignored.Slot = "1/503", "503"
	unknown := itemStock("1", 7, 2)
	unknown.Native, unknown.Slot, unknown.Key[1] = "1/999", "999", "attic"
	own := itemStock("1", 3, 2)
	own.Native, own.Key[1] = "1/501b", "as-read"
	if failed := w.merge(t, w.readUnder(t, "g0", early), w.readUnder(t, "g0", ignored), w.readUnder(t, "g0", unknown), w.readUnder(t, "g1", own)); failed != nil {
		t.Fatal(failed)
	}
	for location, want := range map[string]string{"east": "12", "old-east": "", "ignore": "", "attic": "7", "as-read": "3"} {
		if got := shown(w.row(t, commerce.Inventory, "CAP", location), "shop", "available"); got != want {
			t.Errorf("%s shows %q, want %q", location, got, want)
		}
	}
}

func TestGeneration_StockThatWaitedGoesToItsLocationOfToday(t *testing.T) {
	w := newWorld()
	early := itemStock("1", 12, 2)
	early.Key[1] = "old-east"
	w.deliver(t, early)
	w.deliver(t, itemLink("1", "CAP", 1))
	if got := shown(w.row(t, commerce.Inventory, "CAP", "east"), "shop", "available"); got != "12" {
		t.Errorf("east shows %q, want 12", got)
	}
	if waiting := w.waiting(t, "item", "1"); len(waiting) > 0 {
		t.Errorf("%d observations still wait", len(waiting))
	}
}
