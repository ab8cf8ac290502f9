package woocommerce

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// Pulls lists orders and products, in the order of ids, so that what changes
// meanwhile moves no page. A list without a status has every status but trash.
func (e *endpoint) Pulls() []platform.Pull {
	list := func(topic, fields string, kinds ...commerce.Kind) platform.Pull {
		const sorted = "&orderby=id&order=asc"
		all := topic + "?_fields=" + fields + sorted
		return platform.Pull{
			Name: topic, Kinds: kinds,
			Changed:  platform.Fetch{Topic: topic, Target: all + "&dates_are_gmt=true&modified_after={since}" + firstPage},
			All:      platform.Fetch{Topic: topic, Target: all + firstPage},
			Numbered: true,
		}
	}
	orders := list(ordersTopic, orderFields, commerce.Order, commerce.Refund)
	orders.Parts, orders.Told = []string{"order"}, []commerce.Kind{commerce.Order}
	// An order reduces stock without a webhook of the product.
	products := list(productsTopic, productFields, commerce.Product, commerce.Price, commerce.Inventory)
	products.Parts, products.Complete = []string{"product", "price", stockPart}, true
	products.Told = []commerce.Kind{commerce.Product, commerce.Price}
	return []platform.Pull{orders, products}
}
