package bench

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// The traffic of this package is written by a seeded generator: the same
// deliveries in every run.
const seed = 20260303

// skus is how many SKUs the shop has, each at one location.
const skus = 200

func itemOf(n int) string { return fmt.Sprintf("4914838%04d", n) }

func skuOf(item string) string { return "TRAIL-MUG-" + strings.TrimPrefix(item, "4914838") }

// lag is how long the storefront takes to follow the ERP.
const lag = time.Minute

func erpStock(at time.Time, n, free int) delivery {
	return delivery{system: "erp", topic: "records.reported", at: at, body: fmt.Sprintf(
		`{"type":"records.reported","records":[{"kind":"inventory","id":"%[1]s/EAST","key":{"sku":"%[1]s","location":"EAST"},`+
			`"updated_at":%[2]q,"facets":{"free":"%[3]d","on_hand":"%[4]d","tracked":true,"price":"14.5"}}]}`,
		skuOf(itemOf(n)), at.Format(time.RFC3339Nano), free, free+4)}
}

func shopStock(at time.Time, n, available int) delivery {
	return delivery{system: "shopify-us", topic: "inventory_levels/update", at: at, body: fmt.Sprintf(
		`{"inventory_item_id":%s,"location_id":655441491,"available":%d,"updated_at":%q}`,
		itemOf(n), available, at.Format(time.RFC3339))}
}

// catalogue is a products/update of 100 variants, of which the changed one has
// the price and the time given. The others are as they were.
func catalogue(at time.Time, product, changed, cents int) delivery {
	var variants []string
	for i := range 100 {
		n, price, updated := product*100+i, 1450, nine
		if i == changed {
			price, updated = cents, at
		}
		variants = append(variants, fmt.Sprintf(
			`{"id":4812345678%04d,"sku":%q,"price":"%d.%02d","compare_at_price":null,"inventory_item_id":%s,"updated_at":%q}`,
			n, skuOf(itemOf(n)), price/100, price%100, itemOf(n), updated.Format(time.RFC3339)))
	}
	return delivery{system: "shopify-us", topic: "products/update", at: at, body: fmt.Sprintf(
		`{"id":912345678901%d,"status":"active","updated_at":%q,"variants":[%s]}`, product, at.Format(time.RFC3339), strings.Join(variants, ","))}
}

func erpPrice(at time.Time, n, cents int) delivery {
	return delivery{system: "erp", topic: "records.reported", at: at, body: fmt.Sprintf(
		`{"type":"records.reported","records":[{"kind":"price","id":%[1]q,"key":{"sku":%[1]q},"updated_at":%[2]q,`+
			`"facets":{"regular":"%[3]d.%02[4]d","sale":null}}]}`, skuOf(itemOf(n)), at.Format(time.RFC3339Nano), cents/100, cents%100)}
}

// opening makes every SKU known to both systems and agreed on.
func (w *world) opening() []delivery {
	var all []delivery
	for product := range skus / 100 {
		all = append(all, catalogue(nine, product, -1, 0))
	}
	for n := range skus {
		free := 100
		all = append(all, erpStock(nine, n, free), shopStock(nine, n, w.available(n, free)), erpPrice(nine, n, 1450))
	}
	return numbered("opening", all)
}

// available is what the storefront should show for the ERP's free stock.
func (w *world) available(n, free int) int {
	buffer, _ := w.registry.Tables["buffer"].Lookup(commerce.Inventory, commerce.Key{skuOf(itemOf(n)), "east"})
	for commerce.Int(int64(free)).Cmp(buffer) > 0 && buffer.Sign() > 0 {
		free, buffer = free-1, must(buffer.Sub(commerce.Int(1)))
	}
	return free
}

func must(d commerce.Decimal, err error) commerce.Decimal {
	if err != nil {
		return commerce.Decimal{}
	}
	return d
}

// stock is healthy traffic from the start on: each change in the ERP is
// followed by the storefront's. The changes are spread over so many SKUs.
func (w *world) stock(start time.Time, changes, among int) []delivery {
	rng := rand.New(rand.NewPCG(seed, 1))
	var all []delivery
	for i := range changes {
		at, n, free := start.Add(time.Duration(i+1)*10*time.Second), rng.IntN(among), 10+rng.IntN(500)
		all = append(all, erpStock(at, n, free), shopStock(at.Add(lag), n, w.available(n, free)))
	}
	return disturbed(rng, numbered(start.Format("15"), inOrder(all)))
}

// prices is healthy traffic of whole catalogues, in which one variant changes
// at a time.
func (w *world) prices(changes int) []delivery {
	rng := rand.New(rand.NewPCG(seed, 2))
	var all []delivery
	for i := range changes {
		at, product, changed, cents := nine.Add(time.Duration(i+1)*time.Minute), rng.IntN(skus/100), rng.IntN(100), 900+rng.IntN(900)
		all = append(all, erpPrice(at, product*100+changed, cents), catalogue(at.Add(lag), product, changed, cents))
	}
	return disturbed(rng, numbered("prices", inOrder(all)))
}

