package sim

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/signature"
)

// outside is the company: what its systems hold, and what they sent.
type outside struct {
	sent      int
	sequences map[string]uint64
	skew      map[string]time.Duration
	changes   map[string]change // by delivery
}

// change is what one delivery says: the whole record as its system has it now.
type change struct {
	delivery, system, kind string
	key                    map[string]string
	native                 string
	at                     time.Time
	sequence               uint64
	created                time.Time
	gone                   bool
	facet, value           string
	// says is the word of the till, which has its own way to say things.
	says *word
}

// version orders the changes of one native as their system made them.
func (c change) after(o change) bool {
	if !c.at.Equal(o.at) {
		return c.at.After(o.at)
	}
	return c.sequence > o.sequence
}

// plan notes everything that is known beforehand: what people and jobs do in the
// company, the minutes' runs, and what goes wrong.
func (w *world) plan() {
	w.outside = outside{sequences: map[string]uint64{}, skew: map[string]time.Duration{}, changes: map[string]change{}}
	w.history = newHistory()
	for _, system := range []string{"erp", "shop", "till"} {
		w.outside.skew[system] = w.between(-w.Plan.SenderSkew, w.Plan.SenderSkew, "skew of "+system)
	}
	w.planOutages()
	w.planDeploys()
	w.planTicks()
	w.planDecisions()
	w.planTill()
	items := 3 + int(w.hash("items")%4)
	for n := range items {
		w.stock(fmt.Sprintf("SKU-%d", n+1), w.start.Add(w.between(0, 10*time.Minute, fmt.Sprintf("first %d", n))), 0)
	}
	for n := range items {
		w.rush(fmt.Sprintf("SKU-%d", n+1))
	}
	w.order(w.start.Add(w.between(0, 30*time.Minute, "first order")), 1)
	// One from before all orders were known, that the ERP never tells of.
	w.at(w.start.Add(time.Minute), "old order", func() {
		key := map[string]string{"number": "7"}
		w.changed(change{system: "shop", kind: "order", key: key, native: "web-old", facet: "payment", value: "paid", created: covered.Add(-time.Hour)})
	})
}

func (w *world) planTicks() {
	end := w.faultsEnd().Add(rested)
	for n, at := 0, w.start; at.Before(end); n, at = n+1, at.Add(time.Minute) {
		w.planTick(at, n)
	}
	for at := w.start.Add(3 * time.Hour); at.Before(end); at = at.Add(24 * time.Hour) {
		w.at(at, "audit", w.audit)
	}
	for n, at := 0, w.start.Add(2*time.Hour); at.Before(w.faultsEnd()); n, at = n+1, at.Add(w.between(time.Hour, 8*time.Hour, fmt.Sprintf("redrive %d", n))) {
		w.at(at, "redrive", w.redrive)
	}
}

// stock lets the ERP change the stock of an item, the integration pass it on, and
// the next change follow.
func (w *world) stock(sku string, at time.Time, n int) {
	name := fmt.Sprintf("stock %s %d", sku, n)
	if !at.Before(w.faultsEnd()) {
		return
	}
	w.at(at, name, func() {
		amount := fmt.Sprint(w.hash("amount "+name) % 5)
		gone := w.draw("gone "+name) < 0.03
		w.changed(change{system: "erp", kind: "inventory", key: item(sku), native: "erp-" + sku, facet: "free", value: amount, gone: gone})
		if w.draw("forgotten "+name) < 0.2 {
			w.count("changes that the integration loses")
			return
		}
		later := time.Now().Add(w.between(time.Second, 4*time.Minute, "pass "+name))
		w.at(later, "pass "+name, func() {
			w.changed(change{system: "shop", kind: "inventory", key: item(sku), native: "shop-" + sku, facet: "available", value: amount, gone: gone})
		})
	})
	longest := 40 * time.Minute
	if w.hash(sku)%2 == 0 {
		longest = 8 * time.Hour
	}
	pause := w.between(time.Minute, longest, "pause "+name)
	switch u := w.draw("burst " + name); {
	case u < 0.2:
		pause = w.between(0, 2*time.Second, "pause "+name)
	case u < 0.4:
		pause = w.between(0, 100*time.Millisecond, "pause "+name) // as in a flash sale
	}
	w.stock(sku, at.Add(pause), n+1)
}

// rush changes an item, every other one many times at once, the last thing while
// everything fails: nothing comes later that would hide what was lost of it.
func (w *world) rush(sku string) {
	changes := 1
	if w.hash("rush "+sku)%2 == 0 {
		changes = 12
	}
	for n := range changes {
		name := fmt.Sprintf("rush %s %02d", sku, n)
		w.at(w.faultsEnd().Add(time.Duration(n)*time.Millisecond-20*time.Second), name, func() {
			w.changed(change{system: "erp", kind: "inventory", key: item(sku), native: "erp-" + sku, facet: "free", value: fmt.Sprint(w.hash("amount "+name) % 5)})
		})
	}
}

func item(sku string) map[string]string { return map[string]string{"sku": sku, "location": "EAST"} }

