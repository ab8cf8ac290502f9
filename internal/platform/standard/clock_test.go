package standard

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLocalTimesAreReadInTheSystemsZone(t *testing.T) {
	for _, tc := range []struct{ name, zone, text, want string }{
		{"winter", "America/New_York", "2026-03-03T09:14:00", "2026-03-03T14:14:00Z"},
		{"summer", "America/New_York", "2026-07-01T09:14:00", "2026-07-01T13:14:00Z"},
		{"an offset counts more than the zone", "America/New_York", "2026-03-03T09:14:00+14:00", "2026-03-02T19:14:00Z"},
		{"an hour that comes twice is the earlier", "America/New_York", "2025-11-02T01:30:00", "2025-11-02T05:30:00Z"},
		{"an hour that never comes is its end", "America/New_York", "2026-03-08T02:30:00", "2026-03-08T07:00:00Z"},
		{"its first second too", "America/New_York", "2026-03-08T02:00:00", "2026-03-08T07:00:00Z"},
		{"the second before it is winter", "America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59Z"},
		{"half an hour that comes twice", "Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z"},
		{"half an hour that never comes", "Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00Z"},
		{"a day that never came", "Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z"},
		{"east of Greenwich", "Europe/Berlin", "2026-10-25T02:30:00.125", "2026-10-25T00:30:00.125Z"},
	} {
		zone, err := time.LoadLocation(tc.zone)
		if err != nil {
			t.Fatal(err)
		}
		at, ok := instant(tc.text, zone)
		if got := at.UTC().Format(time.RFC3339Nano); !ok || got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestOnlyTheDocumentedTimesAreRead(t *testing.T) {
	for _, text := range []string{
		"", "2026-03-03", "2026-03-03 09:14:00", "2026-03-03t09:14:00Z", "2026-03-03T9:14:00Z",
		"2026-03-03T09:14Z", "2026-03-03T09:14:00,5Z", "2026-03-03T09:14:60Z", "2026-02-30T09:14:00Z",
		"2026-03-03T09:14:00+0500", "2026-03-03T09:14:00z", "2026-03-03T24:00:00Z", "tomorrow, at noon sharp",
	} {
		if at, ok := instant(text, time.UTC); ok {
			t.Errorf("%q is read as %s", text, at)
		}
	}
}

// What clocks showed at an instant leads back to it, or to the earlier instant
// at which they showed the same.
func TestLocalTimeLeadsBackToItsInstant(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), 0).In(zone)
		got, ok := instant(at.Format("2006-01-02T15:04:05"), zone)
		shown := got.In(zone).Format(time.DateTime) == at.Format(time.DateTime)
		if !ok || !shown || got.After(at) || at.Sub(got) > time.Hour {
			t.Fatalf("got %s, want %s", got, at)
		}
	})
}
