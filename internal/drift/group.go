package drift

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// alertFor is the alert that a new finding joins, or the one that it starts.
func (r *run) alertFor(ctx context.Context, f finding.Finding, rule registry.Rule) (string, error) {
	name := strings.Join([]string{f.Integration, f.Rule, string(f.Class)}, "/")
	g, err := r.Findings.GetGroup(ctx, name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", fmt.Errorf("read group %s: %w", name, err)
	}
	if g.Alert != "" && !r.now.After(g.JoinUntil) {
		a, err := r.Findings.GetAlert(ctx, g.Alert)
		switch {
		case errors.Is(err, store.ErrNotFound), err == nil && a.Takes(r.now):
			return g.Alert, nil
		case err != nil:
			return "", fmt.Errorf("read alert %s: %w", g.Alert, err)
		}
	}
	g.Name, g.JoinUntil = name, r.now.Add(joinWindow(rule))
	g.Alert = alert.NewID(f.Integration, f.Rule, f.Class, f.ID)
	if err := r.Findings.PutGroup(ctx, g); err != nil {
		return "", fmt.Errorf("write group %s: %w", name, err)
	}
	return g.Alert, nil
}

// joinWindow is how long findings of one rule and class count as one event.
func joinWindow(rule registry.Rule) time.Duration {
	if rule.Settle.By >= 0 {
		return 15 * time.Minute
	}
	return max(15*time.Minute, min(rule.Settle.For, time.Hour))
}
