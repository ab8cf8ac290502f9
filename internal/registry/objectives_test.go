package registry_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/registry"
)

func TestObjectives_AreWhatTheFileSays(t *testing.T) {
	r := load(t, "testdata/good/objectives.yaml")
	if r.Report == nil || *r.Report != (registry.Weekly{Day: time.Friday, Minute: 16 * 60}) {
		t.Errorf("reports at %+v", r.Report)
	}
	prices, _ := r.Integration("prices")
	if want := (registry.Objectives{Agreement: 99.5, CatchUp: 30 * time.Minute}); prices.Objectives != want {
		t.Errorf("objectives %+v", prices.Objectives)
	}
	regular, cost := ruleOf(t, prices, "regular"), ruleOf(t, prices, "cost")
	if regular.Authority != registry.AuthorityTo || cost.Authority != "" {
		t.Errorf("authorities %q and %q", regular.Authority, cost.Authority)
	}
	if got := regular.Plain(); !slices.Equal(got, []string{"regular"}) {
		t.Errorf("plain facets %v, want the one that is taken over as it is", got)
	}
	for rule, want := range map[string]map[string]map[string]string{
		"regular": {"critical": {"USD": "1000", "EUR": "900"}, "major": {"USD": "100"}},
		"cost":    {"critical": {"USD": "50"}},
	} {
		got := map[string]map[string]string{}
		for severity, over := range ruleOf(t, prices, rule).SeverityOver {
			got[severity] = amounts(over)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s becomes graver over (-want +got):\n%s", rule, diff)
		}
	}
}

func TestReport_IsOnMondaysUnlessTheFileSaysOtherwise(t *testing.T) {
	if r := load(t, "testdata/good/day.yaml"); r.Report == nil || *r.Report != registry.ReportAt {
		t.Errorf("reports at %+v", r.Report)
	}
	if r := load(t, "testdata/good/never.yaml"); r.Report != nil {
		t.Errorf("reports at %+v, want none", r.Report)
	}
}

func TestWeekly_IsOnTheWallOverDaylightSaving(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	monday := registry.ReportAt
	for _, c := range []struct{ now, want string }{
		{"2026-03-09T12:29:59Z", "2026-03-02T13:30:00Z"},
		{"2026-03-09T12:30:00Z", "2026-03-09T12:30:00Z"},
		{"2026-03-15T23:00:00Z", "2026-03-09T12:30:00Z"},
		{"2026-11-01T12:00:00Z", "2026-10-26T12:30:00Z"},
		{"2026-11-02T13:30:00Z", "2026-11-02T13:30:00Z"},
	} {
		now, _ := time.Parse(time.RFC3339, c.now)
		if got := monday.Last(newYork, now).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("before %s: %s, want %s", c.now, got, c.want)
		}
	}
}
