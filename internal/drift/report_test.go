package drift_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/report"
)

// weekly is a fleet whose owners get a report on Mondays, with 40 records that
// agree and one that never does.
func weekly(t *testing.T) (*fleet, *version) {
	t.Helper()
	f := newFleet()
	r := stocked("g1", "0", atEast)
	at := registry.ReportAt
	r.Report = &at
	for i := range r.Integrations {
		r.Integrations[i].Objectives.Agreement = 90
	}
	v := f.version(r)
	f.deploy(v)
	for i := range 41 {
		sku := "SKU-" + string(rune('A'+i))
		f.receive(v, f.stockOf("erp", sku, "east", 10))
		f.receive(v, f.stockOf("shop", sku, "501", 10+i/40))
	}
	f.mergeAll(t, v)
	return f, v
}

// audits lets an audit run on each of so many days, from Wednesday on.
func (f *fleet) audits(t *testing.T, v *version, days int) {
	t.Helper()
	for range days {
		f.now = time.Date(f.now.Year(), f.now.Month(), f.now.Day()+1, 3, 0, 0, 0, time.UTC)
		if err := v.drift.Audit(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.run(t, v, 5*time.Minute)
	}
}

var firstMonday = time.Date(2026, 3, 9, 8, 30, 0, 0, time.UTC)

func (f *fleet) toMonday(t *testing.T, v *version) []alert.Alert {
	t.Helper()
	f.now = firstMonday.Add(-time.Minute)
	f.run(t, v, 0)
	if early := f.ofClass(t, alert.ClassReport); len(early) > 0 {
		t.Fatalf("%d reports before the time", len(early))
	}
	f.now = firstMonday
	f.run(t, v, 2*time.Minute)
	return f.ofClass(t, alert.ClassReport)
}

func lineOf(t *testing.T, a alert.Alert, integration string) report.Line {
	t.Helper()
	for _, l := range a.Week.Lines {
		if l.Integration == integration {
			return l
		}
	}
	t.Fatalf("no line of %s in %+v", integration, a.Week)
	return report.Line{}
}

func TestReport_ComesOnceAWeekInTheOwnersMorning(t *testing.T) {
	f, v := weekly(t)
	f.sell(t, v, "SKU-A", 9, 4)
	f.audits(t, v, 5)
	reports := f.toMonday(t, v)
	if len(reports) != 1 {
		t.Fatalf("%d reports, want one for the one owner", len(reports))
	}
	a := reports[0]
	l := lineOf(t, a, "stock")
	if l.Days != 5 || l.Judged != 5*41 || *l.Agreement < 97 || *l.Agreement > 98 || *l.Budget < 75 || *l.Budget > 76 || l.Open != 1 || l.CatchUp < 4*time.Minute || l.CatchUp > 5*time.Minute {
		t.Errorf("%+v", l)
	}
	if a.Published != a.Seq || a.Owner.Team != "inventory-ops" || !a.Opened.Equal(firstMonday) {
		t.Errorf("published %d of %d, owner %+v, opened %s", a.Published, a.Seq, a.Owner, a.Opened)
	}
	f.run(t, v, 10*time.Minute)
	f.now = firstMonday.AddDate(0, 0, 7)
	f.run(t, v, 2*time.Minute)
	if n := len(f.ofClass(t, alert.ClassReport)); n != 2 {
		t.Errorf("%d reports after two weeks", n)
	}
}

func TestReport_OfTooFewAuditsHasNoFigures(t *testing.T) {
	f, v := weekly(t)
	f.audits(t, v, 2)
	reports := f.toMonday(t, v)
	if len(reports) != 1 {
		t.Fatalf("%d reports", len(reports))
	}
	if l := lineOf(t, reports[0], "stock"); l.Days != 2 || l.Agreement != nil || l.Budget != nil || l.Open != 1 {
		t.Errorf("%+v", l)
	}
}

func TestReport_NothingIsToldBeforeTheFirstAuditOrWhenSwitchedOff(t *testing.T) {
	f, v := weekly(t)
	if reports := f.toMonday(t, v); len(reports) > 0 {
		t.Errorf("%d reports of no audit", len(reports))
	}
	f, v = weekly(t)
	v.registry.Report = nil
	f.audits(t, v, 5)
	if reports := f.toMonday(t, v); len(reports) > 0 {
		t.Errorf("%d reports, want none", len(reports))
	}
	all, err := v.drift.Reports(t.Context(), "inventory-ops")
	if err != nil || len(all) != 1 || lineOf(t, all[0], "stock").Agreement == nil {
		t.Errorf("%d reports when asked, error %v", len(all), err)
	}
	if all, err = v.drift.Reports(t.Context(), "nobody"); err != nil || len(all) != 0 {
		t.Errorf("%d reports to nobody, error %v", len(all), err)
	}
}

func TestReport_LateIsBetterThanNever(t *testing.T) {
	for late, want := range map[time.Duration]int{5 * time.Hour: 1, 25 * time.Hour: 0} {
		f, v := weekly(t)
		f.audits(t, v, 5)
		f.now = firstMonday.Add(late)
		f.run(t, v, time.Minute)
		if got := len(f.ofClass(t, alert.ClassReport)); got != want {
			t.Errorf("%s late: %d reports, want %d", late, got, want)
		}
	}
}

// TestReport_AnAuditConcludedTwiceIsOne concludes an audit again, as after a
// crash before its end was noted.
func TestReport_AnAuditConcludedTwiceIsOne(t *testing.T) {
	f, v := weekly(t)
	f.audits(t, v, 3)
	s := f.sweep(t, "audit")
	s.Ended = time.Time{}
	if err := f.findings.PutSweep(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	f.run(t, v, 5*time.Minute)
	all, err := v.drift.Reports(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if l := lineOf(t, all[0], "stock"); l.Days != 3 || l.Judged != 3*41 {
		t.Errorf("%d days, %d judged", l.Days, l.Judged)
	}
}
