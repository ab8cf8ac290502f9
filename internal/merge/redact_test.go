package merge_test

import (
	"fmt"
	"testing"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/queue"
)

func sale(system, company string, change int) commerce.Observation {
	return observe(commerce.Observation{
		System: system, Kind: commerce.Order, Key: commerce.Key{"shop", "US1042"}, Part: "order", Native: system + "-5",
		Facets: commerce.Facets{"company": commerce.Text(company), "total": number(9)},
	}, change)
}

func saleLink(change int) commerce.Observation {
	return observe(commerce.Observation{
		System: "shop", Kind: commerce.Link, Key: commerce.Key{"shop", commerce.OrderLink, "shop-5"}, Part: "link", Native: "shop-5",
		Facets: commerce.Facets{"store": commerce.Text("shop"), "number": commerce.Text("US1042")},
	}, change)
}

func TestRedact_AnOrderStaysComparableAndNamesNobody(t *testing.T) {
	for name, first := range map[string]bool{"heard of before": true, "heard of after": false} {
		w := newPersonalWorld()
		if !first {
			w.forget(t, quillon)
		}
		w.deliver(t, sale("shop", "Canaryworth", 1), saleLink(1))
		w.deliver(t, sale("erp", "Canaryworth Ltd", 2))
		if first {
			w.forget(t, quillon)
		}
		w.deliver(t, sale("erp", "Canaryworth & Daughters", 3))
		row := w.row(t, commerce.Order, "shop", "US1042")
		if said := w.personal(t); len(said) > 0 || len(row.Views) != 2 || shown(row, "erp", "total") != "9" {
			t.Errorf("%s: says %v, the row has %d views", name, said, len(row.Views))
		}
		w.wantLooks(t, commerce.Order, commerce.Key{"shop", "US1042"}, w.now, w.now.Add(queue.MaxDelay))
	}
}

func TestRedact_OfOrdersAloneLeavesTheirCustomer(t *testing.T) {
	w := newPersonalWorld()
	w.deliver(t, sale("shop", "Canaryworth", 1), saleLink(1))
	w.deliver(t, contact("shop", "account-77", "quillon", 1))
	w.forget(t, commerce.Erasure{System: "shop", Orders: []string{"shop-5"}})
	if w.row(t, commerce.Order, "shop", "US1042").Redacted.IsZero() || len(w.row(t, commerce.Customer, "quillon").Views) != 1 {
		t.Error("want the order redacted, and the customer as before")
	}
}

func TestRedact_OneAmongManyOrdersIsNoReasonToStop(t *testing.T) {
	w := newPersonalWorld()
	request := quillon
	for i := range 3 * 50 {
		request.Orders = append(request.Orders, fmt.Sprint(i))
	}
	w.forget(t, request)
	if w.row(t, commerce.Link, "shop", commerce.OrderLink, "149").Redacted.IsZero() {
		t.Error("the last order is not marked")
	}
}
