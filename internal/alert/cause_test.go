package alert_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// pool is the alerts of one rule and class, with findings that open and a
// minute that publishes.
type pool struct {
	alerts []alert.Alert
	opened int
}

func (p *pool) open(t alert.Traits) string {
	p.opened++
	m := member(fmt.Sprintf("SKU-%d", p.opened), "09:14")
	m.Traits, m.Opened = t, at("09:30").Add(time.Duration(p.opened)*time.Second)
	i := alert.Choose(p.current(), t)
	if i < 0 {
		p.alerts = append(p.alerts, alert.Alert{ID: fmt.Sprintf("a%d", p.opened), JoinUntil: at("23:00")})
		i = len(p.alerts) - 1
	} else {
		i = p.index(p.current()[i].ID)
	}
	p.alerts[i], _ = alert.Join(p.alerts[i], m, m.Opened)
	return m.Finding
}

func (p *pool) index(id string) int {
	return slices.IndexFunc(p.alerts, func(a alert.Alert) bool { return a.ID == id })
}

func (p *pool) current() []alert.Alert {
	return slices.DeleteFunc(slices.Clone(p.alerts), func(a alert.Alert) bool { return !a.Takes(at("10:00")) })
}

func (p *pool) publish() {
	for from, to := range alert.Gather(p.current()) {
		f, t := p.index(from), p.index(to)
		left := alert.Leave(p.alerts[f], to)
		p.alerts[t] = alert.Absorb(alert.Absorb(p.alerts[t], left), left)
		p.alerts[f] = alert.Emptied(left)
	}
	for i, a := range p.alerts {
		p.alerts[i].Published = a.Seq
	}
}

// told are the findings of each alert that people see.
func (p *pool) told() [][]string {
	var all [][]string
	for _, a := range p.alerts {
		if a.Into == "" {
			var ids []string
			for id := range findingIDs(a) {
				ids = append(ids, id)
			}
			slices.Sort(ids)
			all = append(all, ids)
		}
	}
	return all
}

func traits(location, delivery string) alert.Traits {
	t := alert.Traits{}
	for d, value := range map[alert.Dimension]string{alert.ByLocation: location, alert.ByDelivery: delivery} {
		if value != "" {
			t[d] = value
		}
	}
	return t
}

