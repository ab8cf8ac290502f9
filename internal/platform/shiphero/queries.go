package shiphero

import "strings"

// Queries ask for what is read and nothing else: names and addresses stay where
// they are. A row costs a credit, and so does each of its lines.
const (
	levelFields = `warehouse_id on_hand allocated sell_ahead reserve_inventory non_sellable_quantity`

	productQuery = `query($sku:String#declare){product(sku:$sku#use){data{sku virtual warehouse_products{` + levelFields + `}}}}`

	orderQuery = `query($id:String!){order(id:$id){data{id order_number shop_name fulfillment_status order_date ` +
		`line_items(first:100){pageInfo{hasNextPage} edges{node{sku quantity quantity_shipped quantity_pending_fulfillment warehouse_id}}} ` +
		`shipments{id warehouse_id created_date shipping_labels{tracking_number carrier} ` +
		`line_items(first:50){pageInfo{hasNextPage} edges{node{quantity}}}}}}}`
)

// listQueries are those of lists, by topic.
var listQueries = map[string]string{
	stockTopic: `query($since:ISODateTime,$after:String#declare){warehouse_products(updated_from:$since#use){` +
		`data(first:100,after:$after){pageInfo{hasNextPage endCursor} edges{node{sku ` + levelFields + ` product{virtual}}}}}}`,
	ordersTopic: `query($since:ISODateTime,$after:String#declare){orders(updated_from:$since#use){` +
		`data(first:100,after:$after){pageInfo{hasNextPage endCursor} edges{node{id}}}}}`,
	subscriptionsTopic: `query($after:String){webhooks{data(first:100,after:$after){pageInfo{hasNextPage endCursor} edges{node{name url}}}}}`,
}

// scoped names the customer's account in a query, where calls must.
func (e *endpoint) scoped(query string) string {
	declare, use := "", ""
	if e.customer != "" {
		declare, use = ",$customer:String", ",customer_account_id:$customer"
	}
	return strings.NewReplacer("#declare", declare, "#use", use).Replace(query)
}
