package sim

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
)

// tillState is what the till holds, and what it said when it was asked.
type tillState struct {
	levels   map[string]word
	past     map[string]bool
	answered map[string]bool
}

func (w *world) planTill() {
	w.till = tillState{levels: map[string]word{}, past: map[string]bool{}, answered: map[string]bool{}}
	for n := range 3 {
		item := fmt.Sprintf("item-%d", n+1)
		w.sell(item, w.start.Add(w.between(0, 20*time.Minute, "first "+item)), 0)
		for k := range uint64(skus) {
			w.counted(skuOf(item, k), w.start.Add(w.between(0, time.Hour, "first count of "+skuOf(item, k))), 0)
		}
	}
	for n := range 4 {
		w.customer(fmt.Sprintf("c%d", n+1))
	}
}

// skus is how many an item may have, one at a time.
const skus = 3

func skuOf(item string, n uint64) string { return fmt.Sprintf("TILL-%s-%d", item, n) }

// counted lets the ERP say how much there is of a SKU, whether the till has it or not.
func (w *world) counted(sku string, at time.Time, n int) {
	name := fmt.Sprintf("count %s %d", sku, n)
	if !at.Before(w.faultsEnd()) {
		return
	}
	w.at(at, name, func() {
		amount := fmt.Sprint(w.hash("amount "+name) % amounts)
		w.changed(change{system: "erp", kind: "inventory", key: item(sku), native: "erp-" + sku, facet: "free", value: amount})
	})
	w.counted(sku, at.Add(w.between(time.Hour, 8*time.Hour, "pause "+name)), n+1)
}

// amounts are few, so that systems agree now and then.
const amounts = 3

// sell changes the stock of an item, of which the till says no more than that it
// has changed, and now and then the item's SKU.
func (w *world) sell(item string, at time.Time, n int) {
	name := fmt.Sprintf("till %s %d", item, n)
	if !at.Before(w.faultsEnd()) {
		return
	}
	w.at(at, name, func() {
		if n == 0 || w.draw("sku "+name) < 0.2 {
			w.says(word{Item: item, SKU: skuOf(item, w.hash("sku of "+name)%skus)})
			return
		}
		// The hint has the version of the level that it is about.
		c := w.says(word{Item: item})
		level := *c.says
		level.Amount = fmt.Sprint(w.hash("amount "+name) % amounts)
		w.till.levels[item] = level
		w.till.past[fmt.Sprintf("%s %d %s", item, level.Sequence, level.Amount)] = true
	})
	w.sell(item, at.Add(w.between(time.Second, 90*time.Minute, "pause "+name)), n+1)
}

// customer lets a customer change the address, some of them ask to be forgotten,
// and the till say something of them all the same, as one does that is late.
func (w *world) customer(id string) {
	for n := range 3 {
		name := fmt.Sprintf("customer %s %d", id, n)
		w.at(w.start.Add(w.between(0, time.Duration(w.Hours)*time.Hour, name)), name, func() {
			w.says(word{Customer: id, Address: fmt.Sprintf("hash-of-%s-%d", id, w.hash("address "+name)%2)})
		})
	}
	if w.draw("forget "+id) < 0.6 {
		w.at(w.start.Add(w.between(0, time.Duration(w.Hours)*time.Hour, "forget at "+id)), "forget "+id, func() {
			w.says(word{Customer: id, Forget: true})
		})
	}
}

func (w *world) says(says word) change {
	return w.changed(change{system: "till", native: says.Item + says.Customer, says: &says})
}

// spoken are the words of the till that were queued, the newest of each sort and
// thing. What was only asked for is known by what is queued of fetches.
func (w *world) spoken(accepted []queue.Envelope, sort func(word) bool) map[string]change {
	newest := map[string]change{}
	for _, e := range accepted {
		c, known := w.outside.changes[e.Delivery.ID]
		if !known || c.says == nil || !sort(*c.says) {
			continue
		}
		if before, some := newest[c.native]; !some || c.after(before) {
			newest[c.native] = c
		}
	}
	return newest
}

// movedAway reports whether a view may be dropped, because its link has another
// SKU by now.
func (w *world) movedAway(ctx context.Context, key commerce.Key, v record.View) bool {
	link := commerce.Key{"till", itemLink, v.Native}.ID(commerce.Link)
	rows, err := w.stores.records.Get(ctx, []commerce.RecordID{link})
	if err != nil || v.Via == "" || len(rows[link].Views) == 0 {
		return false
	}
	return rows[link].Views[0].Facets["sku"].String() != key[0]
}

