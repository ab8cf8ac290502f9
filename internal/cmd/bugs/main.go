// Command bugs checks the checker: it seeds one bug after the other into the
// functions and plays the simulation, which has to notice each.
//
//	bugs [-parallel 2] [-seeds 60] [-hours 12] [name...]
//
// All bugs are compiled in once, each behind a switch, through an overlay of the
// sources; those on disk are never touched. An old text of the table that is not
// in its file any more is an error, and so is a bug that nobody notices.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run seeds the named bugs, or all of them, in the repository that the command is
// started in.
func run(ctx context.Context, out io.Writer, args []string) (err error) {
	flags := flag.NewFlagSet("bugs", flag.ContinueOnError)
	parallel := flags.Int("parallel", 2, "how many simulations run at a time")
	seeds := flags.Int("seeds", 60, "how many seeds are played until a bug counts as missed")
	hours := flags.Int("hours", 12, "for how many hours everything may fail in each")
	if err := flags.Parse(args); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "plumbline-bugs-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	tests, err := build(ctx, ".", work)
	if err != nil {
		return err
	}
	tests.args = []string{fmt.Sprintf("-sim.seeds=1-%d", *seeds), fmt.Sprintf("-sim.hours=%d", *hours)}
	chosen := slices.DeleteFunc(slices.Clone(table), func(b bug) bool {
		return flags.NArg() > 0 && !slices.Contains(flags.Args(), b.name)
	})
	caught := make([]catch, len(chosen))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(*parallel)
	for n, b := range chosen {
		group.Go(func() error {
			caught[n] = tests.play(ctx, b)
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return report(out, chosen, caught, *seeds)
}

// report writes one line for each bug.
func report(out io.Writer, bugs []bug, caught []catch, seeds int) error {
	missed := 0
	fmt.Fprintln(out, "| seeded bug | where | noticed by | seeds | time |")
	fmt.Fprintln(out, "|---|---|---|---:|---:|")
	for n, b := range bugs {
		c := caught[n]
		if c.by == "" {
			missed++
			c.by = "**nobody**"
			c.seeds = seeds
		}
		fmt.Fprintf(out, "| %s | `%s` | %s | %d | %.1f s |\n", b.what, filepath.ToSlash(filepath.Dir(b.edits[0].file)), c.by, c.seeds, c.took.Seconds())
	}
	fmt.Fprintf(out, "\n%d bugs, %d not noticed\n", len(bugs), missed)
	if missed > 0 {
		return errors.New("a bug is not noticed")
	}
	return nil
}

// catch is how a bug was noticed.
type catch struct {
	// by is the invariant that did not hold, or blank.
	by    string
	seeds int
	took  time.Duration
}
