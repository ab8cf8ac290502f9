package full_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/daytest"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/total"
)

func TestRecordedDay_RaisesExactlyTheAlertsOfItsTruth(t *testing.T) {
	d := daytest.Read(t, folder)
	if alerts, silent := len(d.Truth.Alerts), len(d.Truth.Silent); alerts != 11 || silent != 14 {
		t.Errorf("%d alerts and %d silences, want the script's 11 and 14", alerts, silent)
	}
	s := daytest.New(t, daytest.Load(t, filepath.Join(folder, "plumbline.yaml")), folder, d)
	lookAside(t, s)
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
	closes(t, s)
	s.Says(t, "order-money", "shopify-us/US1033", "the gap is exactly line SOCK-M × 1, which erp does not have")
}

// lookAside holds what is said meanwhile to the script, where no alert is.
func lookAside(t *testing.T, s *daytest.Stage) {
	t.Helper()
	for _, c := range []struct {
		hour, minute int
		rule         string
		kind         commerce.Kind
		key          []string
		outcome      judge.Outcome
		why          string
	}{
		{9, 10, "stock", commerce.Inventory, []string{"CAP-BLK", "east"}, judge.Pending, "orders in flight explain it"},
		{16, 30, "order-in-erp", commerce.Order, []string{"shopify-us", number(t, s, "unpaid order")}, judge.NotJudged, "condition is not met"},
		{16, 30, "tax-once", commerce.Order, []string{"shopify-us", number(t, s, "marketplace tax")}, judge.NotJudged, "condition is not met"},
	} {
		s.Aside(c.hour, c.minute, func() {
			if v := s.Verdict(t, c.rule, c.kind, c.key...); v.Outcome != c.outcome || !strings.Contains(v.Why, c.why) {
				t.Errorf("%02d:%02d %s of %v: %s, %q; want %s, %q", c.hour, c.minute, c.rule, c.key, v.Outcome, v.Why, c.outcome, c.why)
			}
		})
	}
}

// number is that of the order of a healthy trap.
func number(t *testing.T, s *daytest.Stage, name string) string {
	t.Helper()
	for _, trap := range s.Truth().Silent {
		if trap.Name == name {
			return strings.TrimPrefix(trap.Keys[0], "shopify-us/")
		}
	}
	t.Fatalf("no trap %s", name)
	return ""
}

// closes lets the day close, and holds what it comes to to the script: three orders
// less in the ERP, each with a finding, and nothing that nobody knows of. No alert
// is raised for it.
func closes(t *testing.T, s *daytest.Stage) {
	t.Helper()
	before := len(s.Observed(t))
	s.Until(t, time.Date(2026, 3, 4, 0, 10, 0, 0, s.Zone))
	if after := len(s.Observed(t)); after != before {
		t.Errorf("%d alerts after the day has closed, want none: %+v", after-before, s.Observed(t)[before:])
	}
	document, err := s.Findings.GetDocument(t.Context(), total.Document("orders-to-erp/day-close", "2026-03-03"))
	if err != nil {
		t.Fatal(err)
	}
	var closed total.Day
	if err := json.Unmarshal(document.Body, &closed); err != nil {
		t.Fatal(err)
	}
	if len(closed.Results) != 1 {
		t.Fatalf("%d totals, want one: %+v", len(closed.Results), closed)
	}
	result := closed.Results[0]
	if result.Outcome == total.CannotTell || result.Findings != 3 || result.Loose != 0 {
		t.Errorf("%s (%s): %d records have a finding and %d nothing that explains them, want 3 and none",
			result.Outcome, result.Why, result.Findings, result.Loose)
	}
	for measure, want := range map[string][3]string{"records": {"412", "409", "0"}, "total_current": {"38214.6", "37870.83", "0"}} {
		sum := result.Sums[measure]
		if got := [3]string{sum.Expected.String(), sum.Actual.String(), sum.Rest.String()}; got != want {
			t.Errorf("%s: expected, actual and unexplained are %v, want %v", measure, got, want)
		}
	}
}
