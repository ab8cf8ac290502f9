package full

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

// beforeDawn is how the systems first make themselves heard: those that tell,
// with the catalogue and the shelves as they are, and those that are asked, with
// what they answer.
func (c *company) beforeDawn() {
	c.At(c.Clock(0, -2, -30), func() {
		c.answerERP()
		c.answerLists()
		c.answerPayments()
		c.answerContacts()
		c.answerOutlet()
		c.answerLabels()
		c.tellStock()
		c.listTax()
	})
	c.At(c.Clock(0, -2, 0), c.firstDocuments)
	for i, p := range c.products {
		c.At(c.Clock(0, 1, 0).Add(time.Duration(i)*25*time.Second), func() { c.publish(p) })
	}
	skus := c.counts()
	for i, sku := range skus {
		c.At(c.Clock(0, 10, 0).Add(time.Duration(i)*2*time.Second), func() {
			for _, location := range []string{east, west} {
				p := place{sku, location}
				c.setLevel(p, c.shop.available[p], travel{})
			}
		})
	}
}

// answerERP writes down what the ERP says when it is asked for what it did not
// tell: all items at first, and later nothing.
func (c *company) answerERP() {
	c.answer("POST login.microsoftonline.com/"+tenant+"/oauth2/v2.0/token", "", object{"token_type": "Bearer", "expires_in": 3599, "access_token": "demo"})
	nothing := object{"value": []object{}}
	for _, set := range []string{salesOrders, shipments, invoices, creditMemos} {
		c.answer(erpLists+set, "lastModifiedDateTime gt", nothing)
	}
	var all []object
	for _, v := range c.variants {
		if v.sku != kit {
			all = append(all, c.itemBody(v, v.price))
		}
	}
	c.pages(items, "lastModifiedDateTime gt", "all", all)
	c.At(c.Clock(0, 30, 0), func() { c.answer(erpLists+items, "lastModifiedDateTime gt", nothing) })
	var subscribed []object
	for _, set := range []string{items, salesOrders, shipments, invoices, creditMemos} {
		id := subscription(set)
		subscribed = append(subscribed, object{
			"subscriptionId": id, "notificationUrl": hooks + erpName, "resource": "api/v2.0" + erpCompany + set,
		})
		c.answer("PATCH "+erpBase+"v2.0/subscriptions('"+id+"')", "", object{"subscriptionId": id})
	}
	c.answer("GET "+erpBase+"v2.0/subscriptions", "", object{"value": subscribed})
}

// pages writes down a list of the ERP in pages of a hundred.
func (c *company) pages(set, holds, name string, all []object) {
	const page = 100
	for from := 0; from < len(all); from += page {
		body := object{"value": all[from:min(from+page, len(all))]}
		if from+page < len(all) {
			body["@odata.nextLink"] = fmt.Sprintf("https://%sv2.0%s%s?$skiptoken=%s.%d", erpBase, erpCompany, set, name, from+page)
		}
		if from > 0 {
			holds = fmt.Sprintf("$skiptoken=%s.%d", name, from)
		}
		c.answer(erpLists+set, holds, body)
	}
}

// firstDocuments are older ones that the systems still work on: from them on
// everything of these kinds is heard.
func (c *company) firstDocuments() {
	old := &order{
		n: 988, id: firstOrder - 13, store: shopName, created: c.Now.AddDate(0, 0, -3), shipping: 595, payment: "paid", source: "web",
		buyer: buyer{id: 7123900000010, email: "lastweek@customers.example"},
	}
	old.lines = []*line{c.line(want{"POSTER-A2", 1, east})}
	old.progress.held = heldAtWMS
	c.update(old, "orders/updated")
	c.notify(c.importOrder(old))
	c.take(old)
	refunded := &order{n: 975, store: shopName, created: c.Now.AddDate(0, 0, -6)}
	refunded.progress.invoices = []map[string]any{{"id": c.UUID()}}
	memo := c.document(creditMemos, "PS-CR")
	c.answer(memo.call(), "", c.memoBody(memo, refunded, 2450, 0))
	c.notify(change{memo, "created"})
	// What the other systems last heard of yesterday.
	c.wms.parcels++
	p := parcel{order: old, id: 315517999, at: c.Now, tracking: "1ZACME0000000988", lines: old.lines, units: []int{1}}
	c.label(p)
	yesterday := buyer{id: 7123900000000, email: "yesterday@customers.example", consent: "subscribed"}
	c.send(shopName, "customers/create", c.customerBody(yesterday, 1, c.Now), travel{})
	c.contact(yesterday)
	paid := &order{n: 989, store: shopName, created: c.Now, shipping: 595, lines: []*line{c.line(want{"SOCK-M", 1, east})}}
	c.charge(paid)
	c.commitTax(paid)
	c.book("po_1Acme0302", script.Cents(412377))
}
