package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/metric"
)

// ErrHint means that a queue message names no alert.
var ErrHint = errors.New("notify: not a message about an alert")

// HandleBatch handles the messages of one batch and returns those that must be
// tried again. A message that cannot be read fails alone. Several hints about
// one alert are one. What cannot be shown for a longer time is put off, see
// later.
func (s *Service) HandleBatch(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	done := map[string]error{}
	for _, record := range event.Records {
		if err := s.handleHint(ctx, record, done); err != nil {
			s.report(ctx, record.MessageId, "again", err)
			response.BatchItemFailures = append(response.BatchItemFailures,
				events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
		}
	}
	metric.Add(ctx, metric.Messages, len(event.Records)-len(response.BatchItemFailures))
	metric.Add(ctx, metric.Failed, len(response.BatchItemFailures))
	return response, nil
}

func (s *Service) handleHint(ctx context.Context, record events.SQSMessage, done map[string]error) error {
	id, err := alertID(record.Body)
	if err != nil {
		return err
	}
	if err, handled := done[id]; handled {
		return err
	}
	showing, cancel := withReserve(ctx)
	defer cancel()
	// What is begun now could not be finished.
	if err := showing.Err(); err != nil {
		return fmt.Errorf("show alert %s: %w", id, err)
	}
	receives, _ := strconv.Atoi(record.Attributes["ApproximateReceiveCount"]) // 0 is not known
	if err = s.Handle(showing, id); err != nil {
		failed := err
		if err = s.later(ctx, id, failed, s.Tries > 0 && receives >= s.Tries-1); err == nil {
			s.report(ctx, record.MessageId, "later", failed)
		}
	}
	done[id] = err
	return err
}

// withReserve ends a little before ctx, so that there is time to put off what
// could not be shown.
func withReserve(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-reserve))
}

// report tells the operator. Nothing is lost by it: drift hints at what is put
// off, and a message that comes again waits among the dead letters in the end.
func (s *Service) report(ctx context.Context, message, next string, err error) {
	outcome := "retry"
	var wait *WaitError
	switch {
	case errors.Is(err, ErrRefused):
		outcome = "refused"
	case errors.Is(err, ErrHint):
		outcome = "unreadable"
	case errors.Is(err, ErrUnsure):
		outcome = "unsure"
	case errors.As(err, &wait):
		outcome = "wait"
	}
	if outcome == "refused" || outcome == "unreadable" {
		s.Log.ErrorContext(ctx, "alert not shown", "message", message, "next", next, "outcome", outcome, "error", err)
		return
	}
	s.Log.WarnContext(ctx, "alert not shown", "message", message, "next", next, "outcome", outcome, "error", err)
}

// alertID reads the alert's id from what the topic sent: the published document
// itself, or the topic's envelope around it, as the subscription is set.
func alertID(body string) (string, error) {
	var envelope struct {
		Type    string
		Message string
	}
	if json.Unmarshal([]byte(body), &envelope) == nil && envelope.Type == "Notification" {
		body = envelope.Message
	}
	var hint struct {
		Alert string `json:"alert"`
	}
	if json.Unmarshal([]byte(body), &hint) != nil || hint.Alert == "" {
		return "", fmt.Errorf("%w: want a document with alert", ErrHint)
	}
	return hint.Alert, nil
}
