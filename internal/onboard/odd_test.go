package onboard_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/onboard"
	"github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/registry"
)

// odd answers as somebody may, and takes the default for what is refused.
type odd struct {
	t       *rapid.T
	refused bool
}

var oddAnswers = []string{
	"yes", "no", "NULL", "off", "3", "0.5", "1e3", "a: b", "#channel", "it's", `"quoted"`, `back\slash`, "{", "- x", "ünï", "a, b", "none",
	"every 7 minutes", "nightly at 23:59", "erp", "shop", "WMS", "America/New_York", "eur", "kits.csv", "buffer.csv", "../kits.csv", "unpaid",
	"channel it's", "lee@acme.example", "#US1042", "US-1042 (B)", "1042'", "ignore", "@", "storefront", "warehouse", "tab\there",
	"shop=shopify, erp=netsuite", "a=shopify, b=shopify, erp=odoo, wms=shiphero", "x=standard, y=standard, z=amazon", "nobody else",
}

func (o *odd) Answer(q onboard.Question) (string, error) {
	if o.refused || rapid.IntRange(0, 2).Draw(o.t, "default of "+q.Name()) == 0 {
		o.refused = false
		return "", nil
	}
	return rapid.SampledFrom(oddAnswers).Draw(o.t, q.Name()), nil
}

func (o *odd) Refuse(q onboard.Question, why string) error {
	if strings.TrimSpace(why) == "" {
		o.t.Fatalf("%s is refused without a word", q.Name())
	}
	o.refused = true
	return nil
}

func (o *odd) Tell(string) {}

// Whatever is answered, what is written is a registry that the check passes.
func TestRegistry_OfAnyAnswersIsRight(t *testing.T) {
	settings := []onboard.Setting{
		setting(t),
		setting(t, samples+"shopify-orders.csv", samples+"businesscentral-sales-orders.csv"),
		setting(t, samples+"shiphero-inventory.csv", samples+"shopify-inventory.csv", "testdata/bestand.csv"),
		setting(t, samples+"businesscentral-items-by-location.csv", samples+"woocommerce-products.csv"),
	}
	rapid.Check(t, func(t *rapid.T) {
		plan, err := onboard.Ask(&odd{t: t}, rapid.SampledFrom(settings).Draw(t, "setting"))
		if err != nil {
			t.Fatal(err)
		}
		text, beside, err := plan.Registry()
		if err != nil {
			t.Fatal(err)
		}
		read := func(name string) ([]byte, error) {
			if content, ok := beside[name]; ok {
				return content, nil
			}
			return os.ReadFile(filepath.Join("testdata/beside", name))
		}
		if reg, problems := registry.Parse("plumbline.yaml", text, read, all.Platforms(), time.Time{}); reg == nil {
			t.Fatalf("%v\n%s", problems, text)
		}
	})
}
