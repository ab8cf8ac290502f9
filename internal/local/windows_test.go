package local

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/contract"
)

// gatherer notes the size of each batch.
type gatherer struct{ sizes []int }

func (g *gatherer) handler() lambda.Handler {
	return quietly(func(_ context.Context, event events.SQSEvent) error {
		g.sizes = append(g.sizes, len(event.Records))
		return nil
	})
}

func TestWindow_OnASteppedClockABatchIsOfAMinuteOfThatClock(t *testing.T) {
	t.Parallel()
	s := inMemory(t, func(o *Options) { o.Plan.Visibility, o.Plan.Window = time.Minute, time.Minute })
	var g gatherer
	open(t, s, Service{Handlers: map[string]lambda.Handler{contract.Archive: g.handler()}})
	advance := func(by time.Duration) {
		t.Helper()
		if err := s.Advance(t.Context(), s.Clock().Now().Add(by)); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	for range 3 {
		for range 12 {
			send(t, s, contract.Merged, "delivery", 0)
		}
		advance(10 * time.Second)
	}
	if len(g.sizes) > 0 {
		t.Errorf("batches of %v before the window's end", g.sizes)
	}
	advance(30 * time.Second)
	if !slices.Equal(g.sizes, []int{36}) {
		t.Errorf("batches of %v, want one of all 36", g.sizes)
	}
	send(t, s, contract.Merged, "delivery", 0)
	advance(5 * time.Minute)
	if !slices.Equal(g.sizes, []int{36, 1}) {
		t.Errorf("batches of %v, want one more", g.sizes)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("minutes of a stepped clock took %v", took)
	}
}

func TestWindow_WhatIsGatheredWhenTheStackEndsIsThereWhenItStartsAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var g gatherer
	service := Service{Handlers: map[string]lambda.Handler{contract.Archive: g.handler()}}
	s := onDisk(t, dir, SteppedClock(dayStart))
	open(t, s, service)
	send(t, s, contract.Merged, "delivery", 0)
	quiesce(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = onDisk(t, dir, SteppedClock(dayStart))
	open(t, s, service)
	quiesce(t, s)
	if !slices.Equal(g.sizes, []int{1}) {
		t.Errorf("batches of %v, want one of one", g.sizes)
	}
}

func TestWindow_EndsWhenTheClockBeginsToFlow(t *testing.T) {
	t.Parallel()
	s := inMemory(t, nil)
	var g gatherer
	open(t, s, Service{Handlers: map[string]lambda.Handler{contract.Archive: g.handler()}})
	send(t, s, contract.Merged, "delivery", 0)
	s.Clock().Flow()
	deadline := time.Now().Add(15 * time.Second)
	for {
		if _, open := s.windows.next(); !open {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the window of another clock is still open")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
