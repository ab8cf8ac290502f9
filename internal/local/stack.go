// Package local runs the functions on one machine as AWS would run them: it
// makes the contract's tables, queues and topics in emulators, reads the queues
// with the rules of the Lambda service, answers HTTP, calls schedules, and
// knows when everything is quiet.
//
// It leaves what the functions do to their handlers, which come from outside
// and are production's: they meet the local stack only as SDK endpoints.
package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

// Options say how a stack differs from the deployed one.
type Options struct {
	// Data is the folder that keeps the state. One stack at a time uses it.
	// Ignored with Memory.
	Data string
	// Memory keeps the state in memory.
	Memory bool
	// Emulators are used as they are and left running, with Memory; nil starts
	// a pair.
	Emulators *emulator.Emulators
	// Plan changes names and visibility.
	Plan Plan
	// Schedules replace the contract's when not nil.
	Schedules []contract.Schedule
	// Clock is the time that the functions are told. Nil is the wall's.
	Clock *Clock
	// Outages are times of a stepped clock in which functions are not called.
	Outages Outages
	// Log receives what goes wrong. Nil discards.
	Log *slog.Logger
	// Progress receives the installation's progress. Nil discards.
	Progress io.Writer
}

// Service is what a stack runs.
type Service struct {
	// Handlers by the contract's function names. A function without one is not
	// called: its queues keep their messages.
	Handlers map[string]lambda.Handler
	// Address is where the front listens, "127.0.0.1:8080"; port 0 is a free
	// one and blank opens no front.
	Address string
	// Board answers GET requests that are no function's. It may be nil.
	Board http.Handler
}

// Stack is a running local stack.
type Stack struct {
	// Emulators are the children, for tests that disturb them.
	Emulators *emulator.Emulators
	// Resources are the made tables, queues and topics.
	Resources Resources

	options Options
	clock   *Clock
	log     *slog.Logger
	folder  *folder
	meter   *meter
	shelf   *shelf
	windows *windows
	exports *exports
	cfg     aws.Config
	plain   *sqs.Client

	schedules []*schedule
	// stepping keeps the ticker and Advance from running schedules at once.
	stepping sync.Mutex
	server   *http.Server
	front    string
	// receive ends with stop; work waits for what runs on it.
	receive context.Context
	stop    context.CancelFunc
	work    sync.WaitGroup
	closing sync.Once
	closed  chan struct{}
	err     error
}

