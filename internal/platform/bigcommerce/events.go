package bigcommerce

import (
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// event is the body of every webhook.
type event struct {
	Scope    body.Field `json:"scope"`
	Producer body.Field `json:"producer"`
	Hash     body.Field `json:"hash"`
	Data     subject    `json:"data"`
}

// subject is what an event is about. Scopes name it in different places.
type subject struct {
	ID        body.Field `json:"id"`
	Order     body.Field `json:"orderId"`
	Product   body.Field `json:"product_id"`
	Variant   body.Field `json:"variant_id"`
	Location  body.Field `json:"location_id"`
	SKU       body.Field `json:"sku"`
	Inventory body.Field `json:"inventory"`
}

// variantOf is a product and a variant inside a subject.
type variantOf struct {
	Product body.Field `json:"product_id"`
	Variant body.Field `json:"variant_id"`
}

// stockChanged is the scope of stock at a location: with the star itself, or with
// the channel.
var stockChanged = lazyregexp.New(`^store/channel/(?:\*|\d+)/inventory/product/stock_changed$`)

// event asks for what an event names.
func (n *normaliser) event() error {
	var e event
	if err := body.Decode(n.delivery.Body, &e); err != nil {
		return err
	}
	if !n.produced(e.Producer) {
		n.Fail("producer", "stores/ and the hash of this store")
	}
	scope := n.Text("scope", e.Scope)
	n.Inside("data")
	defer n.Leave()
	switch scope {
	case "store/order/created", "store/order/updated", "store/order/archived", "store/order/statusUpdated", "store/order/refund/created":
		n.askOrder(n.ID("id", e.Data.ID))
	case "store/shipment/created", "store/shipment/updated", "store/shipment/deleted":
		order, shipment := n.ID("orderId", e.Data.Order), n.ID("id", e.Data.ID)
		n.ask(shipmentTopic, "v2/orders/"+order+"/shipments/"+shipment)
		n.askOrder(order)
	case "store/product/created", "store/product/updated", "store/product/deleted":
		n.askProduct(n.ID("id", e.Data.ID))
	case "store/product/price/updated":
		n.askProduct(n.ID("product_id", e.Data.Product))
	case "store/product/inventory/updated", "store/product/inventory/order/updated":
		of := n.variantOf("inventory", e.Data.Inventory)
		n.ask(inventoryTopic, "v3/inventory/items?product_id:in="+n.ID("inventory.product_id", of.Product)+firstPage)
	case "store/sku/inventory/updated", "store/sku/inventory/order/updated":
		of := n.variantOf("inventory", e.Data.Inventory)
		n.ask(inventoryTopic, "v3/inventory/items?variant_id:in="+n.ID("inventory.variant_id", of.Variant)+firstPage)
	case "store/sku/created", "store/sku/updated":
		n.askProduct(n.ID("sku.product_id", n.variantOf("sku", e.Data.SKU).Product))
	case "store/sku/deleted":
		of := n.variantOf("sku", e.Data.SKU)
		product, variant := n.ID("sku.product_id", of.Product), n.ID("sku.variant_id", of.Variant)
		n.ask(variantTopic, "v3/catalog/products/"+product+"/variants/"+variant)
		n.askProduct(product)
	case "store/customer/created", "store/customer/updated", "store/customer/deleted":
		n.ask(customerTopic, "v3/customers?id:in="+n.ID("id", e.Data.ID))
	default:
		if stockChanged.MatchString(scope) {
			return n.stockEvent(e.Data)
		}
		return n.ignore("unknown scope")
	}
	return nil
}

// variantOf reads a product and a variant inside a subject.
func (n *normaliser) variantOf(name string, f body.Field) variantOf {
	var of variantOf
	if !f.Given() || body.Decode(f, &of) != nil {
		n.Fail(name, "an object that names a product")
	}
	return of
}

// stockEvent asks for the stock of a variant where it changed, unless that is no
// place that is compared.
func (n *normaliser) stockEvent(s subject) error {
	variant, native := n.ID("variant_id", s.Variant), n.ID("location_id", s.Location)
	if err := n.Problem(); err != nil {
		return err
	}
	if _, compared := n.locate(native); compared {
		n.ask(levelTopic, "v3/inventory/locations/"+native+"/items?variant_id:in="+variant+firstPage)
	}
	return n.ignore("location is ignored by the registry")
}

func (n *normaliser) askOrder(native string) { n.ask(orderTopic, "v2/orders/"+native) }

func (n *normaliser) askProduct(native string) {
	n.ask(productTopic, "v3/catalog/products/"+native+"?include=variants")
}
