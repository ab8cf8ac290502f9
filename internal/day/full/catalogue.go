package full

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// product is one product of the shop.
type product struct {
	id       int64
	title    string
	handle   string
	vendor   string
	created  time.Time
	variants []*variant
}

// variant is one sellable variant, known by its SKU to all systems.
type variant struct {
	id, item int64
	guid     string // the ERP's id of the item
	product  *product
	sku      string
	title    string
	price    script.Cents
	// uncounted goods have no stock anywhere: they are made to order, or are no
	// goods.
	uncounted bool
}

// catalogue is everything that the shop sells.
type catalogue struct {
	products []*product
	variants []*variant
	bySKU    map[string]*variant
}

// Native ids as the shop gives them out. Order ids lie beyond 2^53 on purpose:
// two orders in a row are one number to whoever reads them as floating point.
const (
	firstProduct = 8123400000001
	firstVariant = 46123400000001
	firstItem    = 49148300000001
	firstOrder   = 9007199254740993
)

var (
	colours = []string{"BLK", "BLU", "GRN", "RED", "NVY", "GRY", "SND", "OLV", "PLM", "WHT"}
	sizes   = []string{"XS", "S", "M", "L", "XL", "2XL"}
)

// families are the products with a variant for each colour and size.
var families = []struct {
	prefix, title, vendor string
	price                 script.Cents
}{
	{"TEE", "Trail Tee", "ACME", 2450},
	{"JACK", "Storm Jacket", "ACME", 12900},
	{"HOOD", "Ridge Hoodie", "ACME", 5900},
	{"BEAN", "Camp Beanie", "ACME", 1900},
	{"PANT", "Creek Pant", "Harbor", 7400},
	{"VEST", "Ridge Vest", "Northgate", 6800},
}

func newCatalogue(midnight time.Time) *catalogue {
	c := &catalogue{bySKU: map[string]*variant{}}
	for _, f := range families {
		p := c.product(midnight, f.title, f.vendor)
		for _, colour := range colours {
			for j, size := range sizes {
				c.variant(p, f.prefix+"-"+colour+"-"+size, colour+" / "+size, f.price+script.Cents(100*j))
			}
		}
	}
	c.small(midnight, "Camp Cap", "Harbor", 1800, "CAP-BLK", "CAP-RED", "CAP-NVY")
	c.small(midnight, "Trail Mug", "Harbor", 1450, "MUG-BLU", "MUG-GRN", "MUG-WHT", "MUG-RED")
	c.small(midnight, "Trail Bottle", "Harbor", 2900, "BOT-1L", "BOT-05L")
	for _, v := range c.small(midnight, "Hiking Sock", "Northgate", 1800, "SOCK-S", "SOCK-M", "SOCK-L").variants {
		v.uncounted = true
	}
	for _, v := range c.small(midnight, "Map Poster", "Northgate", 3200, "POSTER-A2", "POSTER-A3").variants {
		v.uncounted = true
	}
	c.small(midnight, "Camp Kit", "Northgate", 9800, kit).variants[0].uncounted = true
	c.small(midnight, "Gift Box, as agreed", "Northgate", 9900, giftBox).variants[0].uncounted = true
	return c
}

func (c *catalogue) small(midnight time.Time, title, vendor string, price script.Cents, skus ...string) *product {
	p := c.product(midnight, title, vendor)
	for _, sku := range skus {
		c.variant(p, sku, sku, price)
	}
	return p
}

func (c *catalogue) product(midnight time.Time, title, vendor string) *product {
	n := len(c.products)
	p := &product{
		id: firstProduct + int64(n), title: title, handle: fmt.Sprintf("p-%d", n+1), vendor: vendor,
		created: midnight.AddDate(-2, 0, n).Add(10 * time.Hour),
	}
	c.products = append(c.products, p)
	return p
}

func (c *catalogue) variant(p *product, sku, title string, price script.Cents) {
	n := int64(len(c.variants))
	v := &variant{
		id: firstVariant + n, item: firstItem + n, guid: fmt.Sprintf("3c9d2e80-11aa-4b6e-9f27-%012d", n+1),
		product: p, sku: sku, title: title, price: price,
	}
	p.variants = append(p.variants, v)
	c.variants = append(c.variants, v)
	c.bySKU[sku] = v
}

// find returns the variant of a SKU.
func (c *catalogue) find(sku string) *variant { return c.bySKU[sku] }
