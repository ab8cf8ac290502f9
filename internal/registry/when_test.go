package registry_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/registry"
)

var zones = []string{
	"UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "Pacific/Apia",
}

func zone(t rapid.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestSettle_DueAtWallTimeOverDaylightSaving(t *testing.T) {
	for _, c := range []struct {
		zone, change, want string
		by                 int
	}{
		// A plain day: before and after the deadline, and exactly on it.
		{"America/New_York", "2026-03-03T04:00:00-05:00", "2026-03-03T06:00:00-05:00", 360},
		{"America/New_York", "2026-03-03T09:00:00-05:00", "2026-03-04T06:00:00-05:00", 360},
		{"America/New_York", "2026-03-03T06:00:00-05:00", "2026-03-04T06:00:00-05:00", 360},
		// The night of 23 hours and the night of 25.
		{"America/New_York", "2026-03-07T09:00:00-05:00", "2026-03-08T06:00:00-04:00", 360},
		{"America/New_York", "2026-10-31T09:00:00-04:00", "2026-11-01T06:00:00-05:00", 360},
		{"Europe/Berlin", "2026-03-28T20:00:00+01:00", "2026-03-29T06:00:00+02:00", 360},
		{"Europe/Berlin", "2026-10-25T00:30:00+02:00", "2026-10-25T06:00:00+01:00", 360},
		// Lord Howe moves its clocks by half an hour.
		{"Australia/Lord_Howe", "2026-10-03T20:00:00+10:30", "2026-10-04T06:00:00+11:00", 360},
		{"Australia/Lord_Howe", "2026-04-04T20:00:00+11:00", "2026-04-05T06:00:00+10:30", 360},
		// South of the equator the clocks move the other way round.
		{"Australia/Sydney", "2026-10-03T20:00:00+10:00", "2026-10-04T06:00:00+11:00", 360},
		{"Australia/Sydney", "2026-04-04T20:00:00+11:00", "2026-04-05T06:00:00+10:00", 360},
		{"America/Santiago", "2026-09-05T20:00:00-04:00", "2026-09-06T06:00:00-03:00", 360},
		{"America/Santiago", "2026-04-04T12:00:00-03:00", "2026-04-05T06:00:00-04:00", 360},
		// One that the clocks skip comes as long after the last one as on any day.
		{"America/New_York", "2026-03-07T09:00:00-05:00", "2026-03-08T03:30:00-04:00", 150},
		{"Europe/Berlin", "2026-03-28T20:00:00+01:00", "2026-03-29T03:30:00+02:00", 150},
		{"Australia/Sydney", "2026-10-03T20:00:00+10:00", "2026-10-04T03:30:00+11:00", 150},
		{"America/Santiago", "2026-09-05T20:00:00-04:00", "2026-09-06T01:30:00-03:00", 30},
		// One that comes twice has passed when it has come the second time.
		{"America/New_York", "2026-10-31T09:00:00-04:00", "2026-11-01T01:30:00-05:00", 90},
		{"America/New_York", "2026-11-01T01:45:00-04:00", "2026-11-01T01:30:00-05:00", 90},
		{"America/New_York", "2026-11-01T01:30:00-05:00", "2026-11-02T01:30:00-05:00", 90},
		{"Europe/Berlin", "2026-10-24T20:00:00+02:00", "2026-10-25T02:30:00+01:00", 150},
		{"Australia/Sydney", "2026-04-04T20:00:00+11:00", "2026-04-05T02:30:00+10:00", 150},
		{"America/Santiago", "2026-04-04T12:00:00-03:00", "2026-04-04T23:30:00-04:00", 1410},
	} {
		change, err := time.Parse(time.RFC3339, c.change)
		if err != nil {
			t.Fatal(err)
		}
		got := registry.Settle{By: c.by, Zone: zone(t, c.zone)}.Due(change)
		if got.Format(time.RFC3339) != c.want {
			t.Errorf("%s, change at %s: due %s, want %s", c.zone, c.change, got.Format(time.RFC3339), c.want)
		}
	}
}

// The deadline is always ahead, never more than a day and a lost hour away, and
// at its wall time unless the clock skips it.
func TestSettle_DueIsTheNextDeadline(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := zone(t, rapid.SampledFrom(zones).Draw(t, "zone"))
		by := rapid.IntRange(0, 1439).Draw(t, "by")
		// Between 2015 and 2030, when no zone leaves out a whole day.
		change := time.Unix(rapid.Int64Range(1420070400, 1893456000).Draw(t, "change"), 0)
		due := registry.Settle{By: by, Zone: z}.Due(change)
		if !due.After(change) || due.Sub(change) > 26*time.Hour {
			t.Fatalf("change %s is due %s", change.In(z), due)
		}
		if wall := due.Hour()*60 + due.Minute(); wall != by && !gap(z, due) {
			t.Fatalf("change %s is due %s, want the wall time %02d:%02d", change.In(z), due, by/60, by%60)
		}
	})
}

