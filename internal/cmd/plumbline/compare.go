package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/compare"
	paper "github.com/plumbline/plumbline/internal/compare/report"
	"github.com/plumbline/plumbline/internal/compare/source"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/sheet"
)

// compareCmd compares two export files, without anything else. Exit code 1 when
// something differs.
type compareCmd struct {
	Left  string `arg:"" type:"existingfile" help:"The export that is believed."`
	Right string `arg:"" type:"existingfile" help:"The export that is compared with it."`

	LeftAs  string            `placeholder:"PRESET" help:"What the left file is, such as shopify-inventory; recognised when not given."`
	RightAs string            `placeholder:"PRESET" help:"What the right file is."`
	Kind    string            `placeholder:"KIND" help:"What the records are, where that is not recognised, or which of several kinds is compared: inventory, price, order, …"`
	Key     []string          `sep:"none" placeholder:"LEFT=RIGHT" help:"Columns that identify a record, one of each file; once for each part of the key."`
	Map     map[string]string `mapsep:"none" placeholder:"COLUMN=FACET" help:"Compare a column under another name, so that columns of unequal names are compared: Qty=stock."`
	Ignore  []string          `placeholder:"COLUMN,…" help:"Columns that are not compared."`
	Within  map[string]string `mapsep:"none" placeholder:"FACET=AMOUNT" help:"How far a number may be off: 1, 0.05, 1% or 0.01/line."`

	InFlight  string `type:"existingfile" placeholder:"FILE" help:"Orders that the right side has not taken off its stock yet."`
	AsOfLeft  asOf   `placeholder:"TIME" help:"When the left file was exported, such as 2026-11-23T06:00:00Z."`
	AsOfRight asOf   `placeholder:"TIME" help:"When the right file was exported."`
	Limit     int    `default:"20" help:"How many findings the terminal shows."`
	HTML      string `name:"html" type:"path" placeholder:"FILE" help:"Write the report as one HTML file."`
	CSV       string `name:"csv" type:"path" placeholder:"FILE" help:"Write all findings as CSV."`

	Integration string `placeholder:"NAME" help:"Judge by this integration's rules of the registry, in place of equality."`
	Save        string `type:"path" placeholder:"FILE" help:"Write a registry to start with: how the files are read, and one rule that watches."`
	Team        string `placeholder:"NAME" help:"With --save: the team that owns the integration."`
	Slack       string `placeholder:"#CHANNEL" help:"With --save: where its alerts go."`
}

// asOf is a time as people give it.
type asOf struct{ time.Time }

// UnmarshalText reads a day or an instant, in UTC without an offset.
func (a *asOf) UnmarshalText(text []byte) error {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if at, err := time.Parse(layout, string(text)); err == nil {
			a.Time = at
			return nil
		}
	}
	return fmt.Errorf("want a time such as 2026-11-23T06:00:00Z")
}

// Run compares.
func (k *compareCmd) Run(ctx context.Context, c *cli, out *output) error {
	r, pair, err := k.compare(ctx, c)
	if err != nil {
		return err
	}
	if err := k.write(r, pair); err != nil {
		return err
	}
	if out.json {
		err = paper.JSON(out, r)
	} else {
		err = paper.Terminal(out, r, coloured(out.Writer))
	}
	if err == nil && !r.Result.Summary.Clean() {
		return exitError(1)
	}
	return err
}

func (k *compareCmd) compare(ctx context.Context, c *cli) (r paper.Report, pair source.Pair, err error) {
	wishes, err := k.wishes()
	if err != nil {
		return r, pair, err
	}
	if pair, err = k.fit(wishes); err != nil {
		return r, pair, err
	}
	options := k.options(wishes)
	if k.Integration != "" {
		options, err = k.byRules(c, &pair, options, wishes)
	} else if pair.Plan.Flight, err = k.flight(options[compare.Left]); err == nil {
		pair.Notes = append(pair.Notes, notes(pair.Plan)...)
	}
	if err != nil {
		return r, pair, err
	}
	var read atomic.Int64
	stop := showProgress(os.Stderr, pair.Size(), &read)
	defer stop()
	files := pair.Files(options, &read)
	result, err := compare.Compare(ctx, files, pair.Plan)
	if err != nil {
		return r, pair, err
	}
	return paper.Report{Files: pair.Shown(files), Reasons: pair.Reasons, Notes: pair.Notes, Result: result, Limit: k.Limit}, pair, nil
}

