package drift

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// policySweep is the walk that follows a change of what is judged by.
const policySweep = "policy"

// policy is the change of what is judged by that came last: another generation
// of the registry, or one of its dates. Whoever sees it first notes it, so that
// everything that follows from it is one event. It is read once per run.
func (r *run) policy(ctx context.Context) (store.Sweep, error) {
	if r.changed != nil {
		return *r.changed, nil
	}
	for range races {
		s, err := r.noted(ctx)
		if errors.Is(err, store.ErrLost) {
			continue
		}
		if err != nil {
			return s, err
		}
		r.changed = &s
		return s, nil
	}
	return store.Sweep{}, fmt.Errorf("note a change of the registry: %d races lost", races)
}

func (r *run) noted(ctx context.Context) (store.Sweep, error) {
	before, err := r.Sweeps.GetSweep(ctx, policySweep)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return before, fmt.Errorf("read the last change of the registry: %w", err)
	}
	now := r.Registry.PolicyAt(r.now)
	if before.Generation == now.Generation && !now.Since.After(before.Since) {
		return before, nil // the same, or seen by a clock that is ahead
	}
	current, err := r.Generation.Current(ctx)
	if err != nil || !current {
		return before, err
	}
	next := r.change(before, now)
	if before.Generation == "" {
		// What wrote the rows that there are is not known: all are judged again,
		// and what is found then follows from nothing that changed.
		next.Changed = nil
	}
	if err := r.Sweeps.PutSweep(ctx, next); err != nil {
		return next, fmt.Errorf("note a change of the registry: %w", err)
	}
	next.Rev++
	r.Log.InfoContext(ctx, "registry changed", "generation", next.Generation, "rules", len(next.Changed), "kinds", len(next.Kinds))
	return next, nil
}

// change is the walk from one policy to the next. What an earlier walk has not
// come to is part of it.
func (r *run) change(before store.Sweep, now registry.Policy) store.Sweep {
	next := store.Sweep{
		Name: policySweep, Run: fmt.Sprintf("%s@%d", now.Generation, r.now.UnixMilli()),
		Generation: now.Generation, Since: now.Since, Cause: "the registry changed",
		Rules: map[string]store.SweepRule{}, Noted: r.now.UTC(), Segments: make([]store.SweepSegment, segments), Rev: before.Rev,
	}
	if now.Generation == before.Generation {
		next.Cause = "a date of the registry passed"
	}
	for kind, rules := range r.Rules {
		if kind == commerce.Canary {
			continue // no registry says anything about it
		}
		for name, digest := range r.Registry.RuleDigests(rules, r.now) {
			next.Rules[name] = store.SweepRule{Kind: kind, Digest: digest}
		}
	}
	changed, kinds := map[string]bool{}, map[commerce.Kind]bool{}
	for _, rules := range []map[string]store.SweepRule{before.Rules, next.Rules} {
		for name, rule := range rules {
			if before.Rules[name] != next.Rules[name] {
				changed[name], kinds[rule.Kind] = true, true
			}
		}
	}
	if before.Ended.IsZero() {
		for _, name := range before.Changed {
			changed[name] = true
		}
		for _, kind := range before.Kinds {
			kinds[kind] = true
		}
	}
	next.Changed, next.Kinds = slices.Sorted(maps.Keys(changed)), slices.Sorted(maps.Keys(kinds))
	if len(next.Kinds) == 0 {
		next.Ended = next.Noted
	}
	return next
}

// after is how long a difference that is found behind a walk still belongs to
// it: what could not be told, or not be judged, while it went by.
const after = time.Hour

// walkWindow is how long findings of one change of the registry join one alert:
// a walk over a large table takes hours.
const walkWindow = 12 * time.Hour

// window is how long further findings may join the alert that a finding starts.
func (r *run) window(rule registry.Rule) time.Duration {
	if r.event != "" {
		return walkWindow
	}
	return joinWindow(rule)
}

// eventOf names the change of the registry that a difference follows from: its
// rule changed, and it was due before. It is blank for any other difference.
func (r *run) eventOf(ctx context.Context, j judgement) (string, error) {
	if r.Sweeps == nil || j.Outcome != judge.Differ {
		return "", nil
	}
	s, err := r.policy(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case s.Generation != r.Registry.Generation, !slices.Contains(s.Changed, j.rule.Name()):
		return "", nil
	case j.rule.Settle.Due(j.Since).After(s.Noted), !s.Ended.IsZero() && r.now.Sub(s.Ended) > after:
		return "", nil
	}
	return alert.RegistryEvent(s.Noted, changedRules(s, j.rule.Integration)), nil
}

// changedRules says in words which rules of an integration changed.
func changedRules(s store.Sweep, integration string) string {
	const few = 3
	var ids []string
	for _, name := range s.Changed {
		if id, ok := strings.CutPrefix(name, integration+"/"); ok {
			ids = append(ids, id)
		}
	}
	switch {
	case len(ids) == 1:
		return "rule " + ids[0]
	case len(ids) <= few:
		return "rules " + strings.Join(ids, ", ")
	default:
		return fmt.Sprintf("%d rules", len(ids))
	}
}
