package main

import (
	"context"
	"net/http"
	"time"

	"github.com/plumbline/plumbline/internal/cmd/stress/rig"
	"github.com/plumbline/plumbline/internal/cmd/stress/traffic"
)

// probe makes one difference after the other, at equal distances while the load
// lasts, and returns how long after the delivery that made it was accepted Slack
// took the message.
func (l load) probe(ctx context.Context, r *rig.Rig, slack *chat) (took rig.Times, twice, never []string) {
	if l.probes == 0 {
		return nil, nil, nil
	}
	pause := l.lasts / time.Duration(l.probes+1)
	accepted := map[string]time.Time{}
	send := func(d traffic.Delivery) bool {
		status, err := r.Send(ctx, d)
		return err == nil && status == http.StatusOK
	}
	for i := range l.probes {
		name := probe(i)
		began := time.Now()
		known := send(traffic.Product(traffic.ERP, name, name, 6, began))
		time.Sleep(pause / 2) // the first is merged long before the second comes
		if known && send(traffic.Product(traffic.Shop, name, name, 7, time.Now())) {
			accepted[name] = time.Now()
		}
		time.Sleep(time.Until(began.Add(pause)))
	}
	awaitTold(slack, accepted)
	for name, at := range accepted {
		switch told := slack.tells(name); len(told) {
		case 0:
			never = append(never, name)
		case 1:
			// The answer may reach its sender after the message is shown.
			took = append(took, max(0, told[0].Sub(at)))
		default:
			twice = append(twice, name)
		}
	}
	return took, twice, never
}

// toldWithin is how long a difference may wait: the minute after next publishes
// what was not published at once.
const toldWithin = 2 * time.Minute

func awaitTold(slack *chat, accepted map[string]time.Time) {
	deadline := time.Now().Add(toldWithin)
	for name := range accepted {
		for len(slack.tells(name)) == 0 && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond)
		}
	}
}
