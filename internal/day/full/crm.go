package full

import (
	"fmt"
	"time"
)

const (
	crmAPI  = "api.hubapi.com/crm/v3/objects/contacts"
	mailAPI = "GET a.klaviyo.com/api/profiles"
)

// crm is HubSpot, which hears of new customers from the shop, and beside it the
// mail service, which asks them whether it may write to them.
type crm struct {
	contacts int64
	events   int
}

// buyer is who places an order.
type buyer struct {
	id      int64
	email   string
	consent string
}

// regulars is how many customers have bought before.
const regulars = 160

// buyer chooses who places an order: every fourth is new, and then shop, CRM and
// mail service hear of them.
func (c *company) buyer(o *order) buyer {
	if o.n%4 != 0 || o.source == "pos" {
		n := c.Chance.IntN(regulars)
		return buyer{id: 7123000000000 + int64(n), email: fmt.Sprintf("regular%d@customers.example", n), consent: "not_subscribed"}
	}
	c.shop.buyers++
	n := c.shop.buyers
	b := buyer{id: 7124000000000 + int64(10*n), email: fmt.Sprintf("buyer%d@customers.example", n), consent: "subscribed"}
	c.send(shopName, "customers/create", c.customerBody(b, 1, c.Now), travel{})
	c.In(c.Jitter(90*time.Second, 20*time.Minute), func() { c.contact(b) })
	return b
}

// contact makes a contact of a customer.
func (c *company) contact(b buyer) {
	c.crm.contacts++
	id := 10230 + c.crm.contacts
	c.answer(fmt.Sprintf("GET %s/%d", crmAPI, id), "", object{
		"id": fmt.Sprint(id), "createdAt": millis(c.Now), "updatedAt": millis(c.Now), "archived": false,
		"properties": object{
			"email": b.email, "hs_email_optout": nil, "hs_country_region_code": "US", "createdate": millis(c.Now),
			"lastmodifieddate": millis(c.Now), "hs_merged_object_ids": nil, "hs_object_id": fmt.Sprint(id),
		},
	})
	c.crm.events++
	c.send(crmName, "", []object{{
		"eventId": 400 + c.crm.events, "subscriptionId": 3010, "portalId": portalID, "appId": 51234, "occurredAt": c.Now.UnixMilli(),
		"subscriptionType": "contact.creation", "attemptNumber": 0, "objectId": id, "changeSource": "INTEGRATION", "changeFlag": "CREATED",
	}}, travel{delay: c.Jitter(2*time.Second, 9*time.Second)})
	if id%3 == 0 {
		c.In(c.Jitter(3*time.Minute, 40*time.Minute), func() { c.subscribe(b, id) })
	}
}

// subscribe lets the mail service tell that somebody agreed to its letters.
func (c *company) subscribe(b buyer, id int64) {
	profile := fmt.Sprintf("01J9ACME%018d", id)
	c.send(mailName, "", object{
		"data": []object{{
			"external_id": fmt.Sprintf("ev-%d", id), "topic": "event:klaviyo.subscribed_to_email_marketing",
			"payload": object{
				"data": object{
					"type": "event", "id": fmt.Sprintf("4vRp%d", id),
					"attributes":    object{"timestamp": c.Now.Unix(), "datetime": second(c.Now), "event_properties": object{"List": "Newsletter"}},
					"relationships": object{"profile": object{"data": object{"type": "profile", "id": profile}}},
				},
				"included": []object{{
					"type": "profile", "id": profile,
					"attributes": object{
						"email": b.email, "created": second(c.Now), "updated": second(c.Now), "location": object{"country": "US"},
					},
				}},
			},
		}},
		"meta": object{"klaviyo_account_id": mailID, "timestamp": second(c.Now)},
	}, travel{})
}

// answerContacts writes down what the hourly searches say: nothing that was not
// delivered.
func (c *company) answerContacts() {
	c.answer("POST "+crmAPI+"/search", "", object{"total": 0, "results": []object{}})
	c.answer(mailAPI, "", object{"data": []object{}, "links": object{"self": "https://a.klaviyo.com/api/profiles", "next": nil, "prev": nil}})
}
