package drift

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// groupOf names the alerts that a finding can join: those of its rule and class,
// or those of the change of the registry that the run is about.
func (r *run) groupOf(f finding.Finding) string {
	if r.event != "" {
		return strings.Join([]string{f.Integration, "event", r.event}, "/")
	}
	return strings.Join([]string{f.Integration, f.Rule, string(f.Class)}, "/")
}

// alertFor is the alert that a new finding joins, or the one that it starts.
func (r *run) alertFor(ctx context.Context, f finding.Finding, row record.Row, rule registry.Rule) (string, error) {
	if id, err := r.returned(ctx, f, rule); err != nil || id != "" {
		return id, err
	}
	if alert.Flapping(f.Spell) {
		return r.flapAlertFor(ctx, f, rule)
	}
	if r.event != "" {
		return r.alertOfRule(ctx, f, rule)
	}
	if id, err := r.sameCause(ctx, f); err != nil || id != "" {
		return id, err
	}
	if id, err := r.sameItem(ctx, f, row); err != nil || id != "" {
		return id, err
	}
	id, err := r.alertOfRule(ctx, f, rule)
	if err != nil {
		return "", err
	}
	if err := r.noteCause(ctx, causes(f), id, causeKept); err != nil {
		return "", err
	}
	return id, r.noteCause(ctx, items(f, row), id, itemKept)
}

// alertOfRule is the alert of its rule that a new finding joins or starts.
func (r *run) alertOfRule(ctx context.Context, f finding.Finding, rule registry.Rule) (string, error) {
	g, err := r.group(ctx, r.groupOf(f))
	if err != nil {
		return "", err
	}
	current, err := r.current(ctx, &g)
	if err != nil {
		return "", err
	}
	traits := r.traits(f, rule)
	if i := alert.Choose(current, traits); i >= 0 {
		return current[i].ID, r.extend(ctx, g, i, current[i].Extended(r.now, r.window(rule)))
	}
	return r.start(ctx, g, store.Joinable{
		Alert: alert.NewID(f.Integration, f.Rule, f.Class, f.ID), Until: r.now.Add(r.window(rule)), Traits: traits,
	})
}

// traits are what the finding may have in common with others.
func (r *run) traits(f finding.Finding, rule registry.Rule) alert.Traits {
	var due time.Time
	if rule.Settle.By >= 0 {
		due = rule.Settle.Due(f.Since)
	}
	return alert.TraitsOf(f, due, r.event)
}

// group reads a group, which may be new.
func (s *Service) group(ctx context.Context, name string) (store.Group, error) {
	g, err := s.Findings.GetGroup(ctx, name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return g, fmt.Errorf("read group %s: %w", name, err)
	}
	g.Name = name
	return g, nil
}

// current reads the alerts of a group that new findings may join, and forgets
// the others. One that is not written yet stands there with what is known of its
// first finding.
func (r *run) current(ctx context.Context, g *store.Group) ([]alert.Alert, error) {
	var alerts []alert.Alert
	var joinable []store.Joinable
	for _, j := range g.Alerts {
		if r.now.After(j.Until) {
			continue
		}
		a, err := r.Findings.GetAlert(ctx, j.Alert)
		switch {
		case errors.Is(err, store.ErrNotFound):
			a = alert.Alert{ID: j.Alert, Common: j.Traits, JoinUntil: j.Until}
		case err != nil:
			return nil, fmt.Errorf("read alert %s: %w", j.Alert, err)
		}
		if a.Takes(r.now) {
			alerts, joinable = append(alerts, a), append(joinable, j)
		}
	}
	g.Alerts = joinable
	return alerts, nil
}

// groupKept is how long a group is kept after its last alert takes no findings.
const groupKept = 24 * time.Hour

// start lets new findings of the group join an alert that is about to be written.
func (r *run) start(ctx context.Context, g store.Group, j store.Joinable) (string, error) {
	g.Alerts = append(g.Alerts, j)
	g.Expires = j.Until.Add(groupKept)
	if err := r.Findings.PutGroup(ctx, g); err != nil {
		return "", fmt.Errorf("write group %s: %w", g.Name, err)
	}
	return j.Alert, nil
}

// extend lets the group look longer for an alert that a finding joins. The alert
// itself says when it takes no more.
func (r *run) extend(ctx context.Context, g store.Group, i int, until time.Time) error {
	if until.Sub(g.Alerts[i].Until) < joinStep {
		return nil
	}
	g.Alerts = slices.Clone(g.Alerts)
	g.Alerts[i].Until = until
	if expires := until.Add(groupKept); expires.After(g.Expires) {
		g.Expires = expires
	}
	if err := r.Findings.PutGroup(ctx, g); err != nil {
		return fmt.Errorf("write group %s: %w", g.Name, err)
	}
	return nil
}

const (
	// joinAtOnce is how long findings of a rule with a time of day join: all of them
	// are due at once.
	joinAtOnce = 15 * time.Minute
	// joinOn is how long after the last finding of an alert the next one joins. A job
	// that has stopped leaves behind what changes, and that takes its time.
	joinOn = 2 * time.Hour
	// joinMost bounds that for rules with longer settle times.
	joinMost = 12 * time.Hour
	// joinStep is by how much that has to be longer to be noted.
	joinStep = 10 * time.Minute
)

// joinWindow is how long after the last one findings of one rule and class count as
// one event.
func joinWindow(rule registry.Rule) time.Duration {
	if rule.Settle.By >= 0 {
		return joinAtOnce
	}
	return max(joinOn, min(rule.Settle.For, joinMost))
}
