package e2e_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/local"
	"github.com/plumbline/plumbline/internal/play"
)

// process is the built program, running in the repository as people run it.
type process struct {
	cmd         *exec.Cmd
	out, errors printed
	// ended is closed when it has ended; err is set before.
	ended chan struct{}
	err   error
}

// launch starts the program in a process group of its own.
func launch(args ...string) (*process, error) { return launchIn(nil, args...) }

// launchIn is launch with more in the environment than the test's own.
func launchIn(env []string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(context.Background(), plumbline, args...), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env = root, append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.errors
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// kill ends the program's whole group as kill -9 does, and waits.
func (p *process) kill() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // fails only when it has ended
	<-p.ended
}

// await waits until the condition holds, or until the program has ended, which
// is an error.
func (p *process) await(limit time.Duration, condition func() bool) error {
	deadline := time.Now().Add(limit)
	for !condition() {
		select {
		case <-p.ended:
			return errors.New("the program ended: " + p.errors.String())
		case <-time.After(2 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return errors.New("waited in vain; the program says: " + p.out.String() + p.errors.String())
		}
	}
	return nil
}

// end waits for the program's own end and returns its exit code.
func (p *process) end(limit time.Duration) (int, error) {
	select {
	case <-p.ended:
	case <-time.After(limit):
		p.kill()
		return 0, errors.New("the program did not end; it says: " + p.errors.String())
	}
	var exit *exec.ExitError
	if p.err != nil && !errors.As(p.err, &exit) {
		return 0, p.err
	}
	return p.cmd.ProcessState.ExitCode(), nil
}

// command runs one command line to its end.
func command(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	return commandIn(t, nil, args...)
}

// commandIn is command with more in the environment than the test's own.
func commandIn(t *testing.T, env []string, args ...string) (out, errs string, code int) {
	t.Helper()
	p, err := launchIn(env, args...)
	if err != nil {
		t.Fatal(err)
	}
	if code, err = p.end(patience); err != nil {
		t.Fatalf("%s: %v", strings.Join(args, " "), err)
	}
	return p.out.String(), p.errors.String(), code
}

// played is how many deliveries of its day the stack on a folder has sent.
func played(folder string) int {
	progress, err := play.OpenProgress(folder, "day")
	if err != nil {
		return 0
	}
	return progress.Next
}

// awaitSilence waits until nothing listens any more at the addresses of a stack
// and of its emulators.
func awaitSilence(r local.Running) error {
	deadline := time.Now().Add(patience)
	for _, url := range []string{r.Front, r.DynamoDB, r.SQS} {
		address := strings.TrimPrefix(url, "http://")
		for answers(address) {
			if time.Now().After(deadline) {
				return errors.New("something still listens on " + address)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	return nil
}

func answers(address string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return false
	}
	_ = c.Close() // nothing was said
	return true
}
