// Package wire puts the functions together: configuration, registry, adapters
// and use cases. It is the one place that knows which adapter stands behind a
// port, and where Lambda's events are turned into the use cases' own values.
package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/secret"
	"github.com/plumbline/plumbline/internal/store/dynamo"
)

// Options are what differs between the homes of the functions.
type Options struct {
	// Getenv reads the environment.
	Getenv func(string) string
	// AWS is how services are reached.
	AWS aws.Config
	// Now is the time that the functions are told. Nil is the wall's.
	Now func() time.Time
	// Log receives the functions' logs.
	Log *slog.Logger
	// Console receives alerts as text where Slack is not configured. Nil logs
	// them.
	Console io.Writer
	// Store are options of the store of rows, such as a meter.
	Store []dynamo.Option
}

// Wire holds what the functions share.
type Wire struct {
	Config   config.Config
	Registry *registry.Registry
	// Secrets resolves references, cached.
	Secrets *secret.Resolver

	options Options
}

// New reads configuration and registry. The error joins everything that is
// wrong with either.
func New(o Options) (*Wire, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	cfg, err := config.Load(o.Getenv)
	if err != nil {
		return nil, fmt.Errorf("read environment: %w", err)
	}
	reg, err := LoadRegistry(cfg.Registry, o.Now())
	if err != nil {
		return nil, err
	}
	return &Wire{Config: cfg, Registry: reg, Secrets: NewSecrets(cfg.Registry, o.Getenv, o.AWS), options: o}, nil
}

// NewSecrets resolves the references of a registry: files lie beside it.
func NewSecrets(registryPath string, getenv func(string) string, cfg aws.Config) *secret.Resolver {
	return secret.NewResolver(map[secret.Store]secret.Source{
		secret.SSM:  secret.FromSSM(ssm.NewFromConfig(cfg)),
		secret.Env:  secret.FromEnv(getenv),
		secret.File: secret.FromFiles(filepath.Dir(registryPath)),
	}, time.Now)
}

// LoadRegistry reads and checks a registry with all platforms known. The error
// joins every problem.
func LoadRegistry(path string, asOf time.Time) (*registry.Registry, error) {
	reg, problems := registry.Load(path, all.Platforms(), asOf)
	if reg != nil {
		return reg, nil
	}
	errs := make([]error, 0, len(problems))
	for _, p := range problems {
		errs = append(errs, errors.New(p.String()))
	}
	return nil, errors.Join(errs...)
}

// Handler builds one function by the contract's name.
func (w *Wire) Handler(ctx context.Context, function string) (lambda.Handler, error) {
	switch function {
	case contract.Receive:
		return w.receiveHandler(ctx)
	case contract.Merge:
		return w.mergeHandler(), nil
	case contract.Drift:
		return w.driftHandler(), nil
	case contract.Notify:
		return w.notifyHandler(ctx)
	default:
		return nil, fmt.Errorf("wire: no function %q", function)
	}
}

// Functions lists the functions that can be built.
func Functions() []string {
	return []string{contract.Receive, contract.Merge, contract.Drift, contract.Notify}
}

// Handlers builds every function, for a home that runs all of them.
func (w *Wire) Handlers(ctx context.Context) (map[string]lambda.Handler, error) {
	handlers := map[string]lambda.Handler{}
	for _, name := range Functions() {
		h, err := w.Handler(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("build %s: %w", name, err)
		}
		handlers[name] = h
	}
	return handlers, nil
}

// Start runs one function in the Lambda service. It returns only when the
// function cannot be built.
func Start(function string) {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil)).With("function", function)
	if err := start(context.Background(), function, log); err != nil {
		log.Error("function not started", "error", err.Error())
		os.Exit(1)
	}
}

// zone is the zone of times in alerts: that of the systems where they share
// one, else UTC.
func (w *Wire) zone() *time.Location {
	var zone *time.Location
	for _, s := range w.Registry.Systems {
		if zone != nil && s.Timezone != nil && zone.String() != s.Timezone.String() {
			return time.UTC
		}
		if s.Timezone != nil {
			zone = s.Timezone
		}
	}
	if zone == nil {
		return time.UTC
	}
	return zone
}
