package report_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/report"
)

var monday = time.Date(2026, 3, 2, 13, 30, 0, 0, time.UTC)

// stock is an integration with one rule that alerts and one that watches.
func stock(goal registry.Objectives) registry.Integration {
	return registry.Integration{Name: "stock", Objectives: goal, Rules: []registry.Rule{
		{Integration: "stock", ID: "level", Mode: registry.Alert}, {Integration: "stock", ID: "strict", Mode: registry.Watch},
	}}
}

// days are audits at three in the morning of so many days before Monday, oldest
// first, each of 1000 records.
func days(n, differ int) []report.Audit {
	var audits []report.Audit
	for i := range n {
		began := time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC).AddDate(0, 0, i-n+1)
		audits = append(audits, report.Audit{Run: began.Format(time.DateOnly), Began: began, Rules: map[string]report.Rule{
			"stock/level":  {Agree: 1000 - differ, Differ: differ, Shown: fold.Sketch{}.Add(10 * time.Minute), Heard: began.Add(-4 * time.Minute)},
			"stock/strict": {Differ: 1000},
		}})
	}
	return audits
}

func TestLine_IsWhatAuditsMeasured(t *testing.T) {
	goal := registry.Objectives{Agreement: 99.5, CatchUp: 30 * time.Minute}
	l := report.LineOf(stock(goal), days(28, 2), nil, monday)
	switch {
	case l.Days != 7 || l.Judged != 7000 || l.Watch:
		t.Errorf("%d days, %d judged, watch %t", l.Days, l.Judged, l.Watch)
	case *l.Agreement < 99.79 || *l.Agreement > 99.81:
		t.Errorf("agreement %g, want 99.8", *l.Agreement)
	case *l.Budget < 59.9 || *l.Budget > 60.1:
		t.Errorf("budget %g, want 60: 2 of the 5 in 1000 that may differ do", *l.Budget)
	case l.CatchUp < 10*time.Minute || l.CatchUp > 11*time.Minute || *l.Stale != 4*time.Minute:
		t.Errorf("catch-up %s, stale %s", l.CatchUp, *l.Stale)
	case l.Misses() != 0:
		t.Error("goals are missed")
	}
}

func TestLine_SaysNothingThatWasNotMeasured(t *testing.T) {
	goal := registry.Objectives{Agreement: 99.5, CatchUp: 30 * time.Minute}
	old, two := days(28, 0)[:20], days(2, 0)
	for name, l := range map[string]report.Line{
		"no audits":           report.LineOf(stock(goal), nil, nil, monday),
		"two days":            report.LineOf(stock(goal), days(2, 5), nil, monday),
		"nothing this week":   report.LineOf(stock(goal), old, nil, monday),
		"many, on two days":   report.LineOf(stock(goal), []report.Audit{two[0], two[0], two[1], two[1]}, nil, monday),
		"all after the time":  report.LineOf(stock(goal), days(7, 0), nil, monday.AddDate(0, 0, -8)),
		"two before the time": report.LineOf(stock(goal), days(7, 0), nil, monday.AddDate(0, 0, -5)),
	} {
		if l.Agreement != nil || l.Budget != nil || l.Stale != nil || l.CatchUp != 0 || l.Days >= report.MinDays {
			t.Errorf("%s: %+v", name, l)
		}
	}
	none := report.LineOf(stock(registry.Objectives{}), days(7, 5), nil, monday)
	if none.Agreement == nil || none.Budget != nil || none.Misses() != 0 {
		t.Errorf("without a goal: %+v", none)
	}
	unjudged := days(7, 0)
	for _, a := range unjudged {
		a.Rules["stock/level"] = report.Rule{}
	}
	if l := report.LineOf(stock(goal), unjudged, nil, monday); l.Days != 7 || l.Agreement != nil || l.Budget != nil || l.CatchUp != 0 || l.Stale != nil {
		t.Errorf("of records of which one knows nothing: %+v", l)
	}
}

func TestLine_UsedUpBudgetsAndSlowChangesMissGoals(t *testing.T) {
	goal := registry.Objectives{Agreement: 99.5, CatchUp: 5 * time.Minute}
	l := report.LineOf(stock(goal), days(28, 10), nil, monday)
	if *l.Budget > -99.9 || *l.Budget < -100.1 || l.Misses() != 2 {
		t.Errorf("budget %g, %d missed", *l.Budget, l.Misses())
	}
}