func TestChoose_FindingsOfOneCauseAreOneAlert(t *testing.T) {
	many := func(n int, t alert.Traits) []alert.Traits { return slices.Repeat([]alert.Traits{t}, n) }
	own := func(location string, n int) (all []alert.Traits) {
		for i := range n {
			all = append(all, traits(location, fmt.Sprintf("%s-%d", location, i)))
		}
		return all
	}
	for _, c := range []struct {
		name string
		// minutes are the findings that open in each of them.
		minutes [][]alert.Traits
		want    []int
	}{
		{"one location", [][]alert.Traits{own("east", 7)}, []int{7}},
		{"one location, minute by minute", [][]alert.Traits{own("east", 1), own("east", 3), own("east", 9)}, []int{13}},
		{"a few here and there", [][]alert.Traits{slices.Concat(own("east", 2), own("west", 2))}, []int{4}},
		{"one here, then one there", [][]alert.Traits{own("east", 1), own("west", 1), own("north", 1)}, []int{3}},
		{"two locations at once", [][]alert.Traits{slices.Concat(own("east", 5), own("west", 5))}, []int{5, 5}},
		{"many at one location, few at another", [][]alert.Traits{slices.Concat(own("east", 9), own("west", 2))}, []int{9, 2}},
		{"many at one location, later some at another", [][]alert.Traits{own("east", 9), own("west", 2), own("west", 4)}, []int{9, 6}},
		{"many at one location, later a few at two others", [][]alert.Traits{own("east", 9), slices.Concat(own("west", 2), own("north", 2))}, []int{9, 4}},
		{"three locations at once", [][]alert.Traits{slices.Concat(own("east", 5), own("west", 5), own("north", 5))}, []int{15}},
		{"a third location later", [][]alert.Traits{slices.Concat(own("east", 5), own("west", 6)), own("north", 7), own("south", 8)}, []int{20, 6}},
		{"what began small goes on", [][]alert.Traits{slices.Concat(own("east", 1), own("west", 1)), slices.Concat(own("east", 40), own("west", 30))}, []int{72}},
		{"one import", [][]alert.Traits{slices.Concat(many(6, traits("east", "import")), many(6, traits("west", "import")), many(6, traits("north", "import")))}, []int{18}},
		{"one import, and one location beside it", [][]alert.Traits{slices.Concat(many(3, traits("east", "import")), many(4, traits("west", "import")), own("south", 6))}, []int{7, 6}},
		{"orders of their own deliveries", [][]alert.Traits{own("", 30)}, []int{30}},
		{"orders of one import, then others", [][]alert.Traits{many(8, traits("", "import")), own("", 5)}, []int{8, 5}},
		{"nothing is known of any", [][]alert.Traits{many(3, nil), many(3, nil)}, []int{6}},
		{"one for each of many locations", [][]alert.Traits{slices.Concat(own("a", 1), own("b", 1), own("c", 1), own("d", 1), own("e", 1),
			own("f", 1), own("g", 1), own("h", 1), own("i", 1), own("j", 1))}, []int{10}},
	} {
		var p pool
		for _, minute := range c.minutes {
			for _, t := range minute {
				p.open(t)
			}
			p.publish()
		}
		var got []int
		for _, ids := range p.told() {
			got = append(got, len(ids))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: findings of each alert (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestChoose_AnyOrder opens findings of planted causes in any order. Within one
// minute every cause of some size is one alert and no two are the same one;
// over several minutes every finding is in exactly one, and one cause is one.
func TestChoose_AnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []alert.Traits
		cause := map[string]string{} // by finding
		causes := rapid.IntRange(1, 2).Draw(t, "causes")
		for c := range causes {
			for range rapid.IntRange(5, 12).Draw(t, "findings") {
				delivery := fmt.Sprintf("%d-%d", c, rapid.IntRange(0, 20).Draw(t, "delivery"))
				all = append(all, traits(fmt.Sprintf("location-%d", c), delivery))
			}
		}
		all = rapid.Permutation(all).Draw(t, "order")
		minutes := causes == 1
		var p pool
		for _, of := range all {
			cause[p.open(of)] = of[alert.ByLocation]
			if minutes && rapid.Bool().Draw(t, "minute") {
				p.publish()
			}
		}
		p.publish()
		seen := map[string]int{}
		for _, ids := range p.told() {
			in := map[string]bool{}
			for _, id := range ids {
				seen[id]++
				in[cause[id]] = true
			}
			if len(in) != 1 {
				t.Fatalf("one alert is about %d causes", len(in))
			}
		}
		for id := range cause {
			if seen[id] != 1 {
				t.Fatalf("finding %s is told %d times", id, seen[id])
			}
		}
		if len(p.told()) != causes {
			t.Fatalf("%d alerts for %d causes", len(p.told()), causes)
		}
	})
}

// TestChoose_EveryFindingIsToldOnce opens anything, in any minute.
func TestChoose_EveryFindingIsToldOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p pool
		all := map[string]bool{}
		for range rapid.IntRange(1, 60).Draw(t, "findings") {
			location := rapid.SampledFrom([]string{"", "east", "west", "north", "south"}).Draw(t, "location")
			delivery := fmt.Sprint(rapid.IntRange(0, 30).Draw(t, "delivery"))
			all[p.open(traits(location, delivery))] = true
			if rapid.IntRange(0, 5).Draw(t, "minute") == 0 {
				p.publish()
			}
		}
		p.publish()
		seen := map[string]bool{}
		for _, ids := range p.told() {
			for _, id := range ids {
				if seen[id] || !all[id] {
					t.Fatalf("finding %s is told again", id)
				}
				seen[id] = true
			}
		}
		if len(seen) != len(all) {
			t.Fatalf("%d of %d findings are told", len(seen), len(all))
		}
	})
}

func TestChoose_BoundsTheAlertsOfOneRule(t *testing.T) {
	var p pool
	for i := range 40 {
		p.open(traits(fmt.Sprint("location-", i), fmt.Sprint("delivery-", i)))
	}
	if len(p.alerts) > 8 {
		t.Errorf("%d alerts before anything is told", len(p.alerts))
	}
}

func TestGather_WhatPeopleHaveSeenStays(t *testing.T) {
	small := func(id string, change func(*alert.Alert)) alert.Alert {
		a := alert.Alert{ID: id, JoinUntil: at("23:00")}
		m := member(id, "09:14")
		m.Traits = traits(id, id)
		a, _ = alert.Join(a, m, m.Opened)
		if change != nil {
			change(&a)
		}
		return a
	}
	for name, seen := range map[string]func(*alert.Alert){
		"published": func(a *alert.Alert) { a.Published = 1 },
		"shown":     func(a *alert.Alert) { a.Shown = 1 },
		"claimed":   func(a *alert.Alert) { a.Lease = at("09:40") },
		"posted":    func(a *alert.Alert) { a.Timestamp = "1.2" },
		"gone":      func(a *alert.Alert) { a.Into = "c" },
	} {
		if goes := alert.Gather([]alert.Alert{small("a", seen), small("b", seen)}); len(goes) > 0 {
			t.Errorf("%s: %v", name, goes)
		}
		if goes := alert.Gather([]alert.Alert{small("a", nil), small("b", seen)}); name != "gone" && goes["a"] != "b" {
			t.Errorf("%s: %v, want the new one to go into it", name, goes)
		}
	}
}

