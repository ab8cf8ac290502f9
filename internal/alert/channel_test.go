package alert_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
)

// waiting is an alert with one finding.
func waiting(id, severity, impact, opened string) alert.Alert {
	a := alert.Alert{
		ID: id, Integration: "integration-" + id, Severity: severity, Kind: commerce.Inventory, From: "erp", To: "shopify-us",
	}
	m := member("SKU-"+id+"@east", opened, differs("available", "14", "9"))
	m.Impact, m.Currency, m.Opened = number(impact), "USD", at(opened)
	a, _ = alert.Join(a, m, m.Opened)
	return a
}

// storm is what tells of alerts that wait, as their number changes.
func storm(waits ...int) built {
	a := alert.Alert{ID: "storm", Class: alert.ClassStorm, Owner: alert.Owner{Slack: "#stock"}}
	for i, n := range waits {
		var all []alert.Alert
		for j := range n {
			all = append(all, waiting(fmt.Sprintf("%02d", j), "critical", fmt.Sprint(100-j), "09:50"))
		}
		a, _ = alert.Storm(a, all, 6, at("10:05").Add(time.Duration(i)*time.Minute))
	}
	return built{a}
}

func ids(alerts []alert.Alert) []string {
	var all []string
	for _, a := range alerts {
		all = append(all, a.ID)
	}
	return all
}

func TestRation_TellsTheGravestFirst(t *testing.T) {
	fresh := []alert.Alert{
		waiting("minor", "minor", "900", "09:00"), waiting("old", "major", "10", "09:00"), waiting("new", "major", "10", "09:01"),
		waiting("rich", "major", "10.01", "09:02"), waiting("critical", "critical", "1", "09:05"), waiting("info", "info", "5000", "08:00"),
	}
	c, tell, wait := alert.Channel{}.Ration("#stock", fresh, false, 5, at("10:00"))
	if diff := cmp.Diff([][]string{{"critical", "rich", "old", "new"}, {"minor", "info"}}, [][]string{ids(tell), ids(wait)}); diff != "" {
		t.Errorf("told and waiting (-want +got):\n%s", diff)
	}
	if c.Sent != 5 || c.Storm == "" {
		t.Errorf("channel %+v, want four alerts and a storm", c)
	}
	again, tell, _ := c.Ration("#stock", wait, false, 5, at("10:00").Add(59*time.Second))
	if len(tell) > 0 || again != c {
		t.Errorf("within the minute %v are told", ids(tell))
	}
	next, tell, wait := c.Ration("#stock", wait, false, 5, at("10:01"))
	if len(tell) != 2 || len(wait) > 0 || next.Storm != c.Storm || next.Sent != 2 {
		t.Errorf("a minute later %v are told, %v wait, channel %+v", ids(tell), ids(wait), next)
	}
}

func TestRation_ANoticeThatIsNotOutYetCounts(t *testing.T) {
	fresh := []alert.Alert{waiting("a", "major", "1", "09:00"), waiting("b", "major", "1", "09:00"), waiting("c", "major", "1", "09:00")}
	c := alert.Channel{Minute: at("09:59"), Sent: 2, Storm: "storm"}
	for owed, want := range map[bool]int{false: 2, true: 1} {
		if _, tell, _ := c.Ration("#stock", fresh, owed, 2, at("10:00")); len(tell) != want {
			t.Errorf("owed %t: %v are told, want %d", owed, ids(tell), want)
		}
	}
}

func TestRation_WithoutARushNobodyNotices(t *testing.T) {
	fresh := []alert.Alert{waiting("a", "major", "1", "09:00"), waiting("b", "major", "1", "09:00")}
	c, tell, wait := alert.Channel{}.Ration("#stock", fresh, false, 2, at("10:00"))
	if len(tell) != 2 || len(wait) > 0 || c.Storm != "" {
		t.Errorf("%v told, %v wait, channel %+v", ids(tell), ids(wait), c)
	}
	// A second tick in the same minute: there is no room for a notice either.
	c, tell, wait = c.Ration("#stock", fresh, false, 2, at("10:00"))
	if len(tell) > 0 || len(wait) != 2 || c.Storm != "" || c.Sent != 2 {
		t.Errorf("then %v told, %v wait, channel %+v", ids(tell), ids(wait), c)
	}
}

// TestRation_AnyRush lets any number of alerts come in any minutes, and ticks
// run twice.
func TestRation_AnyRush(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(2, 8).Draw(t, "limit")
		var c alert.Channel
		var left []alert.Alert
		told, all := map[string]bool{}, 0
		sent := map[time.Time]int{}
		now := at("10:00")
		for minute := range 60 {
			for range rapid.IntRange(0, 1+20*(minute%2)*(1-minute/30)).Draw(t, "new") {
				all++
				left = append(left, waiting(fmt.Sprint(all), rapid.SampledFrom([]string{"critical", "major"}).Draw(t, "severity"), "1", "09:00"))
			}
			for range rapid.IntRange(1, 2).Draw(t, "ticks") {
				stormed := c.Storm
				var tell []alert.Alert
				c, tell, left = c.Ration("#stock", left, false, limit, now)
				if c.Storm != stormed {
					sent[now]++
				}
				for _, a := range tell {
					if told[a.ID] {
						t.Fatalf("%s is told twice", a.ID)
					}
					told[a.ID] = true
					sent[now]++
				}
				if len(left) == 0 {
					c.Storm = ""
				}
			}
			if sent[now] > limit {
				t.Fatalf("%d messages in the minute %s, at most %d may be", sent[now], now, limit)
			}
			now = now.Add(time.Minute)
		}
		for len(left) > 0 {
			c, _, left = c.Ration("#stock", left, false, limit, now)
			now = now.Add(time.Minute)
		}
	})
}

func TestStorm_IsNewsOnlyWhenOtherAlertsWait(t *testing.T) {
	wait := []alert.Alert{waiting("a", "critical", "1", "09:00"), waiting("b", "major", "1", "09:00")}
	a, _ := alert.Storm(alert.Alert{ID: "storm", Class: alert.ClassStorm}, wait, 6, at("10:00"))
	if a.Seq != 1 || a.Severity != "critical" || a.Waits.Alerts != 2 || a.Waits.Findings != 2 || a.Waits.Integrations != 2 {
		t.Errorf("storm %+v", a)
	}
	if again, changed := alert.Storm(a, wait, 6, at("10:01")); changed {
		t.Errorf("the same again is news: %+v", again.Waits)
	}
	a, changed := alert.Storm(a, wait[1:], 6, at("10:01"))
	if !changed || a.Waits.Alerts != 1 || a.Waits.Most != 2 || !a.Closed.IsZero() || a.Severity != "major" {
		t.Errorf("one was told: %+v", a)
	}
	if a, changed = alert.Storm(a, nil, 6, at("10:02")); !changed || !a.Closed.Equal(at("10:02")) || a.Over != a.Seq {
		t.Errorf("all were told: %+v", a)
	}
	if again, changed := alert.Storm(a, nil, 6, at("10:03")); changed {
		t.Errorf("its end is news twice: %+v", again)
	}
}
