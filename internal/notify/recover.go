package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/store"
)

// Recover ends the leases that a killed run left, for a home that knows that no
// other run is alive. What such a run showed is looked for before it is shown
// again.
func Recover(ctx context.Context, alerts interface {
	Alerts
	AllAlerts(ctx context.Context) ([]alert.Alert, error)
}, now time.Time,
) error {
	all, err := alerts.AllAlerts(ctx)
	if err != nil {
		return fmt.Errorf("list alerts: %w", err)
	}
	for _, a := range all {
		if !a.Lease.After(now) {
			continue
		}
		a.Lease = now
		if err := alerts.PutAlert(ctx, a); err != nil && !errors.Is(err, store.ErrLost) {
			return fmt.Errorf("end the lease of alert %s: %w", a.ID, err)
		}
	}
	return nil
}
