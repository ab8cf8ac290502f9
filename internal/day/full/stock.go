package full

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// The SKUs of one scene each.
const (
	hot     = "CAP-BLK"
	kit     = "KIT-07"
	giftBox = "GIFTBOX"
	leaky   = "TEE-RED-M"
	swapped = "BEAN-GRN-S"
)

var (
	// sellers are bought at random all day.
	sellers = []string{
		"TEE-BLK-S", "TEE-BLK-M", "TEE-BLK-L", "TEE-BLU-S", "TEE-BLU-M", "TEE-BLU-L", "TEE-GRN-S", "TEE-GRN-M",
		"TEE-GRN-L", "TEE-RED-S", "TEE-RED-M", "TEE-RED-L", "PANT-NVY-S", "PANT-NVY-M", "PANT-NVY-L", "PANT-SND-M",
		"HOOD-BLK-S", "HOOD-BLK-M", "HOOD-BLK-L", "HOOD-NVY-M", "HOOD-NVY-L", "HOOD-GRY-M", "BEAN-BLK-M", "BEAN-RED-M",
		"BEAN-NVY-M", "VEST-PLM-L", "VEST-GRY-M", "VEST-OLV-M", "JACK-OLV-M", "JACK-BLK-M", "JACK-BLK-L", "JACK-NVY-M",
	}
	// movers change in the ERP only: receipts, counts, wholesale.
	movers = []string{
		"CAP-NVY", "JACK-GRN-L", "JACK-GRN-M", "VEST-BLU-M", "BEAN-PLM-S", "HOOD-WHT-M", "MUG-RED", "MUG-GRN", "BOT-1L",
	}
	// stopped are the SKUs that the stock job leaves out after 09:14.
	stopped = []string{"MUG-BLU", "MUG-WHT", "CAP-RED", "BOT-05L"}
)

// countedSKUs is how many SKUs are counted in shop, ERP and warehouse.
const countedSKUs = 120

// counts lists the SKUs that are counted: those of the scenes first.
func (c *company) counts() []string {
	all := slices.Concat(sellers, movers, stopped, []string{hot, swapped})
	for _, v := range c.variants {
		if len(all) == countedSKUs {
			break
		}
		if !v.uncounted && !slices.Contains(all, v.sku) {
			all = append(all, v.sku)
		}
	}
	return all
}

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
	for _, p := range slices.SortedFunc(maps.Keys(buffers), func(a, b place) int { return cmp.Compare(a.key(), b.key()) }) {
		fmt.Fprintf(&b, "%s,%s,%d\n", p.sku, p.location, buffers[p])
	}
	return b.Bytes()
}

// setUp fills the shelves. All systems agree as the day begins.
func (c *company) setUp() {
	c.shop.available = map[place]int{}
	c.shop.holds = map[int]string{}
	c.erp.stock, c.erp.dirty, c.erp.paused = map[bin]*held{}, map[place]bool{}, map[place]bool{}
	c.wms.shelf, c.wms.changed = map[place]int{}, map[place]time.Time{}
	for _, sku := range c.counts() {
		c.fill(sku, "EAST", 140+c.Chance.IntN(90))
		c.fill(sku, "WEST", 75+c.Chance.IntN(40))
	}
	c.fill(hot, "EAST", 320)
	c.fill(hot, "EAST2", 120)
	c.fill("TEE-BLK-M", "EAST2", 24)
	c.fill("MUG-BLU", "EAST", 17)
	for _, sku := range c.counts() {
		for _, location := range []string{east, west} {
			p := place{sku, location}
			c.shop.available[p] = c.expected(p)
			c.wms.changed[p] = c.Now
			for _, b := range c.binsOf(p) {
				c.wms.shelf[p] += c.erp.stock[b].onHand
			}
		}
	}
}

// fill sets the free units of a bin; a few more are committed to older orders.
func (c *company) fill(sku, native string, free int) {
	c.erp.stock[bin{sku, native}] = &held{onHand: free + 4, committed: 4}
}

// recount counts a shelf that is as it should be, as somebody does when nothing
// else moves.
func (c *company) recount() { c.count(place{script.Pick(c.Script, movers), east}, 0) }

// moveGoods receives goods for some of the movers, in warehouse and ERP.
func (c *company) moveGoods() {
	if c.Now.Before(c.wms.down) {
		return
	}
	changes := map[bin]int{}
	for range 2 {
		sku := movers[c.Chance.IntN(len(movers))]
		location := []string{east, west}[c.Chance.IntN(2)]
		if c.erp.paused[place{sku, location}] {
			continue
		}
		changes[bin{sku, erpLocation(location)}] = 4 + c.Chance.IntN(20)
	}
	for _, b := range slices.SortedFunc(maps.Keys(changes), compareBins) {
		c.count(placeOf(b), changes[b])
	}
	c.adjust(changes)
}
