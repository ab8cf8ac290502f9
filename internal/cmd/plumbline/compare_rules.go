package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/compare"
	"github.com/plumbline/plumbline/internal/compare/ruled"
	"github.com/plumbline/plumbline/internal/compare/source"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

// byRules makes the plan judge by the integration's rules, and reads the files as
// the registry says of their systems.
func (k *compareCmd) byRules(c *cli, pair *source.Pair, options [2]export.Options, w source.Wishes) ([2]export.Options, error) {
	now := time.Now()
	reg, problems := registry.Load(c.Registry, all.Platforms(), now)
	if reg == nil {
		return options, fmt.Errorf("%s has %s, the first: %s", c.Registry, counted(len(problems), "problem"), problems[0])
	}
	i, ok := reg.Integration(k.Integration)
	if !ok {
		return options, fmt.Errorf("no integration %q in %s", k.Integration, c.Registry)
	}
	systems := systemsOf(reg, i, *pair)
	for side, name := range systems {
		options[side].Config = reg.PlatformConfig(name, w.HashKey)
	}
	if pair.Plan.Kind == "" {
		return options, errors.New("--integration: what the records are is not recognised: say --kind")
	}
	var err error
	if pair.Plan.Flight, err = k.flight(options[compare.Left]); err != nil {
		return options, err
	}
	pair.Judged(w)
	if at := later(pair.Plan.AsOf[0], pair.Plan.AsOf[1]); !at.IsZero() {
		now = at
	}
	pair.Plan.Judge, err = ruled.New(reg, k.Integration, systems, pair.Plan, now)
	return options, err
}

// systemsOf says which system each file is of: the integration's believed one is
// the left, unless the files are of its platforms the other way round.
func systemsOf(reg *registry.Registry, i registry.Integration, pair source.Pair) [2]string {
	from, to := reg.Systems[i.From].Platform, reg.Systems[i.To].Platform
	left, right := pair.Readings[compare.Left].Mapping.Platform, pair.Readings[compare.Right].Mapping.Platform
	if from != to && (left == to && right != to || right == from && left != from) {
		return [2]string{i.To, i.From}
	}
	return [2]string{i.From, i.To}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
