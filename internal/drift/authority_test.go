package drift_test

import (
	"slices"
	"testing"

	"github.com/plumbline/plumbline/internal/registry"
)

func TestAuthority_ReachesTheAlertWithWhatCanBeTakenOver(t *testing.T) {
	r := limited()
	rule := &r.Integrations[0].Rules[0]
	rule.Authority = registry.AuthorityTo
	w := newWorld(r)
	w.by(t, "CAP-BLK", 3)
	w.until(t, at(9, 30))
	if a := w.alerts(t)[0]; a.Authority != registry.AuthorityTo || !slices.Equal(a.Plain, []string{"available"}) {
		t.Errorf("authority %q, plain %v", a.Authority, a.Plain)
	}
}
