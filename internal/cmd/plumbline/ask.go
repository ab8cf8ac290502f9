package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store"
	"github.com/plumbline/plumbline/internal/watch"
	"github.com/plumbline/plumbline/internal/wire"
)

// knowledge is what is known of records and findings, by a stack or by a watch.
type knowledge struct {
	Registry *registry.Registry
	Records  store.Records
	Findings store.Findings
	Drift    *drift.Service
	// Decide takes a decision, see respond.Service.Decide.
	Decide func(ctx context.Context, ids []string, d finding.Decision) ([]finding.Finding, error)
}

// ask opens what a command about records and findings asks: the state of a watch
// that --watch or --data names, or else a stack.
func ask(ctx context.Context, c *cli) (*knowledge, error) {
	if folder, watched := watchState(c); watched {
		return askWatch(c, folder)
	}
	w, err := connect(ctx, c)
	if err != nil {
		return nil, err
	}
	return &knowledge{
		Registry: w.Registry, Records: w.Records(), Findings: w.Findings(), Drift: w.Drift(),
		Decide: func(ctx context.Context, ids []string, d finding.Decision) ([]finding.Finding, error) {
			service, err := w.Respond(ctx)
			if err != nil {
				return nil, err
			}
			return service.Decide(ctx, ids, d)
		},
	}, nil
}

// stateFolder is where a watch of a folder keeps its state unless told otherwise.
const stateFolder = ".plumbline"

// watchState finds the folder of a watch's state.
func watchState(c *cli) (folder string, watched bool) {
	switch {
	case c.Watch != "" && watch.Exists(c.Watch):
		return c.Watch, true
	case c.Watch != "":
		return filepath.Join(c.Watch, stateFolder), true
	default:
		return c.Data, !c.AWS && watch.Exists(c.Data)
	}
}

func askWatch(c *cli, folder string) (*knowledge, error) {
	r, err := wire.LoadRegistry(c.Registry, time.Now())
	if err != nil {
		return nil, err
	}
	s, err := watch.Read(folder)
	if err != nil {
		return nil, err
	}
	return &knowledge{
		Registry: r, Records: s.Stores.Records, Findings: s.Stores.Findings, Drift: watch.Drift(r, s, slog.New(slog.DiscardHandler)),
		Decide: func(ctx context.Context, ids []string, d finding.Decision) ([]finding.Finding, error) {
			return watch.Decide(ctx, folder, r, ids, d, time.Now)
		},
	}, nil
}
