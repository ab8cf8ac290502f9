package drift

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/shape"
	"github.com/plumbline/plumbline/internal/silence"
)

// boardSystems reads once an hour what systems send, and reports whether it did.
func (r *run) boardSystems(ctx context.Context, next *board.Snapshot, anew bool) (bool, error) {
	hour := r.now.UTC().Truncate(time.Hour)
	if !anew && !next.Heard.Before(hour) {
		return false, nil
	}
	next.Systems = board.SystemsOf(r.Registry, next.Systems)
	for n := range next.Systems {
		next.Systems[n].Sources = nil
	}
	if err := r.subscribed(ctx, next.Systems); err != nil {
		return false, err
	}
	if r.Watch == nil {
		next.Heard = r.now.UTC()
		return true, nil
	}
	for _, source := range r.sources() {
		slots, err := r.hear(ctx, source)
		if err != nil {
			return false, err
		}
		around, err := r.context(ctx, source.Kind)
		if err != nil {
			return false, err
		}
		of := board.SourceOf(source, slots, around.Covered[source.System], r.now)
		if of.Lost, err = r.lost(ctx, source); err != nil {
			return false, err
		}
		n := slices.IndexFunc(next.Systems, func(s board.System) bool { return s.Name == source.System })
		next.Systems[n].Sources = append(next.Systems[n].Sources, of)
	}
	next.Heard = r.now.UTC()
	return true, nil
}

// subscribed reads when the systems' subscriptions were last looked at.
func (r *run) subscribed(ctx context.Context, systems []board.System) error {
	mark := func(s board.System) string {
		if kept := r.Registry.Systems[s.Name].Subscriptions; kept != nil {
			return contract.ChoreMark(s.Name, kept.Chore)
		}
		return ""
	}
	var names []string
	for _, s := range systems {
		if name := mark(s); name != "" {
			names = append(names, name)
		}
	}
	marks := map[string]time.Time{}
	if len(names) > 0 {
		var err error
		if marks, err = r.Marks.GetMarks(ctx, names); err != nil {
			return fmt.Errorf("read when subscriptions were looked at: %w", err)
		}
	}
	for n, s := range systems {
		systems[n].Subscribed = board.SubscribedOf(r.Registry.Systems[s.Name].Subscriptions, marks[mark(s)])
	}
	return nil
}

// lost is what the last export file of a source that was compared with its webhooks
// said of them.
func (r *run) lost(ctx context.Context, source silence.Source) (*board.Lost, error) {
	var ledger struct {
		Loads []struct {
			Compared bool      `json:"compared"`
			Lost     int       `json:"lost_webhooks"`
			Told     int       `json:"told_by_webhooks"`
			Since    time.Time `json:"since"`
			AsOf     time.Time `json:"as_of"`
		}
	}
	if err := r.document(ctx, contract.LoadsDocument(source.System, string(source.Kind)), &ledger); err != nil {
		return nil, err
	}
	for _, l := range ledger.Loads {
		if l.Compared {
			return &board.Lost{Untold: l.Lost, Changed: l.Lost + l.Told, Since: l.Since, AsOf: l.AsOf}, nil
		}
	}
	return nil, nil
}

// versions reads in which versions of their APIs platforms wrote last.
func (r *run) versions(ctx context.Context, next *board.Snapshot) error {
	next.Systems = board.SystemsOf(r.Registry, next.Systems)
	for n := range next.Systems {
		s := &next.Systems[n]
		s.Version = ""
		for _, topic := range slices.Sorted(maps.Keys(shape.Read(s.Platform))) {
			var known struct{ Version string }
			if err := r.document(ctx, shape.Document(s.Name, topic), &known); err != nil {
				return err
			}
			s.Version = max(s.Version, known.Version)
		}
	}
	return nil
}
