// Command mutate removes every single check of every verifier, one at a time, and
// runs the tests: a check whose absence no test notices is one that could be lost.
//
//	mutate [-parallel 2] [platform...]
//
// It compiles the tests once, with every check made removable, and runs them once
// for each check. The sources on disk are never touched. What is left standing
// without a difference to anybody outside is listed in equivalent.json, each with
// its reason; an entry there that does not fit any more is an error too.
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

	"github.com/plumbline/plumbline/internal/platform/all"
)

const (
	platformDir  = "internal/platform"
	signatureDir = "internal/signature"
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

// run mutates the named platforms, or all of them, in the repository that the
// command is started in.
func run(ctx context.Context, out io.Writer, args []string) error {
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	parallel := flags.Int("parallel", 2, "how many tests run at a time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	started := time.Now()
	scope, err := repository(flags.Args())
	if err != nil {
		return err
	}
	survivors, checks, err := scope.mutate(ctx, *parallel)
	if err != nil {
		return err
	}
	listed, err := equivalents()
	if err != nil {
		return err
	}
	problems := judge(survivors, checks, listed, flags.NArg() == 0)
	for _, p := range problems {
		fmt.Fprintln(out, p)
	}
	fmt.Fprintf(out, "%d checks removed, one at a time, in %s: %d without effect, %d problems\n",
		len(checks), time.Since(started).Round(time.Second), len(survivors), len(problems))
	if len(problems) > 0 {
		return errors.New("a check can be lost without a test that fails")
	}
	return nil
}

// repository is the scope of the platforms with the names, or of all. Those that
// deliver into a queue have no verifier.
func repository(names []string) (scope, error) {
	s := scope{root: ".", shared: []string{signatureDir, platformDir}}
	for _, p := range all.Platforms() {
		if !p.Inbox && (len(names) == 0 || slices.Contains(names, p.Name)) {
			s.dirs = append(s.dirs, filepath.Join(platformDir, p.Name))
		}
	}
	if len(names) > len(s.dirs) {
		return scope{}, fmt.Errorf("%d of the platforms %v are not known, or have no verifier", len(names)-len(s.dirs), names)
	}
	return s, nil
}
