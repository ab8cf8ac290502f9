package onboard

import "testing"

func TestParseJob(t *testing.T) {
	for answer, want := range map[string]string{
		"every 15 min":         "20m",
		"Every 15 minutes":     "20m",
		"every 5m":             "10m",
		"every 6 minutes":      "15m",
		"every 20 minutes":     "30m",
		"every hour":           "1h20m",
		"hourly":               "1h20m",
		"every 4 h":            "5h20m",
		"every 45 minutes":     "1h",
		"nightly at 02:00":     "by 03:00",
		"daily at 23:30":       "by 00:30",
		"every night at 2:15":  "by 03:15",
		"daily":                "26h",
		"weekly":               "8d",
		"at once":              "15m",
		"every 0 minutes":      "",
		"every 15 fortnights":  "",
		"nightly at 25:00":     "",
		"sometimes":            "",
		"":                     "",
		"every 99999 minutes":  "",
		"nightly at 02:00 UTC": "",
	} {
		got, err := ParseJob(answer)
		if (err == nil) != (want != "") || got.Settle != want {
			t.Errorf("%q: got %q, %v, want %q", answer, got.Settle, err, want)
		}
	}
}
