package registry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestAlerting_IsWhatTheFileSays(t *testing.T) {
	r := load(t, "testdata/good/alerting.yaml")
	if r.Digest != 7*60+15 || r.AlertsPerMinute != 4 {
		t.Errorf("digest at minute %d, %d alerts a minute", r.Digest, r.AlertsPerMinute)
	}
	prices, _ := r.Integration("prices")
	want := map[string]registry.Escalation{"critical": {After: 30 * time.Minute}, "major": {After: 30 * time.Minute}}
	if diff := cmp.Diff(want, prices.Escalate); diff != "" {
		t.Errorf("escalation (-want +got):\n%s", diff)
	}
	q := prices.Owner.Quiet
	if q.From != 20*60 || q.Until != 7*60 || q.Zone.String() != "America/New_York" || prices.Owner.Timezone != q.Zone {
		t.Errorf("the owner's quiet hours are %+v in %s", q, prices.Owner.Timezone)
	}
	if q := prices.Deputy.Quiet; q.From != 18*60 || q.Until != 24*60 || q.Zone.String() != "Europe/Berlin" {
		t.Errorf("the deputy's quiet hours are %+v", q)
	}
	for id, want := range map[string]map[string]string{"price": {"USD": "25", "EUR": "22.5"}, "cheap": {"USD": "0"}} {
		if diff := cmp.Diff(want, amounts(ruleOf(t, prices, id).AlertOver)); diff != "" {
			t.Errorf("%s alerts over (-want +got):\n%s", id, diff)
		}
	}
}

func TestAlerting_HasDefaults(t *testing.T) {
	r := load(t, "testdata/good/day.yaml")
	if r.Digest != registry.DigestAt || r.AlertsPerMinute != registry.AlertsPerMinute {
		t.Errorf("digest at minute %d, %d alerts a minute", r.Digest, r.AlertsPerMinute)
	}
	i := r.Integrations[0]
	want := map[string]registry.Escalation{
		"critical": {After: 15 * time.Minute, Then: time.Hour}, "major": {After: 2 * time.Hour, Then: 8 * time.Hour},
	}
	if diff := cmp.Diff(want, i.Escalate); diff != "" {
		t.Errorf("escalation (-want +got):\n%s", diff)
	}
	if i.Owner.Quiet != (registry.Hours{}) || i.Owner.Timezone.String() != "America/New_York" || i.Rules[0].AlertOver != nil {
		t.Errorf("quiet %+v in %s, alert over %v", i.Owner.Quiet, i.Owner.Timezone, i.Rules[0].AlertOver)
	}
}

func ruleOf(t *testing.T, i registry.Integration, id string) registry.Rule {
	t.Helper()
	for _, r := range i.Rules {
		if r.ID == id {
			return r
		}
	}
	t.Fatalf("no rule %s", id)
	return registry.Rule{}
}

func amounts(over map[string]commerce.Decimal) map[string]string {
	texts := map[string]string{}
	for currency, d := range over {
		texts[currency] = d.String()
	}
	return texts
}

func TestHours_EndWhenTheWallSaysSo(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	night := registry.Hours{From: 20 * 60, Until: 7 * 60, Zone: newYork}
	evening := registry.Hours{From: 18 * 60, Until: 24 * 60, Zone: newYork}
	// The clock repeats 01:00 to 02:00 on 1 November and skips 02:00 to 03:00 on
	// 8 March.
	repeated := registry.Hours{From: 0, Until: 90, Zone: newYork}
	skipped := registry.Hours{From: 60, Until: 150, Zone: newYork}
	for _, c := range []struct {
		name     string
		hours    registry.Hours
		at, want string
	}{
		{"no hours", registry.Hours{}, "2026-03-03T23:00:00-05:00", "2026-03-03T23:00:00-05:00"},
		{"before", night, "2026-03-03T19:59:59-05:00", "2026-03-03T19:59:59-05:00"},
		{"at the beginning", night, "2026-03-03T20:00:00-05:00", "2026-03-04T07:00:00-05:00"},
		{"after midnight", night, "2026-03-04T00:10:00-05:00", "2026-03-04T07:00:00-05:00"},
		{"at the end", night, "2026-03-04T07:00:00-05:00", "2026-03-04T07:00:00-05:00"},
		{"at the end of a month", night, "2026-03-31T21:00:00-04:00", "2026-04-01T07:00:00-04:00"},
		{"as seen from another zone", night, "2026-03-04T02:00:00Z", "2026-03-04T07:00:00-05:00"},
		{"until midnight", evening, "2026-03-03T18:30:00-05:00", "2026-03-04T00:00:00-05:00"},
		{"over the night that loses an hour", night, "2026-03-07T22:00:00-05:00", "2026-03-08T07:00:00-04:00"},
		{"in the hour that comes twice", repeated, "2026-11-01T01:10:00-05:00", "2026-11-01T01:30:00-05:00"},
		{"until an hour that does not come", skipped, "2026-03-08T01:10:00-05:00", "2026-03-08T03:30:00-04:00"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		want, err := time.Parse(time.RFC3339, c.want)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.hours.Free(at); !got.Equal(want) {
			t.Errorf("%s: free at %s, want %s", c.name, got.Format(time.RFC3339), c.want)
		}
	}
}
