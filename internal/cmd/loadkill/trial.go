package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/docpage"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/record"
)

// calm is how long live webhooks are measured before the load, and askEvery how
// often is asked how far it is.
const (
	calm     = 30 * time.Second
	askEvery = 250 * time.Millisecond
	openIn   = 2 * time.Minute
)

// trial is one load with its kills.
type trial struct {
	settings

	out, progress io.Writer
	live          *live

	stack  *exec.Cmd
	ended  chan struct{}
	memory memory
	began  time.Time
	told   time.Time
}

func (t *trial) run(ctx context.Context) (err error) {
	defer t.kill()
	if err := t.launch(ctx); err != nil {
		return err
	}
	sending, stop := context.WithCancel(ctx)
	sent := make(chan struct{})
	go func() { defer close(sent); t.live.run(sending) }()
	defer func() { stop(); <-sent }()
	if err := sleep(ctx, calm); err != nil {
		return err
	}
	t.live.enter(during)
	t.began = time.Now()
	if err := t.put(ctx); err != nil {
		return err
	}
	for kill := range t.kills {
		if err := t.until(ctx, t.rows*(kill+1)/(t.kills+1)); err != nil {
			return err
		}
		t.say("killed")
		t.kill()
		if err := t.launch(ctx); err != nil {
			return err
		}
	}
	certificate, err := t.done(ctx)
	if err != nil {
		return err
	}
	took := time.Since(t.began)
	stop()
	<-sent
	found, err := t.count(ctx)
	if err != nil {
		return err
	}
	var said strings.Builder
	t.report(&said, certificate, found, took)
	fmt.Fprint(t.out, said.String())
	if found != (counts{rows: t.rows}) || certificate.Keys != t.rows || certificate.Rows != t.rows || certificate.Gone > 0 || t.live.lost > 0 {
		return errBroken
	}
	if t.page == "" {
		return nil
	}
	return docpage.Write(t.page, pagePart, t.block(said.String()))
}

// launch starts the stack and waits until it is open.
func (t *trial) launch(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	t.stack = exec.CommandContext(context.WithoutCancel(ctx), self, "-stack", t.data, "-registry", t.registry) //nolint:gosec // the program itself
	t.stack.Stderr = t.progress
	t.stack.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := t.stack.Start(); err != nil {
		return fmt.Errorf("start the stack: %w", err)
	}
	ended := make(chan struct{})
	t.ended = ended
	go func() { _ = t.stack.Wait(); close(ended) }() // it is killed
	for deadline := time.Now().Add(openIn); ; {
		if w, r, err := reach(t.settings); err == nil {
			hooks, err := w.Receive(ctx)
			t.live.use(&running{w, r.Front, hooks})
			return err
		} else if time.Now().After(deadline) {
			return fmt.Errorf("the stack does not open: %w", err)
		}
		if err := sleep(ctx, askEvery); err != nil {
			return err
		}
	}
}

// kill ends the stack with all its processes as kill -9 does.
func (t *trial) kill() {
	t.live.use(nil)
	_ = syscall.Kill(-t.stack.Process.Pid, syscall.SIGKILL) // fails only when it has ended
	<-t.ended
}

// put writes the file and stores it where load finds it.
func (t *trial) put(ctx context.Context) error {
	path := filepath.Join(filepath.Dir(t.data), "stock.csv")
	if err := writeExport(path, t.rows); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it was only read
	stack, _, _ := t.live.now()
	return stack.wire.Exports().Write(ctx, place().Key(), f, map[string]string{
		load.AsOfMeta: time.Now().Add(-2 * time.Hour).UTC().Format(time.RFC3339), load.CompleteMeta: "true",
	})
}

func place() load.Place {
	return load.Place{System: "shopify-us", Kind: commerce.Inventory, Name: "stock.csv"}
}

// writeExport writes rows whose stock is their number.
func writeExport(path string, rows int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b := bufio.NewWriter(f)
	fmt.Fprintln(b, "Handle,SKU,Location,Committed (not editable),Available (not editable),On hand (current)")
	for i := range rows {
		fmt.Fprintf(b, "mug,BIG-%07d,655441491,0,%d,%d\n", i, i, i)
	}
	return b.Flush()
}

// until waits until so many rows of the file are merged, by what was read of it and
// what still waits.
func (t *trial) until(ctx context.Context, rows int) error {
	for {
		_, merged, err := t.look(ctx)
		if err != nil || merged >= rows {
			return err
		}
		if err := sleep(ctx, askEvery); err != nil {
			return err
		}
	}
}

// done waits until the load is over.
func (t *trial) done(ctx context.Context) (load.Certificate, error) {
	for {
		c, _, err := t.look(ctx)
		if err != nil || c.State == load.Done {
			return c, err
		}
		if c.State == load.Refused {
			return c, fmt.Errorf("the file is refused: %s", c.Why)
		}
		if err := sleep(ctx, askEvery); err != nil {
			return c, err
		}
	}
}

// messageRows is how many rows a message of the queue of rows carries at most.
const messageRows = 50

// look asks how far the load is, and about how many rows are merged.
func (t *trial) look(ctx context.Context) (c load.Certificate, merged int, err error) {
	stack, _, _ := t.live.now()
	l, err := load.ReadLedger(ctx, stack.wire.Findings(), place().System, place().Kind)
	if err != nil || len(l.Loads) == 0 {
		return c, 0, err
	}
	if c, err = load.ReadCertificate(ctx, stack.wire.Findings(), l.Loads[0].Load); err != nil {
		return c, 0, err
	}
	visible, inFlight, _, err := stack.wire.Queue(contract.Bulk).Depth(ctx)
	merged = max(c.Records-(visible+inFlight)*messageRows, 0)
	t.memory.sample(bundleOf(t.data), c, merged)
	if time.Since(t.told) > 10*time.Second {
		t.told = time.Now()
		t.say(fmt.Sprintf("%d rows read, about %d merged", c.Rows, merged))
	}
	return c, merged, err
}

func (t *trial) say(what string) {
	fmt.Fprintf(t.progress, "%4.0f s  %s\n", time.Since(t.began).Seconds(), what)
}

// counts are what the table holds of the file.
type counts struct {
	rows int
	// wrong rows say something else than the file; doubled ones have more than one
	// view, or were written more than once.
	wrong, doubled int
}

func (t *trial) count(ctx context.Context) (n counts, err error) {
	stack, _, _ := t.live.now()
	err = stack.wire.Records().Scan(ctx, commerce.Inventory, func(r record.Row) error {
		var number int
		if _, err := fmt.Sscanf(r.Key[0], "BIG-%d", &number); err != nil {
			return nil //nolint:nilerr // a live webhook's
		}
		n.rows++
		if r.SideOf(place().System).Facets["available"].String() != fmt.Sprint(number) {
			n.wrong++
		}
		if len(r.Views) != 1 || r.Rev != 1 {
			n.doubled++
		}
		return nil
	})
	return n, err
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
