package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/runtimeapi"
	"github.com/plumbline/plumbline/internal/wire"
)

// hashKey is the key of the trial's hashes: nothing personal is in it.
const hashKey = "a key for this trial"

// environment is that of the functions, beside what the stack tells them.
func environment(registry string) map[string]string {
	return map[string]string{
		contract.RegistryVariable: registry, contract.HashKeyVariable: "env:HASH_KEY", "HASH_KEY": hashKey, contract.StageVariable: "local",
	}
}

// bundleOf is where the built function load lies.
func bundleOf(data string) string { return filepath.Join(filepath.Dir(data), "load") }

// buildLoad builds the function load as it is deployed, for this machine.
func buildLoad(ctx context.Context, data string) error {
	return runtimeapi.Build(ctx, ".", "./functions/load", bundleOf(data), runtime.GOARCH)
}

// serve is the stack, until it is killed.
func serve(ctx context.Context, s settings) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	stack, err := local.Start(ctx, local.Options{Data: s.data, Log: log})
	if err != nil {
		return err
	}
	defer stack.Close() //nolint:errcheck // the second Close answers as the first, which is checked below
	own := environment(s.registry)
	w, err := wire.New(wire.Options{
		Getenv: stack.Getenv(func(name string) string { return own[name] }), AWS: stack.AWSConfig(), Now: stack.Clock().Now, Log: log, Console: nowhere{},
	})
	if err != nil {
		return err
	}
	handlers, err := w.Handlers(ctx)
	if err != nil {
		return err
	}
	load := runtimeapi.NewFleet(function(s, stack, own))
	defer load.Close()
	handlers[contract.Load] = load
	if err := stack.Open(ctx, local.Service{Handlers: handlers, Address: "127.0.0.1:0"}); err != nil {
		return err
	}
	<-stack.Done()
	return stack.Close()
}

// function is load as the service runs it.
func function(s settings, stack *local.Stack, own map[string]string) runtimeapi.Function {
	env := maps.Clone(own)
	maps.Copy(env, stack.Resources.Environ())
	for _, one := range stack.Emulators.Environ() {
		name, value, _ := strings.Cut(one, "=")
		env[name] = value
	}
	return runtimeapi.Function{Name: contract.Load, Dir: bundleOf(s.data), Env: env, Timeout: contract.Timeout(contract.Load)}
}

// nowhere takes what people would be told.
type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// reach wires to the stack on a folder. The error says that none is open.
func reach(s settings) (*wire.Wire, local.Running, error) {
	r, err := local.Find(s.data)
	if err != nil {
		return nil, r, err
	}
	if r.Front == "" {
		return nil, r, fmt.Errorf("the stack on %s is not open yet", s.data)
	}
	env := environment(s.registry)
	maps.Copy(env, r.Resources.Environ())
	w, err := wire.New(wire.Options{AWS: r.AWSConfig(), Getenv: func(name string) string { return env[name] }})
	return w, r, err
}
