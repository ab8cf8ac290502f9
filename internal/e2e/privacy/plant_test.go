package privacy_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/contract"
	"github.com/plumbline/plumbline/internal/platform"
	"github.com/plumbline/plumbline/internal/receive"
)

// canaries makes personal data that is nobody's, each of them once, so that each
// can be looked for.
type canaries struct {
	all []string
	// refused are those in requests that must leave nothing at all.
	refused []string
	// number is the subject's telephone number.
	number string
}

func (c *canaries) next(form string) string {
	text := fmt.Sprintf(form, len(c.all))
	c.all = append(c.all, text)
	return text
}

func (c *canaries) name() string    { return c.next("Quillon%03d Canaryworth") }
func (c *canaries) email() string   { return c.next("canary%03d@mail.acme.example") }
func (c *canaries) phone() string   { return c.next("+1555017%04d") }
func (c *canaries) address() string { return c.next("%03d Marzipan Quay") }
func (c *canaries) ip() string      { return c.next("2001:db8::c0:1%03d") }
func (c *canaries) note() string    { return c.next("leave it with neighbour Canary-%03d") }

type object = map[string]any

func encoded(o object) []byte {
	text, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	return text
}

func (c *canaries) postal() object {
	return object{
		"first_name": c.name(), "last_name": c.name(), "name": c.name(), "company": c.name(), "address1": c.address(), "address2": c.address(),
		"city": c.next("Tuffetville%03d"), "zip": c.next("Z%03d-QX"), "phone": c.phone(), "country_code": "US", "latitude": c.next("48.1234%03d"),
	}
}

// customer is an account in the shop.
func (c *canaries) customer(id int, email string, at time.Time) object {
	return object{
		"id": id, "email": email, "first_name": c.name(), "last_name": c.name(), "phone": c.phone(), "note": c.note(), "tags": c.next("friend of Canary%03d"),
		"orders_count": 1, "tax_exempt": false, "created_at": "2026-01-05T11:00:00Z", "updated_at": at.Format(time.RFC3339),
		"default_address": c.postal(), "addresses": []object{c.postal()},
		"sms_marketing_consent": object{"phone": c.phone()}, "email_marketing_consent": object{"state": "subscribed", "note": c.note()},
	}
}

// order is an order of a customer, with a person in every place that Shopify has
// for one.
func (c *canaries) order(id int, number, total string, customer object, at time.Time) object {
	return object{
		"id": id, "name": "#" + number, "created_at": at.Format(time.RFC3339), "updated_at": at.Format(time.RFC3339),
		"total_price": total, "currency": "USD", "financial_status": "paid", "fulfillment_status": nil, "source_name": "web",
		"email": c.email(), "contact_email": c.email(), "phone": c.phone(), "browser_ip": c.ip(), "note": c.note(),
		"customer": customer, "billing_address": c.postal(), "shipping_address": c.postal(),
		"client_details":  object{"browser_ip": c.ip(), "user_agent": c.next("Browser of Canary%03d")},
		"note_attributes": []object{{"name": "gift for", "value": c.name()}, {"name": c.name(), "value": "x"}},
		"tags":            c.next("called by Canary%03d"), "landing_site": c.next("/?utm_email=canary%03d"),
		"payment_details": object{"credit_card_name": c.name(), "credit_card_number": c.next("•••• •••• •••• 9%03d")},
		"discount_codes":  []object{{"code": c.next("FOR-CANARY%03d"), "amount": "1.00"}},
		"line_items": []object{{
			"sku": "MUG-BLU", "quantity": 1, "current_quantity": 1, "price": total, "name": c.next("Mug engraved Canary%03d"),
			"properties": []object{{"name": "engraving", "value": c.name()}},
		}},
		"fulfillments": []object{{"id": id + 1, "order_id": id, "status": "pending", "line_items": []object{}, "receipt": object{"to": c.name()}, "destination": c.postal()}},
	}
}

