package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/plumbline/plumbline/internal/compare"
	paper "github.com/plumbline/plumbline/internal/compare/report"
	"github.com/plumbline/plumbline/internal/compare/source"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/onboard"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/sheet"
)

// given is an export file that was given, and what was learnt of it.
type given struct {
	look source.Look
	file onboard.File
}

type exports []given

func (e exports) files() []onboard.File {
	files := make([]onboard.File, len(e))
	for i, g := range e {
		files[i] = g.file
	}
	return files
}

// lookAtExports recognises files and reads what the questions build on. Of a file
// that nobody knows, the other one may tell what it holds.
func lookAtExports(paths []string, hashKey []byte) (exports, error) {
	found := make(exports, len(paths))
	for i, path := range paths {
		look, err := source.LookAt(path, sheet.Options{})
		if err != nil {
			return nil, err
		}
		best := export.Recognise(look.Header, look.Samples)
		if len(best) == 0 {
			return nil, fmt.Errorf("%s: the file has no columns", path)
		}
		file := onboard.File{Name: filepath.Base(path), Title: best[0].Title, Platform: best[0].Mapping.Platform}
		if best[0].Known() {
			file.Mappings = best[0].Mappings()
		}
		if slices.ContainsFunc(found[:i], func(g given) bool { return g.file.Name == file.Name }) {
			file.Name = path
		}
		found[i] = given{look, file}
	}
	if len(found) == 2 {
		found.pair(hashKey)
	}
	for i, g := range found {
		var err error
		if found[i].file, err = survey(paths[i], g.file); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// pair takes what the pairing says of a file of no known layout.
func (e exports) pair(hashKey []byte) {
	pair, err := source.Fit(e[0].look, e[1].look, source.Wishes{HashKey: hashKey})
	if err != nil || pair.Plan.Kind == "" {
		return // the comparison says why
	}
	for side := range e {
		if len(e[side].file.Mappings) == 0 {
			e[side].file.Mappings = []export.Mapping{pair.Readings[side].Mapping}
		}
	}
}

func survey(path string, f onboard.File) (onboard.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return f, err
	}
	rows, err := sheet.Open(file, sheet.Options{Name: path})
	if err == nil {
		f, err = onboard.Survey(f, rows)
		err = errors.Join(err, rows.Close())
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return f, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// biggest is how many explanations and findings are shown.
const biggest = 10

// compare compares the two files, locations and numbers read as the registry says,
// and shows what explains most of the differences.
func (e exports) compare(ctx context.Context, reg *registry.Registry, plan *onboard.Plan, hashKey []byte, out *output, answer *initAnswer) error {
	wishes := source.Wishes{HashKey: hashKey}
	pair, err := source.Fit(e[0].look, e[1].look, wishes)
	if err == nil && plan.Leads(plan.WriterOf(e[1].file.Name), pair.Plan.Kind) {
		e = exports{e[1], e[0]} // the believed one is the left
		pair, err = source.Fit(e[0].look, e[1].look, wishes)
	}
	if err != nil {
		return fmt.Errorf("the registry is written, the files cannot be compared: %w", err)
	}
	var options [2]export.Options
	for side, g := range e {
		options[side].Config = reg.PlatformConfig(plan.WriterOf(g.file.Name), hashKey)
		options[side].Config.Locations = together(options[side].Config.Locations)
	}
	files := pair.Files(options, nil)
	result, err := compare.Compare(ctx, files, pair.Plan)
	if err != nil {
		return err
	}
	result.Explanations = result.Explanations[:min(len(result.Explanations), biggest)]
	r := paper.Report{Files: pair.Shown(files), Reasons: pair.Reasons, Notes: pair.Notes, Result: result, Limit: biggest}
	if out.json {
		var text bytes.Buffer
		err = paper.JSON(&text, r)
		answer.Comparison = text.Bytes()
		return err
	}
	out.line("")
	if err := paper.Terminal(out, r, coloured(out.Writer)); err != nil {
		return err
	}
	out.line("")
	out.line("plumbline compare of the same files shows all, and writes them.")
	return nil
}

// together lets a file count for all locations together although its system has
// several: where the other file has no more than that, sums are compared.
func together(l platform.Locations) platform.Locations {
	if l == nil {
		return nil
	}
	l = maps.Clone(l)
	l[export.Everywhere] = export.Everywhere
	return l
}
