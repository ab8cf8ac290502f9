package bigcommerce

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// Pulls lists orders, products and stock. What lists stock knows no times, so that
// all of it is read. Orders are sorted by their ids, as products are, so that what
// changes meanwhile moves no page to the front.
func (e *endpoint) Pulls() []platform.Pull {
	const orders, products, productPage = "v2/orders?", "v3/catalog/products?include=variants&sort=id", "&limit=10&page=1"
	return []platform.Pull{
		{
			Name: ordersTopic, Kinds: []commerce.Kind{commerce.Order, commerce.Refund},
			Changed: platform.Fetch{Topic: ordersTopic, Target: orders + "min_date_modified={since}&sort=id:asc" + firstPage},
			All:     platform.Fetch{Topic: ordersTopic, Target: orders + "sort=id:asc" + firstPage},
			Parts:   []string{"order"}, Numbered: true, Told: []commerce.Kind{commerce.Order},
		},
		{
			Name: productsTopic, Kinds: []commerce.Kind{commerce.Product, commerce.Price},
			Changed: platform.Fetch{Topic: productsTopic, Target: products + "&date_modified:min={since}" + productPage},
			All:     platform.Fetch{Topic: productsTopic, Target: products + productPage},
			Parts:   []string{"variant", "price"}, Complete: true, Numbered: true, Told: []commerce.Kind{commerce.Product, commerce.Price},
		},
		{
			Name: inventoryTopic, Kinds: []commerce.Kind{commerce.Inventory},
			All:   platform.Fetch{Topic: inventoryTopic, Target: "v3/inventory/items?limit=250&page=1"},
			Parts: []string{levelPart, catalogPart}, Complete: true, Numbered: true,
		},
	}
}
