package drift_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

// history is a random past of a few SKUs, and what both systems show in the end
// as the test itself knows it.
type history struct {
	*fleet
	v         *version
	erp, shop map[string]int
	// dies ends invocations of the audit at one of their calls.
	dies *crash
}

var shelf = []string{"CAP", "MUG", "PEN", "TEE", "TIN"}

func newHistory() *history {
	f := newFleet()
	h := &history{fleet: f, v: f.version(stocked("g1", "0", atEast)), erp: map[string]int{}, shop: map[string]int{}, dies: &crash{}}
	h.deploy(h.v)
	return h
}

// step lets one thing happen.
func (h *history) step(t *rapid.T, tb testing.TB) {
	h.now = h.now.Add(time.Second)
	sku := rapid.SampledFrom(shelf).Draw(t, "sku")
	switch what := rapid.SampledFrom([]string{"erp", "shop", "both", "time", "looks are lost", "row is restored", "audit begins", "audit"}).Draw(t, "what"); what {
	case "erp", "shop", "both":
		h.report(tb, what, sku, rapid.IntRange(0, 3).Draw(t, "amount"))
	case "time":
		h.run(tb, h.v, time.Duration(rapid.IntRange(1, 20).Draw(t, "minutes"))*time.Minute)
	case "looks are lost":
		h.looks.waiting = slices.DeleteFunc(h.looks.waiting, func(l waiting) bool { return !queue.IsSweep(l.body) })
	case "row is restored":
		h.restore(tb, sku)
	case "audit begins":
		h.begin(tb)
	case "audit":
		h.audit(t, tb)
	}
}

func (h *history) report(t testing.TB, what, sku string, amount int) {
	if what != "shop" {
		h.receive(h.v, h.stockOf("erp", sku, "east", amount))
		h.erp[sku] = amount
	}
	if what != "erp" {
		h.receive(h.v, h.stockOf("shop", sku, "501", amount))
		h.shop[sku] = amount
	}
	h.mergeAll(t, h.v)
}

// restore takes from a row all that it remembers of its rules, as an old copy
// would.
func (h *history) restore(t testing.TB, sku string) {
	row := h.rowOf(t, commerce.Inventory, sku, "east")
	if row.Rev == 0 {
		return
	}
	row.Marks, row.Due = nil, time.Time{}
	if err := h.records.Put(t.Context(), row); err != nil {
		t.Fatal(err)
	}
}

func (h *history) begin(t testing.TB) {
	h.dies.dead = false
	if err := h.v.drift.Audit(t.Context()); err != nil && !errors.Is(err, errDown) {
		t.Fatal(err)
	}
}

// audit begins an audit, and goes on for some invocations. Each may come twice,
// have too little time, or die at some call.
func (h *history) audit(t *rapid.T, tb testing.TB) {
	h.now = h.now.Add(time.Duration(rapid.IntRange(1, 25).Draw(t, "hours")) * time.Hour)
	healthy := *h.v.drift
	defer func() { *h.v.drift = healthy }()
	h.dies = &crash{at: rapid.IntRange(0, 60).Draw(t, "dies"), applied: rapid.Bool().Draw(t, "applied")}
	dying(h.v.drift, h.dies)
	h.begin(tb)
	for range rapid.IntRange(0, 12).Draw(t, "invocations") {
		if rapid.Bool().Draw(t, "twice") && len(h.looks.waiting) > 0 {
			h.looks.waiting = append(h.looks.waiting, h.looks.waiting[0])
		}
		ctx := tb.Context()
		if rapid.IntRange(0, 3).Draw(t, "time") == 0 {
			short, cancel := context.WithTimeout(ctx, time.Second)
			defer cancel()
			ctx = short
		}
		h.dies.dead = false
		h.lookOne(ctx, h.v)
	}
}

// end lets everything settle and audits once, undisturbed.
func (h *history) end(t testing.TB) {
	h.run(t, h.v, 30*time.Minute)
	h.now = h.now.Add(2 * time.Hour)
	h.begin(t)
	h.run(t, h.v, 30*time.Minute)
}

// TestAudit_ProvesWhatAComparisonOfEverythingFinds compares, behind the last
// audit of a random history, findings, marks and counts with what both systems
// show, SKU by SKU.
func TestAudit_ProvesWhatAComparisonOfEverythingFinds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := newHistory()
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			h.step(rt, t)
		}
		h.end(t)
		active := map[string][]finding.Finding{}
		for _, f := range h.all(t) {
			if f.State != finding.Resolved {
				active[f.Key[0]] = append(active[f.Key[0]], f)
			}
		}
		want := map[judge.Outcome]int{}
		for _, sku := range shelf {
			erp, inERP := h.erp[sku]
			shop, inShop := h.shop[sku]
			row := h.rowOf(t, commerce.Inventory, sku, "east")
			mark := row.Marks["stock/stock"]
			switch {
			case !inERP && !inShop:
				continue
			case inERP && inShop && erp != shop:
				want[judge.Differ]++
				if len(active[sku]) != 1 || active[sku][0].ID != mark.Open {
					rt.Errorf("%s differs, %d and %d: findings %v, the row has %q", sku, erp, shop, active[sku], mark.Open)
				}
			default:
				want[map[bool]judge.Outcome{true: judge.Agree, false: judge.NotJudged}[inERP && inShop]]++
				if len(active[sku]) > 0 || mark != (record.Mark{}) {
					rt.Errorf("%s agrees, %d and %d: findings %v, the row has %+v", sku, erp, shop, active[sku], mark)
				}
			}
		}
		a := h.audited(t, drift.AuditLatest)
		for _, o := range []judge.Outcome{judge.Agree, judge.Differ, judge.NotJudged, judge.Pending, judge.CannotTell} {
			var got int
			if rule := a.Fold.Rules["stock/stock"]; rule != nil {
				got = rule.Outcomes[o]
			}
			if got != want[o] {
				rt.Errorf("the audit counts %d rows that %s, want %d", got, o, want[o])
			}
		}
		if log := h.log.String(); strings.Contains(log, "breaks the code") {
			rt.Error(log)
		}
	})
}

