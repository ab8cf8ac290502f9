package full

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"time"
)

// The warehouse system's API takes every call at one address.
const wmsCall = "POST public-api.shiphero.com/graphql"

// wms is ShipHero: it gets orders from the ERP and ships them. Webhooks say what
// is on a shelf and what has left; how an order stands its API says.
type wms struct {
	// shelf is what is on hand.
	shelf map[place]int
	// changed is when a shelf was last told of.
	changed map[place]time.Time
	// down is until when nothing is heard of it.
	down time.Time
	// lost is the wave of which the shop hears at the time told.
	lost, told time.Time
	forgotten  []*order

	orders, parcels int64
}

// The habits of the warehouse.
const (
	waveSize = 12
	// ripening is how long an order waits at the warehouse before it is picked.
	ripening = 45 * time.Minute
)

func warehouse(location string) int64 {
	if location == west {
		return 76734
	}
	return 76733
}

func globalID(entity string, id int64) string {
	return base64.StdEncoding.EncodeToString([]byte(entity + ":" + strconv.FormatInt(id, 10)))
}

// count changes what is on a shelf and tells of it.
func (c *company) count(p place, units int) {
	if _, ok := c.wms.shelf[p]; !ok {
		return
	}
	c.wms.shelf[p] += units
	c.wms.changed[p] = c.Now
	onHand := c.wms.shelf[p]
	whole := c.wms.shelf[place{p.sku, east}] + c.wms.shelf[place{p.sku, west}]
	c.send(wmsName, "", c.shelfBody(p, onHand, whole), c.overdue())
}

// shelfBody says what is on a shelf, and beside it the account's total.
func (c *company) shelfBody(p place, onHand, whole int) object {
	return object{
		"account_id": 7556, "webhook_type": "Inventory Update",
		"inventory": []object{{
			"sku": p.sku, "inventory": strconv.Itoa(whole), "on_hand": strconv.Itoa(whole), "virtual": false, "sell_ahead": 0, "reserve": 0,
			"updated_warehouse": object{
				"warehouse_id": warehouse(p.location), "inventory": strconv.Itoa(onHand), "on_hand": strconv.Itoa(onHand),
				"sell_ahead": 0, "reserve": 0, "non_sellable": 0,
			},
		}},
	}
}

// overdue is how a delivery travels while nothing is heard of the system.
func (c *company) overdue() travel {
	if !c.Now.Before(c.wms.down) {
		return travel{}
	}
	return travel{delay: c.wms.down.Sub(c.Now) + c.Jitter(time.Second, 40*time.Second)}
}

// release hands orders to the warehouse.
func (c *company) release(orders []*order) {
	for _, o := range orders {
		if o.progress.held != heldAtERP {
			c.take(o)
		}
	}
}

// take gives the warehouse an order.
func (c *company) take(o *order) {
	c.wms.orders++
	o.progress.released, o.progress.wmsID = c.Now, 389118000+c.wms.orders
	o.progress.cancelled = map[*line]int{}
	c.tellOrder(o, "Order Allocated")
}

// tellOrder says that something happened to an order, and writes down how it is.
func (c *company) tellOrder(o *order, event string) {
	c.writeWarehouseOrder(o)
	c.send(wmsName, "", object{
		"webhook_type": event, "account_id": 7556, "warehouse_id": warehouse(o.lines[0].location), "order_number": "#" + o.number(),
		"order_id": o.progress.wmsID, "partner_order_id": strconv.FormatInt(o.id, 10), "ready_to_ship": 1,
	}, c.overdue())
}

// writeWarehouseOrder writes down what the API says of an order from now on.
func (c *company) writeWarehouseOrder(o *order) {
	edges := func(nodes []object) object {
		all := make([]object, 0, len(nodes))
		for _, n := range nodes {
			all = append(all, object{"node": n})
		}
		return object{"pageInfo": object{"hasNextPage": false}, "edges": all}
	}
	var lines []object
	status := "fulfilled"
	for _, l := range o.lines {
		open := l.units - l.shipped - o.progress.cancelled[l]
		if open > 0 {
			status = "pending"
		}
		lines = append(lines, object{
			"sku": l.variant.sku, "quantity": l.units, "quantity_shipped": l.shipped, "quantity_pending_fulfillment": open,
			"warehouse_id": globalID("Warehouse", warehouse(l.location)),
		})
	}
	sent := []object{}
	for _, p := range o.progress.parcels {
		units := 0
		for _, n := range p.units {
			units += n
		}
		sent = append(sent, object{
			"id": globalID("Shipment", p.id), "warehouse_id": globalID("Warehouse", warehouse(p.lines[0].location)),
			"created_date":    plain(p.at),
			"shipping_labels": []object{{"tracking_number": p.tracking, "carrier": "UPS"}},
			"line_items":      edges([]object{{"quantity": units}}),
		})
	}
	id := globalID("Order", o.progress.wmsID)
	c.answer(wmsCall, `"id":"`+id+`"`, object{"data": object{"order": object{"data": object{
		"id": id, "order_number": "#" + o.number(), "shop_name": o.shopName(), "fulfillment_status": status,
		"order_date": plain(o.created), "line_items": edges(lines), "shipments": sent,
	}}}})
}

// shopName is what the warehouse calls the order's shop.
func (o *order) shopName() string {
	if o.store == outletName {
		return outletHost
	}
	return shopDomain
}

