// Command comparebench measures plumbline compare beside what else compares two
// files: DuckDB, SQLite, pandas and a plain script. All of them compare the same
// two files in the same run, and a measure counts only when the answer is the same.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/docpage"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("comparebench", flag.ContinueOnError)
	binary := flags.String("plumbline", "bin/plumbline", "the binary to measure")
	sizes := flags.String("sizes", "10000,100000,1000000,10000000", "how many keys each file has")
	runs := flags.Int("runs", 5, "how often each is measured; the median counts")
	page := flags.String("out", "", "the page whose table is written; standard output when blank")
	script := flags.Bool("script", false, "be the plain script, and compare the two files that are named")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *script {
		answer, err := plainScript(flags.Arg(0), flags.Arg(1))
		if err != nil {
			return err
		}
		return json.NewEncoder(out).Encode(answer)
	}
	work, err := os.MkdirTemp("", "comparebench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) //nolint:errcheck // what is left is in the temporary folder
	peers, missing, err := findPeers(ctx, *binary, work, progress)
	if err != nil {
		return err
	}
	var rows []row
	for _, text := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return fmt.Errorf("-sizes: want numbers with commas between them")
		}
		measured, err := measureSize(ctx, work, n, *runs, peers, progress)
		if err != nil {
			return err
		}
		rows = append(rows, measured)
	}
	table := render(rows, peers, missing, *runs)
	table += fmt.Sprintf("\nMeasured on %s: %d virtual %s cores, which all programs may use, %s.\n", time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), runtime.GOARCH, runtime.Version())
	if *page == "" {
		_, err = io.WriteString(out, table)
		return err
	}
	return docpage.Write(*page, "comparebench", table)
}

// measureSize lets every peer compare two files of one size, in turns, so that
// whatever else the machine does hits all alike.
func measureSize(ctx context.Context, work string, n, runs int, peers []peer, progress io.Writer) (row, error) {
	left, right := filepath.Join(work, "left.csv"), filepath.Join(work, "right.csv")
	want, err := generate(left, right, n)
	if err != nil {
		return row{}, err
	}
	r := row{keys: n, measures: map[string][]measure{}}
	if n > large {
		runs = min(runs, largeRuns)
	}
	for i := range runs {
		for _, p := range peers {
			if p.most > 0 && n > p.most {
				continue
			}
			m, err := p.measure(ctx, left, right)
			if err != nil {
				return r, fmt.Errorf("%s, %d keys: %w", p.name, n, err)
			}
			if m.answer != want {
				return r, fmt.Errorf("%s, %d keys: %w: %+v, want %+v", p.name, n, errWrong, m.answer, want)
			}
			fmt.Fprintf(progress, "%d keys, run %d: %s %.2f s\n", n, i+1, p.name, m.whole.Seconds())
			r.measures[p.name] = append(r.measures[p.name], m)
		}
	}
	return r, errors.Join(os.Remove(left), os.Remove(right))
}

// Files of more keys than large take long, and are measured less often.
const (
	large     = 2_000_000
	largeRuns = 3
)

var errWrong = errors.New("another answer")
