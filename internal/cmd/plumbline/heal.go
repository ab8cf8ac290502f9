package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/heal"
)

// healCmd writes what would bring the systems together.
type healCmd struct {
	Plan        bool     `help:"Write the plan. There is nothing else: no system is written into."`
	Integration string   `placeholder:"NAME" help:"Only the findings of this integration."`
	Export      []string `placeholder:"SYSTEM=FILE" help:"The system's own export, from which imports such as Shopify's take the columns that Plumbline does not keep. Several are allowed."`
	Out         string   `default:"heal" placeholder:"DIR" type:"path" help:"The folder to write into; it must be empty, because an old plan is a wrong one."`
}

// healAnswer is what --json prints.
type healAnswer struct {
	Out   string       `json:"out"`
	Files []fileAnswer `json:"files"`
	Left  []leftAnswer `json:"not_by_file"`
}

type fileAnswer struct {
	File     string `json:"file"`
	System   string `json:"system"`
	Format   string `json:"format"`
	Rows     int    `json:"rows"`
	Where    string `json:"where"`
	Verified string `json:"columns_known_from"`
}

type leftAnswer struct {
	Finding     string        `json:"finding"`
	Integration string        `json:"integration"`
	Rule        string        `json:"rule"`
	Class       finding.Class `json:"class"`
	Kind        commerce.Kind `json:"kind"`
	Key         string        `json:"key"`
	System      string        `json:"system"`
	Facet       string        `json:"facet"`
	Current     string        `json:"current"`
	Judged      string        `json:"judged"`
	Reason      string        `json:"reason"`
}

// Run judges every finding again and writes the files.
func (k *healCmd) Run(ctx context.Context, c *cli, out *output) error {
	if !k.Plan {
		return errors.New("want heal --plan: it writes files for people to look at and import, and nothing writes into a system")
	}
	if entries, err := os.ReadDir(k.Out); err == nil && len(entries) > 0 {
		return fmt.Errorf("--out %s holds files already: name another folder, or remove the old plan", k.Out)
	}
	w, err := ask(ctx, c)
	if err != nil {
		return err
	}
	if _, known := w.Registry.Integration(k.Integration); k.Integration != "" && !known {
		return fmt.Errorf("no integration %q in the registry", k.Integration)
	}
	exports, err := k.exports(w)
	if err != nil {
		return err
	}
	cases, err := k.cases(ctx, w)
	if err != nil {
		return err
	}
	files, left := heal.Write(heal.PlanOf(w.Registry, cases), exports, time.Now())
	if err := writeFiles(k.Out, files); err != nil {
		return err
	}
	a := healAnswerOf(k.Out, files, left)
	if out.json {
		return out.encode(a)
	}
	a.print(out)
	return nil
}

// exports reads the systems' own exports.
func (k *healCmd) exports(w *knowledge) (heal.Exports, error) {
	exports := heal.Exports{}
	for _, text := range k.Export {
		system, path, ok := strings.Cut(text, "=")
		if _, known := w.Registry.Systems[system]; !ok || !known {
			return nil, fmt.Errorf("--export %s: want SYSTEM=FILE, with a system of the registry", text)
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		one, err := heal.ReadExport(file, filepath.Base(path))
		if err := errors.Join(err, file.Close()); err != nil {
			return nil, err
		}
		exports[system] = append(exports[system], one)
	}
	return exports, nil
}

// cases are the findings that have not ended, as their rules judge them now.
func (k *healCmd) cases(ctx context.Context, w *knowledge) ([]heal.Case, error) {
	active, err := w.Findings.ActiveFindings(ctx)
	if err != nil {
		return nil, err
	}
	active = slices.DeleteFunc(active, func(f finding.Finding) bool {
		return k.Integration != "" && f.Integration != k.Integration || !f.Told()
	})
	slices.SortStableFunc(active, func(a, b finding.Finding) int { return a.Since.Compare(b.Since) })
	ids := make([]commerce.RecordID, 0, len(active))
	for _, f := range active {
		ids = append(ids, f.Key.ID(f.Kind))
	}
	rows, err := w.Records.Get(ctx, ids)
	if err != nil {
		return nil, err
	}
	cases := make([]heal.Case, 0, len(active))
	for i, f := range active {
		one := heal.Case{Finding: f, Row: rows[ids[i]]}
		verdicts, err := w.Drift.Verdicts(ctx, one.Row)
		if err != nil {
			return nil, fmt.Errorf("judge finding %s: %w", f.ID, err)
		}
		for _, v := range verdicts {
			if v.Integration == f.Integration && v.Rule == f.Rule {
				one.Verdict = v
			}
		}
		cases = append(cases, one)
	}
	return cases, nil
}

// writeFiles writes into a folder that is made where there is none. The files are
// their owner's alone.
func writeFiles(folder string, files []heal.File) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(folder, f.Name), f.Body, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func healAnswerOf(folder string, files []heal.File, left []heal.Left) healAnswer {
	a := healAnswer{Out: folder, Files: []fileAnswer{}, Left: []leftAnswer{}}
	for _, f := range files {
		if f.Name != heal.LeftFile {
			a.Files = append(a.Files, fileAnswer{f.Name, f.System, f.Format.Name, f.Rows, f.Format.Where, f.Format.Verified})
		}
	}
	for _, l := range left {
		a.Left = append(a.Left, leftAnswer{l.Finding, l.Integration, l.Rule, l.Class, l.Kind, l.Key.Text(l.Kind), l.System, l.Facet, l.Current, l.Judged, l.Reason})
	}
	return a
}

func (a healAnswer) print(out *output) {
	if len(a.Files) == 0 {
		out.line("No file would correct anything.")
	}
	for _, f := range a.Files {
		out.line("%6d  %s", f.Rows, filepath.Join(a.Out, f.File))
		out.line("        %s", f.Where)
	}
	if len(a.Left) == 0 {
		return
	}
	out.line("%6d  %s: what no file corrects, because", len(a.Left), filepath.Join(a.Out, heal.LeftFile))
	reasons := map[string]int{}
	for _, l := range a.Left {
		reasons[l.Reason]++
	}
	for _, reason := range byCount(reasons) {
		out.line("%14d  %s", reasons[reason], reason)
	}
}

// byCount lists what was counted, the most first.
func byCount(counts map[string]int) []string {
	var all []string
	for what := range counts {
		all = append(all, what)
	}
	slices.SortFunc(all, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	return all
}
