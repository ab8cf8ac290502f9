package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/config"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

var dayStart = time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)

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

// seenBodies collects what a function was given.
type seenBodies struct {
	mu     sync.Mutex
	bodies []string
}

func (b *seenBodies) handler(then func(body string) error) lambda.Handler {
	return lambda.NewHandler(func(_ context.Context, event events.SQSEvent) error {
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

func TestProvision_MakesTheContractAndIsIdempotent(t *testing.T) {
	t.Parallel()
	cfg := emulator.ForTest(t).AWSConfig()
	plan := Plan{Prefix: "provision-"}
	first, err := Provision(t.Context(), cfg, plan)
	if err != nil {
		t.Fatal(err)
	}
	plan.Visibility = 7 * time.Second
	second, err := Provision(t.Context(), cfg, plan)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("made again (-first +second):\n%s", diff)
	}
	client := sqs.NewFromConfig(cfg)
	for _, q := range plan.Queues() {
		out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
			QueueUrl: aws.String(first.Queues[q.Name]), AttributeNames: []sqstypes.QueueAttributeName{"All"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := out.Attributes["VisibilityTimeout"]; got != seconds(q.Visibility) {
			t.Errorf("queue %s: visibility %s, want the new plan's %s", q.Name, got, seconds(q.Visibility))
		}
		if got := out.Attributes["MessageRetentionPeriod"]; got != seconds(q.Retention) {
			t.Errorf("queue %s: retention %s, want %s", q.Name, got, seconds(q.Retention))
		}
		if got := out.Attributes["RedrivePolicy"]; (q.DeadLetter == "") != (got == "") || !strings.Contains(got, first.QueueARNs[q.DeadLetter]) {
			t.Errorf("queue %s: redrive policy %s", q.Name, got)
		}
	}
	topics, err := sns.NewFromConfig(cfg).ListSubscriptionsByTopic(t.Context(), &sns.ListSubscriptionsByTopicInput{
		TopicArn: aws.String(first.Topics[contract.Alerts]),
	})
	if err != nil || len(topics.Subscriptions) != 1 {
		t.Errorf("%d subscriptions of the alerts, %v, want 1", len(topics.Subscriptions), err)
	}
	db := dynamodb.NewFromConfig(cfg)
	for _, table := range contract.Tables() {
		out, err := db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String(first.Tables[table.Name])})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Table.GlobalSecondaryIndexes) != len(table.Indexes) {
			t.Errorf("table %s has %d indexes", table.Name, len(out.Table.GlobalSecondaryIndexes))
		}
	}
}

func TestProvision_RefusesATableOfAnotherShape(t *testing.T) {
	t.Parallel()
	cfg := emulator.ForTest(t).AWSConfig()
	bare := contract.Table{Name: contract.Records, Hash: contract.Attribute{Name: contract.PK, Type: contract.Text}}
	if _, err := dynamodb.NewFromConfig(cfg).CreateTable(t.Context(), tableInput("shape-"+bare.Name, bare)); err != nil {
		t.Fatal(err)
	}
	if _, err := Provision(t.Context(), cfg, Plan{Prefix: "shape-"}); !errors.Is(err, ErrOtherShape) {
		t.Errorf("%v, want ErrOtherShape", err)
	}
}

func TestStack_TheFunctionsEnvironmentIsWhole(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	base := map[string]string{contract.RegistryVariable: "plumbline.yaml", contract.HashKeyVariable: "file:hash"}
	c, err := config.Load(s.Getenv(func(name string) string { return base[name] }))
	if err != nil {
		t.Fatal(err)
	}
	if c.Stage != "local" || c.Queues[contract.Looks] != s.Resources.Queues[contract.Looks] || c.Registry != "plumbline.yaml" {
		t.Errorf("config %+v", c)
	}
}

