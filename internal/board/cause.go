package board

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
)

// cause is what lists show as one entry: the findings of one alert.
type cause struct {
	Headline string
	// Members are in the order of the list that they were taken from, the gravest
	// first.
	Members []Finding
}

// causes are findings of one alert together, each where its first one was.
func causes(all []Finding) []cause {
	var some []cause
	at := map[string]int{}
	for _, f := range all {
		if n, known := at[f.Alert]; known && f.Alert != "" {
			some[n].Members = append(some[n].Members, f)
			continue
		}
		at[f.Alert] = len(some)
		some = append(some, cause{Members: []Finding{f}})
	}
	for n := range some {
		some[n].Headline = some[n].headline()
	}
	return some
}

// First is the gravest finding.
func (c cause) First() Finding { return c.Members[0] }

// Many says that there is more than one finding.
func (c cause) Many() bool { return len(c.Members) > 1 }

// Since is when the oldest of them began.
func (c cause) Since() time.Time {
	return slices.MinFunc(c.Members, func(a, b Finding) int { return a.Since.Compare(b.Since) }).Since
}

// Mixed says that not all of them stand as the first one does.
func (c cause) Mixed() bool {
	return slices.ContainsFunc(c.Members, func(f Finding) bool { return f.State != c.First().State || !f.Until.Equal(c.First().Until) })
}

// Risk is the money at risk in all of them, by currency.
func (c cause) Risk() string {
	sums := map[string]commerce.Decimal{}
	for _, f := range c.Members {
		if f.Impact == nil {
			continue
		}
		if sum, err := sums[f.Currency].Add(f.Impact.Abs()); err == nil && sum.Sign() != 0 {
			sums[f.Currency] = sum
		}
	}
	var parts []string
	for _, currency := range slices.Sorted(maps.Keys(sums)) {
		parts = append(parts, alert.About(sums[currency], currency))
	}
	if parts == nil {
		return unknownValue
	}
	return strings.Join(parts, " and ")
}

// headline is what the alert of the findings says first.
func (c cause) headline() string {
	first := c.First()
	if !c.Many() {
		return first.Headline
	}
	a := alert.Alert{
		ID: first.Alert, Integration: first.Integration, Rule: first.Rule, Class: first.Class, Severity: first.Severity,
		From: first.From, To: first.To, Kind: first.Kind,
	}
	for _, f := range c.Members {
		if f.Rule != first.Rule || f.Class != first.Class || f.Kind != first.Kind {
			return fmt.Sprintf("%d findings of one cause, the gravest: %s", len(c.Members), first.Headline)
		}
		a, _ = alert.Join(a, f.Member, f.Opened)
	}
	return alert.Fact(a, first.Read)
}
