package fold_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

func level(sku string, systems ...string) record.Row {
	row := record.Row{Kind: commerce.Inventory, Key: commerce.Key{sku, "east"}}
	for _, s := range systems {
		row.Views = append(row.Views, record.View{ViewID: record.ViewID{System: s, Native: sku}})
	}
	return row
}

var known = registry.Rule{Integration: "count", ID: "known-sku", Kind: commerce.Inventory, Check: registry.Present, From: "wms", To: "erp"}

func TestFold_KeepsSKUsThatOneSystemAloneTellsOf(t *testing.T) {
	unknown := judge.Verdict{Outcome: judge.CannotTell}
	equal := known
	equal.Check = registry.Equal
	for name, c := range map[string]struct {
		rule registry.Rule
		row  record.Row
		v    judge.Verdict
		want []string
	}{
		"one system alone":                  {known, level("MUG", "wms"), unknown, []string{"MUG"}},
		"both":                              {known, level("MUG", "wms", "erp"), unknown, nil},
		"the other one alone":               {known, level("MUG", "erp"), unknown, nil},
		"a rule that compares":              {equal, level("MUG", "wms"), unknown, nil},
		"one that the condition leaves out": {known, level("MUG", "wms"), judge.Verdict{Outcome: judge.NotJudged}, nil},
		"a finding of its own":              {known, level("MUG", "wms"), judge.Verdict{Outcome: judge.Differ}, nil},
	} {
		var f fold.Fold
		f.Row(c.rule, c.row, c.v, time.Time{})
		if got := f.Lone[c.rule.Name()]; !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestFold_KeepsTheSameSKUsHoweverAWalkIsParted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var whole fold.Fold
		parts := make([]fold.Fold, 4)
		for range rapid.IntRange(0, 2*fold.MaxLone).Draw(rt, "rows") {
			sku := fmt.Sprintf("SKU-%03d", rapid.IntRange(0, 400).Draw(rt, "sku"))
			part := &parts[rapid.IntRange(0, 3).Draw(rt, "part")]
			for _, f := range []*fold.Fold{&whole, part} {
				f.Row(known, level(sku, "wms"), judge.Verdict{Outcome: judge.CannotTell}, time.Time{})
			}
		}
		var merged fold.Fold
		for _, part := range parts {
			merged.Merge(part)
		}
		if !slices.Equal(whole.Lone[known.Name()], merged.Lone[known.Name()]) {
			rt.Fatalf("%d and %d SKUs", len(whole.Lone[known.Name()]), len(merged.Lone[known.Name()]))
		}
	})
}