func TestLine_CountsWhatIsOpen(t *testing.T) {
	ten := commerce.Int(10)
	of := func(change func(*finding.Finding)) finding.Finding {
		f := finding.Finding{Integration: "stock", State: finding.Open, Opened: monday, Impact: &ten, Currency: "USD"}
		change(&f)
		return f
	}
	l := report.LineOf(stock(registry.Objectives{}), nil, []finding.Finding{
		of(func(*finding.Finding) {}),
		of(func(f *finding.Finding) { f.State = finding.Acknowledged }),
		of(func(f *finding.Finding) { f.Impact = nil }),
		of(func(f *finding.Finding) { f.State = finding.Waived }),
		of(func(f *finding.Finding) { f.State = finding.Resolved }),
		of(func(f *finding.Finding) { f.Opened = time.Time{} }),
		of(func(f *finding.Finding) { f.Silent = true }),
		of(func(f *finding.Finding) { f.Integration = "orders" }),
	}, monday)
	if l.Open != 3 || l.Impact["USD"].Cmp(commerce.Int(20)) != 0 || len(l.Impact) != 1 {
		t.Errorf("%d open, %v at risk", l.Open, l.Impact)
	}
}

func TestLine_OfRulesThatOnlyWatchSaysSo(t *testing.T) {
	i := stock(registry.Objectives{})
	i.Rules = i.Rules[1:]
	if l := report.LineOf(i, days(7, 0), nil, monday); !l.Watch || *l.Agreement != 0 {
		t.Errorf("%+v", l)
	}
}

func TestWorst_IsFirst(t *testing.T) {
	percent := func(p float64) *float64 { return &p }
	ten := map[string]commerce.Decimal{"USD": commerce.Int(10)}
	goal := registry.Objectives{Agreement: 99.5, CatchUp: time.Minute}
	lines := []report.Line{
		{Integration: "calm"},
		{Integration: "money", Impact: ten, Open: 1},
		{Integration: "many", Open: 5},
		{Integration: "spends", Goal: goal, Agreement: percent(99.8), Budget: percent(40)},
		{Integration: "slow", Goal: goal, CatchUp: time.Hour},
		{Integration: "both", Goal: goal, Agreement: percent(90), Budget: percent(-200), CatchUp: time.Hour},
	}
	slices.SortFunc(lines, report.Worst)
	var names []string
	for _, l := range lines {
		names = append(names, l.Integration)
	}
	if diff := cmp.Diff([]string{"both", "slow", "spends", "money", "many", "calm"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestDay_AnAuditToldTwiceIsOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		audits := days(5, 3)
		var once, twice report.Day
		for _, a := range audits {
			once = once.With(a)
		}
		order := rapid.Permutation(append(slices.Clone(audits), audits...)).Draw(rt, "order")
		for _, a := range order {
			twice = twice.With(a)
		}
		if diff := cmp.Diff(once, twice); diff != "" {
			rt.Fatal(diff)
		}
	})
}

func TestAuditOf_KeepsTheOlderSideOfEachRule(t *testing.T) {
	early, late := monday.Add(-time.Hour), monday.Add(-time.Minute)
	a := report.AuditOf("r1", monday, fold.Fold{Rules: map[string]*fold.Rule{
		"stock/level": {
			Outcomes: map[judge.Outcome]int{judge.Agree: 9, judge.Differ: 1, judge.CannotTell: 5},
			From:     fold.Span{Newest: late}, To: fold.Span{Newest: early},
			Waits: map[string]fold.Waits{"": {Shown: fold.Sketch{3: 1}}, "east": {Shown: fold.Sketch{3: 1}}},
		},
		"stock/deaf": {From: fold.Span{Newest: late}},
	}})
	want := map[string]report.Rule{
		"stock/level": {Agree: 9, Differ: 1, Shown: fold.Sketch{3: 1}, Heard: early},
		"stock/deaf":  {},
	}
	if diff := cmp.Diff(want, a.Rules); diff != "" {
		t.Error(diff)
	}
}

func TestNames_AreOfAllDaysThatCount(t *testing.T) {
	names := report.Names(monday)
	if len(names) != 29 || names[0] != "report|2026-02-02" || names[28] != "report|2026-03-02" {
		t.Errorf("%d names from %s to %s", len(names), names[0], names[len(names)-1])
	}
}
