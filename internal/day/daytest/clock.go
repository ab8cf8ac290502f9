package daytest

import (
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/fetch"
	"github.com/plumbline/plumbline/internal/merge"
)

// Until lets the clock run on to a time.
func (s *Stage) Until(t *testing.T, end time.Time) {
	t.Helper()
	s.until(t, end)
}

// until lets the clock run: messages when they are due, chores every five
// minutes, a tick every minute.
func (s *Stage) until(t *testing.T, end time.Time) {
	t.Helper()
	for {
		tick := s.ticked.Add(time.Minute)
		i := s.next()
		switch {
		case i >= 0 && !s.waiting[i].at.After(end) && !s.waiting[i].at.After(tick):
			next := s.waiting[i]
			s.waiting = slices.Delete(s.waiting, i, i+1)
			if next.at.After(s.now) {
				s.now = next.at
			}
			if over := s.day.Outage(s.consumers[next.to], s.now); !over.IsZero() {
				next.at = over
				s.waiting = append(s.waiting, next)
				continue
			}
			s.deliver(t, next)
		case !tick.After(end):
			s.now, s.ticked = tick, tick
			s.tick(t)
		default:
			s.now = end
			return
		}
	}
}

// next is the first message in time, and of one time the one that was sent
// first.
func (s *Stage) next() int {
	first := -1
	for i, m := range s.waiting {
		if first < 0 || m.at.Before(s.waiting[first].at) {
			first = i
		}
	}
	return first
}

func (s *Stage) deliver(t *testing.T, m message) {
	t.Helper()
	var failed []string
	switch m.to {
	case contract.Observations:
		failed = s.merge.Merge(t.Context(), []merge.Message{{ID: m.to, Body: m.body, Receives: 1}})
	case contract.Fetches:
		failed = s.fetch.Fetch(t.Context(), []fetch.Message{{ID: m.to, Body: m.body}})
	case contract.Looks:
		failed = s.Drift.Look(t.Context(), []drift.Message{{ID: m.to, Body: m.body}})
	}
	if len(failed) > 0 {
		t.Fatalf("%s: a message of %s failed: %s", s.now.In(s.Zone).Format(time.TimeOnly), m.to, m.body)
	}
}

func (s *Stage) tick(t *testing.T) {
	t.Helper()
	if s.now.Minute()%choresEvery == 0 && s.day.Outage(contract.Fetch, s.now).IsZero() {
		if err := s.fetch.Chores(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !s.day.Outage(contract.Drift, s.now).IsZero() {
		return
	}
	if err := s.Drift.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.now.Before(s.audit) {
		return
	}
	if err := s.Drift.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.audit = s.now.Truncate(auditEvery).Add(auditEvery)
}

// auditEvery is how long lies between two audits.
const auditEvery = 24 * time.Hour

// choresEvery is how many minutes lie between two starts of chores.
const choresEvery = 5
