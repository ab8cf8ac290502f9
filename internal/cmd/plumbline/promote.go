package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

// promoteCmd lets a rule alert that only watched.
type promoteCmd struct {
	Rule   string `arg:"" help:"The rule: integration/id, or the id alone where no other has it."`
	DryRun bool   `help:"Say what the rule would have alerted of, and leave the registry as it is."`
}

// watched is how far back the rule's findings are told.
const watched = 7 * 24 * time.Hour

// promotion is what --json prints.
type promotion struct {
	Rule     string   `json:"rule"`
	Mode     string   `json:"mode"`
	Written  bool     `json:"written"`
	Known    bool     `json:"known"`
	Days     int      `json:"days"`
	Findings int      `json:"findings"`
	Open     int      `json:"open"`
	Records  []string `json:"records"`
}

// Run promotes. The registry is read again before it is written: what does not
// make the rule alert, and nothing else, is not written.
func (k *promoteCmd) Run(ctx context.Context, c *cli, out *output) error {
	reg, problems := registry.Load(c.Registry, all.Platforms(), time.Now())
	if reg == nil {
		return fmt.Errorf("%s has %s; `plumbline check` lists them", c.Registry, counted(len(problems), "problem"))
	}
	rule, err := k.find(reg)
	if err != nil {
		return err
	}
	p := promotion{Rule: rule.Name(), Mode: string(rule.Mode), Days: int(watched.Hours() / 24), Records: []string{}}
	p.watched(ctx, c, rule)
	if rule.Mode != registry.Alert && !k.DryRun {
		if err := promote(c.Registry, rule); err != nil {
			return err
		}
		p.Mode, p.Written = string(registry.Alert), true
	}
	if out.json {
		return out.encode(p)
	}
	p.print(out, c.Registry)
	return nil
}

// find is the rule that is named.
func (k *promoteCmd) find(reg *registry.Registry) (registry.Rule, error) {
	var found []registry.Rule
	var names []string
	for _, i := range reg.Integrations {
		for _, rule := range i.Rules {
			names = append(names, rule.Name())
			if rule.Name() == k.Rule || rule.ID == k.Rule {
				found = append(found, rule)
			}
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return registry.Rule{}, fmt.Errorf("no rule %q, want one of %s", k.Rule, strings.Join(names, ", "))
	default:
		return registry.Rule{}, fmt.Errorf("%d rules are named %q, want integration/id", len(found), k.Rule)
	}
}

// watched counts what the rule found lately, where a stack or a watch knows.
func (p *promotion) watched(ctx context.Context, c *cli, rule registry.Rule) {
	w, err := ask(ctx, c)
	if err != nil {
		return
	}
	found, err := w.Findings.AllFindings(ctx)
	if err != nil {
		return
	}
	p.Known = true
	for _, f := range found {
		if f.Integration+"/"+f.Rule != rule.Name() || time.Since(f.Opened) > watched {
			continue
		}
		p.Findings++
		if f.State != finding.Resolved {
			p.Open++
			p.Records = append(p.Records, string(f.Kind)+" "+f.Key.Text(f.Kind))
		}
	}
}

// promote writes the registry with the rule's new mode, if that is all that
// changes. The file is replaced in one step.
func promote(path string, rule registry.Rule) error {
	source, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := registry.Promote(path, source, rule.Integration, rule.ID)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, failed := next.Write(changed)
	failed = errors.Join(failed, next.Chmod(info.Mode()), next.Close())
	if failed == nil {
		failed = alerts(next.Name(), rule)
	}
	if failed == nil {
		failed = os.Rename(next.Name(), path)
	}
	if failed != nil {
		return errors.Join(failed, os.Remove(next.Name()))
	}
	return nil
}

// alerts checks that a registry is right and has the rule alert.
func alerts(path string, rule registry.Rule) error {
	reg, problems := registry.Load(path, all.Platforms(), time.Now())
	if reg == nil {
		return fmt.Errorf("the registry would be wrong: %s", problems[0])
	}
	i, _ := reg.Integration(rule.Integration)
	for _, r := range i.Rules {
		if r.ID == rule.ID && r.Mode == registry.Alert {
			return nil
		}
	}
	return fmt.Errorf("%w: set mode: alert for %s", registry.ErrByHand, rule.Name())
}

func (p promotion) print(out *output, path string) {
	switch {
	case !p.Known:
		out.line("No stack runs here and no --watch is named, so what %s found lately is not known.", p.Rule)
	case p.Findings == 0:
		out.line("%s found nothing in the last %d days.", p.Rule, p.Days)
	default:
		out.line("%s found %d differences in the last %d days, %d of them open.", p.Rule, p.Findings, p.Days, p.Open)
		for _, r := range p.Records[:min(len(p.Records), 10)] {
			out.line("  %s", r)
		}
		if more := len(p.Records) - 10; more > 0 {
			out.line("  and %d more: plumbline findings", more)
		}
	}
	switch {
	case p.Written:
		out.line("%s: the rule alerts from the next deployment, the next start or a watch's next files on. What is open is told then.", path)
	case p.Mode == string(registry.Alert):
		out.line("The rule alerts already.")
	default:
		out.line("Nothing was written.")
	}
}
