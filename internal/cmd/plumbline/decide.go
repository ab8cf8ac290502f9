package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// chosen says which findings a decision is about.
type chosen struct {
	IDs         []string `arg:"" optional:"" name:"finding" help:"Ids of findings, or none with filters."`
	Integration string   `placeholder:"NAME" help:"The findings of this integration."`
	Rule        string   `placeholder:"ID" help:"The findings of this rule."`
	Class       string   `placeholder:"CLASS" help:"The findings of this class, such as missing."`
	Owner       string   `placeholder:"TEAM" help:"The findings of this team."`
	Key         string   `placeholder:"PATTERN" help:"The findings whose record's key matches, such as 'SAMPLE-*@east'."`
	By          string   `required:"" env:"USER" help:"Who decides, as the findings and the threads tell it."`
	DryRun      bool     `help:"List what would be decided, and decide nothing."`
}

// ackCmd says that somebody looks after findings.
type ackCmd struct {
	chosen
}

// Run acknowledges.
func (k *ackCmd) Run(ctx context.Context, c *cli, out *output) error {
	return k.decide(ctx, c, out, finding.Decision{Action: finding.Acknowledge})
}

// reopenCmd takes acknowledgements, snoozes and waivers back.
type reopenCmd struct {
	chosen
}

// Run opens again.
func (k *reopenCmd) Run(ctx context.Context, c *cli, out *output) error {
	return k.decide(ctx, c, out, finding.Decision{Action: finding.Reopen})
}

// assignCmd names who looks after findings.
type assignCmd struct {
	chosen
	To string `required:"" placeholder:"PERSON" help:"Who is to look after them: a Slack member id, such as U024BE7LH, or a name."`
}

// Run assigns.
func (k *assignCmd) Run(ctx context.Context, c *cli, out *output) error {
	return k.decide(ctx, c, out, finding.Decision{Action: finding.Assign, To: k.To})
}

// snoozeCmd leaves findings for later.
type snoozeCmd struct {
	chosen
	For time.Duration `required:"" placeholder:"4h" help:"For how long, such as 4h; at most 744h."`
}

// Run snoozes.
func (k *snoozeCmd) Run(ctx context.Context, c *cli, out *output) error {
	return k.decide(ctx, c, out, finding.Decision{Action: finding.Snooze, Until: time.Now().Add(k.For).Round(0)})
}

// waiveCmd accepts findings within limits.
type waiveCmd struct {
	chosen
	Until  string `required:"" placeholder:"DATE" help:"The last day, such as 2026-12-24; at most a year away."`
	Reason string `required:"" placeholder:"TEXT" help:"Why the difference is accepted, for those who ask later."`
	Low    string `placeholder:"NUMBER" help:"The lowest difference, actual minus expected, that is accepted; any when not given."`
	High   string `placeholder:"NUMBER" help:"The highest one."`
}

// Run waives.
func (k *waiveCmd) Run(ctx context.Context, c *cli, out *output) error {
	day, err := time.ParseInLocation(time.DateOnly, k.Until, time.Local)
	if err != nil {
		return errors.New("--until: want a day such as 2026-12-24")
	}
	d := finding.Decision{Action: finding.Waive, Until: day.AddDate(0, 0, 1), Reason: k.Reason}
	for flag, limit := range map[string]struct {
		text string
		to   **commerce.Decimal
	}{"--low": {k.Low, &d.Low}, "--high": {k.High, &d.High}} {
		if limit.text == "" {
			continue
		}
		number, err := commerce.ParseDecimal(limit.text)
		if err != nil {
			return fmt.Errorf("%s: want a number such as 3 or -2.5", flag)
		}
		*limit.to = &number
	}
	return k.decide(ctx, c, out, d)
}

// decide takes the decision about the chosen findings and lists them.
func (k *chosen) decide(ctx context.Context, c *cli, out *output, d finding.Decision) error {
	d.ID, d.By, d.At = rand.Text(), k.By, time.Now().Round(0)
	if err := d.Check(); err != nil {
		return err
	}
	w, err := ask(ctx, c)
	if err != nil {
		return err
	}
	all, err := k.find(ctx, w)
	if err != nil {
		return err
	}
	if !k.DryRun {
		ids := make([]string, 0, len(all))
		for _, f := range all {
			ids = append(ids, f.ID)
		}
		if all, err = w.Decide(ctx, ids, d); err != nil {
			return fmt.Errorf("%d of %d findings decided: %w", len(all), len(ids), err)
		}
	}
	if err := printFindings(out, w.Registry, all); err != nil || out.json {
		return err
	}
	done := "are"
	switch {
	case k.DryRun:
		done = "would be"
	case len(all) == 1:
		done = "is"
	}
	out.line("%s %s decided: %s", counted(len(all), "finding"), done, d.Action)
	return nil
}

// find reads the findings that are chosen. None at all is an error: whoever
// decides means something.
func (k *chosen) find(ctx context.Context, w *knowledge) ([]finding.Finding, error) {
	if err := k.check(); err != nil {
		return nil, err
	}
	active, err := w.Findings.ActiveFindings(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range k.IDs {
		if !slices.ContainsFunc(active, func(f finding.Finding) bool { return f.ID == id }) {
			return nil, fmt.Errorf("no finding %s that has not ended; `plumbline findings` lists those there are", id)
		}
	}
	active = slices.DeleteFunc(active, func(f finding.Finding) bool { return !k.matches(f) })
	if len(active) == 0 {
		return nil, errors.New("no finding matches")
	}
	slices.SortFunc(active, func(a, b finding.Finding) int { return a.Since.Compare(b.Since) })
	return active, nil
}

func (k *chosen) check() error {
	if len(k.IDs) == 0 && k.Integration+k.Rule+k.Class+k.Owner+k.Key == "" {
		return errors.New("name findings by id, or at least one of --integration, --rule, --class, --owner and --key")
	}
	if _, err := path.Match(k.Key, ""); err != nil {
		return fmt.Errorf("--key %q: want a pattern such as 'SAMPLE-*@east'", k.Key)
	}
	return nil
}

func (k *chosen) matches(f finding.Finding) bool {
	// A key may hold slashes, which a pattern's * does not match.
	plain := strings.NewReplacer("/", "\x00")
	key, err := path.Match(plain.Replace(k.Key), plain.Replace(f.Key.Text(f.Kind)))
	return (len(k.IDs) == 0 || slices.Contains(k.IDs, f.ID)) &&
		(k.Integration == "" || f.Integration == k.Integration) && (k.Rule == "" || f.Rule == k.Rule) &&
		(k.Class == "" || string(f.Class) == k.Class) && (k.Owner == "" || f.Owner == k.Owner) &&
		(k.Key == "" || err == nil && key)
}
