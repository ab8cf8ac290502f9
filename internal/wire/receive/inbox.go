package receive

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/receive"
)

// deliver takes messages of the inboxes' queues and returns the ids of those that
// have to come again.
func deliver(ctx context.Context, service *receive.Service, inboxes []string, messages []events.SQSMessage, now time.Time) (failed []string) {
	for _, m := range messages {
		if err := service.Deliver(ctx, inboxOf(m.EventSourceARN, inboxes), []byte(m.Body), sent(m, now)); err != nil {
			failed = append(failed, m.MessageId) // the use case has said why
		}
	}
	return failed
}

// inboxOf is the system whose queue it is, or blank. A deployment puts its stage
// in front of the queue's name, so that of two names that end it the longer counts.
func inboxOf(queue string, inboxes []string) string {
	found := ""
	for _, system := range inboxes {
		if strings.HasSuffix(queue, contract.Inbox(system)) && len(system) > len(found) {
			found = system
		}
	}
	return found
}

// sent is when the message came into the queue, however often it is tried. That
// is when the delivery was received: what it waits there is Plumbline's own delay.
func sent(m events.SQSMessage, now time.Time) time.Time {
	millis, err := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64)
	if err != nil {
		return now
	}
	return time.UnixMilli(millis)
}
