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
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// spells reads how often the finding's record came and went under its rule.
func (r *run) spells(ctx context.Context, f finding.Finding) (store.Group, error) {
	return r.group(ctx, spellsName(f))
}

func spellsName(f finding.Finding) string {
	return strings.Join([]string{"spells", f.Integration, f.Rule, string(f.Key.ID(f.Kind))}, "/")
}

// ended notes that a finding people were told of is over.
func (r *run) ended(ctx context.Context, f finding.Finding) error {
	g, err := r.spells(ctx, f)
	if err != nil {
		return err
	}
	after, news := g.Spells.After(f)
	if !news {
		return nil
	}
	g.Spells, g.Expires = after, after.Expires()
	if err := r.Findings.PutGroup(ctx, g); err != nil {
		return fmt.Errorf("write group %s: %w", g.Name, err)
	}
	return nil
}

// spell is how often the finding's record came by now.
func (r *run) spell(ctx context.Context, f finding.Finding) (int, error) {
	g, err := r.spells(ctx, f)
	number, _ := g.Spells.Of(f)
	return number, err
}

// returned is the alert of the record's last finding under the rule, where the same
// difference has come back: then the message that told of it tells of it again. It
// is blank where there is none. What has not come to rest in between flaps.
func (r *run) returned(ctx context.Context, f finding.Finding, rule registry.Rule) (string, error) {
	if f.Spell < 2 {
		return "", nil
	}
	g, err := r.spells(ctx, f)
	if err != nil || g.Spells.Last == f.ID || alert.Flapping(f.Spell) && f.Opened.Sub(g.Spells.Ended) < calmOf(rule) {
		return "", err
	}
	last, err := r.Findings.GetFinding(ctx, g.Spells.Last)
	if err == nil && !last.SameAmount(f) {
		return "", nil
	}
	var a alert.Alert
	if err == nil {
		a, err = store.FollowAlert(ctx, r.Findings, last.Alert)
	}
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read what was told of %s before: %w", f.Key.ID(f.Kind), err)
	}
	if !a.TakesBack(f) {
		return "", nil
	}
	return a.ID, nil
}

// flapAlertFor is the alert about records of the rule that come and go, as long
// as one is open.
func (r *run) flapAlertFor(ctx context.Context, f finding.Finding, rule registry.Rule) (string, error) {
	g, err := r.group(ctx, strings.Join([]string{f.Integration, f.Rule, string(alert.ClassFlapping)}, "/"))
	if err != nil {
		return "", err
	}
	current, err := r.current(ctx, &g)
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(current, func(a alert.Alert) bool { return a.TakesFlapping(r.now) }); i >= 0 {
		return current[i].ID, nil
	}
	// Until when it takes records is known to the alert alone: it grows.
	until := r.now.Add(max(flapKept, calmOf(rule)))
	return r.start(ctx, g, store.Joinable{Alert: alert.NewID(f.Integration, f.Rule, alert.ClassFlapping, f.ID), Until: until})
}

// flapKept is how long a group looks for its alert about records that flap.
const flapKept = 7 * 24 * time.Hour

func calmOf(rule registry.Rule) time.Duration { return alert.Calm(rule.Settle.For) }

// flap makes an alert about records that come and go tell the finding.
func (r *run) flap(ctx context.Context, a alert.Alert, m alert.Member, f finding.Finding) (alert.Alert, bool, error) {
	g, err := r.spells(ctx, f)
	if err != nil {
		return a, false, err
	}
	_, since := g.Spells.Of(f)
	next, changed := alert.Flap(a, m, f.Spell, since)
	return next, changed, nil
}
