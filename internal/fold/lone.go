package fold

import (
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// MaxLone bounds the SKUs that a fold keeps of one rule.
const MaxLone = 200

// lone notes the SKU of a stock level that a rule expects in To and To never told
// of, where nothing says when it came to be: a record alone cannot tell. Of many
// the first in alphabetical order are kept, so that the order of rows and parts
// makes no difference.
func (f *Fold) lone(rule registry.Rule, row record.Row, v judge.Verdict) {
	if rule.Kind != commerce.Inventory || !rule.Check.Presence() || v.Outcome != judge.CannotTell {
		return
	}
	if from, to := row.SideOf(rule.From), row.SideOf(rule.To); from.Live && !to.Known {
		f.addLone(rule.Name(), []string{row.Key[0]})
	}
}

func (f *Fold) addLone(rule string, skus []string) {
	if f.Lone == nil {
		f.Lone = map[string][]string{}
	}
	all := append(slices.Clone(f.Lone[rule]), skus...)
	slices.Sort(all)
	all = slices.Compact(all)
	f.Lone[rule] = all[:min(len(all), MaxLone)]
}
