package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/fold"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

const (
	// orphanDocument begins the names of the documents that list the findings of
	// which their rows knew nothing, by audit.
	orphanDocument = "orphans|"
	// orphansAtOnce bounds how many an audit mends; the next one mends the others.
	orphansAtOnce = 1000
	// rowsAtOnce is how many rows are read together.
	rowsAtOnce = 100
)

// adopt mends findings that go on although their rows know nothing of them, so
// that nobody would ever end them. It cannot come to that by itself; a table that
// was restored from a backup is one way. Which they are is noted first: done
// twice, the audit still says what it has mended.
func (r *run) adopt(ctx context.Context, s store.Sweep, _ fold.Fold) error {
	orphans, err := r.orphansOf(ctx, s)
	if err != nil {
		return fmt.Errorf("look for findings without rows: %w", err)
	}
	for _, id := range orphans {
		if err := enough(ctx); err != nil {
			return err
		}
		if err := r.adoptOne(ctx, id); err != nil {
			return fmt.Errorf("mend finding %s: %w", id, err)
		}
	}
	return nil
}

// orphansOf lists the orphans of an audit, the same ones each time.
func (r *run) orphansOf(ctx context.Context, s store.Sweep) ([]string, error) {
	d, err := r.Documents.GetDocument(ctx, orphanDocument+s.Run)
	if err == nil {
		var orphans []string
		return orphans, json.Unmarshal(d.Body, &orphans)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	orphans, err := r.orphans(ctx)
	if err != nil || len(orphans) == 0 {
		return nil, err
	}
	r.Log.WarnContext(ctx, "findings without rows", "findings", len(orphans), "run", s.Run)
	body, err := json.Marshal(orphans)
	if err != nil {
		return nil, err
	}
	return orphans, r.Documents.PutDocument(ctx, store.Document{
		Name: orphanDocument + s.Run, Body: body, Expires: s.Noted.Add(auditsExpire),
	})
}

// orphans lists findings that are not over and that their rows do not know.
func (r *run) orphans(ctx context.Context) ([]string, error) {
	active, err := r.Findings.ActiveFindings(ctx)
	if err != nil {
		return nil, err
	}
	var orphans []string
	for some := range slices.Chunk(active, rowsAtOnce) {
		if err := enough(ctx); err != nil {
			return nil, err
		}
		ids := make([]commerce.RecordID, 0, len(some))
		for _, f := range some {
			ids = append(ids, f.Key.ID(f.Kind))
		}
		rows, err := r.Records.Get(ctx, ids)
		if err != nil {
			return nil, err
		}
		for i, f := range some {
			if rows[ids[i]].Marks[ruleName(f)].Open == f.ID || len(orphans) == orphansAtOnce {
				continue
			}
			// A finding ends before its row forgets it: one that ended meanwhile is
			// over by now.
			if now, err := r.Findings.GetFinding(ctx, f.ID); err == nil && now.State != finding.Resolved {
				orphans = append(orphans, f.ID)
			} else if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
		}
	}
	return orphans, nil
}

func ruleName(f finding.Finding) string { return f.Integration + "/" + f.Rule }

// adoptOne gives a finding back to its row, which is judged then as any other.
// Where there is no such row, or the row has another finding of the rule, nothing
// can be told of it any more, and it ends.
func (r *run) adoptOne(ctx context.Context, id string) error {
	for range races {
		f, err := r.Findings.GetFinding(ctx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && f.State == finding.Resolved {
			return nil
		}
		if err != nil {
			return err
		}
		rows, err := r.Records.Get(ctx, []commerce.RecordID{f.Key.ID(f.Kind)})
		if err != nil {
			return err
		}
		row, found := rows[f.Key.ID(f.Kind)]
		switch open := row.Marks[ruleName(f)].Open; {
		case open == f.ID:
			return nil
		case !row.Suppressed.IsZero():
			err = r.erase(ctx, row)
		case !found:
			err = r.endOrphan(ctx, f, "the record is not there any more")
		case open != "":
			err = r.endOrphan(ctx, f, "another finding tells of it")
		default:
			err = r.giveBack(ctx, row, f)
		}
		if !errors.Is(err, store.ErrLost) {
			return err
		}
	}
	return fmt.Errorf("%d races lost", races)
}

func (r *run) giveBack(ctx context.Context, row record.Row, f finding.Finding) error {
	if err := r.Generation.Check(ctx, row.Generation); err != nil {
		return err
	}
	row.Marks = maps.Clone(row.Marks)
	if row.Marks == nil {
		row.Marks = map[string]record.Mark{}
	}
	row.Marks[ruleName(f)] = record.Mark{
		Since: f.Since, First: f.Since, Cause: f.Cause.Delivery, System: f.Cause.System, Version: f.Cause.Version, Open: f.ID,
	}
	row.Due, row.Generation = r.now.Add(claimed), r.Registry.Generation
	if err := r.Records.Put(ctx, row); err != nil {
		return err
	}
	return r.row(ctx, row.ID(), queue.Look{})
}

// endOrphan ends a finding that belongs to no row.
func (r *run) endOrphan(ctx context.Context, f finding.Finding, why string) error {
	rule := registry.Rule{Integration: f.Integration, ID: f.Rule, Settle: registry.Settle{By: -1}}
	row := record.Row{Kind: f.Kind, Key: f.Key, Marks: map[string]record.Mark{rule.Name(): {Open: f.ID}}}
	_, err := r.finding(ctx, row, judgement{rule: rule, Verdict: judge.Verdict{Outcome: judge.NotJudged, Why: why}})
	return err
}
