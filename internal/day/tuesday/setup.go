package tuesday

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// The SKUs that are counted in both systems, by what happens to them.
var (
	// sellers are bought at random all day.
	sellers = []string{
		"TEE-BLK-S", "TEE-BLK-M", "TEE-BLK-L", "TEE-BLU-S", "TEE-BLU-M", "TEE-BLU-L",
		"TEE-GRN-S", "TEE-GRN-M", "TEE-GRN-L", "TEE-RED-S", "TEE-RED-M", "TEE-RED-L",
		"PANT-NVY-S", "PANT-NVY-M", "PANT-NVY-L", "SHRT-SND-M", "SHRT-SND-L", "BEAN-RED-M",
		"BEAN-BLK-M", "SCRF-GRY-M", "GLOV-BLK-M", "GLOV-BLK-L", "JACK-OLV-M", "VEST-PLM-L",
	}
	// movers change in the ERP only: receipts, counts, wholesale.
	movers = []string{"LAMP-L", "CAP-NVY", "JACK-BLK-L", "JACK-BLK-M", "VEST-GRY-M", "GLOV-GRN-S", "HOOD-BLK-M"}
	// stopped are the SKUs that the stock job leaves out after 09:14.
	stopped = []string{"MUG-BLU", "MUG-WHT", "CAP-RED", "BOT-05L"}
	// scripted SKUs move by the script alone.
	scripted = []string{hot, edited, moved, doubled, trailing, swapped, "BEAN-NVY-L", "SCRF-SND-S"}
)

// The SKUs of one scene each.
const (
	hot      = "CAP-BLK"
	edited   = "MUG-GRN"
	moved    = "BOT-1L"
	doubled  = "LAMP-S"
	trailing = "MUG-RED"
	swapped  = "BEAN-GRN-S"
)

// buffers are what the shop must not sell, where it is not the default.
var buffers = map[place]int{
	{hot, east}: 10, {hot, west}: 10, {"MUG-BLU", west}: 5, {"TEE-BLK-M", east}: 6, {"JACK-OLV-M", west}: 1,
}

const defaultBuffer = 3

func bufferOf(p place) int {
	if n, ok := buffers[p]; ok {
		return n
	}
	return defaultBuffer
}

// BufferTable is the registry's table of buffers, as CSV.
func BufferTable() []byte {
	var b bytes.Buffer
	b.WriteString("sku,location,value\n")
	for _, p := range slices.SortedFunc(maps.Keys(buffers), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.sku, b.sku), cmp.Compare(a.location, b.location))
	}) {
		fmt.Fprintf(&b, "%s,%s,%d\n", p.sku, p.location, buffers[p])
	}
	return b.Bytes()
}

func counted() []string { return slices.Concat(sellers, movers, stopped, scripted) }

// setUp fills the shelves. Shop and ERP agree as the day begins.
func (c *company) setUp() {
	c.shop.available = map[shelf]int{}
	c.erp = erp{stock: map[bin]*held{}, dirty: map[place]bool{}, paused: map[place]bool{}}
	c.wms.cancelled = map[*order]int{}
	for _, sku := range counted() {
		c.fill(sku, "EAST", 70+c.Chance.IntN(60))
		c.fill(sku, "WEST", 45+c.Chance.IntN(30))
	}
	c.fill(hot, "EAST", 320)
	c.fill(hot, "EAST2", 120)
	c.fill("TEE-BLK-M", "EAST2", 24)
	c.fill("JACK-BLK-L", "EAST2", 12)
	c.fill("MUG-BLU", "EAST", 17)
	for _, sku := range counted() {
		for _, location := range []string{east, west} {
			c.shop.available[shelf{c.find(sku), location}] = c.expected(place{sku, location})
		}
	}
}

// fill sets the free units of a bin; a few more are committed to older orders.
func (c *company) fill(sku, native string, free int) {
	c.erp.stock[bin{sku, native}] = &held{onHand: free + 4, committed: 4}
}

// beforeDawn is how the systems first make themselves heard: ERP and WMS with
// what they have, the shop with a catalogue that is years old. Stock comes
// before the products that say which SKU it is of, and after them.
func (c *company) beforeDawn() {
	c.At(c.Clock(0, 2, 10), c.firstDocuments)
	c.At(c.Clock(0, 3, 0), func() { c.report(erpName, c.stockRecords(slices.Collect(maps.Keys(c.erp.stock))), travel{}) })
	c.At(c.Clock(0, 3, 40), func() { c.report(erpName, c.priceRecords(c.pricedSKUs()), travel{}) })
	skus := counted()
	early := len(skus) / 4
	c.levels(skus[:early], c.Clock(0, 5, 0))
	for i, p := range c.products {
		c.At(c.Clock(0, 8, 0).Add(time.Duration(i)*70*time.Second), func() { c.publish(p, "products/update") })
	}
	c.levels(skus[early:], c.Clock(0, 32, 0))
	for i, sku := range skus {
		c.At(c.Clock(0, 36, 0).Add(time.Duration(i)*3*time.Second), func() { c.tellItem(c.find(sku)) })
	}
	c.Healthy(day.Silent{
		Name: "catalogue first seen today", Kind: "product",
		Why:    "the products are years old; the ERP has reported only a part of them, and nothing was created since it was first heard",
		Counts: map[string]int{"skus": len(c.bySKU), "products": len(c.products), "priced_by_erp": len(c.pricedSKUs()), "counted": len(skus)},
	})
}

