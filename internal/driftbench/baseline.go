package driftbench

import (
	"fmt"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
)

// Found is one thing that a way of finding drift reports.
type Found struct {
	Rule   string
	Kind   commerce.Kind
	Key    commerce.Key
	Record commerce.RecordID
	// Class is what Plumbline calls it, Since when it began and Says what it says.
	Class finding.Class
	Since time.Time
	Says  string
	// At is when somebody was told, Alert by which message.
	At    time.Time
	Alert string
	// Common is what the message says that all of its findings share, and Unowned
	// that it called somebody else at once, because its owner is there no more.
	Common  alert.Traits
	Unowned bool
}

// watch is one of the ways in which teams look for drift today: a comparison at
// fixed times that reports what it did not report the time before.
type watch struct {
	name  string
	found []Found
	open  map[pair]bool
}

// look reports what is wanted and was not a moment ago. What one look finds is
// one message.
func (w *watch) look(m *mirror, wanted func(pair, difference) bool) {
	now := m.now()
	open := map[pair]bool{}
	for p, d := range m.unequal {
		if !wanted(p, d) {
			continue
		}
		open[p] = true
		if !w.open[p] {
			w.found = append(w.found, Found{
				Rule: p.rule, Kind: d.kind, Key: d.key, Record: p.record, At: now, Alert: fmt.Sprintf("%s/%d", w.name, now.Unix()),
			})
		}
	}
	w.open = open
}

// monitored is how often monitors look.
const monitored = 5 * time.Minute

// fixedLag is what a monitor with one window for everything waits.
const fixedLag = 30 * time.Minute

// watches lets the other ways look at the same company.
func watches(c *company.Company, rules map[string]registry.Rule, m *mirror) []*watch {
	nightly, threshold, window := &watch{name: Nightly}, &watch{name: Threshold}, &watch{name: FixedLag}
	for day := c.Start; day.Before(c.End); day = day.AddDate(0, 0, 1) {
		at := time.Date(day.Year(), day.Month(), day.Day(), 5, 0, 0, 0, day.Location())
		c.At(at, func() { nightly.look(m, func(pair, difference) bool { return true }) })
	}
	var monitor func()
	monitor = func() {
		now := m.now()
		// What a night job brings is not looked at before it has run.
		morning := now.In(c.Start.Location()).Hour() == 6 && now.In(c.Start.Location()).Minute() < 5
		threshold.look(m, func(p pair, d difference) bool {
			if rules[p.rule].Settle.By >= 0 && !morning {
				return threshold.open[p]
			}
			return slices.ContainsFunc(d.facets, large)
		})
		window.look(m, func(p pair, d difference) bool {
			settle := rules[p.rule].Settle
			if settle.By >= 0 {
				return morning || window.open[p]
			}
			return now.Sub(d.since) > max(fixedLag, settle.For)
		})
		c.In(monitored, monitor)
	}
	c.At(c.Start.Add(monitored), monitor)
	c.At(c.Change.Add(dated), m.again)
	return []*watch{nightly, threshold, window}
}

var (
	fiveUnits   = commerce.Int(5)
	fivePercent = commerce.MustDecimal("0.05")
)

// large is a difference of more than 5 units or 5 %.
func large(d finding.Difference) bool {
	if d.Delta == nil {
		return false
	}
	if d.Delta.Abs().Cmp(fiveUnits) > 0 {
		return true
	}
	expected, err := commerce.ParseDecimal(d.Expected)
	if err != nil {
		return false
	}
	share, err := expected.Abs().Mul(fivePercent)
	return err == nil && d.Delta.Abs().Cmp(share) > 0
}

// The ways that are compared.
const (
	Plumbline = "Plumbline"
	Nightly   = "nightly comparison"
	Threshold = "threshold monitor"
	FixedLag  = "fixed lag window"
)
