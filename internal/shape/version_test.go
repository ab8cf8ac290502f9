package shape_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/shape"
)

func TestVersion_WhenItEndsIsSaidInTime(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ before, version, at, want string }{
		{"", "2025-07", "2026-01-01", ""},
		{"", "2025-07", "2026-05-01", ""},
		{"2025-07", "2025-07", "2026-05-02", "version 2025-07 ends on 1 July 2026; from then on webhooks come in a later one"},
		{"2025-04", "2026-04", "2026-05-02", ""},
		{"2025-07", "2025-10", "2026-08-02", "version 2025-07 has ended, and webhooks come in 2025-10 now, which ends on 1 October 2026"},
		{"2025-07", "2025-07", "2026-07-02", "version 2025-07 ended on 1 July 2026"},
	} {
		got := shape.Aged(c.before, c.version, day(c.version+"-01").AddDate(1, 0, 0), day(c.at))
		if got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
