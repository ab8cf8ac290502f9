package sim

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/store"
)

// history is what was seen on the way.
type history struct {
	// acknowledged are the deliveries that were answered with success.
	acknowledged map[string]bool
	// written is when rows and alerts were written last, by the names that their
	// indexes give them.
	written map[string]time.Time
	// before are the rows as they were before they were written last.
	before map[commerce.RecordID]record.Row
	// merged is when what a delivery says was first in a row.
	merged map[string]time.Time
	// alerts are as they were written last: the index of the outbox.
	alerts map[string]alert.Alert
	// decided are the decisions of which the command line said that they are done,
	// concerned what those were about that came from Slack.
	decided   []decided
	concerned map[string][]string
}

func newHistory() history {
	return history{acknowledged: map[string]bool{}, written: map[string]time.Time{}, before: map[commerce.RecordID]record.Row{}, alerts: map[string]alert.Alert{}, merged: map[string]time.Time{}, concerned: map[string][]string{}}
}

// putRow writes a row, and sees to it that nothing goes back (I5, I6).
func (w *world) putRow(ctx context.Context, row record.Row) error {
	id := row.ID()
	before, err := w.stores.records.Get(ctx, []commerce.RecordID{id})
	if err != nil {
		return err
	}
	if err := w.stores.records.Put(ctx, row); err != nil {
		return err
	}
	w.history.written["due "+string(id)] = time.Now()
	w.history.before[id] = before[id]
	for _, v := range row.Views {
		if w.history.merged[v.Delivery].IsZero() {
			w.history.merged[v.Delivery] = time.Now()
		}
	}
	w.staysAway(before[id], row)
	for _, old := range before[id].Views {
		if !row.Suppressed.IsZero() {
			break // erased for good, on purpose
		}
		n, found := slices.BinarySearchFunc(row.Views, old, store.CompareViews)
		switch {
		case !found && !w.movedAway(ctx, row.Key, old):
			w.violated("I5", "the view %v of %s is gone", old.ViewID, id)
		case found && row.Views[n].Version.Compare(old.Version) < 0:
			w.violated("I5", "the view %v of %s goes back", old.ViewID, id)
		}
	}
	return nil
}

// putFinding writes a finding, and sees to it that its row was claimed first and
// that no step of its life is taken back.
func (w *world) putFinding(ctx context.Context, f finding.Finding) error {
	before, err := w.stores.findings.GetFinding(ctx, f.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := w.stores.findings.PutFinding(ctx, f); err != nil {
		return err
	}
	w.stepped(before, f)
	if f.Rev > 0 {
		return nil
	}
	id := f.Key.ID(f.Kind)
	rows, err := w.stores.records.Get(ctx, []commerce.RecordID{id})
	if err != nil {
		return err
	}
	if open := rows[id].Marks[f.Integration+"/"+f.Rule].Open; open != f.ID && f.Told() {
		w.violated("claim", "the %s finding %s of %s is written, and the row knows of %q", f.State, f.ID, id, open)
	}
	return nil
}

func (w *world) putAlert(ctx context.Context, a alert.Alert) error {
	err := w.stores.findings.PutAlert(ctx, a)
	if err == nil {
		w.history.written["alert "+a.ID] = time.Now()
		w.history.alerts[a.ID] = a
	}
	return err
}

// outbox lists the alerts that want attention, by id, without reading all others.
func (w *world) outbox(ctx context.Context, until time.Time) ([]alert.Alert, error) {
	var awake []alert.Alert
	for id, a := range w.history.alerts {
		if !store.Awake(a, until) {
			continue
		}
		a, err := w.stores.findings.GetAlert(ctx, id)
		if err != nil {
			return nil, err
		}
		awake = append(awake, a)
	}
	slices.SortFunc(awake, func(a, b alert.Alert) int { return strings.Compare(a.ID, b.ID) })
	return awake, nil
}
