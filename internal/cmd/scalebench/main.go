// Command scalebench measures what drift takes of ever more records: a minute's
// run, one look, and the audit, which is what comparing everything takes. It
// fills stores with records that agree and a thousand that do not yet, in the
// process and on the DynamoDB-compatible emulator, and writes the table of a page.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/docpage"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], time.Now(), os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// nine is the time of the first minute.
var nine = time.Date(2026, 3, 3, 14, 0, 0, 0, time.UTC)

func run(ctx context.Context, args []string, now time.Time, out, progress io.Writer) error {
	flags := flag.NewFlagSet("scalebench", flag.ContinueOnError)
	inMemory := flags.String("memory", "10000,100000,1000000,10000000", "how many records there are in memory; 10,000,000 take some 4 GB")
	onTables := flags.String("tables", "10000,100000,1000000", "how many records there are in tables of the emulator")
	path := flags.String("registry", "plumbline.yaml", "the registry whose rules judge")
	page := flags.String("out", "", "the page whose table is written; standard output when blank")
	if err := flags.Parse(args); err != nil {
		return err
	}
	r, problems := registry.Load(*path, all.Platforms(), nine)
	if r == nil {
		return fmt.Errorf("load %s: %v", *path, problems)
	}
	var series []curve
	for _, home := range []struct {
		name, sizes string
		open        func(context.Context, io.Writer) (*home, error)
	}{{"in memory", *inMemory, openMemory}, {"in tables", *onTables, openTables}} {
		c := curve{home: home.name}
		for _, text := range strings.FieldsFunc(home.sizes, func(c rune) bool { return c == ',' }) {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil || n < unsettled {
				return fmt.Errorf("sizes: want numbers of %d and more with commas between them, not %q", unsettled, text)
			}
			point, err := measure(ctx, r, home.open, n, progress)
			if err != nil {
				return fmt.Errorf("%d records %s: %w", n, home.name, err)
			}
			c.points = append(c.points, point)
		}
		series = append(series, c)
	}
	text := render(made{
		command: command(flags), platform: runtime.GOOS + "/" + runtime.GOARCH, version: runtime.Version(), at: now, cores: runtime.NumCPU(),
	}, series)
	if *page == "" {
		_, err := io.WriteString(out, text)
		return err
	}
	return docpage.Write(*page, "scale", text)
}

// command is what measures the same again.
func command(flags *flag.FlagSet) string {
	sizes := ""
	flags.Visit(func(f *flag.Flag) {
		if f.Name == "memory" || f.Name == "tables" {
			sizes += fmt.Sprintf(" -%s %q", f.Name, f.Value)
		}
	})
	if sizes == "" {
		return "make bench-scale"
	}
	return "go run ./internal/cmd/scalebench" + sizes
}
