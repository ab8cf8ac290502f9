package sim_test

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/sim"
)

var (
	seeds = flag.String("sim.seeds", "1-3", "the seeds to play, one or from-to")
	hours = flag.Int("sim.hours", 6, "for how many hours everything may fail")
	stop  = flag.Bool("sim.stop", false, "stop at the first seed that fails")
)

// TestSimulation plays seeds in which everything fails that can.
func TestSimulation(t *testing.T) {
	from, to, err := readSeeds(*seeds)
	if err != nil {
		t.Fatal(err)
	}
	total, simulated, cpu := map[string]int{}, time.Duration(0), used(t)
	for seed := from; seed <= to; seed++ {
		r := sim.Play(t, sim.Options{Seed: seed, Hours: *hours, Plan: sim.Storm(seed)})
		for _, wrong := range r.Wrong {
			t.Errorf("seed %d: %s", seed, wrong)
		}
		if len(r.Wrong) > 0 {
			t.Logf("again: make sim SEEDS=%d HOURS=%d", seed, *hours)
		}
		if len(r.Wrong) > 0 && *stop {
			t.FailNow()
		}
		simulated += r.Simulated
		for name, n := range r.Counts {
			total[name] += n
		}
	}
	cpu = used(t) - cpu
	t.Logf("%d seeds, %.0f simulated hours in %.1f s of CPU, %.0f hours a second; %s",
		to-from+1, simulated.Hours(), cpu.Seconds(), simulated.Hours()/cpu.Seconds(), sim.Report{Counts: total})
}

// readSeeds reads one seed, or from-to.
func readSeeds(text string) (from, to uint64, err error) {
	first, last, several := strings.Cut(text, "-")
	if !several {
		last = first
	}
	if from, err = strconv.ParseUint(first, 10, 64); err == nil {
		to, err = strconv.ParseUint(last, 10, 64)
	}
	if err != nil || to < from {
		return 0, 0, fmt.Errorf("seeds %q: want one number, or two as 1-100", text)
	}
	return from, to, nil
}

// used is the CPU time of the process so far.
func used(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
