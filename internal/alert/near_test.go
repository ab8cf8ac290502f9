package alert_test

import (
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/change"
)

func TestNearest_TellsWhenAndNeverThatItIsTheCause(t *testing.T) {
	deploy := func(at time.Time, system, what string) change.Change {
		return change.Change{ID: "run-1", At: at, System: system, What: what}
	}
	for _, tc := range []struct {
		name string
		c    change.Change
		want string
	}{
		{"none", change.Change{}, ""},
		{"minutes before", deploy(at("09:08"), "", "deploy shop-theme 2026.11.3"), "nearest change: deploy shop-theme 2026.11.3, 09:08, 6 min before"},
		{"of a system", deploy(at("09:08"), "erp", "deploy 2026.11.3"), "nearest change: deploy 2026.11.3 (erp), 09:08, 6 min before"},
		{"that names its system", deploy(at("09:08"), "erp", "deploy erp 7"), "nearest change: deploy erp 7, 09:08, 6 min before"},
		{"seconds before", deploy(at("09:14").Add(-20*time.Second), "", "deploy"), "nearest change: deploy, 09:13, 20 s before"},
		{"the day before", deploy(at("09:14").Add(-11*time.Hour), "", "deploy"), "nearest change: deploy, 2 Mar 22:14, 11 h before"},
		{"after it", deploy(at("09:15"), "", "deploy"), ""},
		{"two lines", deploy(at("09:08"), "", "deploy\nnow"), "nearest change: deploy now, 09:08, 6 min before"},
		{"a long story", deploy(at("09:08"), "", strings.Repeat("x", 200)), "nearest change: " + strings.Repeat("x", 79) + "…, 09:08, 6 min before"},
	} {
		if got := alert.Nearest(tc.c, at("09:14"), at("10:00")); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
}

// afterADeployment is an alert that began minutes after one.
func afterADeployment() built {
	b := fourSKUs()
	b.Near = change.Change{ID: "run-4711", At: at("09:08"), System: "erp", What: "deploy 2026.11.3"}
	return b
}

// A finding that joins later may have begun before the change.
func TestNearest_IsNotToldOnceAnOlderFindingHasJoined(t *testing.T) {
	b := fourSKUs()
	b.Near = change.Change{ID: "run-1", At: at("09:08"), What: "deploy"}
	if got, want := alert.Compose(b.Alert, at("10:00")).Cause, " · nearest change: deploy, 09:08, 6 min before"; len(got) < len(want) || got[len(got)-len(want):] != want {
		t.Errorf("cause %q, want it to end with %q", got, want)
	}
	before := alert.Compose(fourSKUs().Alert, at("10:00")).Cause
	b.Near.At = at("09:15")
	if got := alert.Compose(b.Alert, at("10:00")).Cause; got != before {
		t.Errorf("cause %q, want %q", got, before)
	}
}
