// Command loadkill loads a large export file into a local stack, kills the stack
// with kill -9 while it loads, starts it again, and says what came of it: how
// many rows are there and how many were doubled, how long live webhooks took
// before and meanwhile, and what memory the function load had.
//
// The stack is the local one over its emulators, with the function load as the
// built binary in a process of its own.
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
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// settings are what the command line says.
type settings struct {
	rows, kills int
	pause       time.Duration
	limit       time.Duration
	registry    string
	data        string
	page        string
}

// errBroken means that the load did not come to what it must.
var errBroken = errors.New("not every row is there once")

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	flags := flag.NewFlagSet("loadkill", flag.ContinueOnError)
	var s settings
	flags.IntVar(&s.rows, "rows", 100_000, "how many rows the file has")
	flags.IntVar(&s.kills, "kills", 2, "how often the stack is killed, at equal parts of the load")
	flags.DurationVar(&s.pause, "pause", 250*time.Millisecond, "the time between two live webhooks")
	flags.DurationVar(&s.limit, "limit", 3*time.Hour, "when to give up")
	flags.StringVar(&s.registry, "registry", "plumbline.yaml", "the registry of the stack, with the systems shopify-us and erp of the demo")
	flags.StringVar(&s.page, "page", "", "write what came of it into this page of the documentation too")
	flags.StringVar(&s.data, "stack", "", "be the stack on this folder, until killed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if s.registry, err = filepath.Abs(s.registry); err != nil {
		return err
	}
	if s.data != "" {
		return serve(ctx, s)
	}
	work, err := os.MkdirTemp("", "loadkill-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if s.data = filepath.Join(work, "data"); os.Mkdir(s.data, 0o700) != nil {
		return fmt.Errorf("make %s", s.data)
	}
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	if err := buildLoad(ctx, s.data); err != nil {
		return err
	}
	t := &trial{settings: s, out: out, progress: progress, live: newLive(s.pause)}
	return t.run(ctx)
}
