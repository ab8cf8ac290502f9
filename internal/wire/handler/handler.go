// Package handler makes Lambda handlers that may be invoked concurrently. Those of
// the Lambda library answer with memory that their next invocation writes to,
// which a function's own process never notices and a stack in one process does.
package handler

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/lambda"
)

// unmarshaler is an event that is read in its own way.
type unmarshaler interface{ UnmarshalEvent(payload []byte) error }

// New makes a handler that reads its event from JSON and answers in JSON.
func New[Event, Answer any](handle func(context.Context, Event) (Answer, error)) lambda.Handler {
	return function[Event, Answer](handle)
}

type function[Event, Answer any] func(context.Context, Event) (Answer, error)

// Invoke handles one event.
func (f function[Event, Answer]) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event Event
	if err := read(payload, &event); err != nil {
		return nil, err
	}
	answer, err := f(ctx, event)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

func read(payload []byte, event any) error {
	if u, ok := event.(unmarshaler); ok {
		return u.UnmarshalEvent(payload)
	}
	if err := json.Unmarshal(payload, event); err != nil {
		return fmt.Errorf("read event: %w", err)
	}
	return nil
}
