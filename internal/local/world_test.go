package local

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local/emulator"
	"github.com/plumbline/plumbline/internal/wire/handler"
)

var dayStart = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

// stacks counts the stacks and queues that tests have made, to name them.
var stacks atomic.Int32

// inMemory starts a stack of its own names on the shared emulators.
func inMemory(t *testing.T, tune func(*Options)) *Stack {
	t.Helper()
	o := Options{
		Memory: true, Emulators: emulator.ForTest(t), Clock: SteppedClock(dayStart), Schedules: []contract.Schedule{},
		Plan: Plan{Prefix: fmt.Sprintf("stack%d-", stacks.Add(1)), Visibility: time.Second},
	}
	if tune != nil {
		tune(&o)
	}
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// onDisk starts a stack with emulators of its own on a folder.
func onDisk(t *testing.T, dir string, clock *Clock) *Stack {
	t.Helper()
	s, err := Start(t.Context(), Options{
		Data: dir, Clock: clock, Schedules: []contract.Schedule{}, Plan: Plan{Visibility: time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// crash kills everything at once and lets go of the folder, as the end of the
// process would.
func crash(s *Stack) {
	s.Emulators.Kill()
	_ = s.Close()
}

// quietly makes a handler that has nothing to say but whether it worked.
func quietly[Event any](handle func(context.Context, Event) error) lambda.Handler {
	return handler.New(func(ctx context.Context, event Event) (any, error) { return nil, handle(ctx, event) })
}

// seenBodies collects what a function was given.
type seenBodies struct {
	mu     sync.Mutex
	bodies []string
}

func (b *seenBodies) handler(then func(body string) error) lambda.Handler {
	return quietly(func(_ context.Context, event events.SQSEvent) error {
		for _, m := range event.Records {
			b.mu.Lock()
			b.bodies = append(b.bodies, m.Body)
			b.mu.Unlock()
			if then != nil {
				if err := then(m.Body); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (b *seenBodies) sorted() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(b.bodies)))
}

func (b *seenBodies) want(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, b.sorted()); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

func send(t *testing.T, s *Stack, queue, body string, delay int32) {
	t.Helper()
	_, err := sqs.NewFromConfig(s.AWSConfig()).SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: aws.String(s.Resources.Queues[queue]), MessageBody: &body, DelaySeconds: delay,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, s *Stack, service Service) {
	t.Helper()
	if err := s.Open(t.Context(), service); err != nil {
		t.Fatal(err)
	}
}

func quiesce(t *testing.T, s *Stack) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	if err := s.Quiesce(ctx); err != nil {
		t.Fatal(err)
	}
}