func (k *compareCmd) fit(w source.Wishes) (source.Pair, error) {
	left, err := source.LookAt(k.Left, sheet.Options{})
	if err != nil {
		return source.Pair{}, err
	}
	right, err := source.LookAt(k.Right, sheet.Options{})
	if err != nil {
		return source.Pair{}, err
	}
	pair, err := source.Fit(left, right, w)
	pair.Plan.AsOf = [2]time.Time{k.AsOfLeft.Time, k.AsOfRight.Time}
	return pair, err
}

func (k *compareCmd) flight(o export.Options) (*compare.Flight, error) {
	if k.InFlight == "" {
		return nil, nil //nolint:nilnil // nothing is in flight
	}
	return source.Flight(k.InFlight, o)
}

// notes says what the flags and the files come to, where that is less than it seems.
func notes(plan compare.Plan) []string {
	var notes []string
	if len(plan.Facets) == 0 {
		notes = append(notes, "no values are compared, only which records there are: --map COLUMN=NAME compares columns of unequal names")
	}
	quantity := func(f compare.Facet) bool { return f.Type == commerce.NumberType && !f.Money }
	if plan.Flight != nil && !slices.ContainsFunc(plan.Facets, quantity) {
		notes = append(notes, "--in-flight has no effect, as no quantity is compared: --map COLUMN=NAME says which columns are one")
	}
	return notes
}

// wishes are what the flags say.
func (k *compareCmd) wishes() (source.Wishes, error) {
	kind := commerce.Kind("")
	if k.Kind != "" {
		var err error
		if kind, err = commerce.ParseKind(k.Kind); err != nil {
			return source.Wishes{}, fmt.Errorf("--kind: %w", err)
		}
	}
	w := source.Wishes{
		Kind: kind, As: [2]string{k.LeftAs, k.RightAs}, Facets: k.Map, Ignore: k.Ignore,
		Within: map[string]compare.Tolerance{}, HashKey: make([]byte, 32),
	}
	for _, key := range k.Key {
		left, right, ok := strings.Cut(key, "=")
		if !ok {
			right = left
		}
		w.Key = append(w.Key, source.Columns{left, right})
	}
	for facet, text := range k.Within {
		t, err := compare.ParseTolerance(text)
		if err != nil {
			return w, fmt.Errorf("--within %s: %w", facet, err)
		}
		w.Within[facet] = t
	}
	// Hashes of e-mail addresses are compared with one another in one run only.
	_, err := rand.Read(w.HashKey)
	return w, err
}

func (k *compareCmd) options(w source.Wishes) [2]export.Options {
	config := platform.Config{HashKey: w.HashKey}
	return [2]export.Options{{Config: config, AsOf: k.AsOfLeft.Time}, {Config: config, AsOf: k.AsOfRight.Time}}
}

// write writes the files that were asked for.
func (k *compareCmd) write(r paper.Report, pair source.Pair) error {
	for _, f := range []struct {
		path  string
		write func(io.Writer, paper.Report) error
	}{{k.HTML, paper.HTML}, {k.CSV, paper.CSV}} {
		if f.path == "" {
			continue
		}
		if err := writeFile(f.path, func(w io.Writer) error { return f.write(w, r) }); err != nil {
			return err
		}
	}
	if k.Save == "" {
		return nil
	}
	return k.save(pair)
}

// save writes a registry to start with, and what it names. It never writes over
// one.
func (k *compareCmd) save(pair source.Pair) error {
	registry, beside, err := pair.Registry(source.Owner{Team: k.Team, Slack: k.Slack})
	if err != nil {
		return fmt.Errorf("--save: %w", err)
	}
	if _, err := os.Stat(k.Save); err == nil {
		return fmt.Errorf("--save: %s is there already", k.Save)
	}
	beside[filepath.Base(k.Save)] = registry
	for name, content := range beside {
		path := filepath.Join(filepath.Dir(k.Save), name)
		if err := writeFile(path, func(w io.Writer) error { _, err := w.Write(content); return err }); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes a whole file or none.
func writeFile(path string, write func(io.Writer) error) error {
	part, err := os.CreateTemp(filepath.Dir(path), ".plumbline-*")
	if err != nil {
		return err
	}
	err = write(part)
	if closed := part.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		_ = os.Remove(part.Name()) // the first error is the one to tell
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
