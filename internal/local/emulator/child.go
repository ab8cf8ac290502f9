package emulator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// child is one supervised process.
type child struct {
	name   string
	cmd    *exec.Cmd
	output *output
	// done is closed when the process has ended; err is set before.
	done chan struct{}
	err  error
	// expected says that its end was asked for.
	expected atomic.Bool
}

func startChild(name string, cmd *exec.Cmd, log io.Writer) (*child, error) {
	c := &child{name: name, cmd: cmd, output: newOutput(log), done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = c.output, c.output
	cmd.SysProcAttr = dieWithParent()
	// The write end closes when this process ends, however it ends, which
	// tells the queues' launcher on systems without a parent-death signal.
	if _, err := cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	started := make(chan error)
	go func() {
		// A parent-death signal follows the thread that started the child, so
		// that thread must live as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			c.err = cmd.Wait()
		}
		close(c.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start the %s: %w", name, err)
	}
	return c, nil
}

// await returns the first line that the child prints and that contains text.
func (c *child) await(ctx context.Context, limit time.Duration, text string) (string, error) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		if line, ok := c.output.find(text); ok {
			return line, nil
		}
		select {
		case <-c.output.grew:
		case <-c.done:
			return "", c.failure()
		case <-ctx.Done():
			return "", fmt.Errorf("start the %s: %w", c.name, ctx.Err())
		case <-timer.C:
			return "", fmt.Errorf("the %s was not ready after %v: %s", c.name, limit, c.output)
		}
	}
}

// failure says how a child ended that should not have.
func (c *child) failure() error {
	<-c.done
	how := "ended"
	if c.err != nil {
		how = c.err.Error()
	}
	return fmt.Errorf("the %s stopped (%s): %s", c.name, how, c.output)
}

const stopTimeout = 3 * time.Second

// stop asks the child to end and kills it when it takes too long: what it
// acknowledged is on disk by then.
func (c *child) stop() {
	c.expected.Store(true)
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err == nil {
		select {
		case <-c.done:
			return
		case <-time.After(stopTimeout):
		}
	}
	c.kill()
}

func (c *child) kill() {
	c.expected.Store(true)
	_ = c.cmd.Process.Kill() // fails only when the process has ended
	<-c.done
}

// output passes on what a child prints and keeps its last part.
type output struct {
	grew chan struct{}

	mu   sync.Mutex
	log  io.Writer
	tail []byte
}

const keptOutput = 4096

func newOutput(log io.Writer) *output { return &output{grew: make(chan struct{}, 1), log: log} }

// Write keeps and passes on; a log that fails does not stop the child.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tail = append(o.tail, p...)
	if extra := len(o.tail) - keptOutput; extra > 0 {
		o.tail = bytes.Clone(o.tail[extra:])
	}
	_, err := o.log.Write(p)
	if err != nil && !errors.Is(err, io.ErrShortWrite) {
		o.log = io.Discard
	}
	select {
	case o.grew <- struct{}{}:
	default:
	}
	return len(p), nil
}

// find returns the first whole line that contains text.
func (o *output) find(text string) (string, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for line := range strings.Lines(string(o.tail)) {
		if strings.HasSuffix(line, "\n") && strings.Contains(line, text) {
			return strings.TrimSpace(line), true
		}
	}
	return "", false
}

// String is the last part of what was printed.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.TrimSpace(string(o.tail))
}
