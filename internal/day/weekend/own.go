package weekend

import (
	"time"

	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/day"
)

// own is what Plumbline watches of itself, and what it tells once a week.
func (c *company) own() {
	c.Healthy(day.Silent{
		Name: "canaries", Kind: "canary", Why: "a difference that Plumbline makes in itself each quarter of an hour is found each time, and told to nobody",
	})
	c.Healthy(day.Silent{
		Name: "a week that only looks bad", Kind: "order",
		Why: "62 orders are a cent off and a day does not add up, which no record is wrong for: the report says 100 %, and leaves the error budget whole",
	})
	c.stops()
	at := clock(on(monday, 8, 30))
	for _, owner := range []string{"catalogue", "finance", "inventory-ops", "warehouse"} {
		c.Told(day.Alert{Name: "weekly report to " + owner, Class: "report", From: at, Until: at, Resolves: at, Why: "three audits are behind it"})
	}
}

// stops: functions of Plumbline's own stand still, twice for long and twice as
// briefly as a deployment makes them.
func (c *company) stops() {
	c.stop(contract.Merge, on(sunday, 5, 10), on(sunday, 5, 40))
	c.planted(day.Alert{
		Name: "a canary that is not found", Class: "plumbline", Keys: []string{"plumbline/canary/difference"},
		Why: "merging stands still for half an hour, and with it the difference that Plumbline made in itself at 05:16",
	}, on(sunday, 5, 20), on(sunday, 5, 41))
	c.stop(contract.Drift, on(sunday, 6, 20), on(sunday, 7, 0))
	c.planted(day.Alert{
		Name: "a schedule that stood still", Class: "plumbline", Keys: []string{"plumbline/schedule/run"},
		Why: "nothing was judged for forty minutes: what was due then would open late",
	}, on(sunday, 7, 0), on(sunday, 7, 30))
	c.stop(contract.Merge, on(sunday, 4, 15), on(sunday, 4, 18))
	c.stop(contract.Drift, on(sunday, 4, 50), on(sunday, 4, 54))
	c.Healthy(day.Silent{
		Name: "a deployment", Kind: "canary", Why: "three minutes without merging and four without a run are shorter than what Plumbline tells of itself",
	})
	c.stop(contract.Drift, on(saturday, 18, 58), on(saturday, 19, 2))
	c.Healthy(day.Silent{
		Name: "an audit that begins late", Kind: "order", Why: "it finds at 19:02 what it would have found at 19:00",
	})
}

func (c *company) stop(function string, from, until time.Time) {
	c.Outage(day.Outage{Function: function, From: from, Until: until})
}
