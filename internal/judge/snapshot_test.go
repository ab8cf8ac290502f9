package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
)

// TestPresence_AWholeFileSaysWhatIsMissing: a file of all orders of the ERP tells of
// those that should have been there by then, heard or not.
func TestPresence_AWholeFileSaysWhatIsMissing(t *testing.T) {
	paid := commerce.Facets{"payment": commerce.Text("paid"), "cancelled": commerce.Bool(false)}
	for name, c := range map[string]struct {
		covered, snapshot map[string]time.Time
		want              judge.Outcome
	}{
		"no file, and never heard":          {nil, nil, judge.CannotTell},
		"a file from before its time":       {nil, map[string]time.Time{"erp": minutes(20)}, judge.CannotTell},
		"a file from after its time":        {nil, map[string]time.Time{"erp": minutes(60)}, judge.Differ},
		"a file of the other side":          {nil, map[string]time.Time{"shop": minutes(60)}, judge.CannotTell},
		"heard later, and a file after all": {map[string]time.Time{"erp": minutes(30)}, map[string]time.Time{"erp": minutes(60)}, judge.Differ},
	} {
		around := judge.Context{Covered: c.covered, Snapshot: c.snapshot}
		if around.Covered == nil {
			around.Covered = map[string]time.Time{}
		}
		v := judge.Judge(present(t, registry.Present), orderHistory().say(0, "shop", "1", paid).row, around, minutes(99))
		if v.Outcome != c.want || c.want == judge.Differ && v.Class != finding.Missing {
			t.Errorf("%s: %s %s (%s), want %s", name, v.Outcome, v.Class, v.Why, c.want)
		}
	}
}