// Start locks the data folder, starts the emulators and makes what the contract
// defines. Nothing is received until Open. The stack closes when ctx ends, and
// when an emulator dies.
func Start(ctx context.Context, o Options) (*Stack, error) {
	s := &Stack{options: o, clock: o.Clock, log: o.Log, Emulators: o.Emulators, closed: make(chan struct{})}
	if s.clock == nil {
		s.clock = WallClock()
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	// Not ctx itself: its end starts an orderly close.
	s.receive, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	context.AfterFunc(ctx, func() { _ = s.Close() }) // Close keeps its error
	go s.guard()
	return s, nil
}

func (s *Stack) prepare(ctx context.Context) error {
	dir := ""
	if !s.options.Memory {
		var err error
		if s.folder, err = openFolder(s.options.Data); err != nil {
			return err
		}
		dir = s.folder.path
	}
	if s.Emulators == nil {
		var err error
		s.Emulators, err = emulator.Start(ctx, emulator.Options{Dir: dir, Log: s.options.Progress})
		if err != nil {
			return err
		}
	}
	cfg := s.Emulators.AWSConfig()
	s.plain = sqs.NewFromConfig(cfg)
	var err error
	if s.Resources, err = Provision(ctx, cfg, s.options.Plan); err != nil {
		return err
	}
	if err := s.Emulators.IndexScans(ctx); err != nil {
		return err
	}
	s.meter = newMeter()
	if s.shelf, err = openShelf(ctx, cfg, s.options.Plan.Prefix, s.Resources, s.clock, s.meter); err != nil {
		return err
	}
	s.windows = newWindows(s.options, s.clock, s.meter)
	s.cfg = newSends(s.windows, s.shelf, s.clock, s.Resources).watch(cfg)
	s.exports = newExports(s.cfg, s.Resources)
	return s.folder.announce(s.running())
}

// guard closes the stack when an emulator dies.
func (s *Stack) guard() {
	select {
	case <-s.closed:
	case <-s.Emulators.Done():
		s.log.Error("emulator died", "error", s.Emulators.Err())
		_ = s.Close() // Close keeps its error
	}
}

// AWSConfig is the configuration for the functions' SDK clients.
func (s *Stack) AWSConfig() aws.Config { return s.cfg }

// Clock is the time that the functions are told.
func (s *Stack) Clock() *Clock { return s.clock }

// Front is the address of the HTTP front, "http://127.0.0.1:8080", or blank.
func (s *Stack) Front() string { return s.front }

// Getenv reads the environment of the functions: the stack's own resources,
// the stage "local" unless base has another, and base for the rest.
func (s *Stack) Getenv(base func(string) string) func(string) string {
	env := s.Resources.Environ()
	return func(name string) string {
		if value, ok := env[name]; ok {
			return value
		}
		if value := base(name); value != "" || name != contract.StageVariable {
			return value
		}
		return "local"
	}
}

// Open starts reading the queues, the schedules and the front. It is called
// once.
func (s *Stack) Open(ctx context.Context, service Service) error {
	functions := s.functions(service.Handlers)
	queues := s.consumed(functions)
	for _, q := range queues {
		s.meter.follow(q.Name)
	}
	if err := s.recount(ctx); err != nil {
		return err
	}
	listener, err := listen(ctx, service.Address)
	if err != nil {
		return err
	}
	for _, q := range queues {
		m := &mapping{
			queue: q, url: s.Resources.Queues[q.Name], arn: s.Resources.QueueARNs[q.Name],
			client: s.plain, consumer: functions[q.Consumer], clock: s.clock, outages: s.options.Outages, log: s.log,
		}
		s.work.Go(func() { m.run(s.receive) })
	}
	s.plan(functions)
	s.work.Go(s.tick)
	if listener == nil {
		return nil
	}
	return s.answer(listener, front{functions: functions, board: service.Board, now: s.clock.Now, log: s.log})
}

func (s *Stack) functions(handlers map[string]lambda.Handler) map[string]function {
	out := map[string]function{}
	for name, h := range handlers {
		out[name] = function{name: name, timeout: contract.Timeout(name), handler: h, meter: s.meter}
	}
	return out
}

func (s *Stack) consumed(functions map[string]function) []contract.Queue {
	var out []contract.Queue
	for _, q := range s.options.Plan.Queues() {
		if _, ok := functions[q.Consumer]; ok {
			out = append(out, q)
		}
	}
	return out
}

func (s *Stack) plan(functions map[string]function) {
	all := s.options.Schedules
	if all == nil {
		all = contract.Schedules()
	}
	for _, one := range all {
		if f, ok := functions[one.Function]; ok {
			s.schedules = append(s.schedules, newSchedule(one, f, s.options.Outages, s.clock.Now()))
		}
	}
}

// listen takes the front's address before anything else starts, or returns nil
// where there is to be no front.
func listen(ctx context.Context, address string) (net.Listener, error) {
	if address == "" {
		return nil, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("open the front: %w", err)
	}
	return l, nil
}

func (s *Stack) answer(l net.Listener, f front) error {
	s.front = "http://" + l.Addr().String()
	s.server = newServer(f.handler())
	s.work.Go(func() {
		if err := s.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("front ended", "error", err)
		}
	})
	return s.folder.announce(s.running())
}

func (s *Stack) running() Running {
	return Running{Endpoints: s.Emulators.Endpoints, Resources: s.Resources, Front: s.front}
}

func (s *Stack) recount(ctx context.Context) error {
	return s.meter.recount(ctx, s.plain, s.Resources.Queues)
}

// Done is closed when the stack has closed.
func (s *Stack) Done() <-chan struct{} { return s.closed }

// Close stops receiving, lets running invocations finish, and stops what Start
// started in reverse order. It may be called again and waits for the first
// call. The error says what went wrong, the death of an emulator included.
func (s *Stack) Close() error {
	s.closing.Do(func() {
		s.stop()
		var errs []error
		if s.server != nil {
			ctx, cancel := context.WithTimeout(context.Background(), contract.FrontTimeout)
			errs = append(errs, s.server.Shutdown(ctx))
			cancel()
		}
		s.work.Wait()
		if s.Emulators != nil && s.options.Emulators == nil {
			errs = append(errs, s.Emulators.Err())
			s.Emulators.Stop()
		}
		errs = append(errs, s.folder.close())
		s.err = errors.Join(errs...)
		close(s.closed)
	})
	<-s.closed
	return s.err
}
