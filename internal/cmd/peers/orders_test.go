package main

import (
	"errors"
	"testing"
	"time"
)

func sampleOrder() order {
	return order{
		Native: "5001", Number: "US1042", Updated: time.Date(2026, 3, 3, 14, 14, 7, 0, time.UTC),
		Facets: map[string]any{"total": "186.40", "units": float64(10), "test": false, "created": "2026-03-03T09:10:00-05:00"},
		Lines:  []line{{SKU: "MUG-BLU", Units: "3"}},
	}
}

func TestOrdersAreEqualByWhatTheySay(t *testing.T) {
	other := sampleOrder()
	other.Facets = map[string]any{"total": "186.4", "units": "10", "test": "false", "created": "2026-03-03T14:10:00Z"}
	if err := equal(other, sampleOrder()); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*order){
		"another amount": func(o *order) { o.Facets["total"] = "186.41" },
		"a facet less":   func(o *order) { delete(o.Facets, "units") },
		"other units":    func(o *order) { o.Lines = []line{{SKU: "MUG-BLU", Units: "4"}} },
		"another time":   func(o *order) { o.Updated = o.Updated.Add(time.Second) },
	} {
		changed := sampleOrder()
		change(&changed)
		if err := equal(changed, sampleOrder()); !errors.Is(err, errUnequal) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
