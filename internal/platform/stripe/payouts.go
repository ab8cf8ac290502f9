package stripe

import (
	"strconv"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform/body"
)

type payout struct {
	Object     body.Field `json:"object"`
	ID         body.Field `json:"id"`
	Amount     body.Field `json:"amount"`
	Currency   body.Field `json:"currency"`
	Status     body.Field `json:"status"`
	Created    body.Field `json:"created"`
	Arrival    body.Field `json:"arrival_date"`
	Automatic  body.Field `json:"automatic"`
	Reconciled body.Field `json:"reconciliation_status"`
}

// payoutList is the topic of the balance transactions in a payout.
const payoutList = "payout/transactions"

// payoutRanks order the states of a payout within one second: a paid one may
// still come back.
var payoutRanks = map[string]uint64{"pending": 1, "in_transit": 2, "paid": 3, "failed": 4, "canceled": 4}

// payout observes what is paid out, and asks for what is in it once that is
// certain.
func (n *normaliser) payout(raw body.Field) {
	var p payout
	n.open(raw, &p)
	n.kind("payout", p.Object)
	id, status, currency := n.id("id", p.ID), n.Text("status", p.Status), n.currency(p.Currency)
	arrival := n.seconds("arrival_date", p.Arrival)
	rank, ok := payoutRanks[status]
	if !ok {
		n.Fail("status", "pending, in_transit, paid, failed or canceled")
	}
	f := commerce.Facets{
		"net":      commerce.Number(n.amount("amount", p.Amount, currency)),
		"currency": commerce.Text(currency), "status": commerce.Text(strings.Replace(status, "canceled", "cancelled", 1)),
	}
	if status == "paid" {
		f["paid_at"] = commerce.Time(arrival)
	}
	n.observe(commerce.Observation{
		Kind: commerce.Payout, Key: commerce.Key{id}, Part: "payout", Native: id,
		Created: n.seconds("created", p.Created), Facets: f,
	}, rank)
	reconciled := n.OptionalText("reconciliation_status", p.Reconciled)
	if n.Truth("automatic", p.Automatic) && (reconciled == "completed" || reconciled == "" && status == "paid") {
		n.ask(payoutList, target{set: payoutTransactions, id: id, at: n.at})
	}
}

// sums are what a payout consists of, in smallest units: adding up goes on from
// page to page, inside of the targets that ask for them.
type sums struct {
	currency                          string
	gross, refunds, adjustments, fees commerce.Decimal
	count                             int64
}

func (s sums) text() string {
	return strings.Join([]string{
		s.currency, s.gross.String(), s.refunds.String(), s.adjustments.String(), s.fees.String(), strconv.FormatInt(s.count, 10),
	}, ":")
}

// readSums reads what text wrote, which the pattern of targets has checked.
func readSums(text string) sums {
	var s sums
	parts := strings.Split(text, ":")
	if len(parts) < sumParts {
		return s
	}
	s.currency = parts[0]
	for i, sum := range []*commerce.Decimal{&s.gross, &s.refunds, &s.adjustments, &s.fees} {
		*sum, _ = commerce.ParseDecimal(parts[i+1])
	}
	s.count, _ = strconv.ParseInt(parts[sumParts-1], 10, 64)
	return s
}

// sumParts is how many values a text of sums has.
const sumParts = 6

// add adds a balance transaction: net = gross - refunds + adjustments - fees.
func (s *sums) add(n *normaliser, b *balance) {
	currency := n.currency(b.Currency)
	if s.currency != "" && s.currency != currency {
		n.Fail("currency", "the currency of the other transactions")
	}
	s.currency = currency
	amount, fee := n.units("amount", b.Amount), n.units("fee", b.Fee)
	switch n.Text("reporting_category", b.Category) {
	case "payout", "payout_reversal", "payout_minimum_balance_hold", "payout_minimum_balance_release":
		return
	case "charge", "charge_failure", "partial_capture_reversal":
		s.gross = n.Sum("amount", s.gross, amount)
	case "refund", "refund_failure":
		s.refunds = n.Sum("amount", s.refunds, amount.Neg())
	case "fee", "network_cost", "tax":
		s.fees = n.Sum("amount", s.fees, amount.Neg())
	default:
		s.adjustments = n.Sum("amount", s.adjustments, amount)
	}
	s.fees = n.Sum("fee", s.fees, fee)
	s.count++
}

// transactions reads one page of what is in a payout, and observes the payout
// behind the last.
func (n *normaliser) transactions(t target) {
	s := readSums(t.sums)
	more, last := n.page(func(element body.Field) {
		var b balance
		n.open(element, &b)
		s.add(n, &b)
	})
	switch {
	case n.Problem() != nil:
		return
	case more:
		t.after, t.sums = last, s.text()
		n.ask(payoutList, t)
		return
	case s.count == 0:
		n.skip("payout without transactions")
		return
	}
	number := func(units commerce.Decimal) commerce.Value {
		return commerce.Number(n.whole("amount", units, s.currency))
	}
	n.observe(commerce.Observation{
		Kind: commerce.Payout, Key: commerce.Key{t.id}, Part: "transactions", Native: t.id,
		Facets: commerce.Facets{
			"gross": number(s.gross), "refunds": number(s.refunds), "adjustments": number(s.adjustments), "fees": number(s.fees),
			"count": commerce.Number(commerce.Int(s.count)),
		},
	}, 0)
}
