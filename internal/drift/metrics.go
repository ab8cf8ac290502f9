package drift

import (
	"context"

	"github.com/plumbline/plumbline/internal/contract"
)

const tickLine = contract.TickLine

// ticked ends a minute's work with the line that infrastructure counts: that
// the work was done, and how many alerts wait although they should be out.
func (s *Service) ticked(ctx context.Context, unpublished int) {
	s.Log.InfoContext(ctx, tickLine, contract.UnpublishedField, unpublished)
}
