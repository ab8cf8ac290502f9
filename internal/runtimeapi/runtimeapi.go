// Package runtimeapi runs a built function as the Lambda service does: it
// starts the binary in its bundle's folder, answers the Runtime API on loopback
// and hands it one event at a time. One process is one execution environment.
//
// It knows nothing of any function: which events to send and what to expect is
// the caller's. What a function calls in turn it finds by its own environment.
package runtimeapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Function is what the service knows of a function.
type Function struct {
	// Name is the function's name, part of its ARN.
	Name string
	// Dir is the unpacked bundle. It holds the binary, see Bootstrap, and is the
	// working directory.
	Dir string
	// Env is the configured environment. The process has it and what the service
	// sets itself, and nothing else.
	Env map[string]string
	// Timeout ends an invocation and with it the process. 0 is 30 seconds.
	Timeout time.Duration
	// Output receives what the processes write, of all environments at once. Nil
	// keeps it for Logs, which grows as long as they run.
	Output io.Writer
}

// Bootstrap is the file that a bundle starts with.
const Bootstrap = "bootstrap"

var (
	// ErrTimeout means that an invocation did not end in time. The process was
	// killed.
	ErrTimeout = errors.New("runtimeapi: the function did not end in time")
	// ErrExited means that the process ended without an answer.
	ErrExited = errors.New("runtimeapi: the process exited")
	// ErrInit means that the process reported that it cannot begin.
	ErrInit = errors.New("runtimeapi: the function cannot begin")
)

// FunctionError is what a function answers instead of a result.
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// Error gives the type and the message.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// Environment is one execution environment. Its process starts with the first
// invocation. It is safe for concurrent use, and takes one event after the
// other. It is a lambda.Handler.
type Environment struct {
	function Function
	logs     logs

	turn    sync.Mutex // held during an invocation
	running atomic.Pointer[process]
	process *process
	ended   error // why there will be no further invocation
	cold    time.Duration
}

// New is an environment whose process has not started.
func New(f Function) *Environment {
	if f.Timeout == 0 {
		f.Timeout = 30 * time.Second
	}
	return &Environment{function: f}
}

// Invoke hands the event to the function and returns its answer. The error is a
// *FunctionError where the function answered with one; it is otherwise ErrInit,
// ErrExited or ErrTimeout, after which every further call fails alike.
func (e *Environment) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	e.turn.Lock()
	defer e.turn.Unlock()
	if e.ended != nil {
		return nil, e.ended
	}
	first, began := e.process == nil, time.Now()
	if first {
		if e.process, e.ended = start(e.function, e.output()); e.ended != nil {
			return nil, e.ended
		}
		e.running.Store(e.process)
	}
	answer, err := e.process.invoke(ctx, event, e.function.Timeout)
	if first {
		e.cold = time.Since(began)
	}
	var answered *FunctionError
	if err != nil && !errors.As(err, &answered) {
		e.process.end()
		e.ended = fmt.Errorf("%s: %w", e.function.Name, err)
		return nil, e.ended
	}
	return answer, err
}

// ColdStart is the time from the start of the process to its first answer.
func (e *Environment) ColdStart() time.Duration {
	e.turn.Lock()
	defer e.turn.Unlock()
	return e.cold
}

func (e *Environment) output() io.Writer {
	if e.function.Output != nil {
		return e.function.Output
	}
	return &e.logs
}

// Kill ends the process at once, as kill -9 does, in the middle of what it is
// doing. It reports whether there was one to kill.
func (e *Environment) Kill() bool {
	p := e.running.Load()
	return p != nil && p.cmd.Process.Kill() == nil
}

// PID is the process's number, 0 before it has started.
func (e *Environment) PID() int {
	if p := e.running.Load(); p != nil {
		return p.cmd.Process.Pid
	}
	return 0
}

// died reports whether the process has ended by itself, or was killed.
func (e *Environment) died() bool {
	p := e.running.Load()
	if p == nil {
		return false
	}
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// over reports whether there will be no further invocation.
func (e *Environment) over() bool {
	e.turn.Lock()
	defer e.turn.Unlock()
	return e.ended != nil
}

// Logs is what the process has written to its two outputs so far.
func (e *Environment) Logs() string { return e.logs.text() }

// Close ends the process. Further invocations fail with ErrExited.
func (e *Environment) Close() {
	e.turn.Lock()
	defer e.turn.Unlock()
	if e.process != nil {
		e.process.end()
	}
	if e.ended == nil {
		e.ended = fmt.Errorf("%s: %w: the environment is closed", e.function.Name, ErrExited)
	}
}
