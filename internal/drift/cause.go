package drift

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// causeKept is how long after its first finding the alert about a delivery is known
// to others that follow from it.
const causeKept = 24 * time.Hour

// causes name the alerts about what one delivery started, and about one person.
func causes(f finding.Finding) []string {
	var names []string
	if f.Cause.Delivery != "" && f.Kind != commerce.Mapping {
		names = append(names, strings.Join([]string{"cause", f.Cause.System, f.Cause.Delivery}, "/"))
	}
	if f.Kind == commerce.Customer || f.Kind == commerce.Anchor {
		for _, system := range slices.Sorted(maps.Keys(f.Natives)) {
			names = append(names, strings.Join([]string{"person", system, f.Natives[system]}, "/"))
		}
	}
	return names
}

// sameCause is the alert of another rule that tells what this finding follows from,
// blank where there is none.
func (r *run) sameCause(ctx context.Context, f finding.Finding) (string, error) {
	return r.firstOf(ctx, causes(f), func(_ store.Joinable, a alert.Alert) bool {
		return a.Rule != f.Rule && r.judges(a.Integration, a.Rule) && a.CausedBy(f)
	})
}

// firstOf is the first alert of the named groups that takes the finding, blank where
// none does.
func (r *run) firstOf(ctx context.Context, names []string, takes func(store.Joinable, alert.Alert) bool) (string, error) {
	for _, name := range names {
		g, err := r.group(ctx, name)
		if err != nil {
			return "", err
		}
		for _, j := range g.Alerts {
			a, err := store.FollowAlert(ctx, r.Findings, j.Alert)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return "", fmt.Errorf("read alert %s: %w", j.Alert, err)
			}
			if takes(j, a) {
				return a.ID, nil
			}
		}
	}
	return "", nil
}

// judges reports whether a rule is one of those that are judged by now.
func (s *Service) judges(integration, id string) bool {
	for _, rules := range s.Rules {
		if slices.ContainsFunc(rules, func(rule registry.Rule) bool { return rule.Integration == integration && rule.ID == id }) {
			return true
		}
	}
	return false
}

// noteCause lets others that follow from what is named join the alert for some time.
func (r *run) noteCause(ctx context.Context, names []string, id string, kept time.Duration) error {
	for _, name := range names {
		g, err := r.group(ctx, name)
		if err != nil {
			return err
		}
		g.Alerts = slices.DeleteFunc(slices.Clone(g.Alerts), func(j store.Joinable) bool { return r.now.After(j.Until) })
		known := func(j store.Joinable) bool { return j.Alert == id }
		if len(g.Alerts) >= maxCauses || slices.ContainsFunc(g.Alerts, known) {
			continue
		}
		if _, err := r.start(ctx, g, store.Joinable{Alert: id, Until: r.now.Add(kept)}); err != nil {
			return err
		}
	}
	return nil
}

// maxCauses bounds the alerts that are known of one delivery, person or item.
const maxCauses = 4

// causesFirst orders judgements so that the rule whose system should have passed a
// change on comes before those that see what follows.
func causesFirst(judgements []judgement) []judgement {
	follows := func(j judgement) int {
		if j.Cause.System != "" && j.rule.From == j.Cause.System {
			return 0
		}
		return 1
	}
	ordered := slices.Clone(judgements)
	slices.SortStableFunc(ordered, func(a, b judgement) int { return cmp.Compare(follows(a), follows(b)) })
	return ordered
}
