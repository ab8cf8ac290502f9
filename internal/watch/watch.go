// Package watch lives on export files that are dropped into a folder: each is
// loaded once, by load, merge and drift as they are deployed, over stores whose
// content is one file. Findings live on from night to night, with their ids, and
// with what people decided about them.
//
// Time is that of the files: it moves on when a newer one comes, and a difference
// is judged as of the older of two files. The package owns which system and kind a
// file is of, whether it is whole, and the state. What a file says is left to
// export, and who shows alerts to its caller.
package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/notify"
	"github.com/plumbline/plumbline/internal/registry"
)

// Settled is how long a file must not have changed before it is read.
const Settled = 5 * time.Second

// Service watches a folder. Its fields are set once, before the first call.
type Service struct {
	Registry *registry.Registry
	// HashKey is that of personal identifiers' hashes.
	HashKey []byte
	// Folder has the files, and State the state.
	Folder, State string
	// Accept names files, by their path in the folder, that are loaded although they
	// are much shorter than the one before.
	Accept []string
	// Pages are where the board is kept. Nil shows none.
	Pages drift.Pages
	// Sender shows alerts.
	Sender notify.Sender
	// Zone is that of times in alerts and on the board.
	Zone *time.Location
	// Now is the wall's time: files of the future are refused, and files that
	// changed a moment ago are left for later.
	Now func() time.Time
	Log *slog.Logger
}

// Result is what one run over the folder came to.
type Result struct {
	// AsOf is the time of the newest file that was ever loaded.
	AsOf time.Time
	// Loaded are the files that were loaded, in the order of their time.
	Loaded []Loaded
	// Left are the files that were not, and why. Unsettled counts those that may
	// still be written.
	Left      []Left
	Unsettled int
	// Opened and Ended are the findings that people hear of now, or no more.
	Opened, Ended []finding.Finding
	// Active are the findings that have not ended, and Waiting counts the records
	// that differ and are not findings yet.
	Active, Waiting int
	// Stale are files that rules wait for: nothing is judged beyond their time.
	Stale []Stale
	// Told counts the alerts that were shown. Untold says why others were not.
	Told   int
	Untold error
}

// Loaded is a file that was loaded.
type Loaded struct {
	Path string
	load.Certificate
}

// Left is a file that was not loaded.
type Left struct{ Path, Why string }

// Run loads what is new in the folder, judges, and tells. Stopped at any moment,
// it leaves the state as it was before a file or after it, and the next run does
// the rest.
func (w *Service) Run(ctx context.Context) (r Result, err error) {
	held, err := Hold(ctx, w.State)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	before, err := held.Stores.Findings.AllFindings(ctx)
	if err != nil {
		return r, err
	}
	todo, seen, err := w.look(held.State, &r)
	if err != nil {
		return r, err
	}
	for _, one := range todo {
		if err := w.take(ctx, held, one, &r); err != nil {
			return r, fmt.Errorf("load %s: %w", one.path, err)
		}
	}
	if err := w.settle(ctx, held, seen || len(todo) > 0); err != nil {
		return r, err
	}
	if r.Told, err = w.tell(ctx, held, &r.Untold); err != nil {
		return r, err
	}
	return r, w.sum(ctx, held.State, before, &r)
}

// take loads one file. Before it does so, what was loaded of the night before is
// judged: files of one night are judged together.
func (w *Service) take(ctx context.Context, held *Held, one candidate, r *Result) error {
	e := w.engine(held.State)
	if held.nightOver(one) {
		if err := e.judge(ctx); err != nil {
			return err
		}
	}
	if err := e.advance(ctx, one.file.AsOf); err != nil {
		return err
	}
	for _, p := range one.places {
		certificate, err := e.load(ctx, p, one)
		if err != nil {
			return err
		}
		r.Loaded = append(r.Loaded, Loaded{one.path, certificate})
		one.file.Rows[string(p.Kind)] = certificate.Rows
		held.Unjudged = append(held.Unjudged, Place{p.System, string(p.Kind)})
	}
	one.file.Done = true
	held.Files[one.path] = one.file
	return held.Save()
}

// apart is how much later a file is of another night.
const apart = 6 * time.Hour

// nightOver reports whether a file belongs to another night than those that are
// not judged yet: there is one of its system and kind among them, or it is much
// newer.
func (s *State) nightOver(one candidate) bool {
	again := slices.ContainsFunc(one.file.Places, func(p Place) bool { return slices.Contains(s.Unjudged, p) })
	return len(s.Unjudged) > 0 && (again || one.file.AsOf.Sub(s.Clock) > apart)
}

// settle judges what was loaded, shows what people decided since the last run, and
// keeps what was seen of files.
func (w *Service) settle(ctx context.Context, held *Held, changed bool) error {
	e := w.engine(held.State)
	switch {
	case len(held.Unjudged) > 0:
		if err := e.judge(ctx); err != nil {
			return err
		}
	case held.Decided:
		if err := e.tick(ctx); err != nil {
			return err
		}
	case !changed:
		return nil
	}
	held.Decided = false
	return held.Save()
}

// sum says what has become of findings, and what waits.
func (w *Service) sum(ctx context.Context, s *State, before []finding.Finding, r *Result) error {
	after, err := s.Stores.Findings.AllFindings(ctx)
	if err != nil {
		return err
	}
	known := map[string]finding.State{}
	for _, f := range before {
		known[f.ID] = f.State
	}
	for _, f := range after {
		was := known[f.ID]
		switch {
		case f.State != finding.Resolved:
			r.Active++
			if f.State == finding.Open && (was == "" || was == finding.Waived) {
				r.Opened = append(r.Opened, f)
			}
		case was != finding.Resolved && f.Told():
			r.Ended = append(r.Ended, f)
		}
	}
	r.AsOf = s.Clock
	if r.Waiting, err = waiting(ctx, s); err != nil {
		return err
	}
	r.Stale, err = w.stale(ctx, s)
	return err
}

// Stale is a system whose files of a kind do not come, or have not come for long.
type Stale struct {
	System string
	Kind   commerce.Kind
	// AsOf is the time of the newest, or zero.
	AsOf time.Time
}

// late is how much older than the newest file of all a file may be that is not
// late.
const late = 36 * time.Hour

// stale lists the files that some rule waits for, of whose other side there are
// files.
func (w *Service) stale(ctx context.Context, s *State) (all []Stale, err error) {
	for _, i := range w.Registry.Integrations {
		for _, rule := range i.Rules {
			sides := []Stale{{System: rule.From, Kind: rule.Kind}, {System: rule.To, Kind: rule.Kind}}
			for n, side := range sides {
				name := merge.FileMark(side.System, side.Kind)
				marks, err := s.Stores.Findings.GetMarks(ctx, []string{name})
				if err != nil {
					return nil, err
				}
				sides[n].AsOf = marks[name]
			}
			for n, side := range sides {
				old := s.Clock.Sub(side.AsOf) > late && sides[1-n].AsOf.After(side.AsOf)
				if old && !slices.Contains(all, side) {
					all = append(all, side)
				}
			}
		}
	}
	return all, nil
}

// After is what a run and the one before it came to together.
func (r Result) After(before Result) Result {
	r.Loaded = append(before.Loaded, r.Loaded...)
	r.Opened, r.Ended = append(before.Opened, r.Opened...), append(before.Ended, r.Ended...)
	r.Told += before.Told
	return r
}
