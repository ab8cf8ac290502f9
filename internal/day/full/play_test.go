package full_test

import (
	"path/filepath"
	"testing"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/daytest"
)

func TestRecordedDay_RaisesExactlyTheAlertsOfItsTruth(t *testing.T) {
	d := daytest.Read(t, folder)
	if alerts, silent := len(d.Truth.Alerts), len(d.Truth.Silent); alerts != 11 || silent != 14 {
		t.Errorf("%d alerts and %d silences, want the script's 11 and 14", alerts, silent)
	}
	s := daytest.New(t, daytest.Load(t, filepath.Join(folder, "plumbline.yaml")), folder, d)
	s.Play(t)
	for _, call := range s.Answers.Missed() {
		t.Errorf("not answered: %s", call)
	}
	for _, deviation := range day.Check(d.Truth, s.Observed(t)) {
		t.Error(deviation)
	}
	if s.Quarantined > 0 {
		t.Errorf("%d deliveries could not be read", s.Quarantined)
	}
	s.Says(t, "order-money", "shopify-us/US1033", "the gap is exactly line SOCK-M × 1, which erp does not have")
}