// gap reports whether the zone's offset changes within two hours.
func gap(z *time.Location, at time.Time) bool {
	_, before := at.Add(-2 * time.Hour).In(z).Zone()
	_, after := at.Add(2 * time.Hour).In(z).Zone()
	return before != after
}

func TestSettle_DurationIsElapsedTime(t *testing.T) {
	change := time.Date(2026, time.March, 8, 1, 30, 0, 0, zone(t, "America/New_York"))
	if got := (registry.Settle{For: 26 * time.Hour, By: -1}).Due(change); got.Sub(change) != 26*time.Hour {
		t.Errorf("due after %s, want 26h", got.Sub(change))
	}
}

func TestQuietAt_FollowsTheWallClock(t *testing.T) {
	r := &registry.Registry{Quiet: []registry.Quiet{
		{EveryDay: true, From: 60, Until: 180, Zone: zone(t, "America/New_York"), Why: "backup"},
		{Day: time.Saturday, From: 22 * 60, Until: 1440, Zone: zone(t, "Europe/Berlin"), Why: "stocktake", Integrations: []string{"stock"}},
		{Day: time.Monday, From: 0, Until: 1, Why: "in UTC"},
	}}
	for _, c := range []struct{ integration, at, want string }{
		{"orders", "2026-03-03T00:59:59-05:00", ""},
		{"orders", "2026-03-03T01:00:00-05:00", "backup"},
		{"orders", "2026-03-03T02:59:59-05:00", "backup"},
		{"orders", "2026-03-03T03:00:00-05:00", ""},
		// 2 o'clock does not exist, so that the window is an hour shorter.
		{"orders", "2026-03-08T01:59:59-05:00", "backup"},
		{"orders", "2026-03-08T03:00:00-04:00", ""},
		// 1 o'clock comes twice, so that the window is an hour longer.
		{"orders", "2026-11-01T01:30:00-04:00", "backup"},
		{"orders", "2026-11-01T01:30:00-05:00", "backup"},
		{"orders", "2026-11-01T03:00:00-05:00", ""},
		{"stock", "2026-07-04T22:00:00+02:00", "stocktake"},
		{"stock", "2026-07-04T23:59:59+02:00", "stocktake"},
		{"stock", "2026-07-05T00:00:00+02:00", ""},
		{"prices", "2026-07-04T22:00:00+02:00", ""},
		{"stock", "2026-07-03T22:00:00+02:00", ""},
		{"stock", "2026-07-06T00:00:30Z", "in UTC"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if why, quiet := r.QuietAt(c.integration, at); why != c.want || quiet != (c.want != "") {
			t.Errorf("%s at %s: %q, %t; want %q", c.integration, c.at, why, quiet, c.want)
		}
	}
}

func TestLoad_QuietWindowsHaveTheSystemsZone(t *testing.T) {
	r := load(t, "testdata/good/day.yaml")
	if got := r.Quiet[0].Zone.String(); got != "America/New_York" {
		t.Errorf("zone %s, want the one that all systems share", got)
	}
	if got := r.Quiet[1]; got.Zone.String() != "America/Chicago" || got.Day != time.Tuesday || got.From != 450 || got.Until != 510 {
		t.Errorf("%+v", got)
	}
}