// reported is a message of the ERP or the CRM.
func reported(at time.Time, records ...object) []byte {
	return encoded(object{"type": "records.reported", "timestamp": at.Format(time.RFC3339Nano), "records": records})
}

// The subject of the request, and how the systems know the subject.
const (
	subject        = 7123000000001
	subjectOrder   = 5821034561042
	subjectNumber  = "US1042"
	subjectContact = "C-QUILLON"
	// company is compared, and so it may be stored until it has to be forgotten.
	company = "Canaryworth & Daughters"
)

// plant sends deliveries full of persons in every way in which they come, and
// makes some fail.
func (w *world) plant(c *canaries) (email string) {
	email = c.email()
	now := w.Clock().Now()
	customer := c.customer(subject, email, now)
	c.number = fmt.Sprint(customer["phone"])
	w.send(delivery{system: "shop", topic: "customers/create", id: "customer", body: encoded(customer)})
	order := c.order(subjectOrder, subjectNumber, "19.00", customer, now)
	w.send(delivery{system: "shop", topic: "orders/create", id: "order", body: encoded(order), query: "?email=" + c.next("canary%03d%%40query"), header: map[string]string{
		"Cookie": c.next("session of canary%03d"), "X-Forwarded-For": c.ip(), "User-Agent": c.next("Agent Canary%03d"), "Referer": c.next("https://acme.example/canary%03d"),
	}})
	w.send(delivery{system: "shop", topic: "refunds/create", id: "refund", body: encoded(object{
		"id": 890088180000001, "order_id": subjectOrder, "created_at": now.Format(time.RFC3339), "processed_at": now.Format(time.RFC3339),
		"note": c.note(), "refund_line_items": []object{}, "transactions": []object{{
			"kind": "refund", "status": "success", "amount": "5.00", "currency": "USD", "receipt": object{"payer": c.name(), "email": c.email()},
		}},
	})})
	w.send(delivery{system: "erp", id: "contact", body: reported(now, object{
		"kind": "customer", "id": subjectContact, "key": object{"email": email}, "facets": object{"country": "CA", "orders": 1},
	})})
	w.send(delivery{system: "erp", id: "sales-order", body: reported(now, object{
		"kind": "order", "id": "SO-1", "key": object{"store": "SHOP", "number": subjectNumber}, "facets": object{"total": "18.00", "company": company, "currency": "USD"},
	})})
	w.send(delivery{system: "crm", id: "deal", body: reported(now, object{
		"kind": "order", "id": "D-1", "key": object{"store": "SHOP", "number": subjectNumber}, "facets": object{"company": company + " Ltd"},
	})})
	// Somebody else, whose finding stays in the same alert.
	other := c.customer(7123000000002, c.email(), now)
	w.send(delivery{system: "shop", topic: "customers/create", id: "other", body: encoded(other)})
	w.send(delivery{system: "erp", id: "other-contact", body: reported(now, object{
		"kind": "customer", "id": "C-OTHER", "key": object{"email": other["email"]}, "facets": object{"country": "CA", "orders": 1},
	})})
	w.plantBroken(c, now)
	w.plantBad(c, now)
	w.plantLost(c, now)
	w.plantRefused(c, now)
	return email
}

// broken is an endpoint that reads nothing.
type broken struct{ platform.Endpoint }

func (broken) Normalise(commerce.Delivery) (platform.Reading, error) {
	return platform.Reading{}, &platform.BodyError{Where: "updated_at", Want: "something else than there is"}
}

// plantBroken sends what a broken normaliser cannot read, and a repaired one can.
func (w *world) plantBroken(c *canaries, now time.Time) {
	service := w.receiver()
	shop := service.Systems["shop"]
	service.Systems["shop"] = receive.System{Endpoint: broken{shop.Endpoint}, Secrets: shop.Secrets}
	d := commerce.Delivery{
		ID: "broken", System: "shop", Topic: "customers/update", Received: now, Body: encoded(c.customer(subject, c.all[0], now.Add(time.Second))),
	}
	if outcome, _, err := service.Accept(w.t.Context(), d); err != nil || outcome != "unreadable" {
		w.t.Fatal(outcome, err)
	}
}

