package company

import (
	"bytes"
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
)

const (
	itemCount   = 150
	marketItems = 8
	perBox      = 12
	marketSpare = 5
)

// item is what is sold.
type item struct {
	sku    string
	vendor string
	weight int // how well it sells
	rank   int
	cents  int
	sale   int // cents, or 0
	// shown are the prices that the storefront has.
	shownCents, shownSale int
	unit                  string
	pack, shownPack       int
	repacked              *Cause // in the storefront
	read                  string // the barcode in the warehouse
	buffer                [2]int // before and after the policy changes
	wrongPrice            *Episode
}

// shelf is an item at a location, as each system has it.
type shelf struct {
	*item
	location string
	// onHand and committed are the ERP's, counted the warehouse's, available the
	// storefront's.
	onHand, committed, counted, available int
	// waiting are units on web orders that the ERP does not have yet.
	waiting int
	// unreceived are units that the warehouse received and the ERP has not posted.
	unreceived int
	// dirty shelves are for the next job.
	dirty, marketDirty bool
	// per is how many pieces the ERP's unit holds.
	per int
	// shifted is what the marketplace's feed adds by mistake.
	market, shifted int
	onMarket        bool
	wrong           *Episode // at the storefront
	noise           int      // what was counted and is not there
	leaking         bool
}

func (s *shelf) free() int { return (s.onHand - s.committed) / s.per }

func (s *shelf) key() commerce.Key { return commerce.Key{s.sku, s.location} }

var stockRules = []string{"stock/stock", "stock/stock-next"}

// stock fills the shelves.
func (c *Company) stock() {
	for i := range itemCount {
		it := &item{
			sku: fmt.Sprintf("SKU-%04d", i+1), vendor: fmt.Sprintf("V%02d", c.rand.IntN(12)), rank: i,
			weight: 2000 / (i + 8), cents: 500 + c.rand.IntN(150)*50 - 1, unit: "PCS", pack: 1,
		}
		it.shownCents, it.shownPack, it.read = it.cents, it.pack, it.code()
		it.buffer[0] = c.rand.IntN(4)
		it.buffer[1] = it.buffer[0]
		if c.chance(600) {
			it.buffer[1] = 2 + c.rand.IntN(5)
		}
		c.items = append(c.items, it)
		c.weights += it.weight
		for _, location := range locations {
			s := &shelf{item: it, location: location, per: 1, onHand: 12 + c.month(it, location) + c.rand.IntN(20)}
			s.counted = s.onHand
			s.onMarket = i%15 == 0 && location == east
			s.available, s.market = c.target(s), c.marketTarget(s)
			c.shelves = append(c.shelves, s)
			c.place[[2]string{it.sku, location}] = s
		}
	}
	for range 5 {
		var kit []*item
		for range 3 {
			kit = append(kit, c.items[c.rand.IntN(60)])
		}
		c.kits = append(c.kits, kit)
	}
}

// month is about what a shelf sells in a month.
func (c *Company) month(it *item, location string) int {
	weights := 0
	for i := range itemCount {
		weights += 2000 / (i + 8)
	}
	share := 60
	if location == west {
		share = 40
	}
	return c.habits.orders * 30 * 17 * (100 + c.habits.phone) / 1000 * it.weight / weights * share / 1000
}

// Buffers are the tables of safety buffers before and after the change of policy,
// as the registry reads them.
func (c *Company) Buffers() (before, after []byte) {
	var tables [2]bytes.Buffer
	for i := range tables {
		tables[i].WriteString("sku,location,value\n")
		for _, s := range c.shelves {
			fmt.Fprintf(&tables[i], "%s,%s,%d\n", s.sku, s.location, s.buffer[i])
		}
	}
	return tables[0].Bytes(), tables[1].Bytes()
}

// target is what the storefront should show of a shelf.
func (c *Company) target(s *shelf) int {
	buffer := s.buffer[0]
	if !c.Now().Before(c.Change) {
		buffer = s.buffer[1]
	}
	n := max(0, s.free()-buffer)
	if c.habits.reserves {
		n -= s.waiting
	}
	return n
}

func (c *Company) marketTarget(s *shelf) int { return max(0, max(0, s.free()-marketSpare)+s.shifted) }

// moved notes that free stock has changed in the ERP.
func (c *Company) moved(s *shelf) {
	s.dirty, s.marketDirty = true, s.onMarket
}

// adjust changes free stock in the ERP for reasons other than web orders.
func (c *Company) adjust(shelves []*shelf, by func(*shelf) int) {
	for _, s := range shelves {
		s.onHand += by(s)
		c.moved(s)
	}
	c.tell(ERP, c.erpLevels(shelves)...)
}

var natives = map[string]map[string]string{
	Shop: {east: "1", west: "2"}, ERP: {east: "EAST", west: "WEST"}, WMS: {east: "E", west: "W"}, Market: {east: "M"},
}

func level(system string, s *shelf, facets commerce.Facets) commerce.Observation {
	slot := natives[system][s.location]
	return commerce.Observation{
		Kind: commerce.Inventory, Key: s.key(), Part: "level", Native: s.sku + "/" + slot, Slot: slot, Facets: facets,
	}
}

func erpLevel(s *shelf) commerce.Observation {
	return level(ERP, s, commerce.Facets{
		"free": count(s.free()), "on_hand": count(s.onHand / s.per), "tracked": commerce.Bool(true),
	})
}

func (c *Company) erpLevels(shelves []*shelf) []commerce.Observation {
	all := make([]commerce.Observation, 0, len(shelves))
	for _, s := range shelves {
		all = append(all, erpLevel(s))
	}
	return all
}

func shopLevel(s *shelf) commerce.Observation {
	return level(Shop, s, commerce.Facets{"available": count(s.available), "tracked": commerce.Bool(true)})
}

func wmsLevel(s *shelf) commerce.Observation {
	return level(WMS, s, commerce.Facets{"on_hand": count(s.counted)})
}

func marketLevel(s *shelf) commerce.Observation {
	return level(Market, s, commerce.Facets{"available": count(s.market)})
}
