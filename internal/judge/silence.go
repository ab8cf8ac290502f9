package judge

import (
	"fmt"
	"time"
)

// Quiet is since when a system sends no news of the row's kind, and when it was
// heard again, zero while it is not.
type Quiet struct{ Since, Heard time.Time }

// silentLook is how often a difference is looked at that may be one only because
// a system is silent. There may be thousands of them, and it may last for days.
const silentLook = 15 * time.Minute

// silent says why the row's difference may come of a silent system, or is blank.
// What was missed may come in after the system is heard again, for as long as any
// change may take.
func (p *pair) silent() string {
	for _, system := range []string{p.rule.From, p.rule.To} {
		quiet, ok := p.c.Silent[system]
		switch {
		case !ok:
		case quiet.Heard.IsZero():
			return fmt.Sprintf("%s sends no news of %s since %s", system, p.row.Kind, quiet.Since.UTC().Format("02 Jan 15:04 MST"))
		case p.now.Before(p.rule.Settle.Due(quiet.Heard)):
			return fmt.Sprintf("%s was silent until %s, and what it missed to say may still come", system, quiet.Heard.UTC().Format("15:04 MST"))
		}
	}
	return ""
}
