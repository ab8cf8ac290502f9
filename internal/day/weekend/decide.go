package weekend

import (
	"time"

	"github.com/plumbline/plumbline/internal/day"
)

// decide: people waive two differences, and snooze one.
func (c *company) decide() {
	const moving, still = "DISPLAY-1", "DISPLAY-2"
	for _, sku := range []string{moving, still} {
		c.both(on(friday, 11, 0), sku, east, 7)
		c.tell(on(saturday, 8, 0), erpName, free(sku, east, 10))
		c.Decide(day.Decision{
			At: on(saturday, 9, 0), By: "dana", Rule: "stock", Key: sku + "@east", Action: "waive", Until: on(31, 0, 0),
			Low: "-5", High: "0", Reason: "display pieces, counted each Friday",
		})
	}
	c.tell(on(sunday, 11, 0), erpName, free(moving, east, 16))
	c.tell(on(sunday, 11, 0), erpName, free(still, east, 11))
	c.planted(day.Alert{
		Name: "a waiver's band is left", Integration: "stock", Rule: "stock", Class: "late", Keys: []string{moving + "@east", still + "@east"},
		Why: "3 units too few, waived on Saturday as far as 5; on Sunday DISPLAY-1 lacks 9 and is open again",
	}, on(saturday, 8, 20), time.Time{})
	c.Healthy(day.Silent{
		Name: "inside a waiver's band", Kind: "inventory", Keys: []string{still + "@east"}, Why: "4 units too few are within what was waived",
	})
	c.Decide(day.Decision{
		At: on(saturday, 10, 45), By: "dana", Rule: "stock", Key: "SET-TEA@east", Action: "snooze", Until: on(saturday, 14, 45),
	})
}