// firstDocuments are older orders that only ERP and WMS still work on.
func (c *company) firstDocuments() {
	old := &order{n: 988, created: c.Clock(0, 0, 0).AddDate(0, 0, -3)}
	old.progress.imported, old.progress.released = old.created, old.created
	open := c.orderRecord(old, "order", "SO-10288")
	open.CreatedAt, open.Facets = stamp(old.created), amounts(5871, 1)
	refunded := &order{n: 975}
	booked := c.orderRecord(refunded, "", "PCM-10311")
	booked.Kind, booked.CreatedAt = "refund", stamp(old.created)
	booked.Facets = map[string]any{"amount": "24.50", "currency": "USD"}
	c.report(erpName, []reported{open, booked}, travel{})
	waiting := c.warehouseOrder(old)
	waiting.Facets = map[string]any{"units": "1", "units_open": "1", "units_shipped": "0"}
	c.report(wmsName, []reported{waiting}, travel{})
}

// levels tells of the shop's stock as it is, a second apart.
func (c *company) levels(skus []string, from time.Time) {
	for i, sku := range skus {
		c.At(from.Add(time.Duration(i)*2*time.Second), func() {
			for _, location := range []string{east, west} {
				v := c.find(sku)
				c.setLevel(v, location, c.shop.available[shelf{v, location}], travel{})
			}
		})
	}
}

func (c *company) tellItem(v *variant) {
	c.fromShop("inventory_items/update", itemBody{
		ID: v.item, SKU: v.sku, CreatedAt: second(v.product.created), UpdatedAt: second(c.Now), RequiresShipping: true,
		Tracked: true, GID: gid("InventoryItem", v.item),
	}, travel{})
}

// jobs are what runs by the clock.
func (c *company) jobs() {
	c.Every(c.Clock(0, 50, 0), c.Clock(23, 35, 0), 15*time.Minute, c.importOrders)
	c.Every(c.Clock(1, 0, 0), c.Clock(23, 30, 0), 15*time.Minute, c.stockJob)
	c.Every(c.Clock(10, 0, 0), c.Clock(17, 30, 0), 30*time.Minute, c.wave)
}

// business is what happens without any script: buyers buy, goods come in.
func (c *company) business() {
	c.At(c.Clock(0, 52, 0), c.nextBuyer)
	for _, at := range []time.Time{c.Clock(4, 7, 20), c.Clock(5, 37, 5), c.Clock(10, 52, 40), c.Clock(13, 7, 15), c.Clock(15, 22, 30), c.Clock(17, 37, 50)} {
		c.At(at, c.receiveGoods)
	}
}

// nextBuyer buys, and waits for the next one. The last sale leaves the day's end
// time to settle.
func (c *company) nextBuyer() {
	if c.Now.After(c.Clock(22, 30, 0)) {
		return
	}
	if flash := c.Now.After(c.Clock(8, 57, 0)) && c.Now.Before(c.Clock(9, 22, 0)); !flash {
		c.buy(c.basket())
	}
	c.In(c.patience(), c.nextBuyer)
}

// basket is what a buyer takes: one to three SKUs from one warehouse.
func (c *company) basket() []want {
	location := east
	if counting := c.Now.After(c.Clock(7, 0, 0)) && c.Now.Before(c.Clock(8, 45, 0)); !counting && c.Chance.IntN(4) == 0 {
		location = west
	}
	var wants []want
	for _, i := range c.Chance.Perm(len(sellers))[:1+c.Chance.IntN(3)] {
		wants = append(wants, want{sellers[i], 1 + c.Chance.IntN(2), location})
	}
	return wants
}

// receiveGoods books a receipt for three SKUs.
func (c *company) receiveGoods() {
	changes := map[bin]int{}
	for _, i := range c.Chance.Perm(len(movers))[:3] {
		changes[bin{movers[i], script.Pick(c.Script, []string{"EAST", "WEST"})}] = 10 + 5*c.Chance.IntN(6)
	}
	c.adjust(changes)
}
