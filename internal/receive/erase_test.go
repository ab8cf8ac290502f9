package receive_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
)

func TestErasure_AForgottenCustomerLeavesTombstonesThatExpire(t *testing.T) {
	w := newWorld()
	w.receive(t, request("forget a customer"))
	got := w.observations.take(t)[0].Observations
	gone := map[commerce.RecordID]bool{}
	for _, o := range got {
		known := o
		known.Gone, known.Facets = false, commerce.Facets{"country": commerce.Text("US")}
		known.Stamp(commerce.VersionParts{Clock: nine.Add(-time.Hour)})
		row := record.Row{Kind: o.Kind, Key: o.Key}
		row, _ = record.Merge(row, known, record.Source{Received: nine.Add(-time.Hour)})
		row, _ = record.Merge(row, o, record.Source{Received: nine})
		gone[row.ID()] = len(row.Views) == 1 && row.Views[0].Gone && len(row.Views[0].Facets) == 0 && !row.Expires.IsZero()
	}
	for _, id := range []commerce.RecordID{
		commerce.Key{"c0ffee"}.ID(commerce.Customer), commerce.Key{"shop", "customer", "77"}.ID(commerce.Link),
	} {
		if !gone[id] {
			t.Errorf("%s is not forgotten; tombstones %v", id, gone)
		}
	}
}

func TestErasure_ACustomerWithoutAnAddressIsFoundThroughItsLink(t *testing.T) {
	w := newWorld()
	w.receive(t, request("forget a customer without an address"))
	got := w.observations.take(t)[0].Observations
	if len(got) != 1 || !got[0].Gone || got[0].Key.Complete() || got[0].Via == nil || *got[0].Via != (commerce.Via{Type: "customer", Native: "77"}) {
		t.Errorf("observations %+v, want one tombstone whose key the link of customer 77 gives", got)
	}
}

func TestErasure_AWholeShopWaitsForAPerson(t *testing.T) {
	w := newWorld()
	if status := w.receive(t, request("forget the shop")); status != 200 {
		t.Errorf("status %d, want 200", status)
	}
	if got := w.quarantine.take(t); len(got) != 1 || got[0].Reason != "request to erase the whole shop: want a person to carry it out" {
		t.Errorf("quarantine %+v", got)
	}
	for _, e := range w.observations.take(t) {
		for _, o := range e.Observations {
			if o.Kind != commerce.Mapping {
				t.Errorf("%s of %s was queued", o.Kind, o.Key)
			}
		}
	}
}