func TestAbsorb_KeepsWhatItKnowsAndCountsTheRest(t *testing.T) {
	var a, left alert.Alert
	known := member("MUG@east", "09:14")
	ended := known
	ended.State, ended.Resolved = finding.Resolved, at("09:50")
	a, _ = alert.Join(a, ended, ended.Opened)
	left, _ = alert.Join(left, known, known.Opened)
	for i := range alert.MaxMembers + 30 {
		m := member(fmt.Sprintf("SKU-%03d@west", i), "09:14")
		left, _ = alert.Join(left, m, m.Opened)
	}
	once := alert.Absorb(a, left)
	if once.Open() != alert.MaxMembers+30 || once.Size() != alert.MaxMembers+31 || !once.Closed.IsZero() {
		t.Errorf("%d open of %d, closed %v; what had ended stays so", once.Open(), once.Size(), once.Closed)
	}
	if diff := cmp.Diff(once, alert.Absorb(once, left), exact); diff != "" {
		t.Errorf("the second time changed it:\n%s", diff)
	}
	gone := alert.Emptied(alert.Leave(left, "a"))
	if _, wanted := gone.Wakes(); wanted || gone.Size() > 0 || gone.Takes(at("09:30")) || gone.Published != gone.Seq || gone.Shown != gone.Seq {
		t.Errorf("what went into another alert still wants attention: %+v", gone)
	}
	if at, wanted := alert.Leave(left, "a").Wakes(); !wanted || !at.IsZero() {
		t.Error("an alert on its way into another one is forgotten")
	}
}

func TestTraits_AreWhatAFindingHasInCommonWithOthers(t *testing.T) {
	due := time.Date(2026, 3, 3, 6, 30, 0, 0, newYork)
	of := func(kind commerce.Kind, key ...string) finding.Finding {
		return finding.Finding{Kind: kind, Key: key, Cause: finding.Cause{Delivery: "d1"}}
	}
	for _, c := range []struct {
		name  string
		f     finding.Finding
		due   time.Time
		event string
		want  alert.Traits
	}{
		{"stock", of(commerce.Inventory, "MUG", "east"), time.Time{}, "", alert.Traits{alert.ByDelivery: "d1", alert.ByLocation: "east"}},
		{"a price due in the morning", of(commerce.Price, "MUG", "trade"), due, "", alert.Traits{
			alert.ByDelivery: "d1", alert.ByList: "trade", alert.ByMinute: "2026-03-03T11:30",
		}},
		{"an order", of(commerce.Order, "shop", "US1042"), time.Time{}, "", alert.Traits{alert.ByDelivery: "d1"}},
		{"an unknown location", of(commerce.Mapping, "shop", "location", "70002"), time.Time{}, "", alert.Traits{
			alert.ByDelivery: "d1", alert.ByMapping: "shop/location",
		}},
		{"a price of a vendor", finding.Finding{Kind: commerce.Price, Key: commerce.Key{"MUG", "base"}, Group: "vendor ACME"}, time.Time{}, "", alert.Traits{
			alert.ByList: "base", alert.ByGroup: "vendor ACME",
		}},
		{"a registry change", finding.Finding{Kind: commerce.Product, Key: commerce.Key{"MUG"}}, time.Time{}, "g2", alert.Traits{alert.ByEvent: "g2"}},
		{"nothing", finding.Finding{Kind: commerce.Product, Key: commerce.Key{"MUG"}}, time.Time{}, "", nil},
	} {
		if diff := cmp.Diff(c.want, alert.TraitsOf(c.f, c.due, c.event)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestCausedBy_IsTheIntegrationThatShouldHavePassedTheChangeOn(t *testing.T) {
	a := editedOrder().Alert
	sees := finding.Finding{
		Integration: "fulfilment", Rule: "shipped", Kind: commerce.Order, Key: commerce.Key{"shopify-us", "US106039"}, From: "wms", To: "shopify-us",
		Cause: finding.Cause{System: "shopify-us", Delivery: "dlv-0931"},
	}
	a.Members[0].Key, a.Members[1].Key = sees.Key.Text(sees.Kind), sees.Key.Text(sees.Kind)
	for _, c := range []struct {
		name   string
		change func(*alert.Alert, *finding.Finding)
		want   bool
	}{
		{"one that sees what follows", nil, true},
		{"one that should have passed it on itself", func(_ *alert.Alert, f *finding.Finding) { f.From = "shopify-us" }, false},
		{"another order", func(_ *alert.Alert, f *finding.Finding) { f.Key = commerce.Key{"shopify-us", "US1"} }, false},
		{"another delivery", func(_ *alert.Alert, f *finding.Finding) { f.Cause.Delivery = "dlv-1" }, false},
		{"another record of the same integration", func(a *alert.Alert, f *finding.Finding) { f.Key, f.Integration = commerce.Key{"x", "y"}, a.Integration }, true},
		{"an alert that is over", func(a *alert.Alert, _ *finding.Finding) { a.Closed = at("10:00") }, false},
		{"an alert about what comes and goes", func(a *alert.Alert, _ *finding.Finding) { a.Class = alert.ClassFlapping }, false},
	} {
		a, f := a, sees
		if c.change != nil {
			c.change(&a, &f)
		}
		if got := a.CausedBy(f); got != c.want {
			t.Errorf("%s: %t, want %t", c.name, got, c.want)
		}
	}
}
