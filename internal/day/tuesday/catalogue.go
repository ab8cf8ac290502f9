package tuesday

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
	kind     string
	created  time.Time
	variants []*variant
}

// variant is one sellable variant. Two variants may carry one SKU.
type variant struct {
	id, item int64
	product  *product
	sku      string
	title    string
	price    script.Cents
	// compareAt is the regular price while the price is a sale price, or 0.
	compareAt script.Cents
	grams     int
	giftCard  bool
	// madeToOrder goods have no stock anywhere.
	madeToOrder bool
}

// regular is the price without the sale.
func (v *variant) regular() script.Cents {
	if v.compareAt > 0 {
		return v.compareAt
	}
	return v.price
}

// catalogue is everything that the shop sells.
type catalogue struct {
	products []*product
	bySKU    map[string]*variant
	variants int64
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
	sizes   = []string{"XXS", "XS", "S", "M", "L", "XL", "2XL", "3XL", "4XL", "5XL"}
)

// families are the products of 100 variants each.
var families = []struct {
	prefix, title, vendor string
	price                 script.Cents
}{
	{"TEE", "Trail Tee", "ACME", 2450},
	{"HOOD", "Ridge Hoodie", "Northgate", 5900},
	{"JACK", "Storm Jacket", "ACME", 12900},
	{"PANT", "Creek Pant", "Harbor", 7400},
	{"SHRT", "Creek Short", "Harbor", 4900},
	{"VEST", "Ridge Vest", "Northgate", 6800},
	{"GLOV", "Camp Glove", "Harbor", 2200},
	{"BEAN", "Camp Beanie", "ACME", 1900},
	{"SCRF", "Camp Scarf", "Harbor", 2600},
}

// skuCount is how many SKUs the shop has had for long.
const skuCount = 1000

func newCatalogue() *catalogue {
	c := &catalogue{bySKU: map[string]*variant{}}
	for _, f := range families {
		p := c.product(f.title, f.vendor, "Apparel")
		for i, colour := range colours {
			for j, size := range sizes {
				v := c.variant(p, f.prefix+"-"+colour+"-"+size, colour+" / "+size, f.price+script.Cents(100*j))
				if (i*len(sizes)+j)%7 == 3 {
					v.compareAt, v.price = v.price, v.price-500
				}
			}
		}
	}
	c.small("Camp Cap", "ACME", 1800, "CAP-BLK", "CAP-RED", "CAP-NVY")
	c.small("Trail Mug", "ACME", 1450, "MUG-BLU", "MUG-GRN", "MUG-WHT", "MUG-RED")
	c.small("Trail Bottle", "ACME", 2900, "BOT-1L", "BOT-05L")
	c.small("Tent Lamp", "Harbor", 3400, "LAMP-S", "LAMP-L")
	c.small("Tent Lamp, gift box", "Harbor", 3400, "LAMP-S")
	for _, v := range c.small("Hiking Sock", "Harbor", 1800, "SOCK-S", "SOCK-M", "SOCK-L").variants {
		v.madeToOrder = true
	}
	for _, v := range c.small("Map Poster", "Harbor", 3200, "POSTER-A2", "POSTER-A3").variants {
		v.madeToOrder = true
	}
	c.small("Camp Kit", "ACME", 9800, "KIT-07").variants[0].madeToOrder = true
	gift := c.small("Gift Card", "ACME", 2500, "GIFT-25").variants[0]
	gift.giftCard, gift.grams = true, 0
	parts := c.product("Spare Part", "Harbor", "Parts")
	for n := 1; len(c.bySKU) < skuCount; n++ {
		sku := fmt.Sprintf("PART-%03d", n)
		c.variant(parts, sku, sku, 350)
	}
	return c
}

func (c *catalogue) small(title, vendor string, price script.Cents, skus ...string) *product {
	p := c.product(title, vendor, "Gear")
	for _, sku := range skus {
		c.variant(p, sku, sku, price)
	}
	return p
}

func (c *catalogue) product(title, vendor, kind string) *product {
	n := len(c.products)
	p := &product{
		id: firstProduct + int64(n), title: title, handle: fmt.Sprintf("p-%d", n+1), vendor: vendor, kind: kind,
		created: time.Date(2023, time.May, 2+n, 10, 0, 0, 0, zone),
	}
	c.products = append(c.products, p)
	return p
}

// variant adds a variant. The first one of a SKU is the one that sells.
func (c *catalogue) variant(p *product, sku, title string, price script.Cents) *variant {
	v := &variant{
		id: firstVariant + c.variants, item: firstItem + c.variants,
		product: p, sku: sku, title: title, price: price, grams: 250,
	}
	c.variants++
	p.variants = append(p.variants, v)
	if c.bySKU[sku] == nil {
		c.bySKU[sku] = v
	}
	return v
}

// find returns the variant that sells a SKU.
func (c *catalogue) find(sku string) *variant { return c.bySKU[sku] }
