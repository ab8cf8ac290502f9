package local

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
)

// What is put into the queue of a system reaches receive, as sent at the time of
// the stack's clock.
func TestInbox_IsReadByReceive(t *testing.T) {
	s := inMemory(t, func(o *Options) { o.Plan.Inboxes = []string{"marketplace"} })
	got := make(chan events.SQSMessage, 1)
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Receive: quietly(func(_ context.Context, event events.SQSEvent) error {
			got <- event.Records[0]
			return nil
		}),
	}})
	if s.Resources.Environ()[contract.QueueVariable("inbox-marketplace-dead")] == "" {
		t.Error("nobody knows where its dead letters are")
	}
	send(t, s, contract.Inbox("marketplace"), "an order changed", 0)
	select {
	case m := <-got:
		if want := strconv.FormatInt(dayStart.UnixMilli(), 10); m.Body != "an order changed" || m.Attributes["SentTimestamp"] != want {
			t.Errorf("got %q sent at %s, want %s", m.Body, m.Attributes["SentTimestamp"], want)
		}
	case <-time.After(15 * time.Second):
		t.Fatal("nobody read it")
	}
	quiesce(t, s)
}
