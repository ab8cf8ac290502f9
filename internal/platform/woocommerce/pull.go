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
			Changed: platform.Fetch{Topic: topic, Target: all + "&dates_are_gmt=true&modified_after={since}" + firstPage},
			All:     platform.Fetch{Topic: topic, Target: all + firstPage},
		}
	}
	return []platform.Pull{
		list(ordersTopic, orderFields, commerce.Order, commerce.Refund),
		list(productsTopic, productFields, commerce.Product, commerce.Price, commerce.Inventory),
	}
}
