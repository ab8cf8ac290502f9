package runtimeapi

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// Fleet is all execution environments of one function: each event goes to one
// that is idle, or to a new one. One that ended while it was idle is replaced. It
// is a lambda.Handler, safe for concurrent use.
type Fleet struct {
	function Function

	mu     sync.Mutex
	idle   []*Environment
	living []*Environment
	all    []*Environment
}

// NewFleet is a fleet without an environment.
func NewFleet(f Function) *Fleet { return &Fleet{function: f} }

// Invoke hands the event to an environment. Its errors are Environment.Invoke's;
// an environment whose process has ended gets no further event.
func (f *Fleet) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	e := f.take()
	answer, err := e.Invoke(ctx, event)
	over := e.over()
	f.mu.Lock()
	defer f.mu.Unlock()
	if over {
		f.forget(e)
	} else {
		f.idle = append(f.idle, e)
	}
	return answer, err
}

func (f *Fleet) take() *Environment {
	f.mu.Lock()
	defer f.mu.Unlock()
	for last := len(f.idle) - 1; last >= 0; last-- {
		e := f.idle[last]
		f.idle = f.idle[:last]
		if !e.died() {
			return e
		}
		f.forget(e)
	}
	e := New(f.function)
	f.all, f.living = append(f.all, e), append(f.living, e)
	return e
}

// forget takes an environment whose process has ended off the living.
func (f *Fleet) forget(e *Environment) {
	f.living = slices.DeleteFunc(f.living, func(other *Environment) bool { return other == e })
}

// Living lists the environments whose processes have not been seen to end.
func (f *Fleet) Living() []*Environment {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.living)
}

// Environments counts the environments that there have been.
func (f *Fleet) Environments() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.all)
}

// Logs is what the processes have written, one after the other.
func (f *Fleet) Logs() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var text strings.Builder
	for _, e := range f.all {
		text.WriteString(e.Logs())
	}
	return text.String()
}

// Close ends every process that is not working on an event, and those that are
// when they have answered it.
func (f *Fleet) Close() {
	f.mu.Lock()
	all := f.all
	f.mu.Unlock()
	for _, e := range all {
		e.Close()
	}
}
