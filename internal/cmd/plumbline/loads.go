package main

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/load"
)

// loadsCmd lists what was loaded.
type loadsCmd struct {
	System string `placeholder:"NAME" help:"Only files of this system."`
}

// Run lists, the latest first.
func (k *loadsCmd) Run(ctx context.Context, c *cli, out *output) error {
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	all := []load.Certificate{}
	for _, system := range slices.Sorted(maps.Keys(w.Registry.Systems)) {
		if k.System != "" && k.System != system {
			continue
		}
		for _, kind := range commerce.Kinds() {
			l, err := load.ReadLedger(ctx, w.Findings(), system, kind)
			if err != nil {
				return err
			}
			all = append(all, l.Loads...)
		}
	}
	slices.SortStableFunc(all, func(a, b load.Certificate) int { return b.Started.Compare(a.Started) })
	if out.json {
		return out.encode(all)
	}
	if len(all) == 0 {
		out.line("No export file was loaded yet, and nothing was read in full.")
		return nil
	}
	out.zone = w.Registry.Zone()
	rows := [][]string{{"as of", "system", "kind", "rows", "rejected", "gone", "lost", "state"}}
	for _, c := range all {
		rows = append(rows, []string{
			out.time(c.AsOf, inFull), c.System, string(c.Kind), fmt.Sprint(c.Rows), fmt.Sprint(c.Rejected),
			sure(c.Concludes, c.Gone), sure(c.Compared, c.Lost), stateWords(c),
		})
	}
	out.table(rows)
	return nil
}

// sure is a number, or "-" where nothing can be said.
func sure(known bool, n int) string {
	if !known {
		return "-"
	}
	return fmt.Sprint(n)
}

func stateWords(c load.Certificate) string {
	if c.Unmerged > 0 {
		return fmt.Sprintf("%d messages not merged", c.Unmerged)
	}
	if c.State == load.Done && c.Truncated {
		return "truncated"
	}
	return string(c.State)
}
