// Package driftbench measures how well drift is found, against a known truth: it
// lets simulated companies work, plants faults of every class and healthy events
// that look like faults, and gives the same streams to Plumbline and to the ways
// in which teams look for drift today.
//
// The company is simulated in package company. Merge and drift are the ones that
// are deployed. What is left out: HTTP, signatures and the platforms' readers,
// which have suites of their own.
package driftbench

import (
	"context"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/rerun"
	"github.com/plumbline/plumbline/internal/store"
)

// Stores are where Plumbline keeps what it knows during one run.
type Stores struct {
	Records  store.Records
	Findings Findings
	Arrivals store.Arrivals
}

// Run is what came of one company.
type Run struct {
	Seed  uint64
	Days  int
	Truth company.Truth
	End   time.Time
	// Rules are those of the registry. Where a settle time is learnt, it is the one
	// that the company promises.
	Rules map[string]registry.Rule
	// Found is what each way reported, by the way's name.
	Found map[string][]Found
	// Observations are those that Plumbline merged.
	Observations int
}

// Simulate runs one company from its opening to its end, over empty stores.
// Faults nil plants all there are.
func Simulate(seed uint64, days int, faults []company.Fault, stores Stores) (*Run, error) {
	at, err := time.LoadLocation(zone)
	if err != nil {
		return nil, fmt.Errorf("load the company's zone: %w", err)
	}
	run := &Run{Seed: seed, Days: days, Found: map[string][]Found{}}
	var p *plumbline
	c := company.New(company.Options{Seed: seed, Days: days, Faults: faults, Deliver: func(d company.Delivery) {
		run.Observations += len(d.Observations)
		p.take(d)
	}, Rest: func(part rerun.Part, rests bool) { p.Rest(part, rests) }}, at)
	r, err := registryOf(c)
	if err != nil {
		return nil, err
	}
	run.Rules = promised(r)
	m := newMirror(r, c.Now)
	p = newPlumbline(c, r, &rows{Records: stores.Records, now: c.Now, wrote: m.wrote}, newOutbox(stores.Findings), stores.Arrivals)
	others := watches(c, run.Rules, m)
	c.At(c.HandOver(), func() { handOver(r) })
	if err := c.Run(p.Wrong); err != nil {
		return nil, fmt.Errorf("seed %d: %w", seed, err)
	}
	run.Truth, run.End = c.Truth, c.End
	if run.Found[Plumbline], err = p.found(); err != nil {
		return nil, err
	}
	for _, w := range others {
		run.Found[w.name] = w.found
	}
	return run, nil
}

// unowned reports whether an alert called somebody else as it was sent, because its
// owner is there no more.
func unowned(a alert.Alert) bool {
	return len(a.Calls) > 0 && a.Calls[0].At.Sub(a.Sent) < atOnce
}

// atOnce is less than any owner has to answer.
const atOnce = 5 * time.Minute

// found lists what people were told, with the message that told it.
func (p *plumbline) found() ([]Found, error) {
	alerts, err := p.findings.AllAlerts(context.Background())
	if err != nil {
		return nil, fmt.Errorf("read alerts: %w", err)
	}
	var all []Found
	for _, a := range alerts {
		if a.Sent.IsZero() {
			continue
		}
		var ids []string
		for _, m := range a.Members {
			ids = append(ids, m.Finding)
		}
		for id := range a.Beyond {
			ids = append(ids, id)
		}
		for _, id := range ids {
			f, told := p.findings.opened[id]
			if !told {
				continue
			}
			at := f.Opened
			if a.Sent.After(at) {
				at = a.Sent
			}
			all = append(all, Found{
				Rule: f.Integration + "/" + f.Rule, Kind: f.Kind, Key: f.Key, Record: f.Key.ID(f.Kind),
				Class: f.Class, Since: f.Since, Says: f.Timeline[0].What, At: at, Alert: a.ID,
				Common: a.Common, Unowned: unowned(a),
			})
		}
	}
	return all, nil
}