// plantBad sends what cannot be read.
func (w *world) plantBad(c *canaries, now time.Time) {
	odd := c.order(5821034561043, "US1043", "9.00", object{"email": c.email()}, now)
	odd["total_price"] = c.name()
	odd["line_items"] = []object{{"quantity": c.name(), "price": c.phone()}}
	w.send(delivery{system: "shop", topic: "orders/create", id: "odd-order", body: encoded(odd)})
	w.send(delivery{system: "shop", topic: "customers/update", id: "cut-off", body: []byte(`{"email":"` + c.email() + `","first_name":"` + c.name())})
	w.send(delivery{system: "shop", topic: "orders/updated", id: "no-text", body: []byte("{\"name\":\"\xff\xfe" + c.name() + "\"}")})
	w.send(delivery{system: "erp", id: "odd-fields", body: reported(now,
		object{"kind": "customer", "key": object{"email": c.email()}, c.email(): c.name(), "facets": object{c.name(): c.phone()}},
		object{"kind": c.name(), "key": object{"hash": c.email()}},
		object{"kind": "order", "key": object{"number": c.address()}, "facets": object{"total": c.phone(), "created": c.name()}},
	)})
	// A topic is not signed, and may be anything.
	w.send(delivery{system: "shop", topic: c.email(), id: c.email(), body: encoded(object{"id": 1, "email": c.email()})})
	w.send(delivery{system: "shop", topic: "orders/create", id: "large-odd", body: large(object{"id": 1, "name": c.name(), "email": c.email()})})
}

// plantLost sends what merge fails on.
func (w *world) plantLost(c *canaries, now time.Time) {
	w.lost.Store("lost-delivery")
	for i := range 2 {
		customer := c.customer(subject, c.all[0], now.Add(time.Duration(i)*time.Second))
		w.send(delivery{system: "shop", topic: "customers/update", id: fmt.Sprintf("lost-delivery-%d", i), body: encoded(customer)})
	}
	w.settle()
	w.lost.Store("nothing")
	customer := c.customer(subject, c.all[0], now.Add(time.Minute))
	customer["filler"] = noise()
	w.send(delivery{system: "shop", topic: "customers/update", id: "large-customer", body: encoded(customer)})
}

// plantRefused sends what must leave nothing at all.
func (w *world) plantRefused(c *canaries, now time.Time) {
	before := len(c.all)
	body := encoded(c.customer(7123000000009, c.email(), now))
	w.post("/hooks/shop?who="+strings.ReplaceAll(c.email(), "@", "%40"), http.Header{
		"X-Shopify-Shop-Domain": {"acme.myshopify.com"}, "X-Shopify-Topic": {"customers/create"}, "X-Shopify-Hmac-Sha256": {c.name()},
	}, delivery{system: "shop", topic: "forged", body: body, want: http.StatusUnauthorized})
	w.post("/hooks/"+strings.ReplaceAll(c.email(), "@", "-at-"), http.Header{}, delivery{system: "unknown", body: body, want: http.StatusNotFound})
	tooLarge := append(bytes.Repeat([]byte(" "), contract.MaxBody), encoded(object{"email": c.email()})...)
	w.send(delivery{system: "shop", topic: "customers/create", id: "too-large", body: tooLarge, want: http.StatusRequestEntityTooLarge})
	c.refused = c.all[before:]
}

// large is a body that is too large for a queue, whatever the compression.
func large(o object) []byte {
	o["filler"] = noise()
	return encoded(o)
}

// noise is text that nothing compresses much.
func noise() string {
	random, b := uint64(7), strings.Builder{}
	for b.Len() < 990<<10 {
		random = random*6364136223846793005 + 1442695040888963407
		b.WriteByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"[random>>58])
	}
	return b.String()
}

// settle waits until everything that was sent is dealt with.
func (w *world) settle() {
	w.t.Helper()
	w.advance(0)
}