// wave picks, packs and ships what has ripened.
func (c *company) wave() {
	if c.Now.Before(c.wms.down) {
		return
	}
	var parcels []parcel
	for _, o := range c.warehouseOrders() {
		if len(parcels) == waveSize {
			break
		}
		if p := c.pack(o); len(p.lines) > 0 {
			parcels = append(parcels, p)
		}
	}
	var posted []parcel
	for _, p := range parcels {
		c.ship(p)
		if p.order.store == shopName {
			posted = append(posted, p)
		}
	}
	if len(posted) > 0 {
		c.In(5*time.Minute, func() { c.invoice(posted) })
	}
}

func (c *company) warehouseOrders() []*order {
	return append(c.shop.orders[:len(c.shop.orders):len(c.shop.orders)], c.outlet.orders...)
}

// pack takes the lines of an order that can go now.
func (c *company) pack(o *order) parcel {
	p := parcel{order: o}
	if o.progress.released.IsZero() || c.Now.Sub(o.progress.released) < ripening || o.progress.held != "" {
		return p
	}
	for _, l := range o.lines {
		if open := kept(l) - l.shipped; open > 0 && !o.progress.backOrdered[l] {
			p.lines, p.units = append(p.lines, l), append(p.units, open)
			l.shipped += open
		}
	}
	return p
}

// ship lets a parcel leave: label, shelf, and the news to the shop.
func (c *company) ship(p parcel) {
	c.wms.parcels++
	o := p.order
	p.id, p.at, p.tracking = 315518000+c.wms.parcels, c.Now, fmt.Sprintf("1ZACME%010d", c.wms.parcels)
	o.progress.parcels = append(o.progress.parcels, p)
	c.writeWarehouseOrder(o)
	var lines []object
	for i, l := range p.lines {
		lines = append(lines, object{"id": strconv.FormatInt(l.id, 10), "quantity": p.units[i], "sku": l.variant.sku})
	}
	c.send(wmsName, "", object{
		"test": "0", "webhook_type": "Shipment Update",
		"fulfillment": object{
			"shipment_id": p.id, "warehouse_id": warehouse(p.lines[0].location), "partner_order_id": strconv.FormatInt(o.id, 10),
			"order_number": "#" + o.number(), "shop_name": o.shopName(), "order_id": o.progress.wmsID, "tracking_number": p.tracking,
			"line_items": lines, "package_number": 1, "total_packages": 1, "shipping_carrier": "UPS",
		},
	}, travel{})
	for i, l := range p.lines {
		c.count(place{l.variant.sku, l.location}, -p.units[i])
	}
	c.label(p)
	if o.store != shopName {
		return
	}
	told := c.Now.Add(c.Jitter(time.Minute, 4*time.Minute))
	if c.Now.Equal(c.wms.lost) {
		c.wms.forgotten = append(c.wms.forgotten, o)
		told = c.wms.told.Add(c.Jitter(0, 40*time.Second))
	}
	c.At(told, func() { c.fulfil(p) })
}

// answerLists writes down what the API's lists say at first: all that is on hand,
// and no orders that were not told of.
func (c *company) answerLists() {
	empty := object{"pageInfo": object{"hasNextPage": false, "endCursor": nil}, "edges": []object{}}
	c.answer(wmsCall, "orders(updated_from", object{"data": object{"orders": object{"data": empty}}})
	c.answer("POST public-api.shiphero.com/auth/refresh", "", object{"access_token": "demo", "expires_in": 2419200, "token_type": "Bearer"})
	var hooked []object
	for _, name := range []string{"Inventory Update", "Order Allocated", "Order Canceled", "Return Update", "Shipment Update"} {
		hooked = append(hooked, object{"node": object{"name": name, "url": hooks + wmsName}})
	}
	c.answer(wmsCall, "webhooks{", object{"data": object{"webhooks": object{"data": object{"pageInfo": empty["pageInfo"], "edges": hooked}}}})
	c.listShelves()
}

// shelfReach is how far back a list of shelves reaches: a little further than to
// the last one.
const shelfReach = 17 * time.Minute

// listShelves writes down what the list of changed shelves says, in pages. It makes
// up for webhooks that overtook each other.
func (c *company) listShelves() {
	const page = 100
	nodes := []object{}
	for _, sku := range c.counts() {
		for _, location := range []string{east, west} {
			p := place{sku, location}
			if c.Now.Before(c.wms.down) || c.Now.Sub(c.wms.changed[p]) >= shelfReach {
				continue
			}
			nodes = append(nodes, object{"node": object{
				"sku": sku, "warehouse_id": globalID("Warehouse", warehouse(location)), "on_hand": c.wms.shelf[p],
				"allocated": 0, "sell_ahead": 0, "reserve_inventory": 0, "non_sellable_quantity": 0, "product": object{"virtual": false},
			}})
		}
	}
	for from := 0; from == 0 || from < len(nodes); from += page {
		holds, info := "warehouse_products(", object{"hasNextPage": false, "endCursor": nil}
		if from > 0 {
			holds = fmt.Sprintf(`"after":"shelf-%d-of-the-list"`, from)
		}
		if from+page < len(nodes) {
			info = object{"hasNextPage": true, "endCursor": fmt.Sprintf("shelf-%d-of-the-list", from+page)}
		}
		c.answer(wmsCall, holds, object{"data": object{"warehouse_products": object{
			"data": object{"pageInfo": info, "edges": nodes[from:min(from+page, len(nodes))]},
		}}})
	}
}
