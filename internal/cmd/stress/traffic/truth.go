package traffic

import (
	"fmt"
	"slices"
	"sync"
)

// Truth is what must be stored after what was acknowledged: the newest of each
// view, by brute force. It is safe for concurrent use.
type Truth struct {
	mu     sync.Mutex
	newest map[View]Delivery
	ids    map[string]bool
}

// NewTruth is the truth before anything was told.
func NewTruth() *Truth { return &Truth{newest: map[View]Delivery{}, ids: map[string]bool{}} }

// Acknowledged notes a delivery whose sender was told that it is taken.
func (t *Truth) Acknowledged(d Delivery) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ids[d.ID] = true
	if d.View == (View{}) {
		return
	}
	if before, known := t.newest[d.View]; !known || before.Sequence < d.Sequence {
		t.newest[d.View] = d
	}
}

// Deliveries counts those that were acknowledged, each once.
func (t *Truth) Deliveries() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.ids)
}

// Disagreeing lists the SKUs about which both systems told something, and last
// not the same.
func (t *Truth) Disagreeing() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	skus := []string{}
	for view, d := range t.newest {
		other, told := t.newest[View{Shop, view.SKU}]
		if view.System == ERP && told && other.Value != d.Value {
			skus = append(skus, view.SKU)
		}
	}
	slices.Sort(skus)
	return skus
}

// shown is how many problems are worth reading.
const shown = 5

// Stored compares what is stored of each view with the truth, and lists what is
// wrong, the first few in words.
func (t *Truth) Stored(values map[View]string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wrong []string
	for view, d := range t.newest {
		if got, stored := values[view]; !stored || got != fmt.Sprint(d.Value) {
			wrong = append(wrong, fmt.Sprintf("%s of %s is %q, want %d", view.SKU, view.System, got, d.Value))
		}
	}
	for view := range values {
		if _, told := t.newest[view]; !told {
			wrong = append(wrong, fmt.Sprintf("nobody told %s of %s", view.SKU, view.System))
		}
	}
	return problems("rows", wrong)
}

// Kept compares the ids of deliveries that lie somewhere with those that were
// acknowledged: none is missing, and none is there that nobody sent.
func (t *Truth) Kept(where string, ids map[string]bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wrong []string
	for id := range t.ids {
		if !ids[id] {
			wrong = append(wrong, id+" is missing")
		}
	}
	for id := range ids {
		if !t.ids[id] {
			wrong = append(wrong, id+" was never acknowledged")
		}
	}
	return problems(where, wrong)
}

func problems(where string, wrong []string) error {
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("%s: %d are wrong: %v", where, len(wrong), wrong[:min(shown, len(wrong))])
}
