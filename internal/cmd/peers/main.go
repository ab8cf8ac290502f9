// Command peers measures Plumbline beside the same job as others write it: a Go
// function as in the usual samples, a Node function with Powertools, a Python
// function with boto3, and beside the floor below which nobody gets. All do the
// same with the same bytes in the same run, and what they make of it is held equal
// before anything is timed.
//
// It runs in the repository's root and writes docs/performance.md and, for later
// runs to compare with, docs/performance.json.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"

	"github.com/plumbline/plumbline/internal/docpage"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The page and the figures, from the repository's root.
const (
	pagePath    = "docs/performance.md"
	figuresPath = "docs/performance.json"
)

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("peers", flag.ContinueOnError)
	rounds := flags.Int("rounds", 5, "how often each is measured; medians count")
	quick := flags.Bool("quick", false, "measure Plumbline and the floor alone, in short rounds, and print the ratios beside the written ones")
	write := flags.Bool("write", true, "write the page and the figures")
	serve := flags.String("serve", "", "be the server that is measured: plumbline, sealed or floor")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *serve != "" {
		return server(ctx, *serve, out)
	}
	size := whole
	if *quick {
		size = short
	}
	if *rounds > 0 && !*quick {
		size.rounds = *rounds
	}
	figures, err := measure(ctx, size, progress)
	if err != nil {
		return err
	}
	if *quick {
		written, err := readFigures(figuresPath)
		if err != nil {
			return err
		}
		return compare(out, figures, written)
	}
	text := render(figures)
	if !*write {
		_, err := io.WriteString(out, text)
		return err
	}
	return errors.Join(writeFigures(figuresPath, figures), docpage.Write(pagePath, "peers", text))
}

// size is how much is measured.
type size struct {
	rounds, requests, events, starts int
	// peers says whether the others are measured, too.
	peers bool
}

var (
	whole = size{rounds: 5, requests: 4000, events: 600, starts: 11, peers: true}
	short = size{rounds: 3, requests: 1000, events: 100, starts: 3}
)

// warmup is the part of a round's work that is done before the first round.
const warmup = 2

// measure measures all rows, one after the other.
func measure(ctx context.Context, s size, progress io.Writer) (Figures, error) {
	w, err := newWorld(ctx, s.peers, progress)
	if err != nil {
		return Figures{}, err
	}
	defer w.close()
	figures := w.about(s)
	for _, row := range []struct {
		name    string
		measure func(context.Context, size) ([]Subject, error)
	}{
		{httpRow, w.measureHTTP}, {lambdaRow, w.measureLambda}, {coldRow, w.measureCold}, {mergeRow, w.measureMerge},
	} {
		fmt.Fprintf(progress, "measuring: %s\n", row.name)
		subjects, err := row.measure(ctx, s)
		if err != nil {
			return Figures{}, fmt.Errorf("%s: %w", row.name, err)
		}
		figures.Rows = append(figures.Rows, Row{Name: row.name, Subjects: subjects})
	}
	return figures, nil
}

// turns lets every subject do one round after the other, so that whatever else
// the machine does hits all alike. Who begins changes with each round.
func turns(rounds int, subjects []string, round func(i int) (map[string]float64, error)) ([]Subject, error) {
	all := make([]Subject, len(subjects))
	for i, name := range subjects {
		all[i] = Subject{Name: name, Measures: map[string][]float64{}}
	}
	order := make([]int, len(subjects))
	for i := range order {
		order[i] = i
	}
	for r := range rounds {
		if r > 0 {
			order = slices.Concat(order[1:], order[:1])
		}
		for _, i := range order {
			measures, err := round(i)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", subjects[i], err)
			}
			for name, value := range measures {
				all[i].Measures[name] = append(all[i].Measures[name], value)
			}
		}
	}
	return all, nil
}
