package square

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// The parts of an inventory record: what was counted, and what the catalogue
// says of every location.
const (
	countPart   = "count"
	catalogPart = "catalog"
)

// inStock is the one state whose pieces can be sold.
const inStock = "IN_STOCK"

// count is how many pieces of a variation are in a state at a location.
type count struct {
	Object     body.Field `json:"catalog_object_id"`
	Type       body.Field `json:"catalog_object_type"`
	State      body.Field `json:"state"`
	Location   body.Field `json:"location_id"`
	Quantity   body.Field `json:"quantity"`
	Calculated body.Field `json:"calculated_at"`
}

// fiveDigits is a quantity as Square writes it: a text with up to five digits
// behind the point.
var fiveDigits = lazyregexp.New(`^-?[0-9]{1,13}(?:\.[0-9]{1,5})?$`)

// counts observes all counts of a body. Each stands for itself.
func (n *normaliser) counts(name string, counts []count) {
	if counts == nil && !n.answered {
		n.Fail(name, "a list")
	}
	n.each(name, len(counts), func(i int) { n.count(&counts[i]) })
	n.skip("no count of stock that can be sold")
}

func (n *normaliser) count(c *count) {
	variation, native := n.id("catalog_object_id", c.Object), n.id("location_id", c.Location)
	state, kind := n.Text("state", c.State), n.OptionalText("catalog_object_type", c.Type)
	quantity, calculated := n.quantity(c.Quantity), n.clock("calculated_at", c.Calculated)
	if state != inStock || kind != "" && kind != variationType || n.Problem() != nil {
		return
	}
	location, compared := n.locate(native)
	if !compared {
		n.skip("location is ignored by the registry")
		return
	}
	o := stock(countPart, variation, native, location)
	o.Facets = commerce.Facets{"available": commerce.Number(quantity)}
	n.observe(o, calculated, 0)
}

// quantity reads a decimal, which Square writes as a text.
func (n *normaliser) quantity(f body.Field) commerce.Decimal {
	text, _ := f.Text()
	d, err := commerce.ParseDecimal(text)
	if err != nil || !fiveDigits.MatchString(text) {
		n.Fail("quantity", "a decimal number in quotes, with at most five digits behind the point")
	}
	return d
}

// stock is an observation of one part of a variation's stock at a location. Which
// SKU it is only the link of the variation knows.
func stock(part, variation, native, location string) commerce.Observation {
	return commerce.Observation{
		Kind: commerce.Inventory, Key: commerce.Key{"", location}, Via: &commerce.Via{Type: variationLink, Native: variation},
		Part: part, Native: variation + "/" + native, Slot: native,
	}
}
