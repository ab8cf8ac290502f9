package export_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/export"
	"github.com/plumbline/plumbline/internal/platform"
	platforms "github.com/plumbline/plumbline/internal/platform/all"
	"github.com/plumbline/plumbline/internal/record"
)

// webhook is what a platform's normaliser makes of a body, of one kind.
func webhook(t *testing.T, name string, c platform.Config, topic map[string]string, body string, kind commerce.Kind) commerce.Observation {
	t.Helper()
	for _, p := range platforms.Platforms() {
		if p.Name != name {
			continue
		}
		endpoint, err := p.New(c)
		if err != nil {
			t.Fatal(err)
		}
		reading, err := endpoint.Normalise(commerce.Delivery{System: "acme", Topic: topic["topic"], Header: topic, Received: asOf, Body: []byte(body)})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range reading.Observations {
			if o.Kind == kind {
				return o
			}
		}
	}
	t.Fatalf("%s: no %s", name, kind)
	return commerce.Observation{}
}

func TestAnExportAndAWebhookMeetInOneSide(t *testing.T) {
	o := acme(true)
	o.Config.Settings = map[string]string{"shop": "acme.myshopify.com"}
	o.Config.Locations["655441491"] = "east"
	for _, c := range []struct {
		name      string
		updated   string
		available string
	}{
		{"the file is newer", "2026-11-20T05:00:00Z", "14"},
		{"the webhook is newer", "2026-11-20T06:30:00Z", "11"},
	} {
		t.Run(c.name, func(t *testing.T) {
			told := webhook(t, "shopify", o.Config, map[string]string{"topic": "inventory_levels/update"},
				`{"inventory_item_id":4914,"location_id":655441491,"available":11,"updated_at":"`+c.updated+`"}`, commerce.Inventory)
			told.Key = commerce.Key{"MUG-BLU", "east"}
			exported := observed(t, "shopify-inventory", o, stock, "MUG-BLU,East,14,17")
			row := record.Row{Kind: commerce.Inventory, Key: told.Key}
			for _, each := range []commerce.Observation{told, exported} {
				row, _ = record.Merge(row, each, record.Source{Delivery: "d", Received: asOf.Add(time.Hour)})
			}
			side := row.SideOf("acme")
			got := map[string]string{}
			for name, v := range side.Facets {
				got[name] = v.String()
			}
			want := map[string]string{"available": c.available, "on_hand": "17", "tracked": "true"}
			if diff := cmp.Diff(want, got); diff != "" || side.Duplicate || len(side.Mixed) > 0 {
				t.Errorf("duplicate %t, mixed %v\n%s", side.Duplicate, side.Mixed, diff)
			}
		})
	}
}

// observed is what the one row of a file says.
func observed(t *testing.T, name string, o export.Options, lines ...string) commerce.Observation {
	t.Helper()
	rows := reading(t, strings.NewReader(strings.Join(lines, "\n")))
	r, err := export.NewReader(rows, preset(t, name, rows.Header()), o)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	ob, err := rec.Observation("acme", asOf)
	if err != nil {
		t.Fatal(err)
	}
	return ob
}

func TestAnExportCallsFacetsAsTheWebhookDoes(t *testing.T) {
	o := acme(true)
	o.Config.Settings = map[string]string{"shop": "acme.myshopify.com"}
	for _, c := range []struct {
		preset, platform, topic string
		kind                    commerce.Kind
		lines                   []string
		body                    string
	}{
		{
			"shopify-inventory", "shopify", "inventory_levels/update", commerce.Inventory,
			[]string{"SKU,Location,Available (not editable)", "MUG-BLU,East,not stocked"},
			`{"inventory_item_id":4914,"location_id":655441491,"available":null,"updated_at":"2026-11-20T05:00:00Z"}`,
		},
		{
			"shopify-products", "shopify", "products/update", commerce.Price,
			[]string{"Handle,Variant SKU,Variant Price,Variant Compare At Price", "mug,MUG-RED,14.40,18.00"},
			`{"id":1,"updated_at":"2026-11-20T05:00:00Z","status":"active","variants":[{"id":2,"sku":"MUG-RED","price":"14.40","compare_at_price":"18.00"}]}`,
		},
		{
			"shopify-products", "shopify", "products/update", commerce.Price,
			[]string{"Handle,Variant SKU,Variant Price,Variant Compare At Price", "mug,MUG-RED,18.00,0.00"},
			`{"id":1,"updated_at":"2026-11-20T05:00:00Z","status":"active","variants":[{"id":2,"sku":"MUG-RED","price":"18.00","compare_at_price":"0.00"}]}`,
		},
		{
			"shopify-orders", "shopify", "orders/updated", commerce.Order,
			[]string{
				"Name,Financial Status,Fulfillment Status,Currency,Total,Taxes,Cancelled at,Created at,Lineitem quantity,Lineitem sku,Id,Source",
				"#US1042,paid,,USD,66.60,4.60,,2026-11-14 09:14:05 -0500,2,MUG-BLU,11,web",
			},
			`{"id":11,"name":"#US1042","created_at":"2026-11-14T09:14:05-05:00","updated_at":"2026-11-14T09:14:05-05:00","cancelled_at":null,
			"financial_status":"paid","fulfillment_status":null,"source_name":"web","currency":"USD","total_price":"66.60","total_tax":"4.60",
			"line_items":[{"sku":"MUG-BLU","quantity":2,"price":"31.00"}]}`,
		},
	} {
		o.Config.Locations = platform.Locations{"East": "east", "655441491": "east"}
		file := observed(t, c.preset, o, c.lines...)
		told := webhook(t, c.platform, o.Config, map[string]string{"topic": c.topic}, c.body, c.kind)
		if told.Key.Complete() && told.Key.ID(c.kind) != file.Key.ID(c.kind) {
			t.Errorf("%s: key %v, the webhook's is %v", c.preset, file.Key, told.Key)
		}
		if part, _ := strings.CutPrefix(file.Part, commerce.ExportPart+"/"); part != told.Part {
			t.Errorf("%s: part %s, the webhook's is %s", c.preset, file.Part, told.Part)
		}
		for name, v := range file.Facets {
			if want, ok := told.Facets[name]; !ok || want != v {
				t.Errorf("%s: %s is %s, the webhook says %s", c.preset, name, v, want)
			}
		}
	}
}
