package local

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/local/emulator"
)

// schedule calls a function at every multiple of its rate.
type schedule struct {
	contract.Schedule
	function function
	outages  Outages
	// last is the multiple that was called last.
	last time.Time
}

func newSchedule(s contract.Schedule, f function, out Outages, now time.Time) *schedule {
	return &schedule{Schedule: s, function: f, outages: out, last: now.Truncate(s.Every)}
}

// next is when the function is called next, at the end of an outage if one holds.
func (s *schedule) next() time.Time {
	due := s.last.Add(s.Every)
	if end := s.outages.end(s.Function, due); !end.IsZero() {
		return end
	}
	return due
}

// run calls the function once if it is due, however many multiples went by, as
// the service does after an outage of its own.
func (s *schedule) run(ctx context.Context, now time.Time) error {
	if now.Before(s.next()) {
		return nil
	}
	s.last = now.Truncate(s.Every)
	payload := []byte(s.Input)
	if s.Input == "" {
		var err error
		if payload, err = json.Marshal(s.event(s.last)); err != nil {
			return fmt.Errorf("run schedule %s: %w", s.Name, err)
		}
	}
	if _, err := s.function.invoke(ctx, payload); err != nil {
		return fmt.Errorf("run schedule %s: %w", s.Name, err)
	}
	return nil
}

func (s *schedule) event(at time.Time) events.EventBridgeEvent {
	return events.EventBridgeEvent{
		Version:    "0",
		ID:         requestID(),
		DetailType: "Scheduled Event",
		Source:     "aws.events",
		AccountID:  account,
		Time:       at.UTC().Truncate(time.Second),
		Region:     emulator.Region,
		Resources:  []string{fmt.Sprintf("arn:aws:events:%s:%s:rule/%s", emulator.Region, account, s.Name)},
		Detail:     json.RawMessage(`{}`),
	}
}
