package drift

import (
	"context"

	"github.com/plumbline/plumbline/internal/contract"
)

// ticked ends a minute's work with the line that infrastructure counts: that
// the work was done, and how many alerts wait although they should be out.
func (s *Service) ticked(ctx context.Context, unpublished int) {
	s.Log.InfoContext(ctx, contract.TickLine, contract.UnpublishedField, unpublished)
}
