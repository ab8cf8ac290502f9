package driftbench_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/driftbench"
	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

var (
	nine = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	mug  = commerce.Key{"MUG-BLU", "east"}
)

// wrongFor is a run in which the stock of one mug is wrong for so many minutes
// from nine on, under a rule with a settle time of twenty.
func wrongFor(minutes int, found ...driftbench.Found) *driftbench.Run {
	cause := &company.Cause{Fault: company.WrongValue, Start: nine}
	e := &company.Episode{
		Cause: cause, Kind: commerce.Inventory, Key: mug, Rules: []string{"stock/stock"}, Start: nine, End: nine.Add(time.Duration(minutes) * time.Minute),
	}
	cause.Episodes = []*company.Episode{e}
	return &driftbench.Run{
		Truth: company.Truth{Causes: []*company.Cause{cause}, Episodes: cause.Episodes}, End: nine.Add(24 * time.Hour),
		Rules: map[string]registry.Rule{"stock/stock": {From: "erp", To: "shop", Settle: registry.Settle{For: 20 * time.Minute, By: -1}}},
		Found: map[string][]driftbench.Found{driftbench.Plumbline: found},
	}
}

// told is a report about the mug so many minutes after nine.
func told(minutes int, rule, alert string) driftbench.Found {
	return driftbench.Found{
		Rule: rule, Kind: commerce.Inventory, Key: mug, Record: mug.ID(commerce.Inventory), Class: finding.ValueDiffers,
		At: nine.Add(time.Duration(minutes) * time.Minute), Alert: alert,
	}
}

func TestScore_AReportIsTrueWhileItsRecordIsWrongUnderItsRule(t *testing.T) {
	for _, c := range []struct {
		name                 string
		found                []driftbench.Found
		recall, alerts, lies int
	}{
		{"in time", []driftbench.Found{told(20, "stock/stock", "a")}, 1, 1, 0},
		{"while the repair's news is on its way", []driftbench.Found{told(61, "stock/stock", "a")}, 1, 1, 0},
		{"long after it", []driftbench.Found{told(70, "stock/stock", "a")}, 0, 0, 1},
		{"before it", []driftbench.Found{told(-1, "stock/stock", "a")}, 0, 0, 1},
		{"under another rule", []driftbench.Found{told(20, "count/wms-count", "a")}, 0, 0, 1},
		{"twice in one message", []driftbench.Found{told(20, "stock/stock", "a"), told(40, "stock/stock", "a")}, 1, 1, 0},
		{"in two messages", []driftbench.Found{told(20, "stock/stock", "a"), told(40, "stock/stock", "b")}, 1, 2, 0},
		{"with a lie in one message", []driftbench.Found{told(20, "stock/stock", "a"), told(20, "count/wms-count", "a")}, 1, 1, 0},
		{"never", nil, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := driftbench.NewScore()
			s.Add(wrongFor(60, c.found...), driftbench.Plumbline)
			f := s.Faults[company.WrongValue]
			if f.Causes != 1 || f.Found != c.recall || f.Alerts != c.alerts || s.False != c.lies {
				t.Errorf("%d of %d found in %d alerts, %d false alerts; want %d in %d, %d", f.Found, f.Causes, f.Alerts, s.False, c.recall, c.alerts, c.lies)
			}
		})
	}
}

func TestScore_WhatWasOverInTimeNeedNotBeFound(t *testing.T) {
	for minutes, causes := range map[int]int{29: 0, 30: 1} {
		s := driftbench.NewScore()
		s.Add(wrongFor(minutes), driftbench.Plumbline)
		if f := s.Faults[company.WrongValue]; f.Causes != causes || f.Brief != 1-causes {
			t.Errorf("wrong for %d minutes: %d causes and %d brief, want %d", minutes, f.Causes, f.Brief, causes)
		}
	}
}

// A system that says nothing makes others seem wrong. Telling of those is no lie,
// and has not found the silence either.
func TestScore_WhatASilentSystemDoesNotShowNeedNotBeFound(t *testing.T) {
	for _, c := range []struct {
		name        string
		system      string
		begin, over int // minutes after nine
		causes      int
	}{
		{name: "silent from before it to long after it", system: "shop", begin: -10, over: 300, causes: 0},
		{name: "over for less than a settle time", system: "shop", begin: -10, over: 40, causes: 0},
		{name: "over in time", system: "shop", begin: -10, over: 20, causes: 1},
		{name: "begins when it is due", system: "shop", begin: 30, over: 300, causes: 1},
		{name: "another system", system: "wms", begin: -10, over: 300, causes: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := wrongFor(60)
			run.Truth.Causes = append(run.Truth.Causes, &company.Cause{
				Fault: company.SilentSystem, System: c.system,
				Start: nine.Add(time.Duration(c.begin) * time.Minute), End: nine.Add(time.Duration(c.over) * time.Minute),
			})
			s := driftbench.NewScore()
			s.Add(run, driftbench.Plumbline)
			if got := s.Faults[company.WrongValue].Causes; got != c.causes {
				t.Errorf("%d causes, want %d", got, c.causes)
			}
		})
	}
}

