package rig

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/metric"
)

// Times are durations to be ranked.
type Times []time.Duration

// At is the duration that a share of them do not exceed, in thousandths: 500 is
// the median, 1000 the longest.
func (t Times) At(thousandths int) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(len(sorted)*thousandths/1000, len(sorted)-1)]
}

// Trace notes when each delivery was accepted and when it was merged first. It
// is safe for concurrent use.
type Trace struct {
	mu     sync.Mutex
	traced map[string]*step
	merged int
	// races counts conditional writes that lost, and were done again.
	races int
	// batches counts invocations of merge.
	batches int
}

type step struct{ accepted, merged time.Time }

func newTrace() *Trace { return &Trace{traced: map[string]*step{}} }

func (t *Trace) step(id string) *step {
	s := t.traced[id]
	if s == nil {
		s = &step{}
		t.traced[id] = s
	}
	return s
}

func (t *Trace) accepted(id string, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.step(id); s.accepted.IsZero() {
		s.accepted = at
	}
}

// Waiting counts the deliveries that are accepted and not merged.
func (t *Trace) Waiting() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.traced) - t.merged
}

// Races counts the conditional writes that lost a race, and the invocations of
// merge, in this process.
func (t *Trace) Races() (races, batches int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.races, t.batches
}

// Lags are the times from acceptance to merging of what was accepted since and
// before until.
func (t *Trace) Lags(since, until time.Time) Times {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lags Times
	for _, s := range t.traced {
		if s.merged.IsZero() || s.accepted.Before(since) || !s.accepted.Before(until) {
			continue
		}
		// The answer may reach its sender after the delivery is merged.
		lags = append(lags, max(0, s.merged.Sub(s.accepted)))
	}
	return lags
}

// Merged are the times from acceptance to merging of what was merged since.
func (t *Trace) Merged(since time.Time) Times {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lags Times
	for _, s := range t.traced {
		if !s.accepted.IsZero() && s.merged.After(since) {
			lags = append(lags, max(0, s.merged.Sub(s.accepted)))
		}
	}
	return lags
}

// merges is the function merge, watched.
func (t *Trace) merges(h lambda.Handler) lambda.Handler { return watched{h, t} }

type watched struct {
	lambda.Handler
	trace *Trace
}

// Invoke notes what the invocation does not report as failed.
func (w watched) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, invocation := metric.With(ctx, time.Now())
	answer, err := w.Handler.Invoke(ctx, payload)
	if err == nil {
		w.trace.note(payload, answer, time.Now())
	}
	w.trace.count(invocation.Take())
	return answer, err
}

// count adds up what an invocation in this process said of lost races.
func (t *Trace) count(line []any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.batches++
	for _, field := range line {
		if attr, ok := field.(slog.Attr); ok && attr.Key == metric.Races.Name {
			t.races += int(attr.Value.Float64())
		}
	}
}

func (t *Trace) note(payload, answer []byte, at time.Time) {
	var event events.SQSEvent
	var response events.SQSEventResponse
	if json.Unmarshal(payload, &event) != nil || json.Unmarshal(answer, &response) != nil {
		return
	}
	failed := map[string]bool{}
	for _, f := range response.BatchItemFailures {
		failed[f.ItemIdentifier] = true
	}
	var ids []string
	for _, record := range event.Records {
		var body struct{ Delivery struct{ ID, System string } }
		if !failed[record.MessageId] && json.Unmarshal([]byte(record.Body), &body) == nil && body.Delivery.System != commerce.Plumbline {
			ids = append(ids, body.Delivery.ID)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range ids {
		if s := t.step(id); s.merged.IsZero() {
			s.merged = at
			t.merged++
		}
	}
}
