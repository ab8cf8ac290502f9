package main

import (
	"context"
	"time"

	"github.com/plumbline/plumbline/internal/change"
	"github.com/plumbline/plumbline/internal/signature"
)

// changesCmd lists what pipelines and job schedulers told.
type changesCmd struct {
	Since time.Duration `default:"24h" help:"How long ago the first may have been made."`
}

// changeAnswer is a change as --json prints it.
type changeAnswer struct {
	ID          string    `json:"id"`
	At          time.Time `json:"at"`
	System      string    `json:"system"`
	Integration string    `json:"integration"`
	What        string    `json:"what"`
	URL         string    `json:"url"`
	By          string    `json:"by"`
}

// Run lists.
func (k *changesCmd) Run(ctx context.Context, c *cli, out *output) error {
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	now := w.Now()
	changes, err := w.Drift().Changes(ctx, now.Add(-min(k.Since, change.Kept)), now.Add(signature.Tolerance))
	if err != nil {
		return err
	}
	out.zone = w.Registry.Zone()
	printChanges(out, changes)
	return nil
}

func printChanges(out *output, changes []change.Change) {
	if out.json {
		answers := make([]changeAnswer, 0, len(changes))
		for _, c := range changes {
			answers = append(answers, changeAnswer(c))
		}
		_ = out.encode(answers) // texts and times always encode
		return
	}
	if len(changes) == 0 {
		out.line("Nobody told of a change.")
		return
	}
	rows := [][]string{{"at", "of", "what", "by", "run"}}
	for _, c := range changes {
		rows = append(rows, []string{out.time(c.At, inFull), orText(c.Scope(), "everything"), c.What, c.By, c.URL})
	}
	out.table(rows)
}
