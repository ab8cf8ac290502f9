package local

import "time"

// Outages says of a function of the contract and a time when the outage that holds
// then is over, and answers zero where none does. A function is not called in an
// outage: its schedules run once when it is over, and the messages of its queues
// wait for its end. Requests are still answered, by whichever function they go to.
// A nil Outages has none.
type Outages func(function string, at time.Time) (end time.Time)

func (o Outages) end(function string, at time.Time) time.Time {
	if o == nil {
		return time.Time{}
	}
	return o(function, at)
}
