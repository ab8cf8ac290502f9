package local

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/contract"
)

func TestStack_SchedulesFollowTheClock(t *testing.T) {
	t.Parallel()
	s := inMemory(t, func(o *Options) {
		o.Clock = SteppedClock(dayStart.Add(20 * time.Second))
		o.Schedules = contract.Schedules()
	})
	var mu sync.Mutex
	var times []string
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Drift: quietly(func(_ context.Context, e events.EventBridgeEvent) error {
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

func TestStack_AScheduleGivesItsInput(t *testing.T) {
	t.Parallel()
	input := `{"run":"audit"}`
	s := inMemory(t, func(o *Options) {
		o.Schedules = []contract.Schedule{{Name: "audit-daily", Function: contract.Drift, Every: 24 * time.Hour, Input: input}}
	})
	var mu sync.Mutex
	var got []string
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Drift: quietly(func(_ context.Context, raw json.RawMessage) error {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, string(raw))
			return nil
		}),
	}})
	advance(t, s, dayStart.Add(36*time.Hour))
	mu.Lock()
	defer mu.Unlock()
	if diff := cmp.Diff([]string{input, input}, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
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
