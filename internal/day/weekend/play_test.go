package weekend_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/daytest"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/learnt"
)

func TestRecordedWeekend_RaisesExactlyTheAlertsOfItsTruth(t *testing.T) {
	d := daytest.Read(t, folder)
	if alerts, silent := len(d.Truth.Alerts), len(d.Truth.Silent); alerts != 21 || silent != 25 {
		t.Errorf("%d alerts and %d silences, want the script's 21 and 25", alerts, silent)
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
	says(t, s)
	decided(t, s)
	learns(t, s)
	closes(t, s)
}

// lookAside holds what cannot be told to the script while it cannot.
func lookAside(t *testing.T, s *daytest.Stage) {
	t.Helper()
	s.AsideAt(time.Date(2026, 3, 9, 10, 45, 0, 0, s.Zone), func() {
		v := s.Verdict(t, "shelf", commerce.Inventory, "CRATE", "east")
		if v.Outcome != judge.CannotTell || !strings.Contains(v.Why, "wms") {
			t.Errorf("while wms is silent CRATE is %s, %q", v.Outcome, v.Why)
		}
	})
}

// says holds what alerts and messages say to the script.
func says(t *testing.T, s *daytest.Stage) {
	t.Helper()
	alerts := s.Alerts(t)
	for _, c := range []struct {
		rule, class string
		want        []string
	}{
		{"stock", "late", []string{"shows 20, erp expects 5", "nearest change: deploy erp-connector 2026.3.2, 7 Mar 09:52, 8 min before"}},
		{"stock", "late", []string{"DISPLAY-1 7, should be 16", "1 waived"}},
		{"stock", "slow_divergence", []string{"9 units in 8 days, always one way, never above 1 at once"}},
		{"mapping-erp", "unknown_mapping", []string{"erp has never reported stock of PEG-8, which kits are made of"}},
		{"order-money-trend", "one_sided", []string{"total is 0.01 USD too low on 62 of 62 orders, always one way: a rounding policy, not orders"}},
		{"day-close", "total_differs", []string{"erp has $51.50 more than portal, and nothing explains it", "nothing is known of portal/P2990"}},
		{"routing", "misrouted", []string{"Shipment on P2001/1Z001 leaves from east, its route is west"}},
		{"routing", "misrouted", []string{"Shipment on P2005/1Z005 leaves from east, its route is west for SOFA-3"}},
		{"price", "value_differs", []string{"TENT-2", "portal is with tax, erp without: exactly the tax of 8.875 %, 71.00 USD"}},
		{"state", "impossible", []string{"payment of portal went back from refunded to paid"}},
		{"state", "impossible", []string{"wms shipped the order after it was cancelled in portal"}},
		{"tax-class", "overwritten", []string{"portal went back to tax class standard, erp has reduced"}},
		{"pack", "unit_changed", []string{"all of vendor NORDEN"}},
		{"one-customer-anchors", "duplicate", []string{"The same customer twice in shopify-us: 7123000000001 and 7123000000002"}},
		{"one-customer-anchors", "duplicate", []string{"The same company twice in shopify-us: company-451 and company-452"}},
		{"one-customer-anchors", "split", []string{"still names 7123000000005 of shopify-us, which was merged into 7123000000006"}},
		{"silence-wms", "silent", []string{"on Mondays from 10:00 to 11:00 something comes in"}},
		{"plumbline", "plumbline", []string{"its own test difference was not found within 5 minutes: merging or judging is stuck"}},
		{"plumbline", "plumbline", []string{"it stood still from 08 Mar 10:19 to 11:00 UTC, and what was due then opens late"}},
		{"", "digest", []string{"1 rule in watch mode would have told of 1", "items-to-portal/barcode (watch): BOT-1L"}},
		{"", "report", []string{"orders-to-erp: 100 % agree (goal 99 %)", "100 % of the error budget left"}},
		{"", "report", []string{"stock: 98.23 % agree (goal 99 %), changes shown within 13 min (p95, goal 30 min)", "the error budget is used up"}},
	} {
		found := slices.ContainsFunc(alerts, func(a alert.Alert) bool {
			text := alert.PlainText(alert.Compose(a, time.Date(2026, 3, 9, 12, 0, 0, 0, s.Zone)))
			return a.Rule == c.rule && string(a.Class) == c.class && !slices.ContainsFunc(c.want, func(w string) bool { return !strings.Contains(text, w) })
		})
		if !found {
			t.Errorf("no alert of %s (%s) says %q", c.rule, c.class, c.want)
		}
	}
	for _, a := range alerts {
		if a.Rule == "price" && a.Class == finding.Late && (a.Severity != "major" || a.Raised.Days != 2) {
			t.Errorf("the price alert is %s, raised %+v; want it major on the second day", a.Severity, a.Raised)
		}
		if a.Rule == "price" && a.Class == finding.ValueDiffers && a.Severity != "minor" {
			t.Errorf("the alert of a price that was put right within a day is %s, raised %+v; want it minor", a.Severity, a.Raised)
		}
	}
}

// decided holds what became of decisions to the script.
func decided(t *testing.T, s *daytest.Stage) {
	t.Helper()
	all, err := s.Findings.AllFindings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		state finding.State
		event string
	}{
		"DISPLAY-1@east": {finding.Open, "waiver over: the difference is outside what was accepted"},
		"DISPLAY-2@east": {finding.Waived, "waived until 2026-03-30 by dana"},
		"SET-TEA@east":   {finding.Resolved, "snooze over"},
	}
	for _, f := range all {
		w, ok := want[f.Key.Text(f.Kind)]
		if !ok {
			continue
		}
		told := slices.ContainsFunc(f.Timeline, func(e finding.Event) bool { return strings.HasPrefix(e.What, w.event) })
		if f.State != w.state || !told {
			t.Errorf("%s is %s, %+v; want it %s, and %q", f.Key, f.State, f.Timeline, w.state, w.event)
		}
		delete(want, f.Key.Text(f.Kind))
	}
	if len(want) > 0 {
		t.Errorf("no findings: %v", want)
	}
}

// learns holds the settle time that was learnt to the script.
func learns(t *testing.T, s *daytest.Stage) {
	t.Helper()
	document, err := s.Findings.GetDocument(t.Context(), learnt.Current)
	if err != nil {
		t.Fatal(err)
	}
	var current learnt.Learnt
	if err := json.Unmarshal(document.Body, &current); err != nil {
		t.Fatal(err)
	}
	if got := current.Rules["stock/stock"][""].Settle; got < 15*time.Minute || got > 30*time.Minute {
		t.Errorf("the learnt settle time of stock is %s, want it between a quarter and half an hour", got)
	}
}
