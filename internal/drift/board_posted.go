package drift

import (
	"context"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/board"
	"github.com/plumbline/plumbline/internal/finding"
)

// Posted is how the board stands.
type Posted struct {
	// Confirmed is the last full hour in which all of it was found true, or zero when
	// it was never written.
	Confirmed time.Time
	// Torn says that who wrote pages last did not come to the end.
	Torn bool
	// Lacking counts the findings that have been open for longer than a few minutes
	// and are not on it, although there is room.
	Lacking int
}

// settled is how long a finding has to be open before the board must show it.
const settled = 5 * time.Minute

// Posted reads how the board stands at a time. It changes nothing. A service
// without a board has none that could be wrong.
func (s *Service) Posted(ctx context.Context, now time.Time) (p Posted, known bool, err error) {
	if s.Board == nil || s.Documents == nil {
		return p, false, nil
	}
	r := s.newRun()
	d, err := r.readDesk(ctx)
	if err != nil || !d.Written {
		return p, true, err
	}
	on, err := r.readShown(ctx, d)
	if err != nil {
		return p, true, err
	}
	active, err := s.Findings.ActiveFindings(ctx)
	if err != nil {
		return p, true, fmt.Errorf("read findings beside the board: %w", err)
	}
	p.Confirmed, p.Torn = on.Snapshot.Confirmed, d.Dirty && now.After(d.Until)
	p.Lacking = lacking(active, on.Snapshot, now)
	return p, true, nil
}

func lacking(active []finding.Finding, on board.Snapshot, now time.Time) int {
	if on.OpenLeft > 0 {
		return 0
	}
	shown := map[string]bool{}
	for _, f := range on.Findings {
		shown[f.ID] = true
	}
	n := 0
	for _, f := range active {
		if f.Told() && !shown[f.ID] && now.Sub(f.Opened) > settled {
			n++
		}
	}
	return n
}
