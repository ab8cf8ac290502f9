package board

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
)

// IntegrationOf is what the registry says of an integration, with the figures that
// are known of it.
func IntegrationOf(i registry.Integration, known Integration) Integration {
	one := known
	one.Name, one.Purpose, one.From, one.To = i.Name, i.Purpose, i.From, i.To
	one.Owner, one.Deputy = ownerOf(i.Owner), ownerOf(i.Deputy)
	one.Runbook, one.OnFailure = i.Runbook, i.OnFailure
	one.Rules = nil
	for _, r := range i.Rules {
		var rule Rule
		if at := slices.IndexFunc(known.Rules, func(k Rule) bool { return k.ID == r.ID }); at >= 0 {
			rule = known.Rules[at]
		}
		rule.ID, rule.Kind, rule.Mode, rule.From, rule.To = r.ID, r.Kind, string(r.Mode), r.From, r.To
		rule.FirstCheck, rule.Until = r.FirstCheck, r.Valid.Until
		one.Rules = append(one.Rules, rule)
	}
	return one
}

func ownerOf(o registry.Owner) Owner {
	return Owner{Team: o.Team, Slack: o.Slack, Person: o.Person != "", Until: o.Until}
}

// WindowsOf are the quiet windows of a registry in words.
func WindowsOf(r *registry.Registry) []string {
	var all []string
	for _, q := range r.Quiet {
		day := "every day"
		if !q.EveryDay {
			day = q.Day.String() + "s"
		}
		text := fmt.Sprintf("%s %s–%s %s: %s", day, clockOf(q.From), clockOf(q.Until), zoneOf(q.Zone), q.Why)
		if q.Integrations != nil {
			text += " (" + strings.Join(q.Integrations, ", ") + ")"
		}
		all = append(all, text)
	}
	return all
}

func clockOf(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

func zoneOf(zone *time.Location) string {
	if zone == nil {
		return time.UTC.String()
	}
	return zone.String()
}

// IgnoredOf are the patterns of records that no rule of a registry judges.
func IgnoredOf(r *registry.Registry) []string {
	var all []string
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			for _, ignored := range rule.Ignored {
				if text := ignored.String(); !slices.Contains(all, text) {
					all = append(all, text)
				}
			}
		}
	}
	return all
}

// SystemsOf are the systems of a registry in the order of their names, with what is
// known of them.
func SystemsOf(r *registry.Registry, known []System) []System {
	var all []System
	for _, name := range slices.Sorted(maps.Keys(r.Systems)) {
		s := r.Systems[name]
		one := System{Name: name}
		if at := slices.IndexFunc(known, func(k System) bool { return k.Name == name }); at >= 0 {
			one = known[at]
		}
		one.Platform, one.Zone = s.Platform, zoneOf(s.Timezone)
		all = append(all, one)
	}
	return all
}

// Needs reports whether some rule of an integration needs a system's news of a
// kind.
func Needs(i registry.Integration, system string, kind commerce.Kind) bool {
	return slices.ContainsFunc(i.Rules, func(r registry.Rule) bool {
		return r.Kind == kind && r.Mode != registry.Off && (r.From == system || r.To == system)
	})
}
