package registry_test

import (
	"os"
	"strings"
	"testing"

	"github.com/plumbline/plumbline/internal/registry"
)

func TestLoad_WarnsWhereNothingSaysWhichOrdersAreInFlight(t *testing.T) {
	content, err := os.ReadFile("testdata/good/design.yaml")
	if err != nil {
		t.Fatal(err)
	}
	stockAlone, _, _ := strings.Cut(string(content), "  orders-to-erp:")
	read := func(string) ([]byte, error) { return []byte("sku,location,value\n"), nil }
	r, problems := registry.Parse("plumbline.yaml", []byte(stockAlone), read, platforms, asOf)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := lines(r.Warnings); !strings.Contains(got, "rule stock: in_flight is always 0") {
		t.Errorf("warnings %q", got)
	}
}
