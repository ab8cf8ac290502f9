package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// variable names the bug that is in effect.
const variable = "PLUMBLINE_BUG"

// switches is added to every package that has a bug.
const switches = `package %s

import "os"

var seededBug = os.Getenv("` + variable + `")

func seeded(name string) bool { return seededBug == name }
`

// tests are the compiled simulation.
type tests struct {
	binary, dir string
	args        []string
}

// build compiles the simulation with all bugs, each behind its switch.
func build(ctx context.Context, root, work string) (*tests, error) {
	overlay, err := overlaid(root, work)
	if err != nil {
		return nil, err
	}
	t := &tests{binary: filepath.Join(work, "sim.test"), dir: filepath.Join(root, "internal", "sim")}
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", t.binary, "./internal/sim") //nolint:gosec // our own paths
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build the simulation: %w\n%s", err, out)
	}
	return t, nil
}

// overlaid writes the sources with the bugs, and the overlay that names them.
func overlaid(root, work string) (string, error) {
	sources, replaced := map[string]string{}, map[string]string{}
	for _, b := range table {
		for _, e := range b.edits {
			text, known := sources[e.file]
			if !known {
				content, err := os.ReadFile(filepath.Join(root, e.file))
				if err != nil {
					return "", err
				}
				text = string(content)
			}
			if n := strings.Count(text, e.old); n != 1 {
				return "", fmt.Errorf("%s: the text of the bug %q stands %d times in %s, want once:\n%s", b.name, b.what, n, e.file, e.old)
			}
			sources[e.file] = strings.Replace(text, e.old, strings.ReplaceAll(e.with, "BUG", "seeded("+strconv.Quote(b.name)+")"), 1)
		}
	}
	written := 0
	write := func(path, text string) error {
		at, err := filepath.Abs(filepath.Join(root, path))
		if err != nil {
			return err
		}
		written++
		to := filepath.Join(work, strconv.Itoa(written)+".go")
		replaced[at] = to
		return os.WriteFile(to, []byte(text), 0o600)
	}
	for file, text := range sources {
		if err := write(file, text); err != nil {
			return "", err
		}
		helper := filepath.Join(filepath.Dir(file), "seeded_bug.go")
		if err := write(helper, fmt.Sprintf(switches, packageName.FindStringSubmatch(text)[1])); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replaced})
	if err != nil {
		return "", err
	}
	at := filepath.Join(work, "overlay.json")
	return at, os.WriteFile(at, text, 0o600)
}

var packageName = regexp.MustCompile(`(?m)^package (\w+)$`)

// violation is the first line that says what did not hold.
var violation = regexp.MustCompile(`seed (\d+): (\S+) after [^:]*: (.*)`)

// play plays seeds until the bug is noticed.
func (t *tests) play(ctx context.Context, b bug) catch {
	args := append([]string{"-test.run=^TestSimulation$", "-test.timeout=10m", "-sim.stop"}, t.args...)
	cmd := exec.CommandContext(ctx, t.binary, args...) //nolint:gosec // our own binary
	cmd.Dir = t.dir
	cmd.Env = append(cmd.Environ(), variable+"="+b.name)
	started := time.Now()
	out, err := cmd.CombinedOutput()
	c := catch{took: time.Since(started)}
	if err == nil {
		return c
	}
	c.by = "a crash of the simulation"
	if m := violation.FindStringSubmatch(string(out)); m != nil {
		c.by, c.seeds = m[2], 0
		c.seeds, _ = strconv.Atoi(m[1])
	}
	return c
}
