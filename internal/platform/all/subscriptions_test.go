package all

import (
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
)

// A registry with a system of every platform.
const everyPlatform = "../../e2e/testdata/platforms.yaml"

// What pages show of subscriptions is when that chore last came to its end.
func TestSubscriptionsAreLookedAfterByAChoreOfTheirPlatform(t *testing.T) {
	r, problems := registry.Load(everyPlatform, Platforms(), time.Now())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	seen := map[string]bool{}
	for _, s := range r.Systems {
		if s.Subscriptions == nil {
			continue
		}
		i := slices.IndexFunc(Platforms(), func(p platform.Platform) bool { return p.Name == s.Platform })
		e, err := Platforms()[i].New(platform.Config{System: s.Name, Settings: s.Settings, Timezone: s.Timezone, Currency: s.Currency, Locations: s.Locations, OrderNumber: s.OrderNumber, HashKey: make([]byte, 32)})
		if err != nil {
			t.Fatal(err)
		}
		asks, ok := e.(platform.Recurring)
		if !ok || !slices.ContainsFunc(asks.Chores(), func(c platform.Chore) bool { return c.Name == s.Subscriptions.Chore }) {
			t.Errorf("%s has no chore %s", s.Platform, s.Subscriptions.Chore)
		}
		seen[s.Platform] = true
	}
	for _, p := range Platforms() {
		if p.Subscriptions != nil && !seen[p.Name] {
			t.Errorf("%s has no system in %s", p.Name, everyPlatform)
		}
	}
}
