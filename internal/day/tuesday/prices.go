package tuesday

import (
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// The price job: what the ERP decided at 02:00 reaches the shop at 06:00.

// repriced are the SKUs that get a new price today, by product family: how many
// of its variants, and by how much.
var repriced = []struct {
	family  string
	count   int
	by      script.Cents
	dropped bool
}{
	{"JACK", 20, -1000, false},
	{"TEE", 12, 150, false},
	{"HOOD", 28, 300, true},
}

// pricedSKUs are those whose prices the ERP reports.
func (c *company) pricedSKUs() []*variant {
	var all []*variant
	for _, p := range c.products {
		for _, v := range p.variants {
			family, _, _ := strings.Cut(v.sku, "-")
			if slices.Contains([]string{"TEE", "HOOD", "JACK", "MUG", "CAP", "BOT"}, family) && c.find(v.sku) == v {
				all = append(all, v)
			}
		}
	}
	return all
}

func (c *company) priceRecords(variants []*variant) []reported {
	var records []reported
	for _, v := range variants {
		c.erp.sequence++
		var sale any
		if v.compareAt > 0 {
			sale = v.price.String()
		}
		records = append(records, reported{
			Kind: "price", Key: map[string]any{"sku": v.sku}, UpdatedAt: stamp(c.Now), Sequence: c.erp.sequence,
			Facets: map[string]any{"regular": v.regular().String(), "sale": sale, "currency": "USD"},
		})
	}
	return records
}

// family lists the first variants of a product family.
func (c *company) family(prefix string, count int) []*variant {
	for _, p := range c.products {
		if strings.HasPrefix(p.variants[0].sku, prefix+"-") {
			return p.variants[:count]
		}
	}
	return nil
}

// changePrices decides new prices in the ERP at 02:00. The job passes them on
// at 06:00, except those of one vendor, which follow when somebody runs the
// job again.
func (c *company) changePrices() {
	var keys []string
	for _, r := range repriced {
		variants := c.family(r.family, r.count)
		c.At(c.Clock(2, 0, 0).Add(time.Duration(r.count)*time.Second), func() {
			c.report(erpName, c.newPrices(variants, r.by), travel{})
		})
		job := c.Clock(6, 0, 50).Add(time.Duration(r.count) * time.Second)
		if r.dropped {
			job = c.Clock(11, 5, 20)
			for _, v := range variants {
				keys = append(keys, v.sku+"@base")
			}
		}
		c.At(job, func() {
			for _, v := range variants {
				v.reprice(r.by)
			}
			c.publish(variants[0].product, "products/update")
		})
	}
	c.Planted(day.Alert{
		Name: "price job drops a vendor", Integration: "prices", Rule: "price", Class: "late", Keys: keys,
		From: "06:30", Until: "06:45", Resolves: "11:05",
		Why: "the ERP changed 28 prices of vendor Northgate at 02:00, the 06:00 job passed on those of all other vendors",
	})
}

// newPrices reports prices that the shop does not show yet.
func (c *company) newPrices(variants []*variant, by script.Cents) []reported {
	changed := make([]*variant, 0, len(variants))
	for _, v := range variants {
		next := *v
		next.reprice(by)
		changed = append(changed, &next)
	}
	return c.priceRecords(changed)
}

func (v *variant) reprice(by script.Cents) {
	if v.compareAt > 0 {
		v.compareAt += by
	}
	v.price += by
}