// tillDiffers are the SKUs of which the ERP says another amount than the till, for
// the items that have them in the end.
func (w *world) tillDiffers(rows map[commerce.RecordID]record.Row, accepted []queue.Envelope) map[string]bool {
	truth, differ := w.truth(accepted), map[string]bool{}
	for item, link := range w.spoken(accepted, func(s word) bool { return s.SKU != "" }) {
		sku := link.says.SKU
		counted, known := truth["erp-"+sku]
		for _, v := range rows[commerce.Key{sku, "east"}.ID(commerce.Inventory)].Views {
			if known && v.System == "till" && v.Native == item && v.Facets["available"].String() != counted.value {
				differ["counted "+sku+"@east"] = true
			}
		}
	}
	return differ
}

// checkTill: what was asked for is stored as it was answered, by the SKU that the
// till has for it, and who wanted to be forgotten is (I1, I2, I4, I19).
func (w *world) checkTill(rows map[commerce.RecordID]record.Row, accepted []queue.Envelope) {
	for _, e := range accepted {
		if e.Delivery.Header[platform.FetchedHeader] != "" && !w.till.answered[string(e.Delivery.Body)] {
			w.violated("I2", "%s is queued, and the API did not answer so", e.Delivery.ID)
		}
	}
	live := map[string][]string{}
	for id, row := range rows {
		for _, v := range row.Views {
			if v.System != "till" || row.Kind != commerce.Inventory || v.Gone {
				continue
			}
			live[v.Native] = append(live[v.Native], row.Key[0])
			if p := v.Version.Parts(); !w.till.past[fmt.Sprintf("%s %d %s", v.Native, p.Sequence, v.Facets["available"])] {
				w.violated("I2", "%s shows %v of %s, which never was", id, v.Facets, v.Native)
			}
		}
	}
	links := w.spoken(accepted, func(s word) bool { return s.SKU != "" })
	for item, hint := range w.spoken(accepted, func(s word) bool { return s.Item != "" && s.SKU == "" }) {
		link, known := links[item]
		if !known {
			continue
		}
		if !slices.Contains(live[item], link.says.SKU) {
			w.violated("I4", "%s is stored by the SKUs %v, it has %s", item, live[item], link.says.SKU)
			continue
		}
		row := rows[commerce.Key{link.says.SKU, "east"}.ID(commerce.Inventory)]
		for _, v := range row.Views {
			if v.Native == item && v.Version.Parts().Sequence < hint.sequence {
				w.violated("I1", "%s was told to have changed at %d, and is stored as of %d", item, hint.sequence, v.Version.Parts().Sequence)
			}
		}
	}
	w.checkPersons(rows, accepted)
}

// checkPersons: nothing is left of who wanted to be forgotten, and everybody else
// is known by the newest address (I19).
func (w *world) checkPersons(rows map[commerce.RecordID]record.Row, accepted []queue.Envelope) {
	forgotten := w.spoken(accepted, func(s word) bool { return s.Forget })
	known := map[string]bool{}
	for id, row := range rows {
		if row.Kind != commerce.Customer && row.Kind != commerce.Link {
			continue
		}
		for _, v := range row.Views {
			for person := range forgotten {
				if v.Native == person || strings.Contains(fmt.Sprint(v.Facets), "hash-of-"+person+"-") {
					w.violated("I19", "%s shows %v of %s, who is to be forgotten", id, v.ViewID, person)
				}
			}
			known[v.Native] = known[v.Native] || row.Kind == commerce.Customer && !v.Gone
		}
	}
	for person := range w.spoken(accepted, func(s word) bool { return s.Address != "" }) {
		if _, over := forgotten[person]; !over && !known[person] {
			w.violated("I19", "%s is forgotten, and did not ask for it", person)
		}
	}
}

// staysAway sees to it that nothing of an erased record comes back (I19).
func (w *world) staysAway(before, after record.Row) {
	if !before.Suppressed.IsZero() && (len(after.Views)+len(after.Waiting) > 0 || !after.Suppressed.Equal(before.Suppressed)) {
		w.violated("I19", "%s was erased, and shows %d views", after.ID(), len(after.Views))
	}
}
