package notify

import (
	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

// worthAMessage reports whether people should get another message about the
// alert, where the first cannot be edited: for its beginning, its end, and each
// time that as many findings have joined as they knew of. Eighty findings of one
// cause are then seven messages and not eighty; the last one tells the end of
// them all.
func worthAMessage(a alert.Alert) bool {
	if a.Shown == 0 || !a.Closed.IsZero() {
		return true
	}
	known, joined := 0, 0
	for _, m := range a.Members {
		ended := m.State == finding.Resolved
		switch {
		case m.Joined > a.Shown && !ended:
			joined++
		case m.Joined <= a.Shown && (!ended || m.Changed > a.Shown):
			known++
		}
	}
	return joined >= max(known, 1)
}
