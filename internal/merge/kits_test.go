package merge_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestKits_AChangedComponentHasItsKitsLookedAt(t *testing.T) {
	r := shopAndERP(0)
	r.Kits = registry.NewKits(map[string][]registry.Component{"SET": {{SKU: "MUG", Units: commerce.Int(2)}}, "BOX": {{SKU: "MUG", Units: commerce.Int(6)}}}, "erp")
	w := newWorldOf(r)
	asked := func() (kits []string) {
		for _, look := range w.looks.sent {
			if look.Key[0] != "MUG" {
				kits = append(kits, look.Key.Text(look.Kind))
			}
		}
		return kits
	}
	w.deliver(t, level("erp", "MUG", 12, 1))
	if got := asked(); len(got) != 2 || got[0] != "BOX@east" || got[1] != "SET@east" {
		t.Errorf("looks at %v, want both kits", got)
	}
	w.looks.sent = nil
	w.deliver(t, level("erp", "CAP", 12, 1))
	if got := w.looks.sent; len(got) != 0 {
		t.Errorf("looks %v for what is in no kit", got)
	}
}

func TestKits_NothingIsAcknowledgedBeforeItsKitIsAskedFor(t *testing.T) {
	r := shopAndERP(0)
	r.Kits = registry.NewKits(map[string][]registry.Component{"SET": {{SKU: "MUG", Units: commerce.Int(2)}}}, "erp")
	w := newWorldOf(r)
	m := w.message(level("erp", "MUG", 9, 1))
	w.looks.down = errDown
	if failed := w.merge(t, m); len(failed) != 1 {
		t.Fatalf("failed %v, want the message back", failed)
	}
	w.looks.down = nil
	if failed := w.merge(t, m); failed != nil {
		t.Fatalf("the next try failed: %v", failed)
	}
	if got := w.looks.sent; len(got) != 1 || got[0].Key.ID(commerce.Inventory) != (queue.Look{Key: commerce.Key{"SET", "east"}}).Key.ID(commerce.Inventory) {
		t.Errorf("looks %v, want the one that was never sent", got)
	}
}
