package alert_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/alert"
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

func rots() map[string]sample {
	skus := mapping(finding.UnmappedSKU).with(member("erp/sku/wms", "02:10"), why("", "80 SKUs of wms are not known to erp, such as MUG-1, MUG-2, MUG-3, MUG-4, MUG-5"))
	both := skus.with(member("erp/sku/shopify-us", "02:10"), why("", "SKU MUG-9 of shopify-us is not known to erp"))
	unit := stock(finding.UnitChanged)
	unit.Kind, unit.FirstCheck = commerce.Product, ""
	unit = unit.with(member("MUG-BLU", "11:00", differs("pack", "1", "12")), func(m *alert.Member) {
		m.Source, m.Why = "erp", "erp changed the pack from 1 to 12"
	})
	units := unit.with(member("MUG-RED", "11:00", differs("pack", "1", "12")), func(m *alert.Member) {
		m.Source, m.Why = "erp", "erp changed the pack from 1 to 12"
	})
	return map[string]sample{
		"mapping_skus": {"03:00", skus}, "mapping_skus_many": {"03:00", both}, "mapping_skus_closed": {"05:00", resolve(skus, "04:10")},
		"unit_changed": {"12:30", unit}, "unit_changed_many": {"12:30", units},
	}
}

func TestAlertsOfMappingRotReadAsPeopleWantThem(t *testing.T) {
	for name, s := range rots() {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", "golden", name+".txt")
			got := render(t, s)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("message changed (-golden +now):\n%s", diff)
			}
		})
	}
}
