package e2e_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/wire"
)

// killedAt are the moments at which the stack is killed, as shares of the day's
// deliveries.
var killedAt = []float64{0.4, 0.7}

// killed is the day played by the program, killed on the way and started again
// with the same arguments. It is played once for all tests.
var killed struct {
	once   sync.Once
	folder string
	left   left
	// unsure counts for each alert how often a killed run may have told of its
	// beginning without the store saying so.
	unsure map[string]int
	err    error
}

func killedDay(t *testing.T) {
	t.Helper()
	killed.once.Do(func() { killed.err = playKilled() })
	if killed.err != nil {
		t.Fatal(killed.err)
	}
}

func playKilled() error {
	killed.folder, killed.unsure = filepath.Join(scratch, "killed"), map[string]int{}
	recorded, err := readDay()
	if err != nil {
		return err
	}
	args := []string{"run", "--data", killed.folder, "--addr", "127.0.0.1:0", "--day", filepath.Join("events", "day"), "--exit"}
	console := ""
	for _, share := range killedAt {
		p, err := launch(args...)
		if err != nil {
			return err
		}
		until := int(share * float64(len(recorded.Deliveries)))
		if err := errors.Join(p.await(5*time.Minute, func() bool { return played(killed.folder) >= until }), killIt(p)); err != nil {
			return fmt.Errorf("until %.0f %%: %w", 100*share, err)
		}
		console += p.out.String()
	}
	p, err := launch(args...)
	if err != nil {
		return err
	}
	if code, err := p.end(5 * time.Minute); err != nil || code != 0 {
		return fmt.Errorf("the last run ended with %d: %w: %s", code, err, p.errors.String())
	}
	return inFolder(func(ctx context.Context, w *wire.Wire) error {
		killed.left, err = whatIsLeft(ctx, w, recorded)
		killed.left.console = console + p.out.String()
		return err
	})
}

// killIt kills a run, sees to it that nothing of it lives on, and notes what its
// people may have seen.
func killIt(p *process) error {
	running, err := local.Find(killed.folder)
	p.kill()
	if err != nil {
		return err
	}
	if err := awaitSilence(running); err != nil {
		return err
	}
	return inFolder(func(ctx context.Context, w *wire.Wire) error {
		alerts, err := w.Findings().AllAlerts(ctx)
		told := openings(p.out.String(), alerts)
		for _, a := range alerts {
			if a.Shown == 0 {
				killed.unsure[a.ID] += told[a.ID]
			}
		}
		return err
	})
}

// inFolder looks at the stack's state while no stack runs on it.
func inFolder(look func(context.Context, *wire.Wire) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s, err := local.Start(ctx, local.Options{Data: killed.folder, Schedules: []contract.Schedule{}})
	if err != nil {
		return err
	}
	w, err := wire.New(wire.Options{Getenv: s.Getenv(environment), AWS: s.AWSConfig()})
	if err == nil {
		err = look(ctx, w)
	}
	return errors.Join(err, s.Close())
}

func TestAKilledStack_EndsWithTheSameFindings(t *testing.T) {
	t.Parallel()
	killedDay(t)
	wantTheTruth(t, killed.left)
	if diff := gocmp.Diff(outcomes(undisturbedDay(t).findings), outcomes(killed.left.findings)); diff != "" {
		t.Errorf("findings (-undisturbed +killed):\n%s", diff)
	}
}

// A terminal cannot be asked what it shows. So a message that was printed in the
// moment of the kill, before the store could say so, is printed again: told
// twice is better than never. Whatever the store says was shown is not shown
// again.
func TestAKilledStack_TellsTheBeginningOfAnAlertOnce(t *testing.T) {
	t.Parallel()
	killedDay(t)
	told := openings(killed.left.console, killed.left.alerts)
	for _, a := range killed.left.alerts {
		if n := told[a.ID]; n < 1 || n > 1+killed.unsure[a.ID] {
			t.Errorf("the beginning of %s / %s on %s was told %d times, %d of them noted nowhere",
				a.Integration, a.Rule, a.Members[0].Key, n, killed.unsure[a.ID])
		}
	}
	for id := range maps.Keys(told) {
		if id == "" {
			t.Error("a finding was told that is in no alert")
		}
	}
}

// outcome is what a finding is, whatever its times.
type outcome struct {
	Integration, Rule, Key string
	Class                  finding.Class
	State                  finding.State
}

func outcomes(findings []finding.Finding) []outcome {
	var all []outcome
	for _, f := range findings {
		all = append(all, outcome{f.Integration, f.Rule, f.Key.Text(f.Kind), f.Class, f.State})
	}
	slices.SortFunc(all, func(a, b outcome) int {
		return cmp.Or(strings.Compare(a.Integration, b.Integration), strings.Compare(a.Rule, b.Rule), strings.Compare(a.Key, b.Key))
	})
	return all
}
