package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
)

// ErrHint means that a queue message names no alert.
var ErrHint = errors.New("notify: not a message about an alert")

// HandleBatch handles the messages of one batch and returns those that must be
// tried again. A message that cannot be read fails alone. Several hints about
// one alert are one.
func (s *Service) HandleBatch(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	done := map[string]error{}
	for _, record := range event.Records {
		if err := s.handleHint(ctx, record.Body, done); err != nil {
			s.report(ctx, record.MessageId, err)
			response.BatchItemFailures = append(response.BatchItemFailures,
				events.SQSBatchItemFailure{ItemIdentifier: record.MessageId})
		}
	}
	return response, nil
}

func (s *Service) handleHint(ctx context.Context, body string, done map[string]error) error {
	id, err := alertID(body)
	if err != nil {
		return err
	}
	if err, handled := done[id]; handled {
		return err
	}
	// What is begun now could not be finished.
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("show alert %s: %w", id, err)
	}
	done[id] = s.Handle(ctx, id)
	return done[id]
}

// report tells the operator. Nothing is lost by it: the message comes again,
// and in the end waits among the dead letters.
func (s *Service) report(ctx context.Context, message string, err error) {
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
		s.Log.ErrorContext(ctx, "alert not shown", "message", message, "outcome", outcome, "error", err)
		return
	}
	s.Log.WarnContext(ctx, "alert not shown", "message", message, "outcome", outcome, "error", err)
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
