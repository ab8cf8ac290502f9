package contract

// What infrastructure reads in the functions' logs.
const (
	// TickLine is the message with which drift ends each minute's work.
	TickLine = "tick"
	// UnpublishedField counts the alerts that it could not publish.
	UnpublishedField = "unpublished"
	// OutboxAgeField is how long the oldest of them waits, in seconds.
	OutboxAgeField = "outbox_age_seconds"
	// WaitingField counts the alerts that their channels do not take yet.
	WaitingField = "waiting"
)