// The chain of the design: a request, two queues, a topic and the queue behind
// it. Quiesce returns when the last of it is done.
func TestStack_QuiesceWaitsForTheWholeChain(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	client := sqs.NewFromConfig(s.AWSConfig())
	topics := sns.NewFromConfig(s.AWSConfig())
	forward := func(queue string) func(string) error {
		return func(body string) error {
			time.Sleep(20 * time.Millisecond)
			_, err := client.SendMessage(context.Background(), &sqs.SendMessageInput{
				QueueUrl: aws.String(s.Resources.Queues[queue]), MessageBody: &body,
			})
			return err
		}
	}
	var merged, looked, told seenBodies
	open(t, s, Service{
		Address: "127.0.0.1:0",
		Handlers: map[string]lambda.Handler{
			contract.Receive: lambda.NewHandler(func(_ context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
				return events.APIGatewayV2HTTPResponse{StatusCode: 200}, forward(contract.Observations)(r.Body)
			}),
			contract.Merge: merged.handler(forward(contract.Looks)),
			contract.Drift: looked.handler(func(body string) error {
				_, err := topics.Publish(context.Background(), &sns.PublishInput{
					TopicArn: aws.String(s.Resources.Topics[contract.Alerts]), Message: &body,
				})
				return err
			}),
			contract.Notify: told.handler(func(string) error { time.Sleep(50 * time.Millisecond); return nil }),
		},
	})
	for i := range 5 {
		body := fmt.Sprintf(`{"n":%d}`, i)
		header := http.Header{"Content-Type": {"application/json"}}
		if status, _, _ := call(t, "POST", s.Front()+"/hooks/erp", header, strings.NewReader(body)); status != 200 {
			t.Fatalf("status %d", status)
		}
		quiesce(t, s)
		if got := len(told.sorted()); got != i+1 {
			t.Fatalf("quiet after %d of %d alerts: the message without the topic's envelope is %v", got, i+1, told.sorted())
		}
	}
	told.want(t, `{"n":0}`, `{"n":1}`, `{"n":2}`, `{"n":3}`, `{"n":4}`)
	at := time.Now()
	for range 100 {
		quiesce(t, s)
	}
	if took := time.Since(at); took > time.Second {
		t.Errorf("100 waits while all is quiet took %v", took)
	}
}

func TestStack_QuiesceIsNotHeldByASendWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	open(t, s, Service{Handlers: map[string]lambda.Handler{contract.Merge: (&seenBodies{}).handler(nil)}})
	s.meter.sent(contract.Observations, 3)
	quiesce(t, s)
}

func TestStack_DelaysFollowASteppedClock(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	var looked seenBodies
	open(t, s, Service{Handlers: map[string]lambda.Handler{contract.Drift: looked.handler(nil)}})
	send(t, s, contract.Looks, "in 10 minutes", 600)
	out, err := sqs.NewFromConfig(s.AWSConfig()).SendMessageBatch(t.Context(), &sqs.SendMessageBatchInput{
		QueueUrl: aws.String(s.Resources.Queues[contract.Looks]),
		Entries: []sqstypes.SendMessageBatchRequestEntry{
			{Id: aws.String("a"), MessageBody: aws.String("now")},
			{Id: aws.String("b"), MessageBody: aws.String("in 5 minutes"), DelaySeconds: 300, MessageAttributes: map[string]sqstypes.MessageAttributeValue{
				"owner": {DataType: aws.String("String"), StringValue: aws.String("x")},
			}},
		},
	})
	if err != nil || len(out.Successful) != 2 {
		t.Fatalf("%d of 2 sent, %v", len(out.Successful), err)
	}
	quiesce(t, s)
	looked.want(t, "now")
	advance(t, s, dayStart.Add(299*time.Second))
	looked.want(t, "now")
	advance(t, s, dayStart.Add(300*time.Second))
	looked.want(t, "in 5 minutes", "now")
	advance(t, s, dayStart.Add(time.Hour))
	looked.want(t, "in 10 minutes", "in 5 minutes", "now")
	if got := s.Clock().Now(); !got.Equal(dayStart.Add(time.Hour)) {
		t.Errorf("the clock shows %v", got)
	}
	if _, err := sqs.NewFromConfig(s.AWSConfig()).SendMessage(t.Context(), &sqs.SendMessageInput{
		QueueUrl: aws.String(s.Resources.Queues[contract.Looks]), MessageBody: aws.String("x"), DelaySeconds: 901,
	}); err == nil {
		t.Error("a delay of more than 15 minutes was taken")
	}
}

