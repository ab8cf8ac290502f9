package backtest

import (
	"cmp"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// Result is what a rule would have come to.
type Result struct {
	Fired int
	// Alerts is how many messages of their own the findings would have made; the
	// others wait for the digest.
	Alerts int
	// Owners and Classes count findings, Records records.
	Owners  map[string]int
	Classes map[finding.Class]int
	Records int
	// Impact is the money at risk by currency; Unknown counts findings without.
	Impact  map[string]commerce.Decimal
	Unknown int
	// Settled are the findings that ended without anybody's decision, Median is how
	// long the middle one of them was open.
	Settled int
	Median  time.Duration
}

// ResultOf adds findings up.
func ResultOf(findings []finding.Finding) Result {
	r := Result{Fired: len(findings), Owners: map[string]int{}, Classes: map[finding.Class]int{}, Impact: map[string]commerce.Decimal{}}
	alerts, records := map[string]bool{}, map[commerce.RecordID]bool{}
	var open []time.Duration
	for _, f := range findings {
		r.Owners[f.Owner]++
		r.Classes[f.Class]++
		records[f.Key.ID(f.Kind)] = true
		if f.Alert != "" {
			alerts[f.Alert] = true
		}
		if f.State == finding.Resolved {
			open = append(open, f.Resolved.Sub(f.Opened))
		}
		if f.Impact == nil {
			r.Unknown++
			continue
		}
		sum, err := r.Impact[f.Currency].Add(*f.Impact)
		if err != nil {
			r.Unknown++ // beyond what a decimal holds
			continue
		}
		r.Impact[f.Currency] = sum
	}
	r.Alerts, r.Records, r.Settled = len(alerts), len(records), len(open)
	if slices.Sort(open); len(open) > 0 {
		r.Median = open[len(open)/2]
	}
	return r
}

// Comparison is how the findings of two versions of a rule go together.
type Comparison struct {
	// OnlyChanged would be new, OnlyCurrent would be no more, and Both have a
	// partner: the other version says so of the same record at the same time. Both
	// holds what the changed version says.
	OnlyChanged, OnlyCurrent, Both []finding.Finding
}

// Compare pairs findings by record and time.
func Compare(current, changed []finding.Finding) Comparison {
	var c Comparison
	paired := map[string]bool{}
	for _, f := range changed {
		partnered := false
		for _, g := range current {
			if f.Kind == g.Kind && slices.Equal(f.Key, g.Key) && overlap(f, g) {
				partnered, paired[g.ID] = true, true
			}
		}
		if partnered {
			c.Both = append(c.Both, f)
		} else {
			c.OnlyChanged = append(c.OnlyChanged, f)
		}
	}
	for _, g := range current {
		if !paired[g.ID] {
			c.OnlyCurrent = append(c.OnlyCurrent, g)
		}
	}
	return c
}

// overlap reports whether two findings were open, or on their way to it, at one
// time.
func overlap(f, g finding.Finding) bool {
	return !ends(f).Before(begins(g)) && !ends(g).Before(begins(f))
}

func begins(f finding.Finding) time.Time {
	if f.Since.IsZero() {
		return f.Opened
	}
	return f.Since
}

// ends is when a finding ended, or beyond every time.
func ends(f finding.Finding) time.Time {
	if f.State != finding.Resolved {
		return time.Unix(1<<40, 0)
	}
	return f.Resolved
}

// ByImpact sorts findings, the most money at risk first, and of equals the older.
func ByImpact(findings []finding.Finding) []finding.Finding {
	all := slices.Clone(findings)
	slices.SortStableFunc(all, func(a, b finding.Finding) int {
		return cmp.Or(-impact(a).Cmp(impact(b)), a.Opened.Compare(b.Opened))
	})
	return all
}

func impact(f finding.Finding) commerce.Decimal {
	if f.Impact == nil {
		return commerce.Int(-1)
	}
	return *f.Impact
}
