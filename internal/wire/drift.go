package wire

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/judge"
)

// driftHandler serves two triggers: the queue of looks and the schedule.
func (w *Wire) driftHandler() lambda.Handler {
	service := w.Drift()
	return lambda.NewHandler(func(ctx context.Context, raw json.RawMessage) (any, error) {
		var event events.SQSEvent
		if err := json.Unmarshal(raw, &event); err != nil {
			return nil, fmt.Errorf("read event: %w", err)
		}
		if len(event.Records) == 0 {
			return struct{}{}, service.Tick(ctx)
		}
		messages := make([]drift.Message, 0, len(event.Records))
		for _, r := range event.Records {
			messages = append(messages, drift.Message{ID: r.MessageId, Body: r.Body})
		}
		return failures(service.Look(ctx, messages)), nil
	})
}

// Drift builds the use case.
func (w *Wire) Drift() *drift.Service {
	return &drift.Service{
		Records: w.Records(), Findings: w.Findings(), Marks: w.Findings(), Looks: w.Queue(contract.Looks), Topic: w.topic(),
		Registry: w.Registry, Rules: judge.Rules(w.Registry), Now: w.options.Now, Log: w.options.Log,
	}
}
