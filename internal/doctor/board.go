package doctor

import (
	"context"
	"fmt"
	"time"
)

// unconfirmed is how much later than its last confirmation drift may have run:
// the board is confirmed in the first minutes of every hour.
const unconfirmed = time.Hour + tickLate

// posted examines whether the board shows what drift knows. Whether drift runs at
// all is the schedule's own check.
func posted(ctx context.Context, p Patient) []Fault {
	if p.Drift == nil {
		return nil
	}
	h, err := p.Drift.Health(ctx)
	if err != nil || h.Ticked.IsZero() {
		return nil // told above
	}
	board, known, err := p.Drift.Posted(ctx, p.Now())
	switch {
	case err != nil:
		return unreachable("the board", err)
	case !known:
		return nil
	}
	const logged = "Look at the log of drift for \"write the board\": it says which call of the bucket fails. The next minute tries again."
	var faults []Fault
	switch {
	case board.Confirmed.IsZero():
		faults = append(faults, Fault{What: "the board was never written to its end", Do: logged})
	case h.Ticked.Sub(board.Confirmed) > unconfirmed:
		faults = append(faults, Fault{What: "the board was last found true at " + at(board.Confirmed) + ", and drift has run since", Do: logged})
	case board.Torn:
		faults = append(faults, Fault{What: "the last writing of the board did not come to its end", Do: logged})
	}
	if board.Lacking > 0 {
		faults = append(faults, Fault{What: fmt.Sprintf("open findings that the board lacks: %d", board.Lacking), Do: logged})
	}
	return faults
}