func advance(t *testing.T, s *Stack, to time.Time) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	if err := s.Advance(ctx, to); err != nil {
		t.Fatal(err)
	}
}

func TestStack_DelaysOnTheWallClockAreTheQueues(t *testing.T) {
	t.Parallel()
	s := inMemory(t, func(o *Options) { o.Clock = WallClock() })
	seen := make(chan time.Time, 1)
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Drift: lambda.NewHandler(func(context.Context, events.SQSEvent) error { seen <- time.Now(); return nil }),
	}})
	at := time.Now()
	send(t, s, contract.Looks, "soon", 1)
	if _, ok := s.shelf.next(); ok {
		t.Error("the message is on the shelf")
	}
	select {
	case got := <-seen:
		if got.Sub(at) < time.Second {
			t.Errorf("came after %v", got.Sub(at))
		}
	case <-time.After(10 * time.Second):
		t.Fatal("never came")
	}
	if err := s.Advance(t.Context(), time.Now().Add(time.Hour)); err == nil {
		t.Error("the wall clock was advanced")
	}
}

func TestStack_AFlowingClockReleasesWhatIsDelayed(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	seen := make(chan struct{}, 1)
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Drift: lambda.NewHandler(func(context.Context, events.SQSEvent) error { seen <- struct{}{}; return nil }),
	}})
	send(t, s, contract.Looks, "soon", 1)
	s.Clock().Flow()
	select {
	case <-seen:
	case <-time.After(10 * time.Second):
		t.Fatal("never came")
	}
	if now := s.Clock().Now(); time.Since(now).Abs() > time.Minute {
		t.Errorf("the clock went on at %v, want the real time", now)
	}
}

func TestStack_DelaysSurviveACrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := onDisk(t, dir, SteppedClock(dayStart))
	send(t, first, contract.Looks, "later", 600)
	crash(first)

	second := onDisk(t, dir, SteppedClock(dayStart.Add(time.Minute)))
	var looked seenBodies
	open(t, second, Service{Handlers: map[string]lambda.Handler{contract.Drift: looked.handler(nil)}})
	quiesce(t, second)
	looked.want(t)
	advance(t, second, dayStart.Add(10*time.Minute))
	looked.want(t, "later")
	crash(second)
	third := onDisk(t, dir, SteppedClock(dayStart.Add(time.Hour)))
	if _, ok := third.shelf.next(); ok {
		t.Error("a message that was released is delayed again")
	}
}

func TestStack_ACrashLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := onDisk(t, dir, SteppedClock(dayStart))
	var want []string
	for i := range 40 {
		body := fmt.Sprintf("message-%02d", i)
		want = append(want, body)
		send(t, first, contract.Observations, body, 0)
	}
	stuck := make(chan struct{})
	open(t, first, Service{Handlers: map[string]lambda.Handler{
		// The crash comes while batches are being handled.
		contract.Merge: lambda.NewHandler(func(context.Context, events.SQSEvent) error {
			select {
			case stuck <- struct{}{}:
			default:
			}
			time.Sleep(200 * time.Millisecond)
			return errors.New("crashed")
		}),
	}})
	<-stuck
	crash(first)

	second := onDisk(t, dir, SteppedClock(dayStart))
	var merged seenBodies
	open(t, second, Service{Handlers: map[string]lambda.Handler{contract.Merge: merged.handler(nil)}})
	quiesce(t, second)
	merged.want(t, want...)
}

