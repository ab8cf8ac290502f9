package drift_test

import (
	"context"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/store"
)

// marksRead counts how often marks are read.
type marksRead struct {
	store.Marks
	times int
}

func (m *marksRead) GetMarks(ctx context.Context, names []string) (map[string]time.Time, error) {
	m.times++
	return m.Marks.GetMarks(ctx, names)
}

func TestLook_ReadsWhatIsKnownAroundARowOnlyWhereItMayChangeTheVerdict(t *testing.T) {
	w := newWorld(stockRegistry("from.free", 5*time.Minute))
	marks := &marksRead{Marks: w.findings}
	w.drift.Marks = marks
	w.deliver(t, level("erp", "free", 12, 1))
	w.deliver(t, level("shop", "available", 12, 1))
	w.deliver(t, level("erp", "free", 9, 2))
	w.now = w.now.Add(time.Minute)
	w.deliver(t, level("shop", "available", 9, 2))
	w.now = w.now.Add(time.Hour)
	w.runLooks(t)
	if len(w.looks.waiting) > 0 || marks.times != 0 {
		t.Errorf("marks were read %d times for a row whose sides agree by now, %d looks left; want none", marks.times, len(w.looks.waiting))
	}
	w.deliver(t, level("erp", "free", 7, 3))
	w.now = w.now.Add(time.Hour)
	w.runLooks(t)
	if marks.times == 0 || len(w.opened(t, "stock")) != 1 {
		t.Errorf("marks were read %d times before %d findings opened", marks.times, len(w.opened(t, "stock")))
	}
}
