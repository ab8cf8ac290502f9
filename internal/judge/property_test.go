package judge_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

var exact = cmp.Options{
	cmp.Comparer(func(a, b commerce.Version) bool { return a == b }),
	cmp.Comparer(func(a, b commerce.Decimal) bool { return a == b }),
	cmp.Comparer(func(a, b commerce.Value) bool { return a == b }),
}

// oracle is an expectation that the test can compute by itself.
type oracle struct {
	facet, source string
	value         func(from commerce.Facets) (commerce.Value, bool)
}

func oracles() []oracle {
	shifted := func(facet string, by int64) func(commerce.Facets) (commerce.Value, bool) {
		return func(from commerce.Facets) (commerce.Value, bool) {
			d, ok := from[facet].Decimal()
			sum, err := d.Add(commerce.Int(by))
			return commerce.Number(sum), ok && err == nil
		}
	}
	plain := func(facet string) func(commerce.Facets) (commerce.Value, bool) {
		return func(from commerce.Facets) (commerce.Value, bool) {
			v, ok := from[facet]
			return v, ok
		}
	}
	return []oracle{
		{"available", "from.free", plain("free")},
		{"available", "from.free - 3", shifted("free", -3)},
		{"on_hand", "from.on_hand", plain("on_hand")},
		{"tracked", "from.tracked", plain("tracked")},
		{"cost", "from.cost + 1", shifted("cost", 1)},
	}
}

// anyRule is a rule of one to three expectations, with what they should be.
func anyRule(t *testing.T, rt *rapid.T) (registry.Rule, []oracle, int64) {
	all := oracles()
	rule := registry.Rule{
		Integration: "i", ID: "r", Kind: commerce.Inventory, From: "erp", To: "shop",
		Check:  rapid.SampledFrom([]registry.Check{registry.Equal, registry.Present, registry.One}).Draw(rt, "check"),
		Settle: registry.Settle{For: rapid.SampledFrom([]time.Duration{time.Second, 10 * time.Minute, 26 * time.Hour}).Draw(rt, "settle"), By: -1},
	}
	if rapid.IntRange(0, 3).Draw(rt, "by") == 0 {
		rule.Settle = registry.Settle{By: rapid.IntRange(0, 1439).Draw(rt, "minute"), Zone: time.UTC}
	}
	when := rapid.SampledFrom([]string{"", "", "from.tracked", "to.tracked", "from.free > 0 && !to.oversell", `to.cost in [1, 2]`}).Draw(rt, "when")
	if when != "" {
		rule.When = compile(t, commerce.Inventory, when, commerce.BoolType)
	}
	within := rapid.Int64Range(0, 2).Draw(rt, "within")
	var chosen []oracle
	for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(all)-1), 1, 2, rapid.ID).Draw(rt, "expect") {
		o := all[i]
		d, _ := commerce.Inventory.FacetOf(o.facet)
		e := registry.Expectation{Facet: o.facet, Value: compile(t, commerce.Inventory, o.source, d.Type)}
		if d.Type == commerce.NumberType {
			e.Within = compile(t, commerce.Inventory, fmt.Sprint(within), commerce.NumberType)
		}
		rule.Expect, chosen = append(rule.Expect, e), append(chosen, o)
	}
	if rapid.Bool().Draw(rt, "in flight") {
		rule.Expect = append(rule.Expect, registry.Expectation{
			Facet: "available", Value: compile(t, commerce.Inventory, "from.free - in_flight", commerce.NumberType),
		})
		chosen = append(chosen, all[0]) // nothing is in flight where sides agree
	}
	rule.Impact = compile(t, commerce.Inventory, "abs(delta) * to.cost", commerce.NumberType)
	return rule, chosen, within
}

// anyRow is a row of any history of two or three systems, every other time one
// of the healthy kind.
func anyRow(rt *rapid.T) record.Row {
	if rapid.Bool().Draw(rt, "healthy") {
		return healthyRow(rt)
	}
	row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}}
	received := nine
	for i := range rapid.IntRange(0, 14).Draw(rt, "changes") {
		received = received.Add(rapid.SampledFrom([]time.Duration{0, time.Second, 7 * time.Minute, time.Hour}).Draw(rt, "pause"))
		o := commerce.Observation{
			System: rapid.SampledFrom([]string{"erp", "shop", "shop", "wms"}).Draw(rt, "system"),
			Part:   rapid.SampledFrom([]string{"level", "level", "item"}).Draw(rt, "part"),
			Native: rapid.SampledFrom([]string{"1", "1", "2"}).Draw(rt, "native"),
			Slot:   rapid.SampledFrom([]string{"", "s"}).Draw(rt, "slot"),
			Gone:   rapid.IntRange(0, 6).Draw(rt, "gone") == 0,
		}
		switch {
		case !o.Gone:
			o.Facets = anyFacets(rt)
		case rapid.Bool().Draw(rt, "succeeded"):
			o.SucceededBy = "2"
		}
		if rapid.Bool().Draw(rt, "created") {
			o.Created = received
		}
		second := rapid.IntRange(0, 10).Draw(rt, "second")
		o.Stamp(commerce.VersionParts{Clock: nine.Add(time.Duration(second) * time.Second), Sequence: rapid.Uint64Range(0, 3).Draw(rt, "sequence")})
		row, _ = record.Merge(row, o, record.Source{Delivery: fmt.Sprint(i), Received: received})
	}
	if rapid.Bool().Draw(rt, "marked") {
		m := record.Mark{System: rapid.SampledFrom([]string{"", "erp", "shop"}).Draw(rt, "mark system"), Open: rapid.SampledFrom([]string{"", "f"}).Draw(rt, "open")}
		for _, at := range []*time.Time{&m.Since, &m.First, &m.Unexplained} {
			if rapid.Bool().Draw(rt, "set") {
				*at = nine.Add(time.Duration(rapid.IntRange(-60, 300).Draw(rt, "minute")) * time.Minute)
			}
		}
		row.Marks = map[string]record.Mark{"i/r": m}
	}
	return row
}

