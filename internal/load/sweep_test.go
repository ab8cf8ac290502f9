package load_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
)

// pulled tells a stock level as a reading of the API does.
func (w *world) pulled(t testing.TB, i, available int, changed time.Time) {
	t.Helper()
	o := commerce.Observation{
		System: "shop", Kind: commerce.Inventory, Key: commerce.Key{sku(i), "east"}, Part: "level", Native: native(i), Slot: "501",
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(int64(available)))},
	}
	o.Stamp(commerce.VersionParts{Clock: changed, ReadBack: true})
	w.sent++
	body, err := queue.Encode(queue.Envelope{
		Delivery:     commerce.Delivery{ID: commerce.PulledID(fmt.Sprint(w.sent)), System: "shop", Received: w.now, Body: []byte("{}")},
		Observations: []commerce.Observation{o}, Generation: w.registry.Generation,
	})
	if err != nil {
		t.Fatal(err)
	}
	if failed := w.merge.Merge(t.Context(), []merge.Message{{ID: "m", Body: body, Receives: 1}}); len(failed) > 0 {
		t.Fatal("not merged")
	}
}

func native(i int) string { return fmt.Sprintf("%d/501", 9000+i) }

// sweep is a reading of the levels at 501 that began now and found these.
func (w *world) sweep(t testing.TB, found ...int) load.Sweep {
	t.Helper()
	var keys []byte
	for _, i := range found {
		keys = load.AppendKey(keys, "level", native(i))
	}
	name := load.ChunkName(keys)
	if err := w.files.Put(t.Context(), name, keys); err != nil {
		t.Fatal(err)
	}
	return load.Sweep{
		System: "shop", Kind: commerce.Inventory, List: "levels/501", Parts: []string{"level"}, Slot: "501", Complete: true, Told: true,
		AsOf: w.now, Records: len(found), Chunks: []string{name},
	}
}

// concluded lets follow what follows from the sweep, and returns its certificate.
func (w *world) concluded(t testing.TB, s load.Sweep) load.Certificate {
	t.Helper()
	if err := w.loads.Send(t.Context(), s.Message()); err != nil {
		t.Fatal(err)
	}
	w.run(t)
	for _, c := range w.certificates(t) {
		if c.AsOf.Equal(s.AsOf) && c.List == s.List {
			return c
		}
	}
	t.Fatal("no certificate")
	return load.Certificate{}
}

func TestSweep_WhatAReadingOfEverythingLacksIsGone(t *testing.T) {
	w := newWorld(t)
	w.heard(t, 5)
	s := w.sweep(t, 0, 2)
	w.now = w.now.Add(time.Minute)
	w.hookAt(t, 3, 99, w.now)                      // changed while it was read
	w.hookAt(t, 4, 98, s.AsOf.Add(-5*time.Minute)) // within what clocks may differ
	c := w.concluded(t, s)
	if got := w.stock(t, 5); got != "10 - 12 99 98" {
		t.Errorf("stock %s", got)
	}
	if !c.Concludes || c.Gone != 1 || c.Keys != 2 || c.AsOfFrom != load.FromReading || c.State != load.Done {
		t.Errorf("certificate %+v", c)
	}
	if again := w.concluded(t, s); again.Gone != 1 || len(w.certificates(t)) != 1 {
		t.Errorf("sent twice: %+v", w.certificates(t))
	}
	marks, err := w.findings.GetMarks(t.Context(), []string{"snapshot|shop|inventory", "file|shop|inventory"})
	if err != nil || len(marks) > 0 {
		t.Errorf("one location covers its kind, or is a file: %v, %v", marks, err)
	}
}

func TestSweep_AnotherSlotAndAnotherPartStay(t *testing.T) {
	w := newWorld(t)
	w.heard(t, 2)
	west := commerce.Observation{
		System: "shop", Kind: commerce.Inventory, Key: commerce.Key{sku(0), "west"}, Part: "level", Native: "9000/502", Slot: "502",
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(4))},
	}
	w.tell(t, west, nine.Add(-time.Hour))
	cost := commerce.Observation{
		System: "shop", Kind: commerce.Inventory, Key: commerce.Key{sku(0), "east"}, Part: "cost", Native: "9000/501", Slot: "501",
		Facets: commerce.Facets{"available": commerce.Number(commerce.Int(1))},
	}
	w.tell(t, cost, nine.Add(-time.Hour))
	if c := w.concluded(t, w.sweep(t, 1)); c.Gone != 1 {
		t.Errorf("certificate %+v", c)
	}
	rows, err := w.records.Get(t.Context(), []commerce.RecordID{west.Key.ID(west.Kind)})
	if err != nil || !rows[west.Key.ID(west.Kind)].SideOf("shop").Live || w.available(t, 0) != "1" {
		t.Errorf("west live %v, the other part shows %s, %v", rows[west.Key.ID(west.Kind)].SideOf("shop").Live, w.available(t, 0), err)
	}
}

