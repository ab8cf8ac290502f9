package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/wire"
)

// loadCmd loads an export file.
type loadCmd struct {
	System string `arg:"" help:"The system whose export it is, as the registry names it."`
	Kind   string `arg:"" help:"What its rows are: inventory, order, product, …"`
	File   string `arg:"" type:"existingfile" help:"CSV, JSON Lines, a JSON array or XLSX, also compressed with gzip or zstd."`

	AsOf     moment        `placeholder:"TIME" help:"When the export was begun; the time in the file's name, else that of the file, when not given."`
	Complete bool          `help:"The file holds all records of the kind: what it lacks is gone."`
	Rows     *int          `placeholder:"N" help:"How many rows the file has; with fewer it counts as truncated."`
	Wait     time.Duration `default:"10m" help:"How long to wait for what follows from it."`
	DryRun   bool          `help:"Read the file here, say what is in it, and load nothing."`
}

// Run loads. The exit code is 1 when rows were rejected, or not all of the file
// could be read.
func (k *loadCmd) Run(ctx context.Context, c *cli, out *output) error {
	if k.DryRun {
		return k.dryRun(c, out)
	}
	w, err := connect(ctx, c)
	if err != nil {
		return err
	}
	place, err := k.place(w)
	if err != nil {
		return err
	}
	known, err := load.ReadLedger(ctx, w.Findings(), place.System, place.Kind)
	if err != nil {
		return err
	}
	if err := k.put(ctx, w, place); err != nil {
		return err
	}
	status := newTerminal(os.Stderr)
	defer status.show("")
	certificate, err := k.follow(ctx, w, place, known, status)
	if err != nil {
		return err
	}
	status.show("")
	report, err := readReport(ctx, w, certificate)
	if err != nil {
		return err
	}
	return answerLoad(out, report)
}

func (k *loadCmd) place(w *wire.Wire) (load.Place, error) {
	if _, known := w.Registry.Systems[k.System]; !known {
		return load.Place{}, fmt.Errorf("no system %q in the registry", k.System)
	}
	kind := commerce.Kind(k.Kind)
	if !slices.Contains(commerce.Kinds(), kind) {
		return load.Place{}, fmt.Errorf("no kind %q, want one of %s", k.Kind, kindNames())
	}
	return load.Place{System: k.System, Kind: kind, Name: filepath.Base(k.File)}, nil
}

func kindNames() string {
	var names []string
	for _, kind := range commerce.Kinds() {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}

// put stores the file where load finds it, with what is known of it.
func (k *loadCmd) put(ctx context.Context, w *wire.Wire, at load.Place) error {
	f, err := os.Open(k.File)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	meta := map[string]string{load.ModifiedMeta: info.ModTime().UTC().Format(time.RFC3339), load.PutMeta: rand.Text()}
	if !k.AsOf.IsZero() {
		meta[load.AsOfMeta] = k.AsOf.UTC().Format(time.RFC3339)
	}
	if k.Complete {
		meta[load.CompleteMeta] = "true"
	}
	if k.Rows != nil {
		meta[load.RowsMeta] = strconv.Itoa(*k.Rows)
	}
	return w.Exports().Write(ctx, at.Key(), f, meta)
}

const (
	followEvery = 300 * time.Millisecond
	// soon is how long a load may have to wait for webhooks that could still come
	// while somebody watches.
	soon = 30 * time.Second
)

// follow waits until the load of the file is over, or its time is. A load that was
// known before is of an earlier file.
func (k *loadCmd) follow(ctx context.Context, w *wire.Wire, at load.Place, known load.Ledger, status *terminal) (load.Certificate, error) {
	deadline, found := time.Now().Add(k.Wait), load.Certificate{}
	for {
		if found.Load == "" {
			l, err := load.ReadLedger(ctx, w.Findings(), at.System, at.Kind)
			if err != nil {
				return found, err
			}
			found = fresh(l, known, at.Key())
		} else if now, err := load.ReadCertificate(ctx, w.Findings(), found.Load); err == nil {
			found = now
		}
		late := time.Until(found.Waits) > soon
		switch {
		case found.State == load.Done || found.State == load.Refused || found.State == load.Read && (late || found.Unmerged > 0):
			return found, nil
		case time.Now().After(deadline) && found.Load == "":
			return found, fmt.Errorf("%s was stored as %s and nobody has read it for %s: is the function load running?", k.File, at.Key(), k.Wait)
		case time.Now().After(deadline):
			return found, nil
		}
		status.show(loadStatus(found))
		select {
		case <-ctx.Done():
			return found, ctx.Err()
		case <-time.After(followEvery):
		}
	}
}

func fresh(l, known load.Ledger, object string) load.Certificate {
	for _, c := range l.Loads {
		old := slices.ContainsFunc(known.Loads, func(o load.Certificate) bool { return o.Load == c.Load })
		if c.Object == object && !old {
			return c
		}
	}
	return load.Certificate{}
}

func loadStatus(c load.Certificate) string {
	switch c.State {
	case "":
		return "waiting for the file to be taken"
	case load.Reading:
		return counted(c.Rows, "row") + " read"
	default:
		return counted(c.Rows, "row") + " read, merging them"
	}
}