// healthyRow is a row that both systems have reported once or twice, with few
// different values.
func healthyRow(rt *rapid.T) record.Row {
	row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG-BLU", "east"}}
	for i := range rapid.IntRange(2, 4).Draw(rt, "changes") {
		o := commerce.Observation{System: []string{"erp", "shop"}[i%2], Part: "level", Native: "1", Slot: "s", Created: nine, Facets: commerce.Facets{
			"tracked": commerce.Bool(true), "oversell": commerce.Bool(false),
		}}
		for _, name := range []string{"available", "free", "on_hand", "cost"} {
			o.Facets[name] = commerce.Number(commerce.Int(rapid.Int64Range(1, 2).Draw(rt, name)))
		}
		o.Stamp(commerce.VersionParts{Clock: nine.Add(time.Duration(i) * time.Second)})
		row, _ = record.Merge(row, o, record.Source{Delivery: fmt.Sprint(i), Received: nine.Add(time.Duration(i) * time.Minute)})
	}
	return row
}

func anyFacets(rt *rapid.T) commerce.Facets {
	facets := commerce.Facets{}
	for _, name := range []string{"available", "free", "on_hand", "cost", "tracked", "oversell"} {
		d, _ := commerce.Inventory.FacetOf(name)
		switch rapid.IntRange(0, 5).Draw(rt, name) {
		case 0:
			facets[name] = commerce.Null()
		case 1:
		default:
			if d.Type == commerce.BoolType {
				facets[name] = commerce.Bool(rapid.Bool().Draw(rt, "truth"))
			} else {
				facets[name] = commerce.Number(commerce.Int(rapid.Int64Range(-2, 6).Draw(rt, "number")))
			}
		}
	}
	return facets
}

func anyContext(rt *rapid.T) judge.Context {
	c := judge.Context{}
	if rapid.Bool().Draw(rt, "covered") {
		c.Covered = map[string]time.Time{"erp": nine, "shop": nine.Add(time.Minute)}
	}
	if rapid.Bool().Draw(rt, "flight") {
		c.InFlight = &judge.InFlight{
			Located: commerce.Int(rapid.Int64Range(0, 3).Draw(rt, "located")), Floating: commerce.Int(rapid.Int64Range(0, 3).Draw(rt, "floating")),
			Orders: rapid.IntRange(0, 2).Draw(rt, "orders"),
		}
	}
	if rapid.IntRange(0, 3).Draw(rt, "held") == 0 {
		c.Held = "behind"
	}
	return c
}

