package alert

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/change"
)

// Since is when the oldest described finding of the alert began, or zero.
func (a Alert) Since() time.Time {
	var since time.Time
	for _, m := range a.Members {
		if since.IsZero() || m.Since.Before(since) {
			since = m.Since
		}
	}
	return since
}

// nearest tells the recorded change that lies nearest before the findings, or is
// blank. It says when, and never that it is the cause.
func (s story) nearest() string {
	if len(s.told) == 0 {
		return ""
	}
	return Nearest(s.Near, s.Since(), s.now)
}

// Nearest tells how long before a time a change was made, or is blank where there
// is none.
func Nearest(c change.Change, since, now time.Time) string {
	what := clip(clean(c.What), maxValue)
	if c.ID == "" || what == "" || c.At.After(since) {
		return ""
	}
	parts := []string{"nearest change: " + what}
	if scope := clean(c.Scope()); scope != "" && !strings.Contains(what, scope) {
		parts[0] += " (" + scope + ")"
	}
	return strings.Join(append(parts, clock(c.At, now), lasting(since.Sub(c.At))+" before"), ", ")
}