func TestAudit_MendsFindingsThatTheirRowsDoNotKnow(t *testing.T) {
	h := newHistory()
	for i, sku := range []string{"CAP", "MUG", "PEN", "TEE"} {
		h.report(t, "erp", sku, 10+i)
		h.report(t, "shop", sku, 20+i)
	}
	h.run(t, h.v, 20*time.Minute)
	if len(h.open(t)) != 4 {
		t.Fatalf("findings %v", h.open(t))
	}
	before := h.open(t)
	// One still differs, one has agreed meanwhile, one opens again before the audit
	// comes, and one is about a record that is not there.
	for _, sku := range []string{"CAP", "MUG", "PEN"} {
		h.restore(t, sku)
	}
	h.report(t, "both", "MUG", 7)
	h.restore(t, "PEN")
	h.report(t, "shop", "PEN", 33)
	h.run(t, h.v, 20*time.Minute)
	lost := before["stock TEE@east"]
	lost.ID, lost.Rev, lost.Key = "lost", 0, commerce.Key{"GONE", "east"}
	if err := h.findings.PutFinding(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	h.now = h.now.Add(2 * time.Hour)
	h.begin(t)
	h.run(t, h.v, 10*time.Minute)
	why := map[string]string{}
	for _, f := range h.all(t) {
		if f.State == finding.Resolved {
			why[f.Key[0]] = f.Timeline[len(f.Timeline)-1].What
		}
	}
	for sku, want := range map[string]string{
		"MUG": "the systems agree again", "PEN": "the rule no longer applies: another finding tells of it",
		"GONE": "the rule no longer applies: the record is not there any more",
	} {
		if why[sku] != want {
			t.Errorf("%s ended by %q, want %q", sku, why[sku], want)
		}
	}
	after := h.open(t)
	if len(after) != 3 || after["stock CAP@east"].ID != before["stock CAP@east"].ID {
		t.Errorf("findings %v, and CAP has another one than before", after)
	}
	if a := h.audited(t, drift.AuditLatest); len(a.Mended) != 4 {
		t.Errorf("mended %v, want four", a.Mended)
	}
}

// TestAudit_EachWaitIsToldOnceWhateverTheClock lets audits come early, late,
// twice and not at all, an hour off twice a year among them.
func TestAudit_EachWaitIsToldOnceWhateverTheClock(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := newFleet()
		f.now = time.Date(2026, 10, 30, 3, 0, 0, 0, time.UTC)
		v := f.version(stocked("g1", "0", atEast, learning))
		f.deploy(v)
		var shown float64
		seen := map[string]bool{}
		tell := func() {
			d, err := f.findings.GetDocument(t.Context(), drift.AuditLatest)
			if err != nil {
				return
			}
			a := f.audited(t, drift.AuditLatest)
			if rule := a.Fold.Rules["stock/stock"]; rule != nil && !seen[a.Run] {
				shown += rule.Waits[""].Shown.Weight()
			}
			seen[a.Run] = d.Rev > 0
		}
		waits := rapid.IntRange(1, 12).Draw(rt, "waits")
		for i := range waits {
			sku := fmt.Sprintf("SKU-%02d", i)
			f.receive(v, f.stockOf("erp", sku, "east", 10))
			f.receive(v, f.stockOf("shop", sku, "501", 10))
			f.mergeAll(t, v)
			f.now = f.now.Add(time.Minute)
			f.sell(t, v, sku, 9, 3)
			f.now = f.now.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 23, 24, 25, 49}).Draw(rt, "hours")) * time.Hour)
			switch rapid.SampledFrom([]string{"audit", "twice", "begins", "none"}).Draw(rt, "audit") {
			case "twice":
				for range 2 {
					if err := v.drift.Audit(t.Context()); err != nil {
						rt.Fatal(err)
					}
				}
				fallthrough
			case "audit":
				if err := v.drift.Audit(t.Context()); err != nil {
					rt.Fatal(err)
				}
				f.run(t, v, 3*time.Minute)
			case "begins":
				if err := v.drift.Audit(t.Context()); err != nil {
					rt.Fatal(err)
				}
				f.lookOne(t.Context(), v)
			}
			tell()
		}
		f.run(t, v, 30*time.Minute)
		tell()
		f.now = f.now.Add(25 * time.Hour)
		if err := v.drift.Audit(t.Context()); err != nil {
			rt.Fatal(err)
		}
		f.run(t, v, 30*time.Minute)
		tell()
		if int(shown) != waits {
			rt.Errorf("%g waits told in %d audits, want %d", shown, len(seen), waits)
		}
	})
}
