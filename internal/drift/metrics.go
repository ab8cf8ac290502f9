package drift

import (
	"context"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/contract"
)

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

const tickLine = contract.TickLine

// log ends a minute's work with the line that infrastructure counts.
func (t ticked) log(ctx context.Context, log *slog.Logger) {
	log.InfoContext(ctx, tickLine,
		contract.UnpublishedField, t.unpublished, contract.OutboxAgeField, t.age.Seconds(), contract.WaitingField, t.waiting)
}
