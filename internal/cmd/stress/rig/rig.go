// Package rig is a local stack that traffic is sent through: with real
// emulators, signed deliveries over HTTP, and the functions either in this
// process or as the binaries that are deployed. It notes when each delivery was
// accepted and when it was merged, and compares what is stored at the end with
// what was acknowledged.
//
// Which traffic, for how long, and what is broken meanwhile is its callers'.
package rig

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/cmd/stress/traffic"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/notify/slack/workspace"
	"github.com/plumbline/plumbline/internal/runtimeapi"
	"github.com/plumbline/plumbline/internal/wire"
)

// Options say what a rig consists of.
type Options struct {
	// Registry is the text of the registry.
	Registry string
	// Emulators are used as they are and left running; nil starts a pair.
	Emulators *emulator.Emulators
	// Plan changes names and times.
	Plan local.Plan
	// Schedules replace the contract's when not nil.
	Schedules []contract.Schedule
	// Binaries is a folder with each function's built binary in a folder of its
	// name. Blank runs the functions in this process.
	Binaries string
	// Endpoints are where functions reach the emulators, nil the emulators
	// themselves.
	Endpoints func(emulator.Endpoints) (emulator.Endpoints, error)
	// Slack answers for Slack, nil has none. With Binaries there is none.
	Slack http.RoundTripper
	// Log receives what goes wrong in the stack, and all that binaries write. Nil
	// discards.
	Log io.Writer
}

// Rig is a running stack.
type Rig struct {
	*local.Stack
	// Wire looks at what the functions leave.
	Wire *wire.Wire
	// Fleets are the functions' processes by function, with Binaries.
	Fleets map[string]*runtimeapi.Fleet
	// Trace is when deliveries were accepted and merged.
	Trace *Trace
	// Truth is what must be stored.
	Truth *traffic.Truth

	folder string
	client *http.Client
}

// signingKey is that of the rig's systems. It opens nothing else.
const signingKey = "whsec_cGx1bWJsaW5lIHRlc3Qga2V5IG9mIGFjbWU="

// Environment is that of the functions, beside their resources.
func Environment(registry string) map[string]string {
	return map[string]string{
		contract.StageVariable: "local", contract.RegistryVariable: registry,
		contract.HashKeyVariable: "env:HASH_KEY", "HASH_KEY": "a key for these tests", "SIGNING_KEY": signingKey,
	}
}

// Start starts a rig and opens its front. Close ends it.
func Start(ctx context.Context, o Options) (*Rig, error) {
	folder, err := os.MkdirTemp("", "plumbline-rig-")
	if err != nil {
		return nil, fmt.Errorf("start the rig: %w", err)
	}
	r := &Rig{Trace: newTrace(), Truth: traffic.NewTruth(), Fleets: map[string]*runtimeapi.Fleet{}, folder: folder, client: newClient()}
	if err := r.start(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("start the rig: %w", err), r.Close())
	}
	return r, nil
}

func (r *Rig) start(ctx context.Context, o Options) error {
	registry := filepath.Join(r.folder, "plumbline.yaml")
	if err := os.WriteFile(registry, []byte(o.Registry), 0o600); err != nil {
		return err
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	log := slog.New(slog.NewTextHandler(o.Log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	var err error
	r.Stack, err = local.Start(ctx, local.Options{
		Memory: true, Emulators: o.Emulators, Plan: o.Plan, Schedules: o.Schedules, Log: log,
	})
	if err != nil {
		return err
	}
	env := Environment(registry)
	if o.Slack != nil {
		env[contract.SlackTokenVariable], env["SLACK_TOKEN"] = "env:SLACK_TOKEN", workspace.Token
	}
	r.Wire, err = wire.New(wire.Options{
		Getenv: r.Getenv(func(name string) string { return env[name] }), AWS: r.AWSConfig(), Transport: o.Slack, Log: log,
	})
	if err != nil {
		return err
	}
	handlers, err := r.functions(ctx, o, env)
	if err != nil {
		return err
	}
	handlers[contract.Merge] = r.Trace.merges(handlers[contract.Merge])
	return r.Open(ctx, local.Service{Handlers: handlers, Address: "127.0.0.1:0"})
}

// functions are handlers in this process, or fleets of binaries.
func (r *Rig) functions(ctx context.Context, o Options, env map[string]string) (map[string]lambda.Handler, error) {
	if o.Binaries == "" {
		return r.Wire.Handlers(ctx)
	}
	endpoints := r.Emulators.Endpoints
	if o.Endpoints != nil {
		var err error
		if endpoints, err = o.Endpoints(endpoints); err != nil {
			return nil, err
		}
	}
	env = maps.Clone(env)
	maps.Copy(env, r.Resources.Environ())
	for _, one := range endpoints.Environ() {
		name, value, _ := strings.Cut(one, "=")
		env[name] = value
	}
	handlers := map[string]lambda.Handler{}
	for _, name := range wire.Functions() {
		fleet := runtimeapi.NewFleet(runtimeapi.Function{
			Name: name, Dir: filepath.Join(o.Binaries, name), Env: env, Timeout: contract.Timeout(name), Output: o.Log,
		})
		r.Fleets[name], handlers[name] = fleet, fleet
	}
	return handlers, nil
}

// Close ends the functions and the stack.
func (r *Rig) Close() error {
	var errs []error
	if r.Stack != nil {
		errs = append(errs, r.Stack.Close())
	}
	for _, fleet := range r.Fleets {
		fleet.Close()
	}
	return errors.Join(append(errs, os.RemoveAll(r.folder))...)
}

// Build builds functions, all of them where none is named, into a folder for
// Options.
func Build(ctx context.Context, root, folder, arch string, functions ...string) error {
	if len(functions) == 0 {
		functions = wire.Functions()
	}
	for _, name := range functions {
		if err := runtimeapi.Build(ctx, root, "./functions/"+name, filepath.Join(folder, name), arch); err != nil {
			return err
		}
	}
	return nil
}

// callTimeout is how long a sender waits for its answer.
const callTimeout = 30 * time.Second
