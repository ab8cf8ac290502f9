package memory

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/store"
)

// Findings keeps findings, alerts, groups, sweeps, documents and marks. It is a
// store.Findings, a store.Sweeps, a store.Documents and a store.Marks. The zero Findings is empty and ready.
type Findings struct {
	mu        sync.Mutex
	findings  shelf[finding.Finding]
	alerts    shelf[alert.Alert]
	groups    shelf[store.Group]
	sweeps    shelf[store.Sweep]
	documents shelf[store.Document]
	marks     map[string]time.Time
}

// Clone returns a store of its own with the same content.
func (s *Findings) Clone() *Findings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &Findings{
		findings: maps.Clone(s.findings), alerts: maps.Clone(s.alerts), groups: maps.Clone(s.groups),
		sweeps: maps.Clone(s.sweeps), documents: maps.Clone(s.documents), marks: maps.Clone(s.marks),
	}
}

// GetFinding returns a copy of the finding.
func (s *Findings) GetFinding(_ context.Context, id string) (finding.Finding, error) {
	return get(s, &s.findings, "finding", id)
}

// PutFinding keeps a copy of the finding.
func (s *Findings) PutFinding(_ context.Context, f finding.Finding) error {
	before := f.Rev
	f.Rev++
	return put(s, &s.findings, "finding", f.ID, before, f)
}

// ActiveFindings returns copies of the findings that are not resolved.
func (s *Findings) ActiveFindings(context.Context) ([]finding.Finding, error) {
	return list(s, &s.findings, func(f finding.Finding) bool { return f.State != finding.Resolved })
}

// EndedQuietly returns copies of the findings that no alert told.
func (s *Findings) EndedQuietly(_ context.Context, since time.Time) ([]finding.Finding, error) {
	return list(s, &s.findings, func(f finding.Finding) bool { return store.EndedQuietly(f) && !f.Resolved.Before(since) })
}

// AllFindings returns copies of all findings.
func (s *Findings) AllFindings(context.Context) ([]finding.Finding, error) {
	return list(s, &s.findings, func(finding.Finding) bool { return true })
}

// FindingsOf returns copies of the record's findings.
func (s *Findings) FindingsOf(_ context.Context, record commerce.RecordID) ([]finding.Finding, error) {
	return list(s, &s.findings, func(f finding.Finding) bool { return f.Key.ID(f.Kind) == record })
}

// DeleteFinding removes the finding.
func (s *Findings) DeleteFinding(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.findings, id)
	return nil
}

// DeleteGroup removes the group.
func (s *Findings) DeleteGroup(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.groups, name)
	return nil
}

// GetAlert returns a copy of the alert.
func (s *Findings) GetAlert(_ context.Context, id string) (alert.Alert, error) {
	return get(s, &s.alerts, "alert", id)
}

// PutAlert keeps a copy of the alert.
func (s *Findings) PutAlert(_ context.Context, a alert.Alert) error {
	before := a.Rev
	a.Rev++
	return put(s, &s.alerts, "alert", a.ID, before, a)
}

// Outbox returns copies of the alerts that want attention.
func (s *Findings) Outbox(_ context.Context, until time.Time) ([]alert.Alert, error) {
	return list(s, &s.alerts, func(a alert.Alert) bool { return store.Awake(a, until) })
}

// AllAlerts returns copies of all alerts.
func (s *Findings) AllAlerts(context.Context) ([]alert.Alert, error) {
	return list(s, &s.alerts, func(a alert.Alert) bool { return a.Into == "" })
}

// GetGroup returns the group.
func (s *Findings) GetGroup(_ context.Context, name string) (store.Group, error) {
	return get(s, &s.groups, "group", name)
}

// PutGroup keeps the group.
func (s *Findings) PutGroup(_ context.Context, g store.Group) error {
	before := g.Rev
	g.Rev++
	return put(s, &s.groups, "group", g.Name, before, g)
}

// GetSweep returns a copy of the sweep.
func (s *Findings) GetSweep(_ context.Context, name string) (store.Sweep, error) {
	return get(s, &s.sweeps, "sweep", name)
}

// PutSweep keeps a copy of the sweep.
func (s *Findings) PutSweep(_ context.Context, sweep store.Sweep) error {
	before := sweep.Rev
	sweep.Rev++
	return put(s, &s.sweeps, "sweep", sweep.Name, before, sweep)
}

// EarliestMark keeps the earlier of t and the mark.
func (s *Findings) EarliestMark(_ context.Context, name string, t time.Time) error {
	return s.mark(name, t, time.Time.Before)
}

// LatestMark keeps the later of t and the mark.
func (s *Findings) LatestMark(_ context.Context, name string, t time.Time) error {
	return s.mark(name, t, time.Time.After)
}

func (s *Findings) mark(name string, t time.Time, replaces func(t, u time.Time) bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if current, ok := s.marks[name]; ok && !replaces(t, current) {
		return nil
	}
	if s.marks == nil {
		s.marks = map[string]time.Time{}
	}
	s.marks[name] = t.UTC().Round(0)
	return nil
}

// GetMarks returns the marks that are there.
func (s *Findings) GetMarks(_ context.Context, names []string) (map[string]time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	marks := map[string]time.Time{}
	for _, name := range names {
		if t, ok := s.marks[name]; ok {
			marks[name] = t
		}
	}
	return marks, nil
}

// DeleteMark removes the mark.
func (s *Findings) DeleteMark(_ context.Context, name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.marks, name)
	return nil
}

// shelf keeps values as JSON, so that none shares memory with its reader.
type shelf[T any] map[string]shelved

type shelved struct {
	rev  int64
	body []byte
}

func get[T any](s *Findings, from *shelf[T], what, id string) (value T, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := (*from)[id]
	if !ok {
		return value, fmt.Errorf("get %s|%s: %w", what, id, store.ErrNotFound)
	}
	err = json.Unmarshal(v.body, &value)
	return value, err
}

func put[T any](s *Findings, to *shelf[T], what, id string, before int64, value T) error {
	body, err := json.Marshal(value)
	s.mu.Lock()
	defer s.mu.Unlock()
	if (*to)[id].rev != before {
		err = errors.Join(err, store.ErrLost)
	}
	if err != nil {
		return fmt.Errorf("put %s|%s: %w", what, id, err)
	}
	if *to == nil {
		*to = shelf[T]{}
	}
	(*to)[id] = shelved{before + 1, body}
	return nil
}

func list[T any](s *Findings, from *shelf[T], wanted func(T) bool) ([]T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []T
	for _, id := range slices.Sorted(maps.Keys(*from)) {
		var v T
		if err := json.Unmarshal((*from)[id].body, &v); err != nil {
			return nil, fmt.Errorf("list %s: %w", id, err)
		}
		if wanted(v) {
			all = append(all, v)
		}
	}
	return all, nil
}
