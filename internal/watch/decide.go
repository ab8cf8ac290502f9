package watch

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/respond"
)

// Decide takes a decision about findings of the state in a folder, as a running
// stack does. The next run of the watch tells it.
func Decide(ctx context.Context, folder string, r *registry.Registry, ids []string, d finding.Decision, now func() time.Time) (decided []finding.Finding, err error) {
	held, err := Hold(ctx, folder)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, held.Close()) }()
	service := &respond.Service{
		Store: held.Stores.Findings, Topic: nobody{}, People: r, Now: now, Log: slog.New(slog.DiscardHandler),
	}
	decided, undone := service.Decide(ctx, ids, d)
	held.Decided = true
	return decided, errors.Join(undone, held.Save())
}
