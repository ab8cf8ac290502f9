package main

import (
	"testing"
	"time"
)

func TestMoment_IsADayAMinuteAnInstantOrHowLongAgo(t *testing.T) {
	zone := time.FixedZone("east", 2*60*60)
	now := time.Date(2026, 11, 23, 14, 2, 0, 0, zone)
	for text, want := range map[string]time.Time{
		"2026-11-20":           time.Date(2026, 11, 20, 0, 0, 0, 0, zone),
		"2026-11-20T09:30":     time.Date(2026, 11, 20, 9, 30, 0, 0, zone),
		"2026-11-20 09:30:15":  time.Date(2026, 11, 20, 9, 30, 15, 0, zone),
		"2026-11-20T09:30:00Z": time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC),
		"3d":                   time.Date(2026, 11, 20, 14, 2, 0, 0, zone),
		"90m":                  time.Date(2026, 11, 23, 12, 32, 0, 0, zone),
	} {
		if at, err := parseMoment(text, now); err != nil || !at.Equal(want) {
			t.Errorf("%q: %s, %v; want %s", text, at, err, want)
		}
	}
	for _, text := range []string{"", "yesterday", "-3d", "-90m", "2026-13-01", "d", "3w"} {
		if at, err := parseMoment(text, now); err == nil {
			t.Errorf("%q is read as %s", text, at)
		}
	}
}