// orders is the life of web orders: paid in the storefront, imported into the
// ERP, picked in the warehouse, invoiced.
func (w *world) orders(b testing.TB, count int) []delivery {
	text, err := os.ReadFile("../../events/shopify/orders-updated-14kb.body.json")
	if err != nil {
		b.Fatal(err)
	}
	var all []delivery
	for i := range count {
		placed := nine.Add(time.Duration(i+1) * 20 * time.Second)
		all = append(all, orderLife(b, text, i, placed)...)
	}
	return disturbed(rand.New(rand.NewPCG(seed, 3)), numbered("orders", inOrder(all)))
}

func orderLife(b testing.TB, sample []byte, i int, placed time.Time) []delivery {
	id, number := fmt.Sprintf("58210345%05d", i), fmt.Sprintf("US%d", 2000+i)
	shop := func(at time.Time, topic string, set map[string]any) delivery {
		var body map[string]json.RawMessage
		if err := json.Unmarshal(sample, &body); err != nil {
			b.Fatal(err)
		}
		set["id"], set["admin_graphql_api_id"], set["name"] = json.RawMessage(id), "gid://shopify/Order/"+id, "#"+number
		set["created_at"], set["updated_at"] = placed.Format(time.RFC3339), at.Format(time.RFC3339)
		for name, value := range set {
			body[name], _ = json.Marshal(value)
		}
		text, err := json.Marshal(body)
		if err != nil {
			b.Fatal(err)
		}
		return delivery{system: "shopify-us", topic: topic, at: at, body: string(text)}
	}
	erp := func(at time.Time, records ...string) delivery {
		return delivery{
			system: "erp", topic: "records.reported", at: at,
			body: `{"type":"records.reported","records":[` + strings.Join(records, ",") + `]}`,
		}
	}
	record := func(at time.Time, store, part, id, rest string) string {
		return fmt.Sprintf(`{"kind":"order","part":%q,"id":%q,"key":{"store":%q,"number":%q},"updated_at":%q,%s}`,
			part, id, store, number, at.Format(time.RFC3339Nano), rest)
	}
	const amounts = `"facets":{"total_current":"186.40","currency":"USD","units_current":"10"},` +
		`"lines":[{"sku":"MUG-BLU","units":"3","location":"EAST"},{"sku":"TENT-2P","units":"1","location":"EAST"},` +
		`{"sku":"KIT-07","units":"1","location":"EAST"},{"sku":"LAMP-S","units":"3","location":"EAST"},` +
		`{"sku":"ROPE-10","units":"1","location":"EAST"},{"sku":"STOVE-1","units":"1","location":"EAST"}]`
	imported, picked, posted := placed.Add(2*time.Minute), placed.Add(10*time.Minute), placed.Add(15*time.Minute)
	wms := func(at time.Time, facets string) delivery {
		d := erp(at, record(at, "ACME-US", "order", "W-"+id, `"facets":{`+facets+`}`))
		d.system = "wms"
		return d
	}
	return []delivery{
		shop(placed, "orders/create", map[string]any{"financial_status": "pending"}),
		shop(placed.Add(3*time.Second), "orders/paid", map[string]any{"financial_status": "paid"}),
		erp(imported, record(imported, "SHOPIFYUS", "order", "SO-"+id, amounts)),
		wms(imported.Add(time.Minute), `"units_open":"10","units_shipped":"0"`),
		wms(picked, `"units_open":"0","units_shipped":"10"`),
		shop(picked.Add(time.Minute), "orders/fulfilled", shipped(b, sample)),
		erp(posted,
			record(posted, "SHOPIFYUS", "order", "SO-"+id, `"gone":true,"succeeded_by":"PSI-`+id+`"`),
			record(posted, "SHOPIFYUS", "invoice", "PSI-"+id, amounts)),
	}
}

// shipped is what a fulfilment of the whole order changes in its body.
func shipped(b testing.TB, sample []byte) map[string]any {
	var order struct {
		Lines []map[string]any `json:"line_items"`
	}
	if err := json.Unmarshal(sample, &order); err != nil {
		b.Fatal(err)
	}
	for _, l := range order.Lines {
		l["fulfillable_quantity"], l["fulfillment_status"] = 0, "fulfilled"
	}
	return map[string]any{
		"fulfillment_status": "fulfilled", "financial_status": "paid", "line_items": order.Lines,
		"fulfillments": []map[string]any{{"id": 4955001, "status": "success", "location_id": 655441491, "line_items": order.Lines}},
	}
}

func inOrder(all []delivery) []delivery {
	slices.SortStableFunc(all, func(a, b delivery) int { return a.at.Compare(b.at) })
	return all
}

// numbered gives deliveries the ids that most platforms give, UUIDs.
func numbered(prefix string, all []delivery) []delivery {
	for i := range all {
		sum := md5.Sum([]byte(fmt.Sprint(prefix, i)))
		digits := hex.EncodeToString(sum[:])
		all[i].id = strings.Join([]string{digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]}, "-")
	}
	return all
}

// disturbed delivers one in ten twice, and swaps one pair of neighbours in ten.
func disturbed(rng *rand.Rand, all []delivery) []delivery {
	var out []delivery
	for i, d := range all {
		out = append(out, d)
		if i%10 == 3 {
			// The sender did not see the answer and tries again.
			out = slices.Insert(out, max(len(out)-rng.IntN(3), 0), d)
		}
	}
	for i := 0; i+1 < len(out); i += 20 {
		out[i], out[i+1] = out[i+1], out[i]
	}
	return out
}
