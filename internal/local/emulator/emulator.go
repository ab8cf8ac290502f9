// Package emulator runs the AWS services of the local stack on this machine:
// DynamoDB, SQS and SNS as two supervised child processes that listen on
// loopback only. It owns their installation, start, supervision and end; it
// knows nothing of the tables and queues that are made in them.
//
// The local stack uses it with a data folder, tests use it in memory through
// ForTest and Main.
package emulator

import (
	"context"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Options say where the emulators keep their state.
type Options struct {
	// Dir keeps the state over restarts, and over kill -9. Blank keeps it in
	// memory. The caller makes sure that one process at a time uses it.
	Dir string
	// Log receives progress and what the children print. Nil discards.
	Log io.Writer
}

// Emulators is a running pair of children. It is safe for use by several
// goroutines.
type Emulators struct {
	Endpoints

	options    Options
	programs   Programs
	queuesPort int
	done       chan struct{}

	mu       sync.Mutex
	stopping bool
	err      error
	tables   *child
	queues   *child
}

const (
	startTimeout = 20 * time.Second
	// attempts covers the moment between finding a free port and taking it.
	attempts = 3
)

// Start installs what is missing and starts both emulators. They answer when
// it returns, and messages that somebody had received before are visible again.
// They end with Stop, and with this process however it ends.
func Start(ctx context.Context, o Options) (*Emulators, error) {
	if o.Log == nil {
		o.Log = io.Discard
	}
	programs, err := Install(ctx, o.Log)
	if err != nil {
		return nil, err
	}
	e := &Emulators{options: o, programs: programs, done: make(chan struct{})}
	if err := e.startTables(ctx); err != nil {
		return nil, err
	}
	// The folder is this process's alone: whoever had received a message from it
	// is gone.
	if e.queuesPort, err = e.startQueues(ctx, 0, "RELEASE=1"); err != nil {
		e.Stop()
		return nil, err
	}
	e.SQS, e.SNS, e.S3 = address(e.queuesPort), address(e.queuesPort), address(e.queuesPort)
	return e, nil
}

// Done is closed when a child ended that nobody stopped. Err says which.
func (e *Emulators) Done() <-chan struct{} { return e.done }

// Err says which child ended unasked, with the last lines that it printed.
func (e *Emulators) Err() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.err
}

// Stop ends both children in reverse order and waits for them. It may be
// called again.
func (e *Emulators) Stop() {
	for _, c := range e.ending() {
		c.stop()
	}
}

// Kill ends both children at once, as a crash of the machine would, and waits
// for them.
func (e *Emulators) Kill() {
	for _, c := range e.ending() {
		c.kill()
	}
}

// ending marks the end as asked for and lists the children, last started
// first.
func (e *Emulators) ending() []*child {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stopping = true
	return slices.DeleteFunc([]*child{e.queues, e.tables}, func(c *child) bool { return c == nil })
}

// StopQueues ends SQS and SNS alone, as an outage would; without a data folder
// their content is lost. StartQueues brings them back.
func (e *Emulators) StopQueues() {
	e.mu.Lock()
	c := e.queues
	e.mu.Unlock()
	c.stop()
}

// StartQueues starts SQS and SNS again after StopQueues, at the same address.
func (e *Emulators) StartQueues(ctx context.Context) error {
	_, err := e.startQueues(ctx, e.queuesPort)
	return err
}

func (e *Emulators) startTables(ctx context.Context) error {
	var err error
	for range attempts {
		if err = e.tryTables(ctx); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (e *Emulators) tryTables(ctx context.Context) error {
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	sweep, err := freePort(ctx)
	if err != nil {
		return err
	}
	// The sweep port belongs to the emulator's management tools; expired items
	// are removed through it, see SweepExpired.
	args := []string{
		"serve", "--host", loopback, "--port", strconv.Itoa(port),
		"--mcp", "--mcp-host", loopback, "--mcp-port", strconv.Itoa(sweep), "--mcp-no-auth",
	}
	if e.options.Dir != "" {
		args = append(args, "--db-path", filepath.Join(e.options.Dir, tablesFile))
	}
	alive := context.WithoutCancel(ctx) // ctx is for the start only
	c, err := startChild("DynamoDB emulator", exec.CommandContext(alive, e.programs.Dynoxide, args...), e.options.Log)
	if err != nil {
		return err
	}
	if _, err := c.await(ctx, startTimeout, "MCP HTTP server listening"); err != nil {
		c.stop()
		return err
	}
	e.DynamoDB = address(port)
	e.Sweep = address(sweep) + "/mcp"
	e.supervise(&e.tables, c)
	return nil
}

// startQueues starts SQS and SNS at a port, or at a free one for 0, and returns
// the port.
func (e *Emulators) startQueues(ctx context.Context, port int, environ ...string) (int, error) {
	alive := context.WithoutCancel(ctx) // ctx is for the start only
	cmd := exec.CommandContext(alive, e.programs.Node, "--no-warnings", e.programs.Launcher)
	cmd.Env = append(cmd.Environ(), "PORT="+strconv.Itoa(port), "DATA_DIR="+e.options.Dir)
	cmd.Env = append(cmd.Env, environ...)
	c, err := startChild("SQS and SNS emulator", cmd, e.options.Log)
	if err != nil {
		return 0, err
	}
	line, err := c.await(ctx, startTimeout, `{"port":`)
	if err != nil {
		c.stop()
		return 0, err
	}
	if _, err := fmt.Sscanf(line, `{"port":%d}`, &port); err != nil {
		c.stop()
		return 0, fmt.Errorf("read the port of the %s: %w", c.name, err)
	}
	e.supervise(&e.queues, c)
	return port, nil
}

// supervise keeps the child and reports its end if nobody asked for it.
func (e *Emulators) supervise(slot **child, c *child) {
	e.mu.Lock()
	*slot = c
	e.mu.Unlock()
	go func() {
		<-c.done
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.stopping || c.expected.Load() || e.err != nil {
			return
		}
		e.err = c.failure()
		close(e.done)
	}()
}

const loopback = "127.0.0.1"

func address(port int) string { return fmt.Sprintf("http://%s:%d", loopback, port) }

func freePort(ctx context.Context) (int, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", loopback+":0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}
