package driftbench_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/driftbench"
	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/store/memory"
)

func simulate(t *testing.T, seed uint64, days int, faults []company.Fault) *driftbench.Run {
	t.Helper()
	run, err := driftbench.Simulate(seed, days, faults, driftbench.Stores{Records: &memory.Records{Shared: true}, Findings: &memory.Findings{}, Arrivals: &memory.Arrivals{}})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// In a week of two companies every planted fault is found that is meant to be,
// and nobody hears of anything else, although each has a flash sale, a stocktake,
// a huge import, a change of policy, and a night that lacks an hour.
func TestEveryFaultIsFoundAndNothingElse(t *testing.T) {
	report := driftbench.NewReport()
	for _, seed := range []uint64{1, 2} {
		report.Add(simulate(t, seed, 7, nil))
	}
	s := report.Scores[driftbench.Plumbline]
	for _, f := range s.Wrong {
		t.Errorf("seed %d: %s of %v is reported as %s, and is right", f.Seed, f.Rule, f.Key, f.Class)
	}
	for _, m := range s.Missed {
		t.Errorf("seed %d: %s is not found", m.Seed, m.Cause.Fault)
	}
	for fault, f := range s.Faults {
		if f.Causes+f.Brief == 0 {
			t.Errorf("%s was not planted", fault)
		}
	}
	for _, trap := range []string{
		"flash sale", "huge import", "policy change", "daylight saving", "stocktake", "sale window", "order edit", "tip",
		"owner who hands over", "price that changes all the time", "run that is late", "slow canary", "vendor with other packs",
	} {
		if report.Traps[trap] == 0 {
			t.Errorf("no %s took place", trap)
		}
	}
}

// Where nothing is planted nothing is reported.
func TestASoundCompanyHearsNothing(t *testing.T) {
	run := simulate(t, 5, 3, []company.Fault{})
	for _, f := range run.Found[driftbench.Plumbline] {
		t.Errorf("%s of %v is reported as %s", f.Rule, f.Key, f.Class)
	}
	if len(run.Truth.Causes) > 0 || run.Observations < 1000 {
		t.Errorf("%d causes and %d observations", len(run.Truth.Causes), run.Observations)
	}
}

// The same seed is the same company with the same findings.
func TestARunCanBeRepeated(t *testing.T) {
	page := func() string {
		report := driftbench.NewReport()
		report.Add(simulate(t, 6, 2, nil))
		var b strings.Builder
		if err := report.Page(&b, "", ""); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if diff := cmp.Diff(page(), page()); diff != "" {
		t.Errorf("two runs of one seed (-first +second):\n%s", diff)
	}
}
