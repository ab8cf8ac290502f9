package weekend

import (
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

func item(sku, taxClass, barcode string) object {
	return record("product", object{"sku": sku}, object{"tax_class": taxClass, "barcode": barcode, "status": "active"})
}

// items: one is set back by an old export, one on purpose, and one has another
// barcode, which a rule only watches.
func (c *company) items() {
	const replayed, meant, watched = "TRAY", "LAMP-S", "BOT-1L"
	const standard, reduced, code = "standard", "reduced", "4006381333931"
	for i, sku := range []string{replayed, meant, watched} {
		c.tell(on(friday, 10, i), erpName, item(sku, standard, code))
		c.tell(on(friday, 10, 5+i), portalName, item(sku, standard, code))
	}
	for i, sku := range []string{replayed, meant} {
		c.tell(on(friday, 14, i), erpName, item(sku, reduced, code))
		c.tell(on(friday, 14, 8+i), portalName, item(sku, reduced, code))
	}
	c.tell(on(saturday, 14, 0), portalName, item(replayed, standard, code))
	c.planted(day.Alert{
		Name: "older data over newer", Integration: "items-to-portal", Rule: "tax-class", Class: "overwritten", Keys: []string{replayed},
		Why: "the portal had followed on Friday, and shows Thursday's tax class again: yesterday's export was imported once more",
	}, on(saturday, 15, 0), time.Time{})
	c.tell(on(saturday, 14, 10), erpName, item(meant, standard, code))
	c.tell(on(saturday, 14, 19), portalName, item(meant, standard, code))
	c.Healthy(day.Silent{
		Name: "set back on purpose", Kind: "product", Keys: []string{meant}, Why: "the ERP goes back itself, and the portal follows",
	})

	c.tell(on(saturday, 12, 30), erpName, item(watched, standard, "4006381333948"))
	c.Healthy(day.Silent{
		Name: "a rule that only watches", Kind: "product", Keys: []string{watched},
		Why: "the rule barcode has mode: watch; Sunday's digest says what it would have said, and plumbline promote makes it alert",
	})
	for _, date := range []int{sunday, monday} {
		at := clock(on(date, 8, 30))
		c.Told(day.Alert{Name: "digest to catalogue", Class: "digest", From: at, Until: at, Resolves: at, Why: "what the rule barcode would have said"})
	}
}

func price(sku string, regular script.Cents) object {
	return record("price", object{"sku": sku, "list": "base"}, object{"regular": regular.String(), "currency": "USD"})
}

// prices: the night job has until 02:30, which this Sunday does not have.
func (c *company) prices() {
	const left, passed = "SOFA-3", "LAMP-S"
	for i, sku := range []string{left, passed} {
		c.priced(on(friday, 10, 10+i), sku, 90000)
	}
	c.tell(on(saturday, 22, 0), erpName, price(left, 98000))
	c.planted(day.Alert{
		Name: "a price that the night job leaves out", Integration: "prices", Rule: "price", Class: "late", Keys: []string{left + "@base"},
		Why: "due by 02:30, which the clocks skip: an hour later by the wall is as long after the evening as on any day. On the second day the $80 at risk make it major",
	}, on(sunday, 3, 30), time.Time{})
	c.tell(on(saturday, 22, 5), erpName, price(passed, 91000))
	c.tell(on(sunday, 3, 20), portalName, price(passed, 91000))
	c.Healthy(day.Silent{
		Name: "the job after the hour that is missing", Kind: "price", Keys: []string{passed + "@base"},
		Why: "the wall shows 03:20 when the job is through, twenty minutes after 01:59: before 02:30 as it would have been",
	})
}

// priced is a price on which the ERP and the portal agree.
func (c *company) priced(at time.Time, sku string, regular script.Cents) {
	c.tell(at, erpName, price(sku, regular))
	c.tell(at.Add(5*time.Minute), portalName, price(sku, regular))
}

// taxed: somebody imports a price with tax into the portal, and mends it before a
// second day begins. Another one is raised by as much on purpose.
func (c *company) taxed() {
	const imported, raised, net, gross = "TENT-2", "TENT-4", 80000, 87100
	c.priced(on(friday, 10, 20), imported, net)
	c.priced(on(friday, 10, 21), raised, net)
	c.tell(on(friday, 20, 0), portalName, price(imported, gross))
	mended := on(sunday, 1, 10)
	c.tell(mended, portalName, price(imported, net))
	c.planted(day.Alert{
		Name: "a price with tax", Integration: "prices", Rule: "price", Class: "value_differs", Keys: []string{imported + "@base"},
		Why: "the portal got the price with 8.875 % of tax, which the ERP keeps without",
	}, on(saturday, 2, 30), mended)
	c.Healthy(day.Silent{
		Name: "put right before it is graver", Kind: "price",
		Why: "$71 at risk for not quite a day stay minor: on the second day $142 would have been major",
	})
	c.tell(on(saturday, 9, 0), erpName, price(raised, gross))
	c.tell(on(saturday, 9, 40), portalName, price(raised, gross))
	c.Healthy(day.Silent{
		Name: "raised by as much as the tax", Kind: "price", Keys: []string{raised + "@base"}, Why: "the ERP raises it, and the portal follows",
	})
}
