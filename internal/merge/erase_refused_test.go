package merge_test

import (
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestErase_NobodyOrAWholeShopIsRefused(t *testing.T) {
	w := newPersonalWorld()
	w.deliver(t, contact("shop", "account-77", "quillon", 1), account("account-77", "quillon", 1))
	w.records.forget()
	if failed := w.merge(t, w.request(commerce.Erasure{System: "shop"})); len(failed) != 1 || len(w.records.puts) > 0 {
		t.Errorf("failed %v after writes %v", failed, w.records.puts)
	}
}

// Stock and orders must not pay for erasures, and customers of a platform that
// reports their link pay nothing either.
func TestErase_CostsTheOthersNoRead(t *testing.T) {
	for _, c := range []struct {
		name         string
		observations []commerce.Observation
		reads, puts  int
	}{
		{"stock", []commerce.Observation{level("shop", "MUG-BLU", 9, 1)}, 1, 1},
		{"an order", []commerce.Observation{sale("shop", "", 1), saleLink(1)}, 2, 2},
		{"a customer with a link", []commerce.Observation{contact("shop", "account-77", "quillon", 1), knownBy("shop", "account-77", 1, "hash", "quillon")}, 2, 2},
		{"a customer of a system without links", []commerce.Observation{contact("erp", "C-9", "quillon", 1)}, 2, 2},
	} {
		w := newPersonalWorld()
		w.deliver(t, c.observations...)
		reads := 0
		for _, ids := range w.records.reads {
			reads += len(ids)
		}
		if reads != c.reads || len(w.records.puts) != c.puts {
			t.Errorf("%s: rows read %v, written %v; want %d and %d", c.name, w.records.reads, w.records.puts, c.reads, c.puts)
		}
	}
}

func TestErase_ErrorsNameNobody(t *testing.T) {
	w := newPersonalWorld()
	w.records.unreadable = errDown
	var log strings.Builder
	w.service.Log = logTo(&log)
	w.merge(t, w.request(quillon))
	if !strings.Contains(log.String(), "erase on request of shop") || strings.Contains(log.String(), "account-77") {
		t.Errorf("the log says %s", log.String())
	}
}

func TestErase_SaysThatItWasDone(t *testing.T) {
	w := newPersonalWorld()
	var log strings.Builder
	w.service.Log = logTo(&log)
	w.forget(t, quillon)
	if !strings.Contains(log.String(), "erased on request") || strings.Contains(log.String(), "quillon") {
		t.Errorf("the log says %s", log.String())
	}
	if !slices.Contains(strings.Fields(log.String()), "orders=1") {
		t.Errorf("the log does not count the orders: %s", log.String())
	}
}

func logTo(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
