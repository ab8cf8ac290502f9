package shopify

import (
	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// The topics of answers.
const (
	productsTopic = "products"
	variantsTopic = "variants"
	ordersTopic   = "orders"
	orderTopic    = "order"
	levelsTopic   = "levels"
)

// Pulls lists products, orders and, for each location that is compared, stock. A
// list of orders has their ids: an order with all that is read of it costs as much
// as a page.
func (e *endpoint) Pulls() []platform.Pull {
	list := func(name, topic string, kinds ...commerce.Kind) platform.Pull {
		return platform.Pull{
			Name: name, Kinds: kinds,
			Changed: platform.Fetch{Topic: topic, Target: name + "?since={since}"},
			All:     platform.Fetch{Topic: topic, Target: name},
		}
	}
	// Without further rights a token sees the orders of the last 60 days.
	orders := list(ordersTopic, ordersTopic, commerce.Order)
	orders.Parts = []string{"order"}
	products := list(productsTopic, productsTopic, commerce.Product, commerce.Price)
	products.Parts, products.Complete = []string{"variant", "product", itemPart, "price", vendorPart}, true
	pulls := []platform.Pull{orders, products}
	for _, native := range e.compared {
		levels := list(levelsTopic+"/"+native, levelsTopic, commerce.Inventory)
		levels.Parts, levels.Slot, levels.Complete = []string{levelPart, itemPart}, native, true
		pulls = append(pulls, levels)
	}
	for i := range pulls {
		pulls[i].Told = pulls[i].Kinds
	}
	return pulls
}

// queries are what is asked of the API by topic. A page is sorted by the time that
// it is filtered by; a record that changes meanwhile comes again at its end.
var queries = map[string]string{
	productsTopic: `query($changed:String,$after:String){products(first:10,after:$after,query:$changed,sortKey:UPDATED_AT){` + pageFields + `nodes{` + productFields + `variants(first:40){` + pageFields + `nodes{` + variantFields + `}}}}}`,
	variantsTopic: `query($id:ID!,$after:String){product(id:$id){` + productFields + `variants(first:100,after:$after){` + pageFields + `nodes{` + variantFields + `}}}}`,
	levelsTopic: `query($id:ID!,$changed:String,$after:String){location(id:$id){id inventoryLevels(first:100,after:$after,query:$changed){` + pageFields +
		`nodes{updatedAt item{id tracked}quantities(names:["available"]){name quantity}}}}}`,
	ordersTopic: `query($changed:String,$after:String){orders(first:100,after:$after,query:$changed,sortKey:UPDATED_AT){` + pageFields + `nodes{id}}}`,
	orderTopic: `query($id:ID!){order(id:$id){id name createdAt updatedAt cancelledAt displayFinancialStatus displayFulfillmentStatus test sourceName ` +
		`currencyCode presentmentCurrencyCode retailLocation{id}` +
		`totalPriceSet{` + bothMoney + `}currentTotalPriceSet{` + bothMoney + `}totalTaxSet{` + bothMoney + `}currentTotalTaxSet{` + shopMoney + `}` +
		`totalDiscountsSet{` + shopMoney + `}totalTipReceivedSet{` + shopMoney + `}totalShippingPriceSet{` + shopMoney + `}originalTotalDutiesSet{` + shopMoney + `}` +
		`totalCashRoundingAdjustment{paymentSet{` + shopMoney + `}refundSet{` + shopMoney + `}}` +
		`taxLines{channelLiable priceSet{` + shopMoney + `}}` +
		`lineItems(first:100){` + pageFields + `nodes{sku quantity currentQuantity unfulfilledQuantity requiresShipping isGiftCard originalUnitPriceSet{` + shopMoney + `}}}` +
		`fulfillments(first:10){status location{id}fulfillmentLineItems(first:15){` + pageFields + `nodes{quantity lineItem{requiresShipping}}}}}}`,
}

const (
	pageFields    = `pageInfo{hasNextPage endCursor}`
	productFields = `id status updatedAt `
	variantFields = `id sku barcode price compareAtPrice createdAt updatedAt inventoryItem{id}`
	shopMoney     = `shopMoney{amount}`
	bothMoney     = `shopMoney{amount}presentmentMoney{amount}`
)