func TestScore_WhatFollowsFromASilenceIsNotItsDiscovery(t *testing.T) {
	silent := driftbench.Found{Class: finding.Silent, Key: commerce.Key{"erp", "silence", "order"}, At: nine.Add(time.Hour), Alert: "b"}
	for name, c := range map[string]struct {
		found  []driftbench.Found
		recall int
	}{
		"what follows":  {[]driftbench.Found{told(20, "stock/stock", "a")}, 0},
		"its discovery": {[]driftbench.Found{told(20, "stock/stock", "a"), silent}, 1},
	} {
		run := wrongFor(60, c.found...)
		run.Truth = company.Truth{Causes: []*company.Cause{{Fault: company.SilentSystem, System: "erp", What: "erp", Start: nine, End: nine.Add(3 * time.Hour)}}}
		s := driftbench.NewScore()
		s.Add(run, driftbench.Plumbline)
		if f := s.Faults[company.SilentSystem]; f.Found != c.recall || s.False != 0 || f.Alerts != len(c.found) {
			t.Errorf("%s: found %d in %d alerts, %d false; want %d in %d, 0", name, f.Found, f.Alerts, s.False, c.recall, len(c.found))
		}
	}
}

// What all its findings share is a part of a fault's message, and whom it calls is.
func TestScore_AMessageSaysWhatItHasTo(t *testing.T) {
	vendor := func(value string) alert.Traits { return alert.Traits{alert.ByGroup: value} }
	for _, c := range []struct {
		name         string
		fault        company.Fault
		found        driftbench.Found
		recall, lies int
	}{
		{"the vendor", company.VendorPacks, driftbench.Found{Common: vendor("vendor V03")}, 1, 0},
		{"another vendor", company.VendorPacks, driftbench.Found{Common: vendor("vendor V04")}, 0, 0},
		{"no vendor", company.VendorPacks, driftbench.Found{}, 0, 0},
		{"somebody in the owner's place", company.OwnerLeft, driftbench.Found{Unowned: true}, 1, 0},
		{"an owner who has left", company.OwnerLeft, driftbench.Found{}, 0, 0},
		{"somebody although the owner is there", company.WrongValue, driftbench.Found{Unowned: true}, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := told(20, "stock/stock", "a")
			f.Common, f.Unowned = c.found.Common, c.found.Unowned
			run := wrongFor(60, f)
			run.Truth.Causes[0].Fault, run.Truth.Causes[0].What = c.fault, "V03"
			s := driftbench.NewScore()
			s.Add(run, driftbench.Plumbline)
			if got := s.Faults[c.fault].Found; got != c.recall || s.False != c.lies {
				t.Errorf("%d found, %d false; want %d, %d", got, s.False, c.recall, c.lies)
			}
		})
	}
}

// What is due while Plumbline stands still can be told when it goes on, if it is
// still so.
func TestScore_ABreakOfPlumblinesOwnDelays(t *testing.T) {
	for name, c := range map[string]struct {
		minutes, told  int
		causes, recall int
	}{
		"over in the break":     {45, 0, 0, 0},
		"told after it":         {45, 56, 0, 0},
		"lasting, and told":     {70, 56, 1, 1},
		"lasting, and not told": {70, 0, 1, 0},
	} {
		var found []driftbench.Found
		if c.told > 0 {
			found = append(found, told(c.told, "stock/stock", "a"))
		}
		run := wrongFor(c.minutes, found...)
		run.Truth.Breaks = []company.Break{{From: nine.Add(15 * time.Minute), Until: nine.Add(55 * time.Minute)}}
		s := driftbench.NewScore()
		s.Add(run, driftbench.Plumbline)
		if f := s.Faults[company.WrongValue]; f.Causes != c.causes || f.Found != c.recall || s.False != 0 {
			t.Errorf("%s: %d of %d found, %d false; want %d of %d, none", name, f.Found, f.Causes, s.False, c.recall, c.causes)
		}
	}
}
