package receive_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
)

func TestErasure_TravelsWithItsDelivery(t *testing.T) {
	for body, want := range map[string]commerce.Erasure{
		"forget a customer":                    {System: "shop", Native: "77", Hash: "c0ffee", Orders: []string{"5"}},
		"forget a customer without an address": {System: "shop", Native: "77"},
	} {
		w := newWorld()
		if status := w.receive(t, request(body)); status != http.StatusOK {
			t.Errorf("%s: status %d", body, status)
		}
		got := w.observations.take(t)
		if len(got) != 1 || len(got[0].Observations) > 0 || !cmp.Equal(got[0].Erase, []commerce.Erasure{want}) || string(got[0].Delivery.Body) != body {
			t.Errorf("%s: queued %+v", body, got)
		}
	}
}

func TestErasure_AWholeShopWaitsForAPerson(t *testing.T) {
	w := newWorld()
	if status := w.receive(t, request("forget the shop")); status != http.StatusOK {
		t.Errorf("status %d, want 200", status)
	}
	if got := w.quarantine.take(t); len(got) != 1 || got[0].Reason != "request to erase the whole shop: want a person to carry it out" {
		t.Errorf("quarantine %+v", got)
	}
	for _, e := range w.observations.take(t) {
		if len(e.Erase) > 0 {
			t.Errorf("%v was queued", e.Erase)
		}
		for _, o := range e.Observations {
			if o.Kind != commerce.Mapping {
				t.Errorf("%s of %s was queued", o.Kind, o.Key)
			}
		}
	}
}

// What senders do not sign goes into rows, logs and alerts.
func TestDelivery_KeepsNoTopicOrIDThatMayNameAPerson(t *testing.T) {
	for text, kept := range map[string]bool{
		"orders/updated": true, "evt_1N.x-9": true, "store/order:updated|2": true,
		"dana@acme.example": false, "Dana Lee": false, "d\u00e4na": false, "a\nb": false, string(make([]byte, 500)): false,
	} {
		w := newWorld()
		r := request("stock")
		r.Header = http.Header{"Signature": {"key-of-today"}, "Topic": {text}, "Id": {text}}
		w.receive(t, r)
		d := w.observations.take(t)[0].Delivery
		if got := d.Topic == text && d.ID == text; got != kept || d.ID == "" {
			t.Errorf("%q: kept as topic %q and id %q", text, d.Topic, d.ID)
		}
	}
}
