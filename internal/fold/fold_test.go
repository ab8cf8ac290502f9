package fold_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

var tuesday = time.Date(2026, 3, 3, 3, 0, 0, 0, time.UTC)

// judged is a row with one verdict of one of two rules.
type judged struct {
	rule registry.Rule
	row  record.Row
	v    judge.Verdict
}

func anyJudged(t *rapid.T) judged {
	rule := registry.Rule{Integration: "acme", ID: rapid.SampledFrom([]string{"stock", "price"}).Draw(t, "rule"), From: "erp", To: "shop"}
	row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{"MUG", rapid.SampledFrom([]string{"east", "west"}).Draw(t, "location")}}
	for _, system := range []string{"erp", "shop"} {
		at := tuesday.Add(time.Duration(rapid.IntRange(-1000, -1).Draw(t, "minute")) * time.Minute)
		row.Views = append(row.Views, record.View{ViewID: record.ViewID{System: system}, Received: at})
	}
	if rapid.Bool().Draw(t, "learns") {
		rule.Settle = registry.Settle{By: -1, Learn: registry.Learn{To: time.Hour}}
		took := time.Duration(rapid.IntRange(1, 9999).Draw(t, "took")) * time.Second
		row.Lessons = map[string]record.Lesson{rule.Name(): {Settled: tuesday.Add(-time.Hour), Took: took}}
	}
	if rapid.Bool().Draw(t, "steps") {
		rule.Segment, rule.Expect = []string{"location"}, []registry.Expectation{{Facet: "available"}}
		lesson := row.Lessons[rule.Name()]
		lesson.Leak.Moved = commerce.Int(rapid.Int64Range(-9, 9).Draw(t, "moved"))
		lesson.Leak.MovedAt = tuesday.Add(-time.Duration(rapid.IntRange(1, 30).Draw(t, "ago")) * time.Hour)
		row.Lessons = map[string]record.Lesson{rule.Name(): lesson}
	}
	if rapid.Bool().Draw(t, "open") {
		row.Marks = map[string]record.Mark{rule.Name(): {Open: "f-1"}}
	}
	v := judge.Verdict{Outcome: rapid.SampledFrom([]judge.Outcome{judge.Agree, judge.Differ, judge.Pending, judge.CannotTell}).Draw(t, "outcome")}
	v.Since = tuesday.Add(-time.Duration(rapid.IntRange(1, 99).Draw(t, "waits")) * time.Minute)
	if v.Outcome == judge.CannotTell {
		v.Why = fmt.Sprintf("the reason at %02d:00", rapid.IntRange(0, 23).Draw(t, "hour"))
	}
	return judged{rule, row, v}
}

func folded(of []judged) fold.Fold {
	f := fold.Fold{After: tuesday.AddDate(0, 0, -1), Until: tuesday}
	for _, j := range of {
		f.Seen(j.row)
		f.Row(j.rule, j.row, j.v, tuesday)
	}
	return f
}

// However the rows are parted, and in whatever order the parts merge, each
// through JSON, the whole is the same.
func TestFold_PartsMergeIntoTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(anyJudged), 0, 20).Draw(t, "rows")
		parts := make([][]judged, 4)
		for _, j := range rows {
			i := rapid.IntRange(0, 3).Draw(t, "part")
			parts[i] = append(parts[i], j)
		}
		var whole fold.Fold
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order") {
			body, err := json.Marshal(folded(parts[i]))
			if err != nil {
				t.Fatal(err)
			}
			var part fold.Fold
			if err := json.Unmarshal(body, &part); err != nil {
				t.Fatal(err)
			}
			whole.Merge(part)
		}
		exact := cmp.Comparer(func(a, b commerce.Decimal) bool { return a == b })
		if diff := cmp.Diff(folded(rows), whole, exact); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestFold_ReasonsDifferByTheirWordsAlone(t *testing.T) {
	var f fold.Fold
	rule := registry.Rule{Integration: "acme", ID: "stock"}
	for minute := range 60 {
		f.Row(rule, record.Row{}, judge.Verdict{Outcome: judge.CannotTell, Why: fmt.Sprintf("unread at 09:%02d UTC", minute)}, tuesday)
	}
	if diff := cmp.Diff(map[string]int{"unread at ##:## UTC": 60}, f.Rules["acme/stock"].Unknown); diff != "" {
		t.Error(diff)
	}
	for c := 'a'; c <= 'z'; c++ {
		f.Row(rule, record.Row{}, judge.Verdict{Outcome: judge.CannotTell, Why: string(c)}, tuesday)
	}
	unknown, all := f.Rules["acme/stock"].Unknown, 0
	for _, n := range unknown {
		all += n
	}
	if len(unknown) != 16 || all != 86 || unknown["unread at ##:## UTC"] != 60 || unknown[fold.Others] != 12 {
		t.Errorf("%v", unknown)
	}
}