func TestStack_WhatACrashInterruptedIsReadyAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	start := func() *Stack {
		// The contract's visibility: minutes.
		s, err := Start(t.Context(), Options{Data: dir, Clock: SteppedClock(dayStart), Schedules: []contract.Schedule{}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	first := start()
	begun := make(chan struct{})
	open(t, first, Service{Handlers: map[string]lambda.Handler{
		contract.Merge: lambda.NewHandler(func(context.Context, events.SQSEvent) error {
			close(begun)
			<-first.receive.Done()
			return errors.New("crashed")
		}),
	}})
	send(t, first, contract.Observations, "interrupted", 0)
	<-begun
	crash(first)

	second := start()
	var merged seenBodies
	open(t, second, Service{Handlers: map[string]lambda.Handler{contract.Merge: merged.handler(nil)}})
	quiesce(t, second)
	merged.want(t, "interrupted")
}

func TestStack_ASecondStartOnTheFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("before the start: %v, want ErrNotRunning", err)
	}
	s := onDisk(t, dir, nil)
	_, err := Start(t.Context(), Options{Data: dir})
	if !errors.Is(err, ErrInUse) || !strings.Contains(err.Error(), dir) {
		t.Errorf("second start: %v, want ErrInUse and the folder", err)
	}
	open(t, s, Service{Address: "127.0.0.1:0"})
	got, err := Find(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s.running(), got); diff != "" || got.Front == "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, endpointsFile)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a clean stop leaves %s: %v", endpointsFile, err)
	}
	// What a killed stack leaves is not believed.
	if err := os.WriteFile(filepath.Join(dir, endpointsFile), []byte(`{}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after the end: %v, want ErrNotRunning", err)
	}
}

func TestStack_EndsInOrderWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx, Options{Memory: true, Clock: SteppedClock(dayStart)})
	if err != nil {
		t.Fatal(err)
	}
	begun, ended := make(chan struct{}), make(chan error, 1)
	db := dynamodb.NewFromConfig(s.AWSConfig())
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Merge: lambda.NewHandler(func(ctx context.Context, _ events.SQSEvent) error {
			close(begun)
			time.Sleep(200 * time.Millisecond)
			_, err := db.PutItem(ctx, &dynamodb.PutItemInput{
				TableName: aws.String(s.Resources.Tables[contract.Records]),
				Item:      map[string]types.AttributeValue{contract.PK: &types.AttributeValueMemberS{Value: "x"}},
			})
			ended <- err
			return err
		}),
	}})
	send(t, s, contract.Observations, "a", 0)
	<-begun
	cancel()
	<-s.Done()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("the running invocation could not finish: %v", err)
		}
	default:
		t.Error("the stack ended before its invocation")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestStack_SchedulesFollowTheClock(t *testing.T) {
	t.Parallel()
	s := inMemory(t, func(o *Options) {
		o.Clock = SteppedClock(dayStart.Add(20 * time.Second))
		o.Schedules = contract.Schedules()
	})
	var mu sync.Mutex
	var times []string
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Drift: lambda.NewHandler(func(_ context.Context, e events.EventBridgeEvent) error {
			mu.Lock()
			defer mu.Unlock()
			if e.Source == "aws.events" {
				times = append(times, e.Time.Format("15:04:05")+" at "+s.Clock().Now().Format("15:04:05"))
			}
			return errors.New("a failed run does not stop the schedule")
		}),
	}})
	advance(t, s, dayStart.Add(2*time.Minute+30*time.Second))
	s.Clock().Set(dayStart.Add(10*time.Minute + 30*time.Second)) // as after a sleep of the machine
	advance(t, s, dayStart.Add(10*time.Minute+40*time.Second))
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff([]string{"12:01:00 at 12:01:00", "12:02:00 at 12:02:00", "12:10:00 at 12:10:30"}, times); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
}

func TestClock(t *testing.T) {
	c := SteppedClock(dayStart)
	c.Set(dayStart.Add(time.Minute))
	c.Set(dayStart)
	if got := c.Now(); !got.Equal(dayStart.Add(time.Minute)) || c.Wall() {
		t.Errorf("a stepped clock shows %v", got)
	}
	c.Flow()
	c.Set(dayStart.Add(time.Hour))
	if got := c.Now(); time.Since(got).Abs() > time.Minute || !c.Wall() || !c.real() {
		t.Errorf("a flowing clock shows %v, want the real time", got)
	}
	tomorrow := time.Now().Add(24 * time.Hour)
	ahead := SteppedClock(tomorrow)
	ahead.Flow()
	if got := ahead.Now(); got.Before(tomorrow) || !ahead.Wall() || ahead.real() {
		t.Errorf("a clock that was ahead went back to %v", got)
	}
	if c := WallClock(); time.Since(c.Now()) > time.Minute || !c.real() {
		t.Errorf("the wall clock shows %v", c.Now())
	}
}
