package judge_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
)

func TestUnit_SaysWhoCountsDifferentlyFromNowOn(t *testing.T) {
	rule := registry.Rule{
		Integration: "items", ID: "pack", Kind: commerce.Product, From: "erp", To: "wms",
		Check: registry.Equal, Mode: registry.Alert, Settle: registry.Settle{For: time.Hour, By: -1},
		Expect: []registry.Expectation{
			{Facet: "pack", Value: compile(t, commerce.Product, "from.pack", commerce.NumberType)},
			{Facet: "status", Value: compile(t, commerce.Product, "from.status", commerce.TextType)},
		},
	}
	item := func() *history { return rowOf(commerce.Product, "MUG-BLU") }
	counts := func(h *history, minute int, system, pack, status string) *history {
		return h.say(minute, system, system, commerce.Facets{"pack": number(pack), "status": commerce.Text(status)})
	}
	alike := func() *history { return counts(counts(item(), 0, "erp", "1", "active"), 1, "wms", "1", "active") }
	for _, c := range []struct {
		name    string
		history *history
		at      int
		outcome judge.Outcome
		class   finding.Class
		why     string
	}{
		{"both count alike", alike(), 999, judge.Agree, "", ""},
		{"the ERP sells dozens", counts(alike(), 30, "erp", "12", "active"), 90, judge.Differ, finding.UnitChanged, "erp changed the pack from 1 to 12"},
		{"the warehouse does", counts(alike(), 30, "wms", "12", "active"), 90, judge.Differ, finding.UnitChanged, "wms changed the pack from 1 to 12"},
		{"for a moment", counts(alike(), 30, "erp", "12", "active"), 89, judge.Pending, finding.Late, ""},
		{"both do", counts(counts(alike(), 30, "erp", "12", "active"), 60, "wms", "12", "active"), 999, judge.Agree, "", ""},
		{"they never counted alike", counts(counts(item(), 0, "erp", "12", "active"), 1, "wms", "1", "active"), 999, judge.Differ, finding.ValueDiffers, ""},
		{"something else differs as well", counts(alike(), 30, "erp", "12", "archived"), 999, judge.Differ, finding.Late, ""},
		{
			"nobody says how the warehouse counts", counts(item(), 0, "erp", "12", "active").say(1, "wms", "wms", words("status", "active")),
			999, judge.CannotTell, "", "pack of wms is missing",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := judge.Judge(rule, c.history.row, judge.Context{}, minutes(c.at))
			if v.Outcome != c.outcome || v.Class != c.class || c.why != "" && v.Why != c.why {
				t.Errorf("%s %s (%s), want %s %s (%s)", v.Outcome, v.Class, v.Why, c.outcome, c.class, c.why)
			}
		})
	}
}