func TestFold_AMomentBelongsToOneWalk(t *testing.T) {
	yesterday := fold.Fold{Until: tuesday.AddDate(0, 0, -1)}
	today := fold.Fold{After: yesterday.Until, Until: tuesday}
	for _, c := range []struct {
		at               time.Time
		yesterday, today bool
	}{
		{time.Time{}, false, false},
		{yesterday.Until.Add(-time.Second), true, false},
		{yesterday.Until, false, true},
		{tuesday.Add(-time.Second), false, true},
		{tuesday, false, false},
	} {
		if yesterday.Within(c.at) != c.yesterday || today.Within(c.at) != c.today {
			t.Errorf("%s: yesterday %t, today %t", c.at, yesterday.Within(c.at), today.Within(c.at))
		}
	}
}

func TestFold_WaitsAreThoseSinceTheWalkBefore(t *testing.T) {
	rule := registry.Rule{Integration: "acme", ID: "stock", Kind: commerce.Inventory, Settle: registry.Settle{By: -1, Learn: registry.Learn{To: time.Hour}}}
	row := func(settled time.Time, open string) record.Row {
		return record.Row{
			Kind: commerce.Inventory, Key: commerce.Key{"MUG", "east"},
			Lessons: map[string]record.Lesson{"acme/stock": {Settled: settled, Took: 5 * time.Minute}},
			Marks:   map[string]record.Mark{"acme/stock": {Open: open}},
		}
	}
	pending := judge.Verdict{Outcome: judge.Pending, Since: tuesday.Add(-10 * time.Minute)}
	agree := judge.Verdict{Outcome: judge.Agree}
	for _, c := range []struct {
		name           string
		row            record.Row
		v              judge.Verdict
		shown, waiting float64
	}{
		{"shown since", row(tuesday.Add(-time.Hour), ""), agree, 1, 0},
		{"shown before", row(tuesday.AddDate(0, 0, -2), ""), agree, 0, 0},
		{"shown while the walk goes on", row(tuesday, ""), agree, 0, 0},
		{"shown before, waits now", row(tuesday.AddDate(0, 0, -2), ""), pending, 0, 1},
		{"a finding is open of what waits", row(time.Time{}, "f-1"), pending, 0, 0},
		{"began to wait while the walk goes on", row(time.Time{}, ""), judge.Verdict{Outcome: judge.Pending, Since: tuesday.Add(time.Second)}, 0, 0},
		{"nothing can be told", row(time.Time{}, ""), judge.Verdict{Outcome: judge.CannotTell, Since: tuesday.Add(-time.Hour)}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fold.Fold{After: tuesday.AddDate(0, 0, -1), Until: tuesday}
			f.Row(rule, c.row, c.v, tuesday)
			for _, segment := range []string{"", "east"} {
				w := f.Rules["acme/stock"].Waits[segment]
				if w.Shown.Weight() != c.shown || w.Waiting.Weight() != c.waiting {
					t.Errorf("segment %q: %+v", segment, w)
				}
			}
		})
	}
}
