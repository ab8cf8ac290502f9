// Command measure prints what receiving a webhook takes, platform by platform:
// verifying and reading the largest of its samples, beside SHA-256 of the same
// bytes. It runs each platform's conformance test, which knows the samples.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"

	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/platform/platformtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run measures one platform after the other, in the repository that the command is
// started in.
func run(ctx context.Context, out io.Writer) (err error) {
	folder, err := os.MkdirTemp("", "plumbline-measure-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	var rows []platformtest.Measure
	for _, p := range all.Platforms() {
		m, err := measure(ctx, p.Name, folder)
		if err != nil {
			return fmt.Errorf("measure %s: %w", p.Name, err)
		}
		rows = append(rows, m)
	}
	table(out, rows)
	return nil
}

func measure(ctx context.Context, name, folder string) (platformtest.Measure, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "./internal/platform/"+name, "-count=1", "-run", "^TestConformance$/^measure$", "-measure", folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		return platformtest.Measure{}, fmt.Errorf("%w\n%s", err, out)
	}
	var m platformtest.Measure
	text, err := os.ReadFile(filepath.Join(folder, name+".json"))
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(text, &m)
}

// table writes Markdown, as docs/benchmarks.md has it.
func table(out io.Writer, rows []platformtest.Measure) {
	fmt.Fprintln(out, "| platform | sample | bytes | verify, ns | normalise, ns | both, ns | SHA-256, ns | × SHA-256 |")
	fmt.Fprintln(out, "|---|---|---|---|---|---|---|---|")
	for _, m := range rows {
		both := m.Verify + m.Normalise
		tenths := (both*10 + m.Hash/2) / max(1, m.Hash)
		fmt.Fprintf(out, "| `%s` | `%s` | %d | %s | %d | %d | %d | **%d.%d** |\n",
			m.Platform, m.Sample, m.Bytes, verified(m), m.Normalise, both, m.Hash, tenths/10, tenths%10)
	}
}

func verified(m platformtest.Measure) string {
	if m.Verify == 0 {
		return "–"
	}
	return strconv.FormatInt(m.Verify, 10)
}
