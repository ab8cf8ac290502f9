package runtimeapi

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// process is a started function and the server that it alone talks to.
type process struct {
	cmd    *exec.Cmd
	api    *api
	server *http.Server
	served chan struct{}
	// ended is closed when the process has ended and its outputs are read.
	ended chan struct{}
}

func start(f Function, out io.Writer) (*process, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the runtime API: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(f.Dir, Bootstrap))
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", f.Name, err)
	}
	p := &process{
		cmd: exec.CommandContext(context.Background(), path), api: newAPI(f.Name),
		served: make(chan struct{}), ended: make(chan struct{}),
	}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = f.Dir, out, out
	p.cmd.Env = environ(f, listener.Addr().String())
	p.server = &http.Server{Handler: p.api.handler(), ReadHeaderTimeout: time.Minute}
	go func() {
		defer close(p.served)
		_ = p.server.Serve(listener) // ends with the process
	}()
	if err := p.cmd.Start(); err != nil {
		_ = p.server.Close() // nothing was answered
		return nil, fmt.Errorf("%w: start %s: %w", ErrExited, f.Name, err)
	}
	go func() {
		defer close(p.ended)
		_ = p.cmd.Wait() // the state of the process says it
	}()
	return p, nil
}

// environ is the environment of a process: the configured one and what the
// service sets.
func environ(f Function, address string) []string {
	env := []string{
		"AWS_LAMBDA_RUNTIME_API=" + address,
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256",
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_EXECUTION_ENV=AWS_Lambda_provided.al2023",
		"AWS_REGION=" + region,
		"AWS_DEFAULT_REGION=" + region,
		"LAMBDA_TASK_ROOT=" + f.Dir,
		"_HANDLER=" + Bootstrap,
		"LANG=en_US.UTF-8",
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"TZ=:UTC",
	}
	for name, value := range f.Env {
		env = append(env, name+"="+value)
	}
	return env
}

// last is the answer that the process gave before it ended, or that it gave
// none.
func (p *process) last(i *invocation) ([]byte, error) {
	select {
	case a := <-i.answer:
		return a.payload, a.err
	case err := <-p.api.failed:
		return nil, err
	default:
		return nil, fmt.Errorf("%w: %s", ErrExited, p.cmd.ProcessState)
	}
}

// end kills the process where it still runs, and waits for it.
func (p *process) end() {
	_ = p.cmd.Process.Kill() // fails only when it has ended
	<-p.ended
	_ = p.server.Close() // whoever asked is gone
	<-p.served
}

// logs collects what a process writes.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(text)
}

func (l *logs) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