// TestJudge_AnyRowUnderAnyRule states what holds whatever the row: judging ends,
// changes nothing, gives the same again, and agrees only with what is so.
func TestJudge_AnyRowUnderAnyRule(t *testing.T) {
	seen := map[judge.Outcome]int{}
	rapid.Check(t, func(rt *rapid.T) {
		rule, expected, within := anyRule(t, rt)
		row, c := anyRow(rt), anyContext(rt)
		now := nine.Add(time.Duration(rapid.SampledFrom([]int{0, 3, 20, 90, 600, 1700, 3000, 9000}).Draw(rt, "now")) * time.Minute)
		before := fmt.Sprintf("%+v", row)
		v := judge.Judge(rule, row, c, now)
		seen[v.Outcome]++
		if again := judge.Judge(rule, row, c, now); cmp.Diff(v, again, exact) != "" {
			rt.Fatalf("judged twice:\n%s", cmp.Diff(v, again, exact))
		}
		if after := fmt.Sprintf("%+v", row); after != before {
			rt.Fatalf("judging changed the row from\n%s\nto\n%s", before, after)
		}
		if v.Why == "" && (v.Outcome == judge.CannotTell || v.Outcome == judge.NotJudged || v.Outcome == judge.Pending) {
			rt.Fatalf("%s without a reason", v.Outcome)
		}
		from, to := row.SideOf("erp"), row.SideOf("shop")
		switch v.Outcome {
		case judge.CannotTell, judge.NotJudged:
		case judge.Agree:
			if !from.Live || !to.Live || from.Duplicate || to.Duplicate {
				rt.Fatalf("agrees on sides that are not both there, once")
			}
			for i, o := range expected {
				want, known := o.value(from.Facets)
				got, told := to.Facets[o.facet]
				if !known || !told || !near(want, got, within) {
					rt.Fatalf("agrees on %s, expected %s (known %t), shown %s (told %t), within %d", rule.Expect[i].Facet, want, known, got, told, within)
				}
			}
		case judge.Differ, judge.Pending:
			if v.Since.IsZero() || v.First.IsZero() || v.Due.IsZero() {
				rt.Fatalf("%s without a date: since %s, first %s, due %s", v.Outcome, v.Since, v.First, v.Due)
			}
			if v.Class == "" && !v.Explained {
				rt.Fatalf("%s without a class", v.Outcome)
			}
			if v.Outcome == judge.Pending && !v.Due.After(now) {
				rt.Fatalf("pending until %s, which is past: nobody would look again", v.Due)
			}
			if v.Outcome == judge.Differ && v.Due.After(now) {
				rt.Fatalf("differs although its time is up only at %s", v.Due)
			}
		}
		if v.Unsettled() && judge.LookAt(rule, v, now).IsZero() {
			rt.Fatalf("unsettled, and never looked at again")
		}
	})
	for _, o := range []judge.Outcome{judge.Agree, judge.Differ, judge.Pending, judge.CannotTell, judge.NotJudged} {
		if seen[o] == 0 {
			t.Errorf("no row came to %s, so the property says nothing of it: %v", o, seen)
		}
	}
}

// TestVerdict_WhatIsNotDoubtfulIsTheSameWhateverIsKnownAround holds drift to
// reading nothing around a row that settled.
func TestVerdict_WhatIsNotDoubtfulIsTheSameWhateverIsKnownAround(t *testing.T) {
	settled, changed := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		rule, _, _ := anyRule(t, rt)
		row, c := anyRow(rt), anyContext(rt)
		for system, draw := range map[string]string{"erp": "around erp", "shop": "around shop"} {
			at := nine.Add(time.Duration(rapid.IntRange(-60, 600).Draw(rt, draw)) * time.Minute)
			switch rapid.IntRange(0, 3).Draw(rt, draw+" is") {
			case 0:
				c.Unread = map[string]time.Time{system: at}
			case 1:
				c.Silent = map[string]judge.Quiet{system: {Since: at}}
			case 2:
				c.Snapshot = map[string]time.Time{system: at}
			}
		}
		now := nine.Add(time.Duration(rapid.SampledFrom([]int{0, 3, 20, 90, 600, 1700}).Draw(rt, "now")) * time.Minute)
		bare := judge.Judge(rule, row, judge.Context{InFlight: c.InFlight}, now)
		full := judge.Judge(rule, row, c, now)
		diff := cmp.Diff(bare, full, exact)
		switch {
		case diff == "" && !bare.Doubtful():
			settled++
		case diff != "" && bare.Doubtful():
			changed++
		case diff != "":
			rt.Fatalf("is not doubtful, and another one with what is known around it:\n%s", diff)
		}
	})
	if settled == 0 || changed == 0 {
		t.Errorf("%d verdicts are not doubtful, %d are others by what is known: the property says nothing", settled, changed)
	}
}

func near(want, got commerce.Value, within int64) bool {
	if want == got {
		return true
	}
	a, okA := want.Decimal()
	b, okB := got.Decimal()
	d, err := a.Sub(b)
	return okA && okB && err == nil && d.Abs().Cmp(commerce.Int(within)) <= 0
}

// TestJudge_ADifferenceStaysOneWhileNothingChanges lets time pass over a row
// that is marked as merge would.
func TestJudge_ADifferenceStaysOneWhileNothingChanges(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rule, _, _ := anyRule(t, rt)
		row := anyRow(rt)
		row.Marks = nil
		now := laterOf(row.SideOf("erp").Changed, row.SideOf("shop").Changed)
		if v := judge.Judge(rule, row, judge.Context{}, now); v.Unsettled() {
			row.Marks = map[string]record.Mark{rule.Name(): {Since: v.Since, First: v.First, System: v.Cause.System, Version: v.Cause.Version}}
		}
		differed := false
		for range 6 {
			now = now.Add(time.Duration(rapid.IntRange(0, 900).Draw(rt, "minutes")) * time.Minute)
			v := judge.Judge(rule, row, judge.Context{}, now)
			if differed && v.Outcome != judge.Differ {
				rt.Fatalf("what differed is %s at %s (%s), although nothing changed", v.Outcome, now, v.Why)
			}
			differed = differed || v.Outcome == judge.Differ
		}
	})
}

func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
