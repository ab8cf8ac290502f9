package local

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/plumbline/plumbline/internal/contract"
)

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
		contract.Drift: quietly(func(context.Context, events.SQSEvent) error { seen <- time.Now(); return nil }),
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
		contract.Drift: quietly(func(context.Context, events.SQSEvent) error { seen <- struct{}{}; return nil }),
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
