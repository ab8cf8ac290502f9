package e2e_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/load"
	"github.com/plumbline/plumbline/internal/store/dynamo"
)

// stockExport is the shop's export of stock at east, by SKU.
func stockExport(available map[string]int) string {
	var b strings.Builder
	b.WriteString("Handle,SKU,Location,Committed (not editable),Available (not editable),On hand (current)\n")
	for sku, n := range available {
		fmt.Fprintf(&b, "mug,%s,655441491,0,%d,%d\n", sku, n, n)
	}
	return b.String()
}

// export puts a file where the shop's exports of stock lie, as of now, and lets
// the functions do all that follows.
func (w *world) export(t *testing.T, name, content string, meta map[string]string) load.Certificate {
	t.Helper()
	at := load.Place{System: "shopify-us", Kind: commerce.Inventory, Name: name}
	noted := map[string]string{load.AsOfMeta: w.Clock().Now().Format(time.RFC3339), load.CompleteMeta: "true"}
	for name, value := range meta {
		noted[name] = value
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := w.wire.Exports().Write(ctx, at.Key(), strings.NewReader(content), noted); err != nil {
		t.Fatal(err)
	}
	if err := w.LookForExports(ctx); err != nil {
		t.Fatal(err)
	}
	w.quiesce(t)
	for range 30 {
		l, err := load.ReadLedger(ctx, w.wire.Findings(), at.System, at.Kind)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Loads) > 0 && l.Loads[0].Object == at.Key() && (l.Loads[0].State == load.Done || l.Loads[0].State == load.Refused) {
			return l.Loads[0]
		}
		w.advance(t, time.Minute)
	}
	t.Fatal("the load comes to no end")
	return load.Certificate{}
}

func TestLoad_AnExportGoesInAndConcludes(t *testing.T) {
	t.Parallel()
	w := stepped(t, "load-")
	for i, sku := range []string{"MUG-A", "MUG-B", "MUG-C"} {
		w.told(t, sku, 49148390001+i, 10+i)
	}
	w.advance(t, 20*time.Minute)
	c := w.export(t, "stock.csv", stockExport(map[string]int{"MUG-A": 10, "MUG-B": 3}), nil)
	if !c.Concludes || c.Rows != 2 || c.Keys != 2 || c.Gone != 1 || c.Lost != 2 || len(c.Checksum) != 64 {
		t.Errorf("certificate %+v", c)
	}
	for sku, want := range map[string]string{"MUG-A": "10", "MUG-B": "3", "MUG-C": "-"} {
		if got := available(t, w.wire.Records(), sku); got != want {
			t.Errorf("%s: %s, want %s", sku, got, want)
		}
	}
	w.advance(t, time.Hour)
	c = w.export(t, "cut.csv", stockExport(map[string]int{"MUG-A": 10}), map[string]string{load.RowsMeta: "2"})
	if c.Concludes || !c.Truncated || c.Gone > 0 || available(t, w.wire.Records(), "MUG-B") != "3" {
		t.Errorf("a truncated file: %+v", c)
	}
	body, err := w.wire.Exports().Get(t.Context(), "exports/shopify-us/inventory/cut.csv.report.json")
	if err != nil || !strings.Contains(string(body), `"truncated": true`) {
		t.Errorf("report %s, %v", body, err)
	}
}

// told has the shop's webhooks tell a product's SKU, and stock of it at east.
func (w *world) told(t *testing.T, sku string, item, available int) {
	t.Helper()
	at := w.Clock().Now().Format(time.RFC3339)
	for topic, body := range map[string]string{
		"products/create": fmt.Sprintf(`{"id":%d,"title":"Mug","status":"active","created_at":%q,"updated_at":%q,"variants":[{"id":%d,"product_id":%d,"sku":%q,"price":"9.00","inventory_item_id":%d,"updated_at":%q}]}`,
			item+1000, at, at, item+2000, item+1000, sku, item, at),
		"inventory_levels/update": fmt.Sprintf(`{"inventory_item_id":%d,"location_id":655441491,"available":%d,"updated_at":%q}`, item, available, at),
	} {
		header := w.sign(t, "shopify-us", topic, fmt.Sprint(topic, item), []byte(body))
		if got := w.call(t, "POST", "shopify-us", header, []byte(body)); got != 200 {
			t.Fatalf("%s is answered %d", topic, got)
		}
	}
	w.quiesce(t)
}

func available(t *testing.T, records *dynamo.Records, sku string) string {
	t.Helper()
	id := commerce.Key{sku, "east"}.ID(commerce.Inventory)
	rows, err := records.Get(t.Context(), []commerce.RecordID{id})
	if err != nil {
		t.Fatal(err)
	}
	side := rows[id].SideOf("shopify-us")
	if !side.Live {
		return "-"
	}
	return side.Facets["available"].String()
}
