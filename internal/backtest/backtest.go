// Package backtest asks what a rule would have said of a stretch of history: how
// often it would have fired, for whom, about how much money, and what it would
// have ended by itself. Two versions of a rule are compared finding by finding.
//
// The history is what the archive holds, judged by merge and drift as they are
// deployed, see rerun. How the archive is read is left to replay.
package backtest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/rerun"
)

// Question is what is asked.
type Question struct {
	Registry *registry.Registry
	// Rule is "integration/rule".
	Rule string
	// Start is from when on deliveries are merged, so that both sides are known by
	// Since. Findings that open from Since until before Until count.
	Start, Since, Until time.Time
	// Deliveries were received from Start until before Until, in the order of
	// receipt.
	Deliveries iter.Seq2[queue.Envelope, error]
	// Known is what is known without them. The zero Known is nothing.
	Known Known
	// Stores take what becomes of it. They are empty, and of use for nothing else.
	Stores rerun.Stores
}

// Known are rows and coverage as they are today.
type Known struct {
	// Rows calls each for every row. What changed after the start is left out of
	// them. Nil has none.
	Rows func(ctx context.Context, each func(record.Row) error) error
	// Covered are marks of since when everything of a kind is known in a system.
	Covered map[string]time.Time
}

// Rule finds a rule by its name, "integration/rule".
func Rule(r *registry.Registry, name string) (registry.Rule, error) {
	integration, id, _ := strings.Cut(name, "/")
	i, known := r.Integration(integration)
	if !known {
		return registry.Rule{}, fmt.Errorf("no integration %q in the registry", integration)
	}
	for _, rule := range i.Rules {
		if rule.ID == id {
			return rule, nil
		}
	}
	return registry.Rule{}, fmt.Errorf("no rule %q in integration %s; want INTEGRATION/RULE", id, integration)
}

// Run lives through the history and returns the findings that the rule would have
// opened, the first first, as they stand at the end.
func Run(ctx context.Context, q Question) ([]finding.Finding, error) {
	if _, err := Rule(q.Registry, q.Rule); err != nil {
		return nil, err
	}
	if err := q.Known.tell(ctx, q.Start, q.Stores); err != nil {
		return nil, err
	}
	stage := rerun.New(rerun.NewAgenda(q.Start), applied(q.Registry, q.Rule), q.Stores)
	if err := stage.Play(withContext(ctx, q.Deliveries), q.Until); err != nil {
		return nil, fmt.Errorf("live through the history: %w", err)
	}
	all, err := q.Stores.Findings.AllFindings(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(f finding.Finding) bool {
		return f.Integration+"/"+f.Rule != q.Rule || !f.Told() || f.Opened.Before(q.Since) || !f.Opened.Before(q.Until)
	})
	slices.SortStableFunc(all, func(a, b finding.Finding) int { return a.Opened.Compare(b.Opened) })
	return all, nil
}

// withContext ends the deliveries when the context does.
func withContext(ctx context.Context, deliveries iter.Seq2[queue.Envelope, error]) iter.Seq2[queue.Envelope, error] {
	return func(yield func(queue.Envelope, error) bool) {
		for e, err := range deliveries {
			if err == nil {
				err = ctx.Err()
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// applied is the registry in which the rule alerts, and applies at all times: what
// is asked is what it would have said.
func applied(r *registry.Registry, name string) *registry.Registry {
	next := *r
	next.Integrations = slices.Clone(r.Integrations)
	for i, integration := range next.Integrations {
		next.Integrations[i].Rules = slices.Clone(integration.Rules)
		for j, rule := range integration.Rules {
			if rule.Name() == name {
				next.Integrations[i].Rules[j].Mode, next.Integrations[i].Rules[j].Valid = registry.Alert, registry.Validity{}
			}
		}
	}
	return &next
}

// tell stores what is known about the time before the start.
func (k Known) tell(ctx context.Context, start time.Time, to rerun.Stores) error {
	for name, at := range k.Covered {
		if at.Before(start) {
			if err := to.Findings.EarliestMark(ctx, name, at); err != nil {
				return err
			}
		}
	}
	if k.Rows == nil {
		return nil
	}
	return k.Rows(ctx, func(row record.Row) error {
		before, some := asBefore(row, start)
		if !some {
			return nil
		}
		return to.Records.Put(ctx, before)
	})
}

// asBefore is a row as it was at the start, as far as it has not changed since,
// and reports whether anything is known of it. An erased record stays erased.
func asBefore(row record.Row, start time.Time) (record.Row, bool) {
	before := record.Row{Kind: row.Kind, Key: row.Key, Suppressed: row.Suppressed, Redacted: row.Redacted}
	if row.Kind != commerce.Link && !slices.Contains(commerce.Kinds(), row.Kind) {
		return before, false
	}
	for _, v := range row.Views {
		if v.Received.Before(start) {
			before.Views = append(before.Views, v)
		}
	}
	return before, len(before.Views) > 0 || !before.Suppressed.IsZero() || !before.Redacted.IsZero()
}

// CoveredMarks names the marks of coverage that a registry's systems may have.
func CoveredMarks(r *registry.Registry) []string {
	var names []string
	for system := range r.Systems {
		for _, kind := range commerce.Kinds() {
			names = append(names, merge.CoveredMark(system, kind))
		}
	}
	slices.Sort(names)
	return names
}
