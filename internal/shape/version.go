package shape

import (
	"fmt"
	"time"
)

// nearEnd is how long before the end of its version a platform's owner hears of
// it.
const nearEnd = 60 * 24 * time.Hour

// Aged says what there is to say of the version of a platform's API that a
// delivery came in at the given time, after others of the version before, or
// nothing. It is blank as long as the version has time left. Versions are ordered
// as texts.
func Aged(before, version string, ends, at time.Time) string {
	const day = "2 January 2006"
	left := ends.Sub(at)
	switch {
	case left > nearEnd:
		return ""
	case before != "" && before < version:
		// Nobody moves to a version that is about to end.
		return fmt.Sprintf("version %s has ended, and webhooks come in %s now, which ends on %s", before, version, ends.Format(day))
	case left > 0:
		return fmt.Sprintf("version %s ends on %s; from then on webhooks come in a later one", version, ends.Format(day))
	default:
		return fmt.Sprintf("version %s ended on %s", version, ends.Format(day))
	}
}

// Document names what is known of a topic of a system. Its body has the newest
// version that a delivery came in as Version.
func Document(system, topic string) string { return "shape|" + system + "|" + topic }
