package notify

import (
	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/finding"
)

// worthAMessage reports whether people who know the alert as it was at a Seq
// should get another message about it, where the first cannot be edited: for its
// beginning, its end, a call for somebody, and each time that as many findings
// have joined as they knew of. Eighty findings of one cause are then seven
// messages and not eighty; the last one tells the end of them all.
func worthAMessage(a alert.Alert, known int64) bool {
	if known == 0 || a.Over > known || a.CalledAfter(known) {
		return true
	}
	before, joined := 0, 0
	for _, m := range a.Members {
		ended := m.State == finding.Resolved || m.State == finding.Waived
		switch {
		case (m.Joined > known || m.Back > known) && !ended:
			joined++
		case m.Joined <= known && (!ended || m.Changed > known):
			before++
		}
	}
	return joined > 0 && joined >= before
}
