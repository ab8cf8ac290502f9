package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/plumbline/plumbline/internal/npm"
)

//go:embed peers
var scripts embed.FS

// peer is something that compares two files, as a process of its own.
type peer struct {
	name    string
	command []string
	dir     string
	// most is the greatest size that it is measured with, 0 for any.
	most int
	// differs says that exit code 1 is an answer: something differs.
	differs bool
}

// measure is one run of a peer.
type measure struct {
	answer
	// whole is the time of the process, work what it says that the comparison took,
	// zero where it does not say.
	whole, work time.Duration
	// cpu is the time of all processors, which other work on the machine changes
	// least.
	cpu    time.Duration
	memory int64
}

// slow peers are not measured beyond this size.
const slow = 1_000_000

// findPeers finds out which peers this machine has, and names the others.
func findPeers(ctx context.Context, binary, work string, progress io.Writer) (peers []peer, missing []string, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	binary, err = filepath.Abs(binary)
	if err != nil {
		return nil, nil, err
	}
	duck, err := installDuckDB(ctx, progress)
	if err != nil {
		return nil, nil, err
	}
	peers = []peer{
		{name: "plumbline", command: []string{binary, "compare", "--json"}, differs: true},
		{name: "DuckDB", command: []string{"node", "duckdb.mjs"}, dir: duck},
		{name: "plain Go script", command: []string{self, "-script"}, most: slow},
	}
	for _, p := range []struct{ name, module, file string }{{"SQLite", "sqlite3", "sqlite.py"}, {"pandas", "pandas", "pandas_merge.py"}} {
		path, ok := python(ctx, p.module)
		if !ok {
			missing = append(missing, p.name)
			continue
		}
		text, err := scripts.ReadFile("peers/" + p.file)
		if err != nil {
			return nil, nil, err
		}
		script := filepath.Join(work, p.file)
		if err := os.WriteFile(script, text, 0o600); err != nil {
			return nil, nil, err
		}
		peers = append(peers, peer{name: p.name, command: []string{path, script}, most: slow})
	}
	return peers, missing, nil
}

// python is a Python that has a module: the system's, where Debian's packages are,
// or the first of the PATH.
func python(ctx context.Context, module string) (string, bool) {
	for _, path := range []string{"/usr/bin/python3", "python3"} {
		if exec.CommandContext(ctx, path, "-c", "import "+module).Run() == nil {
			return path, true
		}
	}
	return "", false
}

func installDuckDB(ctx context.Context, progress io.Writer) (string, error) {
	set := npm.Set{Name: "comparebench", Files: map[string][]byte{}, Notice: "Installing DuckDB for the benchmark, once."}
	for _, name := range []string{"package.json", "package-lock.json", "duckdb.mjs"} {
		text, err := scripts.ReadFile("peers/" + name)
		if err != nil {
			return "", err
		}
		set.Files[name] = text
	}
	return set.Install(ctx, progress)
}

// answered reports whether an exit code is an answer.
func (p peer) answered(err error) bool {
	var exit *exec.ExitError
	return p.differs && errors.As(err, &exit) && exit.ExitCode() == 1
}

// measure runs the peer once.
func (p peer) measure(ctx context.Context, left, right string) (measure, error) {
	cmd := exec.CommandContext(ctx, p.command[0], append(p.command[1:len(p.command):len(p.command)], left, right)...)
	cmd.Dir = p.dir
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	began := time.Now()
	err := cmd.Run()
	m := measure{whole: time.Since(began)}
	if err != nil && !p.answered(err) {
		return m, fmt.Errorf("%w: %s", err, trouble.Bytes())
	}
	m.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		m.memory = usage.Maxrss << 10
	}
	var said struct {
		answer
		Summary *answer `json:"summary"`
		Seconds float64 `json:"seconds"`
	}
	if err := json.Unmarshal(out.Bytes(), &said); err != nil {
		return m, fmt.Errorf("read its answer: %w", err)
	}
	m.answer, m.work = said.answer, time.Duration(said.Seconds*float64(time.Second))
	if said.Summary != nil {
		m.answer = *said.Summary
	}
	return m, nil
}
