// Package bundle is what every function finds where it runs: its environment,
// the registry beside its binary, and how AWS is reached. It starts a function
// that was put together of them.
//
// It links no client of AWS. A client costs its function a megabyte and its
// cold start a millisecond, so that each function links those it uses, in the
// package beside this one that puts it together.
package bundle

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/platform/known"
	"github.com/plumbline/plumbline/internal/registry"
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
	// Platforms are those that a registry may name. Nil knows all of them by
	// their descriptions, which is enough for whoever reads no webhooks.
	Platforms []platform.Platform
	// Transport reaches what is not of AWS. Nil is the usual one.
	Transport http.RoundTripper
	// Recorded answers for the platforms' APIs in their stead, on a recorded day.
	// It is called at no pace: time stands still while a function runs. Nil asks
	// the platforms.
	Recorded http.RoundTripper
	// Console receives alerts as text where Slack is not configured. Nil logs
	// them.
	Console io.Writer
}

// Bundle holds what the functions share.
type Bundle struct {
	Options
	Config   config.Config
	Registry *registry.Registry
}

// New reads configuration and registry. The error joins everything that is
// wrong with either.
func New(o Options) (*Bundle, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	cfg, err := config.Load(o.Getenv)
	if err != nil {
		return nil, fmt.Errorf("read environment: %w", err)
	}
	if o.Platforms == nil {
		if o.Platforms, err = known.Platforms(); err != nil {
			return nil, err
		}
	}
	reg, err := LoadRegistry(cfg.Registry, o.Platforms, o.Now())
	if err != nil {
		return nil, fmt.Errorf("read the registry that %s names: %w", contract.RegistryVariable, err)
	}
	return &Bundle{Options: o, Config: cfg, Registry: reg}, nil
}

// LoadRegistry reads and checks a registry. The error joins every problem.
func LoadRegistry(path string, platforms []platform.Platform, asOf time.Time) (*registry.Registry, error) {
	reg, problems := registry.Load(path, platforms, asOf)
	if reg != nil {
		return reg, nil
	}
	errs := make([]error, 0, len(problems))
	for _, p := range problems {
		errs = append(errs, errors.New(p.String()))
	}
	return nil, errors.Join(errs...)
}
