// Command stress sends a local stack more than it will ever get, and breaks what
// it stands on meanwhile: a sustained load with a burst and a flash sale, kills
// and a bad network between the functions' binaries and the emulators, and a
// million invocations. What is stored at the end must be what was acknowledged.
//
//	stress load   -rate 500 -for 10m [-out docs/performance.md]
//	stress chaos  -rounds 20 -seed 1
//	stress soak   -invocations 1000000
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

var errUsage = errors.New("want one of load, chaos, soak")

func run(ctx context.Context, args []string, out io.Writer) error {
	commands := map[string]func(context.Context, []string, io.Writer) error{"load": runLoad, "chaos": runChaos, "soak": runSoak}
	if len(args) == 0 || commands[args[0]] == nil {
		return errUsage
	}
	return commands[args[0]](ctx, args[1:], out)
}

// printer prints progress a line at a time.
func printer(out io.Writer) func(string, ...any) {
	return func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
}

func runLoad(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	l := load{skus: 10_000, changes: 10_000, seed: 1}
	flags.IntVar(&l.rate, "rate", 500, "signed deliveries a second")
	flags.DurationVar(&l.lasts, "for", 10*time.Minute, "how long the load lasts")
	file := flags.String("out", "", "the page to write the result into, standard output alone when blank")
	profile := flags.String("cpuprofile", "", "the file to write a profile of the processor to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	// Differences come so far apart that one channel takes the alerts of a minute.
	l.crowd, l.probes, l.sample = 20*l.rate, min(int(l.lasts/(1500*time.Millisecond)), 400), max(l.lasts/10, time.Second)
	stop, err := profiled(*profile)
	if err != nil {
		return err
	}
	result, err := l.run(ctx, printer(out))
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	return result.report(out, *file, fmt.Sprintf("make load RATE=%d FOR=%s", l.rate, short(l.lasts)))
}

// profiled writes a profile of the processor until it is stopped.
func profiled(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
