package registry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

func dayClose(t *testing.T) registry.Rule {
	t.Helper()
	for _, rule := range load(t, "testdata/good/totals.yaml").TotalRules() {
		if rule.ID == "day-close" {
			return rule
		}
	}
	t.Fatal("the registry has no day-close")
	return registry.Rule{}
}

func TestTotals_AreReadWithTheirMeasuresAndZones(t *testing.T) {
	rule := dayClose(t)
	got := *rule.Totals
	if got.Zone.String() != "Europe/Berlin" || got.Days.String() != "America/New_York" || got.Closes != 9*60 || !got.Count {
		t.Errorf("%+v", got)
	}
	if diff := cmp.Diff([]string{"currency", "channel"}, got.By); diff != "" {
		t.Error(diff)
	}
	measures := map[string]string{}
	for _, e := range rule.Expect {
		measures[e.Facet] = e.Value.String()
	}
	want := map[string]string{"tax": "from.tax - from.tax_channel_liable", "total": "from.total"}
	if diff := cmp.Diff(want, measures); diff != "" {
		t.Error(diff)
	}
	if got.Within["total"] != commerce.MustDecimal("0.05") {
		t.Errorf("within %v", got.Within)
	}
}

func TestTotals_NeedTheFacetsThatSayWhereARecordIsAdded(t *testing.T) {
	r := load(t, "testdata/good/totals.yaml")
	for _, facet := range []string{"created", "currency", "channel", "total", "tax"} {
		if !r.Reads(commerce.Order, "erp", facet) || !r.Reads(commerce.Order, "shopify-us", facet) {
			t.Errorf("%s is not kept", facet)
		}
	}
	if r.Reads(commerce.Order, "erp", "discount") {
		t.Error("a facet is kept that nothing reads")
	}
	if !r.Adds(commerce.Order, "erp") || r.Adds(commerce.Order, "wms") || r.Adds(commerce.Refund, "erp") {
		t.Error("which records are added up is not known")
	}
}

func TestTotals_DoNotJudgeRecordsByThemselves(t *testing.T) {
	for _, rule := range load(t, "testdata/good/totals.yaml").RulesFor(commerce.Order) {
		if rule.Check == registry.Total {
			t.Errorf("%s judges every order", rule.ID)
		}
	}
}

func TestTotals_CloseAtWallTimeOverDaylightSaving(t *testing.T) {
	totals := registry.Totals{Closes: 9 * 60, Zone: zone(t, "America/New_York"), Days: zone(t, "America/New_York")}
	for _, c := range []struct{ day, begins, ends, closed string }{
		{"2026-11-22", "2026-11-22T00:00:00-05:00", "2026-11-23T00:00:00-05:00", "2026-11-23T09:00:00-05:00"},
		// The day of 25 hours and the day of 23.
		{"2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00", "2026-11-02T09:00:00-05:00"},
		{"2026-03-07", "2026-03-07T00:00:00-05:00", "2026-03-08T00:00:00-05:00", "2026-03-08T09:00:00-04:00"},
	} {
		begins, ends, ok := totals.Span(c.day)
		got := []string{begins.Format(time.RFC3339), ends.Format(time.RFC3339), totals.Closed(c.day).Format(time.RFC3339)}
		if diff := cmp.Diff([]string{c.begins, c.ends, c.closed}, got); diff != "" || !ok {
			t.Error(diff)
		}
	}
	if _, _, ok := totals.Span("yesterday"); ok || !totals.Closed("yesterday").IsZero() {
		t.Error("a day is read from what is none")
	}
}

// The last closed day has closed, and the day after it has not.
func TestTotals_KnowTheLastDayThatHasClosed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		totals := registry.Totals{
			Closes: rapid.IntRange(0, 1439).Draw(t, "closes"), Zone: zone(t, rapid.SampledFrom(zones).Draw(t, "zone")), Days: time.UTC,
		}
		now := time.Unix(rapid.Int64Range(1.42e9, 1.9e9).Draw(t, "now"), 0)
		last := totals.LastClosed(now)
		day, err := time.Parse(time.DateOnly, last)
		if err != nil {
			t.Fatalf("last closed %q", last)
		}
		next := day.AddDate(0, 0, 1).Format(time.DateOnly)
		if totals.Closed(last).After(now) || !totals.Closed(next).After(now) {
			t.Fatalf("at %s the last closed day is %s", now, last)
		}
	})
}
