package weekend

import (
	"bytes"
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day"
)

// bill is what kits are made of.
var bill = []struct {
	kit, component string
	units          int
}{
	{"SET-TEA", "MUG-BLU", 2},
	{"SET-TEA", "TRAY", 1},
	{"SET-CAMP", "LAMP-S", 1},
	{"SET-CAMP", "PEG-8", 4},
}

// KitTable is the registry's bill of materials, as CSV.
func KitTable() []byte {
	var b bytes.Buffer
	b.WriteString("kit,component,units\n")
	for _, line := range bill {
		fmt.Fprintf(&b, "%s,%s,%d\n", line.kit, line.component, line.units)
	}
	return b.Bytes()
}

// kits: the ERP stocks parts, the portal sells sets.
func (c *company) kits() {
	before := on(friday, 10, 0)
	c.both(before, "MUG-BLU", east, 40)
	c.both(before, "TRAY", east, 60)
	c.both(before, "MUG-BLU", west, 30)
	c.both(before, "TRAY", west, 10)
	c.both(before, "LAMP-S", east, 16)
	c.tell(before.Add(6*time.Minute), portalName, shown("SET-TEA", east, 20), shown("SET-TEA", west, 10), shown("SET-CAMP", east, 12))

	// The portal hears of the mugs, and not of what follows for the set.
	c.deploy(on(saturday, 9, 52), "run-4711", erpName, "deploy erp-connector 2026.3.2")
	c.deploy(on(saturday, 9, 57), "run-4712", mailName, "new letter template")
	c.both(on(saturday, 10, 0), "MUG-BLU", east, 10)
	c.tell(on(saturday, 16, 0), portalName, shown("SET-TEA", east, 5))
	c.planted(day.Alert{
		Name: "a kit is oversold", Integration: "stock", Rule: "stock", Class: "late", Keys: []string{"SET-TEA@east"},
		Why: "ten mugs make five sets, the portal shows 20: the connector that was deployed at 09:52 passes parts on and no sets",
	}, on(saturday, 10, 20), on(saturday, 16, 0))
	c.Healthy(day.Silent{
		Name: "another system was deployed since", Kind: "inventory", Keys: []string{"SET-TEA@east"},
		Why: "the template of 09:57 is nearer, but of a system that has nothing to do with it: the alert names the connector",
	})

	c.both(on(saturday, 9, 30), "TRAY", east, 50)
	c.Healthy(day.Silent{
		Name: "a part that is not scarce", Kind: "inventory", Keys: []string{"TRAY@east"}, Why: "ten trays less make no set less",
	})

	c.both(on(saturday, 12, 0), "PEG-8", east, 48)
	c.planted(day.Alert{
		Name: "a component that nobody knows", Class: "unknown_mapping", Keys: []string{"erp/component/PEG-8"},
		Why: "the ERP has never reported stock of PEG-8, which SET-CAMP is made of; it does from Saturday noon on, which that evening's audit sees",
	}, begin.Add(10*time.Minute), on(saturday, 19, 0))
}
