package drift

import (
	"context"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
	"github.com/plumbline/plumbline/internal/judge"
	"github.com/plumbline/plumbline/internal/metric"
)

// tickLine is the message with which each minute's work ends.
const tickLine = "tick"

// ticked is what a minute's work leaves in the outbox.
type ticked struct {
	// unpublished counts the alerts that should be out, and age is how long the
	// oldest of them waits, as far as that was noted.
	unpublished int
	age         time.Duration
	// waiting counts those that their channels do not take yet.
	waiting int
}

func (t ticked) late(a alert.Alert, now time.Time) ticked {
	t.unpublished++
	since := a.Unsent
	if since.IsZero() && a.Published == 0 {
		since = a.Opened
	}
	if !since.IsZero() {
		t.age = max(t.age, now.Sub(since))
	}
	return t
}

// log ends a minute's work with a line that is always the same, so that whoever
// watches notices when there is none.
func (t ticked) log(ctx context.Context, log *slog.Logger) {
	metric.Observe(ctx, metric.Unpublished, t.unpublished)
	metric.Observe(ctx, metric.OutboxAge, t.age.Seconds())
	metric.Observe(ctx, metric.Waiting, t.waiting)
	log.InfoContext(ctx, tickLine, metric.Line(ctx)...)
}

// measure counts the verdicts on a row.
func measure(ctx context.Context, judgements []judgement) {
	for _, j := range judgements {
		switch j.Outcome {
		case judge.Agree:
			metric.Add(ctx, metric.Agree, 1)
		case judge.Differ:
			metric.Add(ctx, metric.Differ, 1)
		case judge.Pending:
			metric.Add(ctx, metric.Pending, 1)
		case judge.CannotTell:
			metric.Add(ctx, metric.CannotTell, 1)
		case judge.NotJudged:
		}
	}
}

// measureFinding counts what begins and what is over.
func measureFinding(ctx context.Context, notice finding.Notice) {
	switch notice {
	case finding.Opened:
		metric.Add(ctx, metric.Opened, 1)
	case finding.Ended:
		metric.Add(ctx, metric.Ended, 1)
	case finding.Nothing, finding.Changed, finding.Reopened:
	}
}
