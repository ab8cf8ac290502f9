package alert

import "time"

// HandOver makes somebody else the owner of an alert that is not over, and
// reports whether that is news. Another team has as long to answer as the former
// one had, and another channel gets a message of its own; the one in the former
// channel stays as it is. The alert given is not modified.
func HandOver(a Alert, to Owner) (Alert, bool) {
	if a.Owner == to || to.Team == "" || !a.Closed.IsZero() || a.Into != "" {
		return a, false
	}
	if a.Owner.Team != to.Team {
		a.Taken, a.Calls, a.Sent = Taken{}, nil, time.Time{}
	}
	if a.Owner.Slack != to.Slack {
		a.Channel, a.Timestamp, a.Told = "", "", 0
	}
	a.Owner = to
	a.Seq++
	return a, true
}
