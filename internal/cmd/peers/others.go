package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/npm"
	"github.com/plumbline/plumbline/internal/runtimeapi"
)

// How others write it. The Go sample is a package of its own there.
//
//go:embed peers/node peers/python
var sources embed.FS

// others are the peers on this machine.
type others struct {
	// node runs the bundles, and sources are where they were made.
	node, nodeSources          string
	nodeVersion, pythonVersion string
	// python is blank where no Python with boto3 is on the machine.
	python string
}

// findPeers builds the peers that this machine can run.
func (w *world) findPeers(ctx context.Context, progress io.Writer) (o others, err error) {
	if err := w.build(ctx, goName, "./internal/cmd/peers/peers/golang"); err != nil {
		return o, err
	}
	if err := w.buildNode(ctx, &o, progress); err != nil {
		return o, err
	}
	return o, w.buildPython(ctx, &o)
}

// nodeSet is what the Node functions are made of, with their sources beside it.
func nodeSet() (npm.Set, error) {
	set := npm.Set{Name: "peers", Files: map[string][]byte{}, Notice: "Installing Powertools and the SDK for the benchmark, once; about 35 MB."}
	entries, err := sources.ReadDir("peers/node")
	if err != nil {
		return set, err
	}
	for _, e := range entries {
		if set.Files[e.Name()], err = sources.ReadFile("peers/node/" + e.Name()); err != nil {
			return set, err
		}
	}
	return set, nil
}

// buildNode bundles the functions as their authors would, for the Node that the
// emulators run on.
func (w *world) buildNode(ctx context.Context, o *others, progress io.Writer) error {
	set, err := nodeSet()
	if err != nil {
		return err
	}
	if o.nodeSources, err = set.Install(ctx, progress); err != nil {
		return err
	}
	programs, err := emulator.Install(ctx, progress)
	if err != nil {
		return err
	}
	o.node = programs.Node
	for name, source := range map[string]string{nodeName: "ingest", powertools: "merge"} {
		out := filepath.Join(w.folder(name), runtimeapi.Bootstrap)
		cmd := exec.CommandContext(ctx, o.node, "build.mjs", source, out)
		cmd.Dir = o.nodeSources
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("bundle %s: %w: %s", source, err, text)
		}
		if err := os.Chmod(out, 0o700); err != nil { //nolint:gosec // it is started
			return err
		}
	}
	o.nodeVersion, err = saidBy(ctx, o.node, "--version")
	return err
}

// buildPython puts the function beside a first line that starts it.
func (w *world) buildPython(ctx context.Context, o *others) error {
	for _, path := range []string{"/usr/bin/python3", "python3"} {
		found, err := exec.LookPath(path)
		if err == nil && exec.CommandContext(ctx, found, "-c", "import boto3").Run() == nil {
			o.python = found
			break
		}
	}
	if o.python == "" {
		return nil
	}
	dir := w.folder(pythonName)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	for from, to := range map[string]string{"ingest.py": "ingest.py", "runtime.py": runtimeapi.Bootstrap} {
		text, err := sources.ReadFile("peers/python/" + from)
		if err != nil {
			return err
		}
		if to == runtimeapi.Bootstrap {
			text = append([]byte("#!"+o.python+"\n"), text...)
		}
		if err := os.WriteFile(filepath.Join(dir, to), text, 0o700); err != nil { //nolint:gosec // it is started
			return err
		}
	}
	version, err := saidBy(ctx, o.python, "-c", "import platform, boto3; print(platform.python_version(), 'with boto3', boto3.__version__)")
	o.pythonVersion = strings.TrimSpace(version)
	return err
}
