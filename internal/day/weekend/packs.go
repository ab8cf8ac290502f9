package weekend

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day"
)

func packed(sku, vendor string, pack int) object {
	return record("product", object{"sku": sku}, object{"vendor": vendor, "pack": pack, "status": "active"})
}

// packs: an import writes the packs of all items of one vendor wrongly into the
// portal, while another vendor changes its own.
func (c *company) packs() {
	const spoilt, changed, carton, imports, before, after = "NORDEN", "ALTO", 12, 10, 6, 8
	var wrong, right []string
	for i := range 5 {
		wrong, right = append(wrong, fmt.Sprintf("NOR-%d", i)), append(right, fmt.Sprintf("ALT-%d", i))
		for _, system := range []string{erpName, portalName} {
			c.tell(on(friday, 11, i), system, packed(wrong[i], spoilt, carton), packed(right[i], changed, before))
		}
	}
	imported := on(saturday, 16, 30)
	for i, sku := range wrong {
		c.tell(imported.Add(time.Duration(i)*2*time.Minute), portalName, packed(sku, spoilt, imports))
	}
	for i, sku := range right {
		c.tell(imported.Add(time.Duration(i)*2*time.Minute), erpName, packed(sku, changed, after))
		c.tell(imported.Add(time.Duration(40+i)*time.Minute), portalName, packed(sku, changed, after))
	}
	c.planted(day.Alert{
		Name: "packs of a vendor", Integration: "items-to-portal", Rule: "pack", Class: "unit_changed", Keys: wrong,
		Why: "an import wrote all items of one vendor into the portal in packs of ten, where the ERP has twelve: one alert, which names the vendor",
	}, imported.Add(time.Hour), time.Time{})
	c.Healthy(day.Silent{
		Name: "a vendor with other packs", Kind: "product", Keys: right, Why: "the ERP changes five items of a vendor at the same time, and the portal follows within the hour",
	})
}
