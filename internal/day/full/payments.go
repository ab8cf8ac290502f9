package full

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day/script"
)

const payAPI = "GET api.stripe.com/v1/"

// pay is Stripe: every order of the web shop is paid there. What a payment cost
// only its API says.
type pay struct{ events int }

// fee is what a payment of the amount costs.
func fee(amount script.Cents) script.Cents { return (amount*29+500)/1000 + 30 }

// charge takes the payment of an order, less what a gift card pays.
func (c *company) charge(o *order) {
	amount := o.total() - o.gift
	id := "pi_1Acme" + o.number()
	charge := "ch_1Acme" + o.number()
	intent := object{
		"id": id, "object": "payment_intent", "amount": amount, "amount_received": amount, "created": c.Now.Unix(), "currency": "usd",
		"last_payment_error": nil, "latest_charge": charge, "livemode": true, "metadata": object{"order_number": "#" + o.number()},
		"status": "succeeded",
	}
	c.event("payment_intent.succeeded", intent)
	whole := object{}
	for name, value := range intent {
		whole[name] = value
	}
	whole["latest_charge"] = object{
		"id": charge, "object": "charge", "amount": amount, "currency": "usd", "paid": true, "status": "succeeded",
		"balance_transaction": c.movement("txn_1Acme"+o.number(), "charge", amount, fee(amount)),
	}
	c.answer(payAPI+"payment_intents/"+id, "", whole)
}

// movement is a balance transaction.
func (c *company) movement(id, category string, amount, fee script.Cents) object {
	return object{
		"id": id, "object": "balance_transaction", "amount": amount, "created": c.Now.Unix(), "currency": "usd", "fee": fee,
		"net": amount - fee, "reporting_category": category, "status": "available", "type": category,
	}
}

// event tells of an object as it is now.
func (c *company) event(topic string, about object) {
	c.pay.events++
	c.send(payName, topic, object{
		"id": fmt.Sprintf("evt_1Acme%05d", c.pay.events), "object": "event", "api_version": "2024-06-20", "created": c.Now.Unix(),
		"data": object{"object": about}, "livemode": true, "pending_webhooks": 1, "type": topic,
	}, travel{delay: c.Jitter(1200*time.Millisecond, 4*time.Second)})
}

// payOut pays yesterday's payments out, and the ledger books it in the morning.
func (c *company) payOut() {
	const id = "po_1Acme0303"
	var moved []object
	gross, fees := script.Cents(0), script.Cents(0)
	for i := range 60 {
		amount := script.Cents(2500 + c.Chance.IntN(16000))
		gross, fees = gross+amount, fees+fee(amount)
		moved = append(moved, c.movement(fmt.Sprintf("txn_0Acme%03d", i), "charge", amount, fee(amount)))
	}
	const refunded = script.Cents(4315)
	moved = append(moved, c.movement("txn_0AcmeBack", "refund", -refunded, 0))
	net := gross - refunded - fees
	c.answer(payAPI+"balance_transactions", "payout="+id, object{"object": "list", "data": moved, "has_more": false, "url": "/v1/balance_transactions"})
	c.event("payout.paid", object{
		"id": id, "object": "payout", "amount": net, "arrival_date": c.Now.Unix(), "automatic": true, "created": c.Now.Add(-24 * time.Hour).Unix(),
		"currency": "usd", "livemode": true, "reconciliation_status": "completed", "status": "paid", "type": "bank_account",
	})
	c.At(c.Clock(7, 20, 0), func() { c.book(id, net) })
}

// book tells what the ledger has booked for a payout.
func (c *company) book(payout string, net script.Cents) {
	c.send(booksName, "", object{
		"type": "records.reported", "timestamp": millis(c.Now),
		"records": []object{{
			"kind": "payout", "key": object{"payout": payout}, "updated_at": millis(c.Now), "created_at": millis(c.Now),
			"facets": object{"net": net.String(), "currency": "USD"},
		}},
	}, travel{})
}

// answerPayments writes down what the list of events says: nothing that was not
// delivered.
func (c *company) answerPayments() {
	c.answer(payAPI+"events", "", object{"object": "list", "data": []object{}, "has_more": false, "url": "/v1/events"})
}
