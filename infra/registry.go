package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

// loadRegistry reads the registry as the functions will. The error has every
// problem on a line of its own, with its place.
func loadRegistry(s settings) (reg *registry.Registry, warnings []string, err error) {
	reg, problems := registry.Load(s.registry, all.Platforms(), time.Now())
	if reg != nil {
		warnings = lines(reg.Warnings)
		if s.localSecrets {
			warnings = append(warnings, lines(reg.Local)...)
		} else {
			problems = reg.Local
		}
	}
	if len(problems) > 0 {
		return nil, warnings, errors.New(strings.Join(lines(problems), "\n"))
	}
	return reg, warnings, nil
}

func lines(problems []registry.Problem) []string {
	all := make([]string, 0, len(problems))
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

// systemSecrets are the references of what systems, and those who tell about
// changes, sign with, each once.
func systemSecrets(reg *registry.Registry) []string {
	all := slices.Clone(reg.ChangeSecrets)
	for _, name := range slices.Sorted(maps.Keys(reg.Systems)) {
		all = append(all, reg.Systems[name].Secrets...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// systemCredentials are the references of the credentials of all APIs, each
// once.
func systemCredentials(reg *registry.Registry) []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(reg.Systems)) {
		if ref := reg.Systems[name].Credential; ref != "" {
			all = append(all, ref)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// teams says who owns what, for whoever is woken by an alarm.
func teams(reg *registry.Registry) string {
	owned := map[string][]string{}
	for _, i := range reg.Integrations {
		owned[owner(i)] = append(owned[owner(i)], i.Name)
	}
	all := make([]string, 0, len(owned))
	for _, team := range slices.Sorted(maps.Keys(owned)) {
		all = append(all, fmt.Sprintf("%s (%s)", team, strings.Join(owned[team], ", ")))
	}
	return strings.Join(all, "; ")
}

// owner is the team, or its channel, never a person.
func owner(i registry.Integration) string {
	if i.Owner.Team != "" {
		return i.Owner.Team
	}
	return i.Owner.Slack
}
