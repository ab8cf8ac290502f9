package day_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/drift"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/merge"
	"github.com/plumbline/plumbline/internal/queue"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/store/memory"
	"github.com/plumbline/plumbline/internal/topic"
)

// stage is merge and drift over stores in memory, on the day's own clock.
type stage struct {
	now      time.Time
	findings *memory.Findings
	merge    *merge.Service
	drift    *drift.Service
	envelope queue.Envelope
	looks    []look
}

type look struct {
	at   time.Time
	body string
}

func (s *stage) SendAfter(_ context.Context, delay time.Duration, body string) error {
	s.looks = append(s.looks, look{s.now.Add(delay), body})
	return nil
}

func (s *stage) Send(context.Context, ...string) error { return nil }

func (s *stage) Publish(context.Context, topic.Message) error { return nil }

func newStage(r *registry.Registry) *stage {
	s := &stage{findings: &memory.Findings{}}
	records, log, now := &memory.Records{}, slog.New(slog.DiscardHandler), func() time.Time { return s.now }
	s.merge = &merge.Service{
		Records: records, Marks: s.findings, Looks: s, Archive: s,
		Open:     func(context.Context, string) (queue.Envelope, error) { return s.envelope, nil },
		Registry: r, Rules: judge.Rules(r), Now: now, Log: log,
	}
	s.drift = &drift.Service{
		Records: records, Findings: s.findings, Marks: s.findings, Looks: s, Topic: s,
		Registry: r, Rules: judge.Rules(r), Now: now, Log: log,
	}
	return s
}

// until lets the clock run: looks when they are due, a tick every minute.
func (s *stage) until(t *testing.T, end time.Time) {
	t.Helper()
	for {
		tick := s.now.Truncate(time.Minute).Add(time.Minute)
		i := s.nextLook()
		switch {
		case i >= 0 && !s.looks[i].at.After(end) && !s.looks[i].at.After(tick):
			next := s.looks[i]
			s.looks = slices.Delete(s.looks, i, i+1)
			if next.at.After(s.now) {
				s.now = next.at
			}
			if failed := s.drift.Look(t.Context(), []drift.Message{{ID: "look", Body: next.body}}); len(failed) > 0 {
				t.Fatal("a look failed")
			}
		case !tick.After(end):
			s.now = tick
			if err := s.drift.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
		default:
			s.now = end
			return
		}
	}
}

func (s *stage) nextLook() int {
	first := -1
	for i, l := range s.looks {
		if first < 0 || l.at.Before(s.looks[first].at) {
			first = i
		}
	}
	return first
}

// take merges what a delivery says. One that cannot be read is known by its
// system and topic.
func (s *stage) take(t *testing.T, f front, d day.Delivery) {
	t.Helper()
	reading, outcome := f.take(d)
	switch outcome {
	case day.Refused, day.Ignored:
		return
	case day.Unreadable:
		reading.Observations = []commerce.Observation{unreadable(d)}
	}
	s.envelope = queue.Envelope{
		Delivery:     commerce.Delivery{ID: d.Headers["Webhook-Id"] + d.Headers["X-Shopify-Webhook-Id"], System: d.System, Received: d.At},
		Observations: reading.Observations,
	}
	if failed := s.merge.Merge(t.Context(), []merge.Message{{ID: "m", Body: "m", Receives: 1}}); len(failed) > 0 {
		t.Fatal("a delivery was not merged")
	}
}

func unreadable(d day.Delivery) commerce.Observation {
	o := commerce.Observation{
		System: d.System, Kind: commerce.Mapping, Key: commerce.Key{d.System, judge.Unreadable, "records.reported"},
		Part: "mapping", Native: "records.reported", Slot: "mapping", Facets: commerce.Facets{"reason": commerce.Text("unreadable")},
	}
	o.Stamp(commerce.VersionParts{Clock: d.At})
	return o
}

// observed are the alerts as they stand at the end of the day.
func (s *stage) observed(t *testing.T, zone *time.Location) []day.Observed {
	t.Helper()
	alerts, err := s.findings.AllAlerts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	local := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.In(zone).Format("15:04")
	}
	var all []day.Observed
	for _, a := range alerts {
		o := day.Observed{Integration: a.Integration, Rule: a.Rule, Class: string(a.Class), Opened: local(a.Opened), Resolved: local(a.Closed)}
		for _, m := range a.Members {
			o.Keys = append(o.Keys, m.Key)
		}
		all = append(all, o)
	}
	return all
}

func TestRecordedDay_RaisesExactlyTheAlertsOfItsTruth(t *testing.T) {
	r, d := loadRegistry(t), readDay(t)
	doors := fronts(t, r)
	zone, err := time.LoadLocation(d.Truth.Timezone)
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(r)
	s.now = time.Date(2026, 3, 3, 0, 0, 0, 0, zone)
	for _, delivery := range d.Deliveries {
		s.until(t, delivery.At)
		s.take(t, doors[delivery.System], delivery)
	}
	s.until(t, time.Date(2026, 3, 3, 23, 59, 59, 0, zone))
	for _, deviation := range day.Check(d.Truth, s.observed(t, zone)) {
		t.Error(deviation)
	}
	s.says(t, "order-money", "shopify-us/US1033", "the gap is exactly line SOCK-M × 1, which erp does not have")
}
