package day

import "time"

// Outage is a time in which one of Plumbline's own functions is not called by
// schedules and queues: what was sent to it waits.
type Outage struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	// Function is its name in the contract.
	Function string `json:"function"`
}

// Outage is when the outage of a function that holds at a time is over, or zero
// when there is none.
func (d Day) Outage(function string, at time.Time) (end time.Time) {
	for _, o := range d.Outages {
		if o.Function == function && !at.Before(o.From) && at.Before(o.Until) && o.Until.After(end) {
			end = o.Until
		}
	}
	return end
}
