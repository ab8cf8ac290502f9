package watch

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/learnt"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// Stack is where a stack keeps what it knows.
type Stack struct {
	Records  merge.Records
	Findings interface {
		store.Findings
		store.Documents
		store.Marks
	}
}

// Handed counts what a stack took over. What it had already it kept.
type Handed struct {
	Findings int `json:"findings"`
	Waived   int `json:"waived"`
	Alerts   int `json:"alerts"`
	Records  int `json:"records"`
	Learnt   int `json:"learnt"`
	Coverage int `json:"coverage"`
}

// races is how often a row is handed over again after somebody else wrote it.
const races = 16

// HandOver gives all that the state knows to a stack: findings and alerts under
// their ids, what people decided, rows, learnt settle times, and how old the files
// of each system are. Doing it twice is doing it once. Findings come before rows,
// so that no row names one that is not there.
func HandOver(ctx context.Context, s *State, r *registry.Registry, to Stack) (h Handed, err error) {
	for _, step := range []func(context.Context, *State, *registry.Registry, Stack, *Handed) error{handFindings, handAlerts, handLearnt, handMarks, handRows} {
		if err := step(ctx, s, r, to, &h); err != nil {
			return h, fmt.Errorf("hand over: %w", err)
		}
	}
	return h, nil
}

func handFindings(ctx context.Context, s *State, _ *registry.Registry, to Stack, h *Handed) error {
	all, err := s.Stores.Findings.AllFindings(ctx)
	if err != nil {
		return err
	}
	for _, f := range all {
		f.Rev = 0
		taken, err := fresh(to.Findings.PutFinding(ctx, f))
		if err != nil {
			return err
		}
		h.Findings += taken
		if f.State == finding.Waived {
			h.Waived += taken
		}
	}
	return nil
}

// fresh counts a write of something that was not there.
func fresh(err error) (int, error) {
	if errors.Is(err, store.ErrLost) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return 1, nil
}

func handAlerts(ctx context.Context, s *State, _ *registry.Registry, to Stack, h *Handed) error {
	all, err := s.Stores.Findings.AllAlerts(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		a.Rev = 0
		taken, err := fresh(to.Findings.PutAlert(ctx, a))
		if err != nil {
			return err
		}
		h.Alerts += taken
	}
	return nil
}

func handLearnt(ctx context.Context, s *State, _ *registry.Registry, to Stack, h *Handed) error {
	for _, name := range learnt.Documents() {
		d, err := s.Stores.Findings.GetDocument(ctx, name)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		d.Rev = 0
		taken, err := fresh(to.Findings.PutDocument(ctx, d))
		if err != nil {
			return err
		}
		h.Learnt += taken
	}
	return nil
}

func handMarks(ctx context.Context, s *State, r *registry.Registry, to Stack, h *Handed) error {
	for system := range r.Systems {
		for _, kind := range commerce.Kinds() {
			names := []string{merge.SnapshotMark(system, kind), merge.FileMark(system, kind)}
			marks, err := s.Stores.Findings.GetMarks(ctx, names)
			if err != nil {
				return err
			}
			for name, at := range marks {
				if err := to.Findings.LatestMark(ctx, name, at); err != nil {
					return err
				}
				h.Coverage++
			}
		}
	}
	return nil
}

func handRows(ctx context.Context, s *State, _ *registry.Registry, to Stack, h *Handed) error {
	return s.Stores.Records.Scan(ctx, "", func(row record.Row) error {
		for range races {
			taken, err := handRow(ctx, row, to)
			if !errors.Is(err, store.ErrLost) {
				h.Records += taken
				return err
			}
		}
		return fmt.Errorf("%s: %d races lost", row.ID(), races)
	})
}

// handRow writes a row that the stack does not have. One that it has gets the
// findings that are open on it, so that none is opened anew under another id, and
// what only the files told.
func handRow(ctx context.Context, row record.Row, to Stack) (taken int, err error) {
	rows, err := to.Records.Get(ctx, []commerce.RecordID{row.ID()})
	if err != nil {
		return 0, err
	}
	there, known := rows[row.ID()]
	if !known {
		row.Rev, row.Generation = 0, ""
		return 1, to.Records.Put(ctx, row)
	}
	next, changed := joined(there, row)
	if !changed {
		return 0, nil
	}
	return 1, to.Records.Put(ctx, next)
}

// joined is a stack's row with what it lacks of the watch's.
func joined(there, row record.Row) (next record.Row, changed bool) {
	if !there.Suppressed.IsZero() {
		return there, false
	}
	next = there
	next.Marks = map[string]record.Mark{}
	for rule, m := range there.Marks {
		next.Marks[rule] = m
	}
	for rule, m := range row.Marks {
		if m.Open != "" && next.Marks[rule].Open == "" {
			next.Marks[rule], changed = m, true
			if next.Due.IsZero() || row.Due.Before(next.Due) {
				next.Due = row.Due
			}
		}
	}
	for _, v := range row.Views {
		if !slices.ContainsFunc(there.Views, func(o record.View) bool { return o.ViewID == v.ViewID }) {
			next.Views, changed = append(slices.Clone(next.Views), v), true
		}
	}
	return next, changed
}
