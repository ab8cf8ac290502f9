package alert

import "time"

// Channel is what one channel got of new alerts in the minute of the last ones.
type Channel struct {
	Minute time.Time
	Sent   int
	// Storm is the alert that tells of those that wait, or blank.
	Storm string
}
