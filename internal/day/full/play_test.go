package full_test

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/daytest"
)

// notYetTold are the faults of the script that no detection finds yet, and
// notYetSilent the records of which a rule speaks although another finding says
// it already.
var (
	notYetTold   = map[string]string{"warehouse silent": "silence of a system"}
	notYetSilent = map[string]string{"orders-to-erp/order-money on shopify-us/US1024": "a delta that equals an open refund's"}
)

func TestRecordedDay_RaisesExactlyTheAlertsOfItsTruth(t *testing.T) {
	d := daytest.Read(t, folder)
	s := daytest.New(t, daytest.Load(t, filepath.Join(folder, "plumbline.yaml")), folder, d)
	s.Play(t)
	for _, call := range s.Answers.Missed() {
		t.Errorf("not answered: %s", call)
	}
	truth, observed := d.Truth, s.Observed(t)
	truth.Alerts = slices.DeleteFunc(slices.Clone(truth.Alerts), func(a day.Alert) bool { return notYetTold[a.Name] != "" })
	spoken := maps.Clone(notYetSilent)
	observed = slices.DeleteFunc(observed, func(o day.Observed) bool {
		name := o.Integration + "/" + o.Rule + " on " + o.Keys[0]
		delete(spoken, name)
		return len(o.Keys) == 1 && notYetSilent[name] != ""
	})
	for _, deviation := range day.Check(truth, observed) {
		t.Error(deviation)
	}
	for name := range spoken {
		t.Errorf("%s is silent by now: take it off the list", name)
	}
}
