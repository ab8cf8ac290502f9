package merge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

func TestLessons_ARowRemembersHowLongAChangeWaited(t *testing.T) {
	w := newWorld()
	lesson := func() record.Lesson {
		return w.row(t, commerce.Inventory, "MUG", "east").Lessons["acme/stock"]
	}
	w.deliver(t, level("erp", "MUG", 12, 1))
	w.deliver(t, level("shop", "MUG", 12, 1))
	first := lesson()
	w.now = nine.Add(time.Hour)
	w.deliver(t, level("erp", "MUG", 9, 2))
	if got := lesson(); got != first {
		t.Errorf("%+v while the change is on its way, want %+v", got, first)
	}
	w.now = nine.Add(time.Hour + 3*time.Minute)
	w.deliver(t, level("shop", "MUG", 9, 2))
	want := record.Lesson{Settled: w.now, Took: 3 * time.Minute}
	if got := lesson(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	writes := len(w.records.puts)
	w.deliver(t, level("shop", "MUG", 9, 2))
	if got := lesson(); got != want || len(w.records.puts) != writes {
		t.Errorf("%+v after a duplicate and %d more writes, want the same", got, len(w.records.puts)-writes)
	}
}
