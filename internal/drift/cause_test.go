package drift_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// twoViews are two integrations that look at the same orders: one passes them from
// the shop to the ERP, the other from the given system to the given one.
func twoViews(from, to string) *registry.Registry {
	r := refunding(24 * time.Hour)
	r.Systems["wms"] = registry.System{Name: "wms"}
	r.Integrations = append(r.Integrations, registry.Integration{
		Name: "fulfilment", Owner: registry.Owner{Team: "warehouse"}, From: from, To: to,
		Rules: []registry.Rule{{
			Integration: "fulfilment", ID: "units", Kind: commerce.Order, From: from, To: to,
			Check: registry.Equal, Mode: registry.Alert, Severity: "major", Settle: registry.Settle{For: 30 * time.Minute, By: -1},
			Expect: []registry.Expectation{{Facet: "units_current", Value: compile(commerce.Order, "from.units_current", commerce.NumberType)}},
		}},
	})
	return r
}

// What several rules see of one change is told by the integration that should have
// passed it on. Two that should both have are two causes.
func TestCause_OneChangeThatSeveralRulesSeeIsOneAlert(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to string
		want     []string
	}{
		{"one passes it on, the other sees what follows", "wms", "shop", []string{"orders of fulfilment/units orders/order-money"}},
		{"both should pass it on", "shop", "wms", []string{"fulfilment of fulfilment/units", "orders of orders/order-money"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(twoViews(c.from, c.to))
			for _, system := range []string{"shop", "erp", "wms"} {
				w.tell(t, commerce.Order, system, map[string]int64{"total_current": 100, "units_current": 1})
			}
			w.now = at(9, 10)
			w.tell(t, commerce.Order, "shop", map[string]int64{"total_current": 200, "units_current": 2})
			w.until(t, at(10, 0))
			if diff := cmp.Diff(c.want, w.tellers(t)); diff != "" {
				t.Errorf("alerts (-want +got):\n%s", diff)
			}
			if a := w.alerts(t)[0]; len(c.want) == 1 && a.Severity != "major" {
				t.Errorf("severity %q, want that of the graver rule", a.Severity)
			}
			for _, system := range []string{"erp", "wms"} {
				w.tell(t, commerce.Order, system, map[string]int64{"total_current": 200, "units_current": 2})
			}
			w.until(t, at(10, 10))
			for _, a := range w.alerts(t) {
				if a.Open() > 0 || a.Published != a.Seq {
					t.Errorf("%s: %d open, published %d of %d", a.Integration, a.Open(), a.Published, a.Seq)
				}
			}
		})
	}
}

// tellers lists each alert's integration and the rules of what it tells.
func (w *world) tellers(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, a := range w.alerts(t) {
		var rules []string
		for _, m := range a.Members {
			rules = append(rules, ruleOf(a, m))
		}
		slices.Sort(rules)
		all = append(all, a.Integration+" of "+strings.Join(rules, " "))
	}
	slices.Sort(all)
	return all
}

func ruleOf(a alert.Alert, m alert.Member) string {
	if m.Also != nil {
		return m.Also.Integration + "/" + m.Also.Rule
	}
	return a.Integration + "/" + a.Rule
}
