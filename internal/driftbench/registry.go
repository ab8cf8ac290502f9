package driftbench

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/platform/known"
	"github.com/plumbline/plumbline/internal/registry"
)

//go:embed company.yaml
var registryText string

// zone is where all systems of a company stand.
const zone = "America/New_York"

// dated is how long after the job's own change the registry's rules change: a rule
// holds from its first second on.
const dated = 10 * time.Minute

// registryOf is the registry of a company, read as any other.
func registryOf(c *company.Company) (*registry.Registry, error) {
	platforms, err := known.Platforms()
	if err != nil {
		return nil, fmt.Errorf("list platforms: %w", err)
	}
	before, after := c.Buffers()
	files := map[string][]byte{"buffer.csv": before, "next-buffer.csv": after}
	read := func(file string) ([]byte, error) { return files[file], nil }
	text := strings.NewReplacer(
		"{{change}}", c.Change.Add(dated).Format(time.RFC3339), "{{left}}", lastDay(c.Left()), "{{handed}}", lastDay(c.Handed()),
	).Replace(registryText)
	r, problems := registry.Parse("company.yaml", []byte(text), read, platforms, c.Start)
	if r != nil {
		return r, nil
	}
	errs := make([]error, 0, len(problems))
	for _, p := range problems {
		errs = append(errs, fmt.Errorf("company.yaml:%d:%d: %s", p.Line, p.Column, p.Message))
	}
	return nil, errors.Join(errs...)
}

// lastDay is the last day of what is over at a time, as the registry writes it.
func lastDay(over time.Time) string { return over.AddDate(0, 0, -1).Format(time.DateOnly) }

// promised are the rules with the settle times that the company promises, where
// they are learnt.
func promised(r *registry.Registry) map[string]registry.Rule {
	rules := map[string]registry.Rule{}
	for _, i := range r.Integrations {
		for _, rule := range i.Rules {
			if rule.Settle.Learned() {
				rule.Settle = registry.Settle{For: company.Repriced, By: -1}
			}
			rules[rule.Name()] = rule
		}
	}
	return rules
}

// handOver names the team that follows the former owner of products.
func handOver(r *registry.Registry) {
	for i := range r.Integrations {
		if one := &r.Integrations[i]; one.Name == "products" {
			one.Owner = registry.Owner{Team: "catalogue", Slack: "#catalogue"}
		}
	}
}
