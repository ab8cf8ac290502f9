package runtimeapi

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// version starts every path of the API.
	version = "/2018-06-01/runtime"
	// maxAnswer is the longest answer that the service takes.
	maxAnswer = 6 << 20
	region    = "us-east-1"
	account   = "000000000000"
)

// invocation is one event on its way, and its answer.
type invocation struct {
	id       string
	event    []byte
	deadline time.Time
	answer   chan answer
}

type answer struct {
	payload []byte
	err     error
}

func newInvocation(event []byte, deadline time.Time) *invocation {
	// The process may be the only one left to write the answer, nobody to read it.
	return &invocation{id: requestID(), event: event, deadline: deadline, answer: make(chan answer, 1)}
}

// requestID is a UUID, as the service's ids are.
func requestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// api answers one process. A process asks for the next event only when it has
// answered the one before, so that there is one invocation at a time.
type api struct {
	arn     string
	waiting chan *invocation
	failed  chan error // takes why the process cannot begin

	mu      sync.Mutex
	running *invocation
}

func newAPI(function string) *api {
	return &api{
		arn:     fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s", region, account, function),
		waiting: make(chan *invocation), failed: make(chan error, 1),
	}
}

func (a *api) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+version+"/invocation/next", a.next)
	mux.HandleFunc("POST "+version+"/invocation/{id}/response", a.response)
	mux.HandleFunc("POST "+version+"/invocation/{id}/error", a.failure)
	mux.HandleFunc("POST "+version+"/init/error", a.initError)
	return mux
}

// next waits for an event for as long as it takes.
func (a *api) next(w http.ResponseWriter, r *http.Request) {
	if a.busy() {
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the last invocation is not answered")
		return
	}
	select {
	case i := <-a.waiting:
		a.mu.Lock()
		a.running = i
		a.mu.Unlock()
		h := w.Header()
		h.Set("Lambda-Runtime-Aws-Request-Id", i.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(i.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", a.arn)
		h.Set("Lambda-Runtime-Trace-Id", "Root=1-00000000-"+rand.Text()[:24]+";Sampled=0")
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(i.event)))
		_, _ = w.Write(i.event) // a process that is gone is noticed by its end
	case <-r.Context().Done():
	}
}

func (a *api) busy() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.running != nil
}

// take is the running invocation if it has the id. From then on it is answered.
func (a *api) take(id string) *invocation {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := a.running
	if i == nil || i.id != id {
		return nil
	}
	a.running = nil
	return i
}

func (a *api) response(w http.ResponseWriter, r *http.Request) {
	a.finish(w, r, func(body []byte) answer { return answer{payload: body} })
}

func (a *api) failure(w http.ResponseWriter, r *http.Request) {
	a.finish(w, r, func(body []byte) answer { return answer{err: functionError(body)} })
}

// finish takes the answer to the running invocation.
func (a *api) finish(w http.ResponseWriter, r *http.Request, read func([]byte) answer) {
	i := a.take(r.PathValue("id"))
	if i == nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "this invocation is not running")
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer+1))
	switch {
	case err != nil:
		i.answer <- answer{err: fmt.Errorf("%w: its answer broke off", ErrExited)}
	case len(body) > maxAnswer:
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "the answer is longer than 6 MB")
		i.answer <- answer{err: &FunctionError{Type: "Function.ResponseSizeTooLarge", Message: "the answer is longer than 6 MB"}}
	default:
		accept(w)
		i.answer <- read(body)
	}
}

func (a *api) initError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, maxAnswer)) // what came is what there is to tell
	accept(w)
	select {
	case a.failed <- fmt.Errorf("%w: %w", ErrInit, initReason{functionError(body)}):
	default: // the first reason is the one
	}
}

// initReason hides that a reason has the shape of a function's error: nothing
// was invoked.
type initReason struct{ reason *FunctionError }

func (r initReason) Error() string { return r.reason.Error() }

func functionError(body []byte) *FunctionError {
	e := &FunctionError{}
	if err := json.Unmarshal(body, e); err != nil {
		return &FunctionError{Type: "Runtime.UnreadableError", Message: string(body)}
	}
	return e
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`) // nobody depends on it
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(FunctionError{Type: kind, Message: message}) // nobody depends on it
}

// invoke hands the event over and waits for its answer, for the end of the
// process, or for the deadline.
func (p *process) invoke(ctx context.Context, event []byte, timeout time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	deadline, _ := ctx.Deadline()
	i := newInvocation(event, deadline)
	waiting := p.api.waiting
	for {
		select {
		case waiting <- i:
			waiting = nil
		case a := <-i.answer:
			return a.payload, a.err
		case err := <-p.api.failed:
			return nil, err
		case <-p.ended:
			return p.last(i)
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %v", ErrTimeout, timeout)
		}
	}
}
