package store

import (
	"context"
	"time"

	"github.com/plumbline/plumbline/internal/platform"
)

// Paces share out calls by name, so that all who call something together keep
// one pace (the generic cell rate algorithm). Instants are kept to the
// microsecond. It is safe for concurrent use.
type Paces interface {
	// Reserve takes the next call if it may be made within wait of now, and
	// returns when: not before now. A call that is not reserved takes nothing;
	// at is then when one may be free.
	Reserve(ctx context.Context, name string, pace platform.Pace, now time.Time, wait time.Duration) (at time.Time, reserved bool, err error)
	// Hold lets no call be reserved for before until. A shorter hold does not
	// end a longer one.
	Hold(ctx context.Context, name string, pace platform.Pace, until time.Time) error
}

// Slack is how far calls may run ahead of an even pace after a rest.
func Slack(pace platform.Pace) time.Duration {
	return time.Duration(max(pace.Burst, 1)-1) * pace.Every.Truncate(time.Microsecond)
}

// NextCall decides about one call. Even is when the next call would be made at
// an even pace, which is what is kept under a name: the zero time when nothing
// is. It returns when the call may be made, and even after it.
func NextCall(even time.Time, pace platform.Pace, now time.Time) (at, after time.Time) {
	at, after = even.Add(-Slack(pace)), even
	if at.Before(now) {
		at = now
	}
	if after.Before(now) {
		after = now
	}
	return at, after.Add(pace.Every.Truncate(time.Microsecond))
}
