package local

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/day"
)

// times notes when something was called, also by calls that run side by side.
type times struct {
	clock *Clock
	mu    sync.Mutex
	at    []string
}

func (n *times) note() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.at = append(n.at, n.clock.Now().UTC().Format("15:04"))
	return nil
}

func (n *times) noted() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.at)
}

func TestOutage_WhatIsSentWaitsForItsEndAndSchedulesRunOnceThen(t *testing.T) {
	t.Parallel()
	clock := SteppedClock(dayStart)
	at := func(minutes int) time.Time { return dayStart.Add(time.Duration(minutes) * time.Minute) }
	s := inMemory(t, func(o *Options) {
		o.Clock, o.Plan.Visibility = clock, time.Minute
		o.Schedules = []contract.Schedule{{Name: "often", Function: contract.Drift, Every: 2 * time.Minute}}
		o.Outages = day.Day{Outages: []day.Outage{
			{Function: contract.Merge, From: at(10), Until: at(30)},
			{Function: contract.Drift, From: at(13), Until: at(20)},
			{Function: contract.Archive, From: at(40), Until: at(50)},
		}}.Outage
	})
	ticked, merged, archived := &times{clock: clock}, &times{clock: clock}, &times{clock: clock}
	noted := func(n *times) lambda.Handler { return (&seenBodies{}).handler(func(string) error { return n.note() }) }
	open(t, s, Service{Handlers: map[string]lambda.Handler{
		contract.Merge:   noted(merged),
		contract.Archive: noted(archived),
		contract.Drift:   quietly(func(context.Context, json.RawMessage) error { return ticked.note() }),
	}})
	for _, minute := range []int{9, 10, 29, 30, 39, 49} {
		if err := s.Advance(t.Context(), at(minute)); err != nil {
			t.Fatal(err)
		}
		queue := contract.Observations
		if minute > 30 {
			queue = contract.Merged // gathers for minutes
		}
		send(t, s, queue, "delivery", 0)
	}
	if err := s.Advance(t.Context(), at(60)); err != nil {
		t.Fatal(err)
	}
	if got, want := merged.noted(), []string{"12:09", "12:30", "12:30", "12:30"}; !slices.Equal(got, want) {
		t.Errorf("merged at %v, want %v", got, want)
	}
	if got, want := ticked.noted(), []string{"12:10", "12:12", "12:20", "12:22"}; !slices.Equal(got[4:8], want) {
		t.Errorf("ticked at %v, want %v around the outage", got, want)
	}
	if got, want := archived.noted(), []string{"12:50", "12:50"}; !slices.Equal(got, want) {
		t.Errorf("archived at %v, want %v: a window that an outage meets ends with it", got, want)
	}
}
