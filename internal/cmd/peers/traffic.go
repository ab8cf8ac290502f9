package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Healthy traffic of stock: each change in the ERP is followed by the storefront's,
// one delivery in ten comes twice, one pair in ten is swapped.
const (
	stockChanges = 500
	stockSKUs    = 200
	stockEvery   = 10 * time.Second
	stockLag     = time.Minute
)

var nine = time.Date(2026, 3, 3, 14, 0, 0, 0, time.UTC)

func skuOf(n int) string { return fmt.Sprintf("TRAIL-MUG-%04d", n) }

func itemOf(n int) int { return 49148380000 + n }

// delivered is what a system sends.
func delivered(system, topic string, at time.Time, body any) commerce.Delivery {
	text, _ := json.Marshal(body) // maps have a JSON form
	return commerce.Delivery{System: system, Topic: topic, Received: at, Body: text}
}

func erpStock(at time.Time, n, free int) commerce.Delivery {
	return delivered("erp", "records.reported", at, map[string]any{"type": "records.reported", "records": []any{map[string]any{
		"kind": "inventory", "id": skuOf(n) + "/EAST", "key": map[string]string{"sku": skuOf(n), "location": "EAST"},
		"updated_at": at.Format(time.RFC3339Nano), "facets": map[string]any{"free": fmt.Sprint(free), "on_hand": fmt.Sprint(free + 4), "tracked": true, "price": "14.5"},
	}}})
}

func shopStock(at time.Time, n, available int) commerce.Delivery {
	return delivered(shopSystem, "inventory_levels/update", at, map[string]any{
		"inventory_item_id": itemOf(n), "location_id": 655441491, "available": available, "updated_at": at.Format(time.RFC3339),
	})
}

// catalogue tells the SKUs of a hundred inventory items, which is what their links
// are made of.
func catalogue(at time.Time, first int) commerce.Delivery {
	var variants []any
	for n := first; n < first+100; n++ {
		variants = append(variants, map[string]any{
			"id": 48123450000 + n, "sku": skuOf(n), "price": "14.50", "inventory_item_id": itemOf(n), "updated_at": at.Format(time.RFC3339),
		})
	}
	return delivered(shopSystem, "products/update", at, map[string]any{
		"id": 91234567000 + first, "status": "active", "updated_at": at.Format(time.RFC3339), "variants": variants,
	})
}

// opening makes every SKU known to both systems and agreed on.
func opening(available func(n, free int) int) []commerce.Delivery {
	var all []commerce.Delivery
	for first := 0; first < stockSKUs; first += 100 {
		all = append(all, catalogue(nine, first))
	}
	for n := range stockSKUs {
		all = append(all, erpStock(nine, n, 100), shopStock(nine, n, available(n, 100)))
	}
	return numbered("opening", all)
}

// healthy is the traffic that is measured.
func healthy(available func(n, free int) int) []commerce.Delivery {
	rng := rand.New(rand.NewPCG(20260303, 1))
	var all []commerce.Delivery
	for i := range stockChanges {
		at, n, free := nine.Add(time.Duration(i+1)*stockEvery), rng.IntN(stockSKUs), 10+rng.IntN(500)
		all = append(all, erpStock(at, n, free), shopStock(at.Add(stockLag), n, available(n, free)))
	}
	slices.SortStableFunc(all, func(a, b commerce.Delivery) int { return a.Received.Compare(b.Received) })
	return disturbed(rng, numbered("traffic", all))
}

// numbered gives deliveries ids of the usual length.
func numbered(prefix string, all []commerce.Delivery) []commerce.Delivery {
	for i := range all {
		all[i].ID = fmt.Sprintf("%s-%04d-4b37-8a5f-bf7d70bcd043", prefix, i)
	}
	return all
}

func disturbed(rng *rand.Rand, all []commerce.Delivery) []commerce.Delivery {
	var out []commerce.Delivery
	for i, d := range all {
		out = append(out, d)
		if i%10 == 3 { // the sender did not see the answer and tries again
			out = slices.Insert(out, max(len(out)-rng.IntN(3), 0), d)
		}
	}
	for i := 0; i+1 < len(out); i += 20 {
		out[i], out[i+1] = out[i+1], out[i]
	}
	return out
}
