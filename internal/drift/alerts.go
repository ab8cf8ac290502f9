package drift

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
)

// tell makes the alert say what the finding says now.
func (r *run) tell(ctx context.Context, f finding.Finding, rule registry.Rule) error {
	a, err := r.alerts.follow(ctx, r.Findings, f.Alert)
	if errors.Is(err, store.ErrNotFound) {
		a, err = r.newAlert(f, rule), nil
	}
	if err != nil {
		return fmt.Errorf("read alert %s: %w", f.Alert, err)
	}
	m := alert.MemberOf(f, r.links(f))
	m.Traits = r.traits(f, rule)
	m = a.Tells(m, f)
	var changed bool
	if a.Class == alert.ClassFlapping {
		a, changed, err = r.flap(ctx, a, m, f)
	} else {
		before := a.Size()
		if a, changed = alert.Update(a, m); a.Size() > before {
			a.JoinUntil = a.Extended(r.now, r.window(rule))
			a = a.AsGraveAs(m, f.Severity)
		}
	}
	if err != nil {
		return err
	}
	a, handed := alert.HandOver(a, r.owner(a.Integration))
	if !changed && !handed {
		return nil
	}
	a, _ = r.planned(r.near(ctx, a))
	if err := r.alerts.put(ctx, r.Findings, f.Alert, r.stamped(a)); err != nil {
		return fmt.Errorf("write alert %s: %w", a.ID, err)
	}
	return nil
}

// planned is the alert with what has become due for it by itself, and whether
// that changed anything: it may be graver by now, and then calls as what is grave
// does.
func (s *Service) planned(a alert.Alert) (alert.Alert, bool) {
	raised := alert.Raise(a, s.severityOver(a), s.Now())
	next, _ := alert.Plan(raised, s.ladder(raised), s.Now())
	return next, next.Seq != a.Seq || !next.Next.Equal(a.Next)
}

// severityOver is from where on an alert becomes graver: what its rule says.
func (s *Service) severityOver(a alert.Alert) registry.SeverityOver {
	i, _ := s.Registry.Integration(a.Integration)
	for _, rule := range i.Rules {
		if rule.ID == a.Rule {
			return rule.SeverityOver
		}
	}
	return nil
}

// ladder is who is called about an alert.
func (s *Service) ladder(a alert.Alert) alert.Ladder {
	i, _ := s.Registry.Integration(a.Integration)
	return alert.LadderOf(i, a.Severity, s.Now())
}

func (r *run) newAlert(f finding.Finding, rule registry.Rule) alert.Alert {
	i, _ := r.Registry.Integration(f.Integration)
	a := alert.Alert{
		ID: f.Alert, Group: r.groupOf(f), Integration: f.Integration, Rule: f.Rule, Class: f.Class, Severity: f.Severity,
		Owner: r.owner(f.Integration),
		From:  f.From, To: f.To, Kind: f.Kind, Runbook: i.Runbook, OnFailure: i.OnFailure,
		FirstCheck: rule.FirstCheck, JoinUntil: r.now.Add(r.window(rule)),
	}
	if a.Authority = rule.Authority; a.Authority == registry.AuthorityTo {
		a.Plain = rule.Plain()
	}
	if alert.Flapping(f.Spell) {
		a.Class, a.Group, a.Calm, a.FirstCheck = alert.ClassFlapping, "", calmOf(rule), ""
	}
	return a
}

// owner is who an integration's alerts are for.
func (s *Service) owner(integration string) alert.Owner {
	i, _ := s.Registry.Integration(integration)
	return alert.Owner{
		Team: i.Owner.Team, Slack: i.Owner.Slack,
		Person: s.Registry.SlackUser(i.Owner.Person), Deputy: s.Registry.SlackUser(i.Deputy.Person),
	}
}

// links open the record in each system that has an address for its kind.
func (r *run) links(f finding.Finding) map[string]string {
	links := map[string]string{}
	for system, native := range f.Natives {
		if address := r.Registry.Systems[system].AdminURL[f.Kind]; address != "" && native != "" {
			links[system] = strings.ReplaceAll(address, "{native}", native)
		}
	}
	return links
}
