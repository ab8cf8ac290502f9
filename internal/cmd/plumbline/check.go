package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

// checkCmd reports every problem of a registry. Exit code 1 when there is one.
type checkCmd struct {
	Schema bool   `help:"Print the JSON Schema of a registry, for editors, and check nothing."`
	AsOf   string `placeholder:"DATE" help:"Check as of this day, YYYY-MM-DD: owners' dates are judged by it."`
}

// Run checks.
func (k *checkCmd) Run(c *cli, out *output) error {
	if k.Schema {
		out.line("%s", strings.TrimSpace(registry.Schema))
		return nil
	}
	asOf := time.Now()
	if k.AsOf != "" {
		day, err := time.Parse(time.DateOnly, k.AsOf)
		if err != nil {
			return fmt.Errorf("--as-of: want a day as 2026-12-31")
		}
		asOf = day
	}
	reg, problems := registry.Load(c.Registry, all.Platforms(), asOf)
	var warnings []registry.Problem
	if reg != nil {
		warnings = reg.Warnings
		if problems = mappingProblems(reg, filepath.Dir(c.Registry)); len(problems) > 0 {
			reg = nil
		}
	}
	if out.json {
		if err := out.encode(checkAnswer{OK: reg != nil, Problems: orEmpty(problems), Warnings: orEmpty(warnings)}); err != nil {
			return err
		}
	} else {
		printCheck(out, c.Registry, reg, problems, warnings)
	}
	if reg == nil {
		return exitError(1)
	}
	return nil
}

// mappingProblems are those of the files that say what columns of exports mean.
func mappingProblems(reg *registry.Registry, folder string) []registry.Problem {
	var problems []registry.Problem
	for _, name := range slices.Sorted(maps.Keys(reg.Systems)) {
		exports := reg.Systems[name].Exports
		for _, kind := range slices.Sorted(maps.Keys(exports)) {
			of := exports[kind]
			if of.Mapping == "" {
				continue
			}
			// Nothing is hashed: only how columns are read is looked at.
			if m := export.CheckMapping(of.Content, kind, reg.PlatformConfig(name, nil)); m != nil {
				problems = append(problems, registry.Problem{File: filepath.Join(folder, of.Mapping), Line: m.Line, Column: m.Column, Message: m.Message})
			}
		}
	}
	return problems
}

type checkAnswer struct {
	OK       bool               `json:"ok"`
	Problems []registry.Problem `json:"problems"`
	Warnings []registry.Problem `json:"warnings"`
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func printCheck(out *output, path string, reg *registry.Registry, problems, warnings []registry.Problem) {
	for _, p := range problems {
		out.line("%s", p)
	}
	for _, p := range warnings {
		out.line("%s (warning)", p)
	}
	if reg == nil {
		out.line("%s", counted(len(problems), "problem"))
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			out.line("plumbline init writes a registry to start with; --registry names another.")
		}
		return
	}
	rules := 0
	for _, i := range reg.Integrations {
		rules += len(i.Rules)
	}
	out.line("ok: %s, %s, %s, generation %s", counted(len(reg.Systems), "system"), counted(len(reg.Integrations), "integration"), counted(rules, "rule"), reg.Generation)
}
