package watch

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/plumbline/plumbline/internal/notify"
)

// lease is how long one alert may take to be shown.
const lease = time.Minute

// tell shows the alerts of which people have not seen the newest. Each is noted
// before the next is shown, so that none is shown twice, whenever the watch stops;
// only what a channel took in the very moment of a stop comes again. What a
// channel does not take is tried with the next run, and untold says why.
func (w *Service) tell(ctx context.Context, held *Held, untold *error) (told int, err error) {
	findings := held.Stores.Findings
	service := &notify.Service{
		Alerts: findings, Sender: w.Sender, Now: func() time.Time { return held.Clock }, Zone: w.Zone, Clock: w.Now, Lease: lease,
		Log: slog.New(slog.DiscardHandler),
	}
	if err := notify.Recover(ctx, findings, w.Now()); err != nil {
		return 0, err
	}
	alerts, err := findings.AllAlerts(ctx)
	if err != nil {
		return 0, err
	}
	for _, a := range alerts {
		if a.Published <= a.Shown {
			continue
		}
		failed := service.Handle(ctx, a.ID)
		now, err := findings.GetAlert(ctx, a.ID)
		if err != nil {
			return told, err
		}
		if now.Shown > a.Shown {
			told++
			if err := held.Save(); err != nil {
				return told, err
			}
		}
		*untold = errors.Join(*untold, failed)
		if ctx.Err() != nil {
			return told, ctx.Err()
		}
	}
	return told, nil
}
