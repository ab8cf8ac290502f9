package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/wire"
)

// errNoWatch means that a command asks what only a stack has.
var errNoWatch = errors.New("--watch is for findings, record, explain, promote and heal: this needs a stack, on --data or with --aws")

// connect wires a command to the stack that it asks: the deployed one, or the
// one that runs on the data folder.
func connect(ctx context.Context, c *cli) (*wire.Wire, error) {
	if c.Watch != "" {
		return nil, errNoWatch
	}
	if c.AWS {
		return connectDeployed(ctx, c)
	}
	running, err := local.Find(c.Data)
	if err != nil {
		return nil, err
	}
	env := running.Resources.Environ()
	getenv := localEnv(c, func(name string) string {
		if value, ok := env[name]; ok {
			return value
		}
		return config.Environment(name)
	})
	return wire.New(wire.Options{Getenv: getenv, AWS: running.AWSConfig(), Log: slog.New(slog.DiscardHandler)})
}

// localEnv is the environment of functions on this machine: what the command
// line says, then what base says.
func localEnv(c *cli, base func(string) string) func(string) string {
	own := map[string]string{
		contract.RegistryVariable: c.Registry,
		contract.StageVariable:    "local",
		contract.HashKeyVariable:  "file:" + filepath.Join(c.Data, hashKeyFile),

		contract.GenerationVariable: "file:" + filepath.Join(c.Data, generationFile),
	}
	return func(name string) string {
		if value := base(name); value != "" && name != contract.RegistryVariable {
			return value
		}
		return own[name]
	}
}
