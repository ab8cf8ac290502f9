package silence

import "time"

// Length is how long a slot is. What falls silent for less is not noticed.
const Length = 10 * time.Minute

// PerDay is how many slots a day of UTC has.
const PerDay = int(24 * time.Hour / Length)

// Slot is ten minutes, by their number since 1970.
type Slot int64

// SlotOf is the slot that holds the time, which is not before 1970.
func SlotOf(t time.Time) Slot { return Slot(t.Unix() / int64(Length/time.Second)) }

// Start is when the slot begins.
func (s Slot) Start() time.Time { return time.Unix(int64(s)*int64(Length/time.Second), 0).UTC() }

// End is when the next slot begins.
func (s Slot) End() time.Time { return (s + 1).Start() }