func TestSweep_OnlyAWholeReadingConcludes(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*load.Sweep)
		why    string
	}{
		"a page that was not found":         {func(s *load.Sweep) { s.Void = "a page was not found" }, "not everything was read: a page was not found"},
		"a list of some":                    {func(s *load.Sweep) { s.Complete = false }, "does not hold everything"},
		"nothing on it":                     {func(s *load.Sweep) { s.Chunks, s.Records = nil, 0 }, "the list is empty"},
		"pages with numbers, the first one": {func(s *load.Sweep) { s.Numbered = true }, "no reading before it is kept"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.heard(t, 3)
			s := w.sweep(t, 0, 2)
			c.change(&s)
			got := w.concluded(t, s)
			if got.Concludes || got.Gone > 0 || !strings.Contains(got.Why, c.why) || got.State != load.Done || w.stock(t, 3) != "10 11 12" {
				t.Errorf("stock %s, certificate %+v", w.stock(t, 3), got)
			}
		})
	}
}

// A page by number moves up when a record is removed: the first of the next page
// slips to one that has been read.
func TestSweep_WhatSlippedBetweenTwoPagesIsNotGone(t *testing.T) {
	w := newWorld(t)
	w.heard(t, 4)
	numbered := func(found ...int) load.Certificate {
		s := w.sweep(t, found...)
		s.Numbered = true
		c := w.concluded(t, s)
		w.now = s.AsOf.Add(24 * time.Hour)
		return c
	}
	numbered(0, 1, 2)   // 3 was removed
	c := numbered(0, 2) // 1 slipped
	if got := w.stock(t, 4); got != "10 11 12 -" || c.Gone != 1 {
		t.Errorf("stock %s, certificate %+v", got, c)
	}
	w.hookAt(t, 3, 77, w.now.Add(-2*time.Hour)) // told between the two readings
	if c := numbered(0, 2); c.Gone != 1 || w.stock(t, 4) != "10 - 12 77" {
		t.Errorf("stock %s, certificate %+v", w.stock(t, 4), c)
	}
}

func TestSweep_AChangeThatOnlyAReadingToldIsALostWebhook(t *testing.T) {
	w := newWorld(t)
	w.heard(t, 4)
	first := w.concluded(t, w.sweep(t, 0, 1, 2, 3))
	if first.Lost+first.Told > 0 {
		t.Errorf("the first reading knows nothing of before: %+v", first)
	}
	w.now = nine.Add(2 * time.Hour)
	w.hook(t, 0, 20)
	w.pulled(t, 1, 21, w.now)                   // never told
	w.pulled(t, 2, 22, w.now)                   // told later
	w.pulled(t, 3, 13, w.now.Add(-4*time.Hour)) // older than what is known
	w.now = w.now.Add(time.Minute)
	w.hookAt(t, 2, 22, w.now.Add(-time.Minute))
	w.now = nine.Add(24 * time.Hour)
	c := w.concluded(t, w.sweep(t, 0, 1, 2, 3))
	if c.Lost != 1 || c.Told != 2 || c.Gone != 0 || len(c.Samples) != 1 || c.Samples[0] != sku(1)+"@east" {
		t.Errorf("certificate %+v", c)
	}
	if why := w.noted(t, "lost", "inventory@501"); !strings.Contains(why, "1 of 3 changes of stock levels") {
		t.Errorf("noted %q", why)
	}
	w.now = nine.Add(48 * time.Hour)
	w.hook(t, 1, 31)
	w.now = nine.Add(72 * time.Hour)
	if c := w.concluded(t, w.sweep(t, 0, 1, 2, 3)); c.Lost != 0 || c.Told != 1 || w.noted(t, "lost", "inventory@501") != "" {
		t.Errorf("nothing is lost twice: %+v", c)
	}
}

func TestSweep_ASystemWithoutWebhooksLosesNone(t *testing.T) {
	w := newWorld(t)
	w.pulled(t, 0, 10, nine.Add(-time.Hour))
	w.concluded(t, w.sweep(t, 0))
	w.now = nine.Add(12 * time.Hour)
	w.pulled(t, 0, 11, w.now)
	w.now = nine.Add(24 * time.Hour)
	w.concluded(t, w.sweep(t, 0))
	if why := w.noted(t, "lost", "inventory@501"); why != "" {
		t.Errorf("noted %q", why)
	}
}

// Wherever it is killed, what follows from a sweep is the same.
func TestSweep_KilledAnywhereConcludesTheSame(t *testing.T) {
	whole := func(at int, after bool) (stock string, c load.Certificate, calls int) {
		w := newWorld(t)
		w.heard(t, 30)
		w.mortal(&reaper{at: at, after: after})
		var found []int
		for i := range 30 {
			if i%3 > 0 {
				found = append(found, i)
			}
		}
		c = w.concluded(t, w.sweep(t, found...))
		return w.stock(t, 30), c, w.reaper.calls
	}
	stock, want, calls := whole(-1, false)
	if want.Gone != 10 {
		t.Fatalf("certificate %+v", want)
	}
	for at := 1; at <= calls; at++ {
		for _, after := range []bool{false, true} {
			if got, c, _ := whole(at, after); got != stock || c.Gone != want.Gone || !c.Concludes {
				t.Errorf("killed at call %d, after it %t: stock %s, %+v", at, after, got, c)
			}
		}
	}
}
