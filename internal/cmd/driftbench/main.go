// Command driftbench runs the drift benchmark: simulated companies, planted
// faults, and who finds them. It prints the page of the documentation, or writes
// it to a file.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/plumbline/plumbline/internal/driftbench"
	"github.com/plumbline/plumbline/internal/driftbench/company"
	"github.com/plumbline/plumbline/internal/store/memory"
)

// memoryLimit is what all runs together should take, in bytes. They slow down before
// they take more.
const memoryLimit = 3 << 30

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("driftbench", flag.ContinueOnError)
	first := flags.Uint64("first", 1, "the first seed")
	seeds := flags.Uint64("seeds", 50, "how many companies")
	days := flags.Int("days", 90, "for how many days each")
	file := flags.String("out", "", "the file to write, standard output when blank")
	wrong := flags.Bool("wrong", false, "list what was reported wrongly and what was missed")
	only := flags.String("only", "", "the kinds of faults to plant, with commas between them; all when blank")
	profile := flags.String("cpuprofile", "", "the file to write a profile of the processor to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	// A run makes garbage all the time and keeps little of it.
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(memoryLimit)
	faults, err := faultsOf(*only)
	if err != nil {
		return err
	}
	stop, err := profiled(*profile)
	if err != nil {
		return err
	}
	report, err := simulate(*first, *seeds, *days, faults, progress)
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	if *wrong {
		report.Explain(progress)
	}
	var page bytes.Buffer
	command := fmt.Sprintf("make bench-drift SEEDS=%d DAYS=%d", *seeds, *days)
	if err := report.Page(&page, command, fmt.Sprintf("%s on %s/%s", runtime.Version(), runtime.GOOS, runtime.GOARCH)); err != nil {
		return err
	}
	if *file != "" {
		return os.WriteFile(*file, page.Bytes(), 0o600)
	}
	_, err = out.Write(page.Bytes())
	return err
}

// faultsOf reads a list of kinds of faults; nil is all of them.
func faultsOf(list string) ([]company.Fault, error) {
	if list == "" {
		return nil, nil
	}
	var faults []company.Fault
	for name := range strings.SplitSeq(list, ",") {
		fault := company.Fault(strings.TrimSpace(name))
		if !slices.Contains(company.Faults(), fault) {
			return nil, fmt.Errorf("no fault is called %q", fault)
		}
		faults = append(faults, fault)
	}
	return faults, nil
}

// simulate runs as many companies at a time as there are processors, and adds
// them up in the order of their seeds.
func simulate(first, seeds uint64, days int, faults []company.Fault, progress io.Writer) (*driftbench.Report, error) {
	var mu sync.Mutex
	var runs []*driftbench.Run
	var failed error
	next, start := first, time.Now()
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				mu.Lock()
				seed := next
				next++
				over := seed >= first+seeds || failed != nil
				mu.Unlock()
				if over {
					return
				}
				one, err := driftbench.Simulate(seed, days, faults, driftbench.Stores{Records: &memory.Records{Shared: true}, Findings: &memory.Findings{}, Arrivals: &memory.Arrivals{}})
				mu.Lock()
				if err != nil {
					failed = err
				} else {
					runs = append(runs, one)
					fmt.Fprintf(progress, "seed %d: %d observations, %d causes; %d of %d companies in %s, %.1f simulated days each second of a processor\n",
						seed, one.Observations, len(one.Truth.Causes), len(runs), seeds, time.Since(start).Round(time.Second), float64(len(runs)*days)/busy())
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	if failed != nil {
		return nil, failed
	}
	slices.SortFunc(runs, func(a, b *driftbench.Run) int { return int(a.Seed) - int(b.Seed) })
	report := driftbench.NewReport()
	for _, one := range runs {
		report.Add(one)
	}
	return report, nil
}