// order lets the shop take an order, the ERP get it, and the next one follow.
func (w *world) order(at time.Time, n int) {
	if !at.Before(w.faultsEnd()) {
		return
	}
	name := fmt.Sprintf("order %d", n)
	w.at(at, name, func() {
		key, created := map[string]string{"number": fmt.Sprint(1000 + n)}, time.Now()
		w.changed(change{system: "shop", kind: "order", key: key, native: "web-" + name[6:], facet: "payment", value: "paid", created: created})
		if w.draw("forgotten "+name) < 0.15 {
			w.count("orders that the integration loses")
		} else {
			w.at(created.Add(w.between(time.Second, 28*time.Minute, "pass "+name)), "pass "+name, func() {
				w.changed(change{system: "erp", kind: "order", key: key, native: "so-" + name[6:], facet: "payment", value: "paid", created: created})
			})
		}
		cancelled := created.Add(w.between(time.Minute, 3*time.Hour, "cancel "+name))
		if w.draw("cancelled "+name) < 0.1 && cancelled.Before(w.faultsEnd()) {
			w.at(cancelled, "cancel "+name, func() {
				w.changed(change{system: "shop", kind: "order", key: key, native: "web-" + name[6:], created: created, gone: true})
			})
		}
	})
	w.order(at.Add(w.between(time.Minute, 50*time.Minute, "pause "+name)), n+1)
}

// changed notes a change, and sends it unless the sender loses it for good. It
// returns the change as it is noted.
func (w *world) changed(c change) change {
	o := &w.outside
	o.sent++
	o.sequences[c.system]++
	c.delivery, c.sequence = fmt.Sprintf("msg_%d", o.sent), o.sequences[c.system]
	c.at = time.Now().Add(o.skew[c.system]).Truncate(time.Second).UTC()
	if !c.created.IsZero() {
		c.created = c.created.Truncate(time.Second).UTC()
	}
	if c.says != nil {
		c.says.At, c.says.Sequence = c.at, c.sequence
	}
	w.count("changes")
	if w.chance(w.Plan.NeverSent, "never "+c.delivery) {
		w.count("fault: delivery never sent")
		return c
	}
	o.changes[c.delivery] = c
	w.deliver(c, 1)
	if w.chance(w.Plan.Forged, "forged "+c.delivery) {
		w.forge(c)
	}
	if w.chance(w.Plan.Stale, "stale "+c.delivery) {
		later := time.Now().Add(w.between(time.Minute, 26*time.Hour, "stale again "+c.delivery))
		w.at(minTime(later, w.faultsEnd().Add(rested/2)), "again "+c.delivery, func() {
			w.count("fault: delivery comes again late")
			w.post(c.system, c.delivery, body(c), keyNamed("/sim/"+c.system), func(int) {})
		})
	}
	return c
}

// body is the change as its system writes it: the till in its own words, the
// others in the standard format.
func body(c change) []byte {
	if c.says != nil {
		text, _ := json.Marshal(c.says)
		return text
	}
	record := map[string]any{"kind": c.kind, "key": c.key, "id": c.native, "updated_at": c.at, "sequence": c.sequence}
	if !c.created.IsZero() {
		record["created_at"] = c.created
	}
	if c.gone {
		record["gone"] = true
	} else {
		record["facets"] = map[string]string{c.facet: c.value}
	}
	// Texts, times and numbers always have a JSON form.
	text, _ := json.Marshal(map[string]any{"type": "records.reported", "records": []any{record}})
	return text
}

// deliver sends a change until it is acknowledged.
func (w *world) deliver(c change, try int) {
	name := fmt.Sprintf("%s try %d", c.delivery, try)
	again := func() {
		w.at(time.Now().Add(w.between(time.Second, time.Duration(min(try, 8))*3*time.Minute, "retry "+name)), "retry "+name, func() { w.deliver(c, try+1) })
	}
	if w.chance(w.Plan.LostRequest, "request "+name) {
		w.count("fault: request lost")
		again()
		return
	}
	w.post(c.system, c.delivery, body(c), keyNamed("/sim/"+c.system), func(status int) {
		switch {
		case status >= http.StatusMultipleChoices || status == 0:
			again()
		case w.chance(w.Plan.LostAnswer, "answer "+name):
			w.count("fault: answer lost")
			again()
		}
	})
}

// post posts a body signed with the key. Answered is called with the status, or
// with 0 when there is no answer.
func (w *world) post(system, id string, body []byte, key string, answered func(status int)) {
	at := time.Now()
	header := signature.SignWebhook(id, at.Add(w.outside.skew[system]), body, signature.WebhookKey(key))
	status := 0
	w.invoke(contract.Receive, contract.Timeout(contract.Receive), func(ctx context.Context, i *instance) func() {
		answer := i.receive.Receive(ctx, system, platform.Request{Method: http.MethodPost, Header: header, Body: body, Received: i.now()})
		return func() {
			status = answer.Code()
			if status < http.StatusMultipleChoices {
				w.history.acknowledged[id] = true
			}
		}
	}, func() { answered(status) })
}

// forge posts a change that nobody made, signed by somebody else.
func (w *world) forge(c change) {
	w.count("fault: forged delivery")
	c.key, c.native, c.value = maps.Clone(c.key), "forged-"+c.native, "99"
	c.at = c.at.Add(time.Hour)
	w.at(time.Now().Add(w.between(0, time.Minute, "forged at "+c.delivery)), "forged "+c.delivery, func() {
		w.post(c.system, "forged_"+c.delivery, body(c), keyNamed("another"), func(status int) {
			if status != 0 && status < http.StatusMultipleChoices {
				w.violated("I2", "a forged delivery is answered with %d", status)
			}
		})
	})
}

// redrive brings back all dead letters.
func (w *world) redrive() {
	for _, q := range contract.Queues() {
		w.queues[q.Name].redrive()
	}
}

// calm ends the faults: outages are over by then, dead letters come back.
func (w *world) calm() {
	w.at(time.Now().Add(20*time.Minute), "redrive", w.redrive)
	w.at(time.Now().Add(40*time.Minute), "redrive", w.redrive)
}
