package sim

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/queue"
)

// arrival is a change as it was received.
type arrival struct {
	change
	received time.Time
}

// promptly is how soon a delivery has to be merged after its receipt if what it
// says is to be known in time.
const promptly = 10 * time.Second

// checkLag: nothing opened inside the settle time (I13). What counts is when
// changes were received; where Plumbline itself was behind with them, or took
// them in another order, it could not know.
func (w *world) checkLag(findings []finding.Finding, accepted []queue.Envelope) {
	pairs := map[string][]arrival{}
	for _, e := range accepted {
		if c, ours := w.outside.changes[e.Delivery.ID]; ours {
			pairs[c.pair()] = append(pairs[c.pair()], arrival{c, e.Delivery.Received})
		}
	}
	for _, arrivals := range pairs {
		slices.SortFunc(arrivals, func(a, b arrival) int {
			return cmp.Or(a.received.Compare(b.received), cmp.Compare(a.delivery, b.delivery))
		})
	}
	for _, f := range findings {
		name := f.Rule + " " + f.Key.Text(f.Kind)
		arrivals := pairs[name]
		if !f.Told() || len(arrivals) == 0 || f.Class == finding.NeverSettles {
			continue
		}
		agreed, known := w.lastAgreed(arrivals, f.Opened)
		if settle := w.leastSettle(f.Rule); known && f.Opened.Sub(agreed) < settle-4*w.Plan.Skew-time.Second {
			w.violated("I13", "%s opened at %s, %s after the sides agreed: %s, since %s, %s", name, f.Opened.Sub(w.start), f.Opened.Sub(agreed), f.Class, f.Since.Sub(w.start), w.tale(arrivals))
		}
	}
}

// lastAgreed is when the sides last ceased to agree before a time, by receipt. It
// is not known where something of the settle time before was merged late, or
// something of any time only afterwards: a dead letter holds openings for an hour.
func (w *world) lastAgreed(arrivals []arrival, before time.Time) (last time.Time, known bool) {
	newest, left, became := map[string]change{}, map[string]time.Time{}, map[string]time.Time{}
	last, agrees := w.start, true
	for _, a := range arrivals {
		if a.received.After(before) {
			break
		}
		merged, done := w.history.merged[a.delivery]
		late := !done || merged.Sub(a.received) > promptly
		if before.Sub(a.received) < time.Hour && late || done && merged.After(before) {
			return last, false
		}
		if old, some := newest[a.native]; some && !a.after(old) {
			if before.Sub(a.received) < time.Hour {
				return last, false
			}
			continue
		}
		if old := newest[a.native]; old.value != a.value || old.gone != a.gone {
			left[old.system+" "+old.value] = a.received
			became[a.system] = a.received
		}
		newest[a.native] = a.change
		now := !differs(newest)
		if agrees && !now {
			last = a.received
		}
		agrees = now
	}
	if agrees {
		last = before
	}
	// What one side shows the other may have shown and left: then the change that
	// it has not followed is as old as that. Of an order it is the shop's last one.
	for _, c := range newest {
		at, some := left[map[string]string{"erp": "shop", "shop": "erp"}[c.system]+" "+c.value]
		if c.kind == "order" {
			at, some = became["shop"]
		}
		if some && at.Before(last) {
			last = at
		}
	}
	return last, true
}

func (w *world) leastSettle(rule string) time.Duration {
	least := time.Duration(0)
	for _, i := range w.deploy.current.Integrations {
		for _, r := range i.Rules {
			if r.ID == rule {
				least = r.Settle.For
			}
		}
	}
	// A deployment may have made it longer by up to ten minutes.
	return min(least, map[string]time.Duration{"stock": 5 * time.Minute, "order-in-erp": 30 * time.Minute}[rule])
}

// pair names the record that a change is about, and the rule that judges it.
func (c change) pair() string {
	if c.kind == "order" {
		return "order-in-erp shop/" + c.key["number"]
	}
	return "stock " + c.key["sku"] + "@east"
}

// differs judges the newest changes of a record's natives by brute force.
func differs(newest map[string]change) bool {
	var shop, erp *change
	for _, c := range newest {
		if c.system == "shop" {
			shop = &c
		} else {
			erp = &c
		}
	}
	has := func(c *change) bool { return c != nil && !c.gone }
	switch {
	case shop == nil:
		return false
	case shop.kind == "order":
		return has(shop) != has(erp) && (erp != nil || !shop.created.Before(covered))
	default:
		return has(shop) && has(erp) && shop.value != erp.value
	}
}

// covered is since when all orders are known, as the registry says.
var covered = time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC)

// tale tells what was received of a record, and when.
func (w *world) tale(arrivals []arrival) string {
	text := ""
	for _, a := range arrivals {
		text += fmt.Sprintf("\n\t%s %s %s#%d %q gone %t, merged %s later", a.received.Sub(w.start), a.delivery, a.native, a.sequence, a.value, a.gone, w.history.merged[a.delivery].Sub(a.received))
	}
	return text
}
