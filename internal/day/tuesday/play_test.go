package tuesday_test

import (
	"testing"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/daytest"
)

func TestRecordedDay_RaisesExactlyTheAlertsOfItsTruth(t *testing.T) {
	d := readDay(t)
	s := daytest.New(t, loadRegistry(t), root, d)
	s.Play(t)
	for _, deviation := range day.Check(d.Truth, s.Observed(t)) {
		t.Error(deviation)
	}
	s.Says(t, "order-money", "shopify-us/US1033", "the gap is exactly line SOCK-M × 1, which erp does not have")
}
