package badinput

// markers are the personal data in every body. None may be in a row, a log, an
// error, a reason or an alert.
var markers = []string{
	"quill.marker@mail.example", "Quillon", "Markerby", "7 Marker Lane", "+1 503 555 0177", "4111111111111111",
}

// bases are the right bodies that bad ones are made of, by name.
var bases = map[string]string{
	"order": `{"id":5001,"admin_graphql_api_id":"gid://shopify/Order/5001","name":"#1042","email":"quill.marker@mail.example","phone":"+1 503 555 0177",` +
		`"created_at":"2026-03-03T11:50:00-05:00","updated_at":"2026-03-03T11:59:00-05:00","cancelled_at":null,"financial_status":"paid",` +
		`"fulfillment_status":null,"test":false,"source_name":"web","currency":"USD","presentment_currency":"USD","total_price":"45.50",` +
		`"current_total_price":"45.50","total_tax":"3.50","total_discounts":"0.00","note":"Ring at 7 Marker Lane, card 4111111111111111",` +
		`"total_price_set":{"shop_money":{"amount":"45.50","currency_code":"USD"},"presentment_money":{"amount":"45.50","currency_code":"USD"}},` +
		`"customer":{"id":77,"first_name":"Quillon","last_name":"Markerby"},"note_attributes":[],` +
		`"line_items":[{"sku":"MUG-BLU","title":"Mug","price":"14.00","quantity":2,"current_quantity":2},` +
		`{"sku":"MUG-RED","title":"Mug","price":"14.00","quantity":1,"current_quantity":1}]}`,
	"product": `{"id":6001,"admin_graphql_api_id":"gid://shopify/Product/6001","title":"Mug","body_html":"Quillon","updated_at":"2026-03-03T11:59:00-05:00",` +
		`"status":"active","variants":[{"id":7001,"admin_graphql_api_id":"gid://shopify/ProductVariant/7001","sku":"MUG-BLU","price":"14.00",` +
		`"compare_at_price":null,"updated_at":"2026-03-03T11:59:00-05:00","inventory_item_id":8001}]}`,
	"level": `{"inventory_item_id":8001,"location_id":501,"available":17,"updated_at":"2026-03-03T11:59:00-05:00"}`,
	"redact": `{"shop_id":1,"shop_domain":"acme.myshopify.com","customer":{"id":77,"email":"quill.marker@mail.example","phone":"+1 503 555 0177"},` +
		`"orders_to_redact":[5001]}`,
	"shop redact": `{"shop_id":1,"shop_domain":"acme.myshopify.com"}`,
	"deletion":    `{"id":5001}`,
	"stock": `{"type":"records.reported","timestamp":"2026-03-03T16:59:00Z","records":[{"kind":"inventory","id":"S-1",` +
		`"key":{"sku":"MUG-BLU","location":"EAST"},"facets":{"free":"12"}}]}`,
	"woo order": `{"id":730,"parent_id":0,"number":"730","created_via":"checkout","status":"processing","currency":"USD",` +
		`"date_created_gmt":"2026-03-03T16:50:00","date_modified_gmt":"2026-03-03T16:59:00","discount_total":"0.00","shipping_total":"0.00",` +
		`"total":"45.50","total_tax":"3.50","customer_id":0,"customer_note":"7 Marker Lane","billing":{"first_name":"Quillon","last_name":"Markerby",` +
		`"email":"quill.marker@mail.example","phone":"+1 503 555 0177"},"line_items":[{"id":1,"product_id":93,"variation_id":0,"quantity":3,"sku":"MUG-BLU",` +
		`"total":"42.00","total_tax":"3.50"}],"refunds":[]}`,
	"big event": `{"scope":"store/order/updated","store_id":"1","data":{"type":"order","id":250},"hash":"0000000000000000000000000015eeea94ea35b4",` +
		`"created_at":1772557140,"producer":"stores/acme01x"}`,
}

// topics are those under which the bases are sent, where topics are headers.
var topics = map[string]string{
	"": "orders/updated", "order": "orders/updated", "product": "products/update", "level": "inventory_levels/update", "redact": "customers/redact",
	"shop redact": "shop/redact", "deletion": "orders/delete", "woo order": "order.updated",
}

// owners are the systems that send the bases.
var owners = map[string]string{"stock": "erp", "woo order": "woo", "big event": "big"}

// standardBase is what a system sends when an input names no base.
var standardBase = map[string]string{"erp": "stock", "woo": "woo order", "big": "big event"}
