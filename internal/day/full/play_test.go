package full_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/daytest"
)

// notYetTold are the faults of the script that no detection finds yet.
var notYetTold = map[string]string{"warehouse silent": "silence of a system"}

func TestRecordedDay_RaisesExactlyTheAlertsOfItsTruth(t *testing.T) {
	d := daytest.Read(t, folder)
	s := daytest.New(t, daytest.Load(t, filepath.Join(folder, "plumbline.yaml")), folder, d)
	s.Play(t)
	for _, call := range s.Answers.Missed() {
		t.Errorf("not answered: %s", call)
	}
	truth := d.Truth
	truth.Alerts = slices.DeleteFunc(slices.Clone(truth.Alerts), func(a day.Alert) bool { return notYetTold[a.Name] != "" })
	for _, deviation := range day.Check(truth, s.Observed(t)) {
		t.Error(deviation)
	}
	s.Says(t, "order-money", "shopify-us/US1033", "the gap is exactly line SOCK-M × 1, which erp does not have")
}
