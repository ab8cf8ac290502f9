package driftbench

import (
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// mirror is what every other way of finding drift works on: both systems' tables
// as they are now, and which records differ by the same formulas and tolerances,
// whatever their age. It is kept up to date row by row, so that a comparison of
// everything costs nothing.
type mirror struct {
	rules  map[commerce.Kind][]registry.Rule
	tables map[string]registry.Table
	now    func() time.Time
	// stock are the rows whose rules have dates.
	stock   map[commerce.RecordID]record.Row
	unequal map[pair]difference
	// changed hears of every pair whose difference begins, changes or ends.
	changed []func(pair, difference, bool)
}

// pair is one record under one rule.
type pair struct {
	rule   string
	record commerce.RecordID
}

// difference is how a pair differs.
type difference struct {
	kind  commerce.Kind
	key   commerce.Key
	since time.Time
	// facets are those that are not equal; none says that a record is missing,
	// gone or there twice.
	facets []finding.Difference
}

func newMirror(r *registry.Registry, now func() time.Time) *mirror {
	m := &mirror{
		rules: map[commerce.Kind][]registry.Rule{}, tables: r.Tables, now: now,
		stock: map[commerce.RecordID]record.Row{}, unequal: map[pair]difference{},
	}
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			if rule.Totals != nil {
				continue // what a day comes to is no record
			}
			rule.Settle = registry.Settle{By: -1}
			m.rules[rule.Kind] = append(m.rules[rule.Kind], rule)
		}
	}
	return m
}

// wrote compares a row again.
func (m *mirror) wrote(row record.Row) {
	if len(m.rules[row.Kind]) == 0 {
		return
	}
	if row.Kind == commerce.Inventory {
		m.stock[row.ID()] = row
	}
	m.compare(row)
}

// again compares stock again, because what it is compared by has changed.
func (m *mirror) again() {
	for _, row := range m.stock {
		m.compare(row)
	}
}

func (m *mirror) compare(row record.Row) {
	bare := row
	// What Plumbline remembers of a row is not in anybody's tables.
	bare.Marks, bare.Lessons, bare.Views = nil, nil, make([]record.View, len(row.Views))
	for i, v := range row.Views {
		v.Was, v.Ties = nil, 0
		bare.Views[i] = v
	}
	id := row.ID()
	for _, rule := range m.rules[row.Kind] {
		at := pair{rule.Name(), id}
		v := judge.Judge(rule, bare, judge.Context{Tables: m.tables}, m.now())
		before, differed := m.unequal[at]
		switch {
		case v.Outcome != judge.Differ && !differed:
			continue
		case v.Outcome != judge.Differ:
			delete(m.unequal, at)
		default:
			since := m.now()
			if differed {
				since = before.since
			}
			before = difference{kind: row.Kind, key: row.Key, since: since, facets: v.Differences()}
			m.unequal[at] = before
		}
		for _, hear := range m.changed {
			hear(at, before, v.Outcome == judge.Differ)
		}
	}
}
