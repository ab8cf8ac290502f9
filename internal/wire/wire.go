// Package wire puts the functions together for a home that runs all of them, and
// gives commands what the functions use. The packages below it each put one
// function together; they are the place that knows which adapter stands behind
// a port, and where Lambda's events are turned into the use cases' own values.
package wire

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/wire/archive"
	"github.com/plumbline/plumbline/internal/wire/bundle"
	"github.com/plumbline/plumbline/internal/wire/drift"
	"github.com/plumbline/plumbline/internal/wire/fetch"
	"github.com/plumbline/plumbline/internal/wire/load"
	"github.com/plumbline/plumbline/internal/wire/merge"
	"github.com/plumbline/plumbline/internal/wire/notify"
	"github.com/plumbline/plumbline/internal/wire/receive"
	"github.com/plumbline/plumbline/internal/wire/respond"
	"github.com/plumbline/plumbline/internal/wire/secrets"
)

// Options are what differs between the homes of the functions.
type Options = bundle.Options

// Wire holds what the functions share.
type Wire struct {
	*bundle.Bundle
	// Secrets resolves references, cached.
	Secrets *secret.Resolver
}

// New reads configuration and registry. The error joins everything that is
// wrong with either.
func New(o Options) (*Wire, error) {
	if o.Platforms == nil {
		o.Platforms = all.Platforms()
	}
	b, err := bundle.New(o)
	if err != nil {
		return nil, err
	}
	return &Wire{Bundle: b, Secrets: NewSecrets(b.Config.Registry, b.Getenv, b.AWS)}, nil
}

// NewSecrets resolves the references of a registry: files lie beside it.
func NewSecrets(registryPath string, getenv func(string) string, cfg aws.Config) *secret.Resolver {
	return secrets.New(registryPath, getenv, cfg)
}

// LoadRegistry reads and checks a registry with all platforms known. The error
// joins every problem.
func LoadRegistry(path string, asOf time.Time) (*registry.Registry, error) {
	return bundle.LoadRegistry(path, all.Platforms(), asOf)
}

// builders has every function that can be built.
func builders() map[string]bundle.Build {
	return map[string]bundle.Build{
		contract.Receive: receive.Handler,
		contract.Fetch:   fetch.Handler,
		contract.Merge:   merge.Handler,
		contract.Load:    load.Handler,
		contract.Drift:   drift.Handler,
		contract.Notify:  notify.Handler,
		contract.Respond: respond.Handler,
		contract.Archive: archive.Handler,
	}
}

// Functions lists the functions that can be built.
func Functions() []string { return slices.Sorted(maps.Keys(builders())) }

// Handler builds one function by the contract's name.
func (w *Wire) Handler(ctx context.Context, function string) (lambda.Handler, error) {
	build, ok := builders()[function]
	if !ok {
		return nil, fmt.Errorf("wire: no function %q", function)
	}
	return build(ctx, w.Bundle)
}

// Handlers builds every function.
func (w *Wire) Handlers(ctx context.Context) (map[string]lambda.Handler, error) {
	handlers := map[string]lambda.Handler{}
	for name, build := range builders() {
		h, err := build(ctx, w.Bundle)
		if err != nil {
			return nil, fmt.Errorf("build %s: %w", name, err)
		}
		handlers[name] = h
	}
	return handlers, nil
}
