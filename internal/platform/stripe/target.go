package stripe

import (
	"net/url"
	"strconv"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
)

const idPattern = `[a-z]{2,8}_[A-Za-z0-9_]{1,100}`

// The sets of objects that are asked for one by one, by the name that an object
// of the set has for itself.
var sets = map[string]string{
	"payment_intent": "payment_intents", "refund": "refunds", "dispute": "disputes", "payout": "payouts",
}

// The lists that are asked for: the refunds of a charge, what is in a payout, and
// the events since a time.
const (
	chargeRefunds      = "charge_refunds"
	payoutTransactions = "payout_transactions"
	eventList          = "events"
)

// pageSize is how many elements a page has, the most that the API gives.
const pageSize = "100"

// target is what is asked for: an object as of an event, a list of an object's,
// or the events since a time.
type target struct {
	set string
	id  string
	// at is the time of the event, or the time since which events are listed.
	at time.Time
	// after is the last element of the page before, and sums is what the pages
	// before add up to.
	after, sums string
}

var (
	ofObject = lazyregexp.New(`^(payment_intents|refunds|disputes|payouts|charge_refunds|payout_transactions)/(` + idPattern + `)@(\d{12,13})` +
		`(?:/(` + idPattern + `)(?:/([A-Z]{3}(?::-?\d{1,18}){5}))?)?$`)
	ofEvents = lazyregexp.New(`^events/(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)(?:/(` + idPattern + `))?$`)
)

func (t target) text() string {
	text := t.set + "/" + t.id + "@" + strconv.FormatInt(t.at.UnixMilli(), 10)
	if t.set == eventList {
		text = t.set + "/" + t.at.UTC().Format(time.RFC3339)
	}
	for _, part := range []string{t.after, t.sums} {
		if part != "" {
			text += "/" + part
		}
	}
	return text
}

// readTarget reads what text wrote.
func readTarget(text string) (target, bool) {
	if groups := ofEvents.FindStringSubmatch(text); groups != nil {
		at, err := time.Parse(time.RFC3339, groups[1])
		return target{set: eventList, at: at, after: groups[2]}, err == nil
	}
	groups := ofObject.FindStringSubmatch(text)
	if groups == nil {
		return target{}, false
	}
	millis, err := strconv.ParseInt(groups[3], 10, 64)
	return target{groups[1], groups[2], time.UnixMilli(millis).UTC(), groups[4], groups[5]}, err == nil
}

// path is the API's address of the target, with what is to be answered whole
// instead of by its id.
func (t target) path() (string, url.Values) {
	query := url.Values{}
	switch t.set {
	case eventList:
		query = url.Values{"created[gte]": {strconv.FormatInt(t.at.Unix(), 10)}, "types[]": topicNames()}
	case chargeRefunds:
		query = url.Values{"charge": {t.id}, "expand[]": {"data.payment_intent"}}
	case payoutTransactions:
		query = url.Values{"payout": {t.id}}
	case "payment_intents":
		query = url.Values{"expand[]": {"latest_charge.balance_transaction"}}
	case "refunds":
		query = url.Values{"expand[]": {"payment_intent"}}
	}
	at, isList := lists[t.set]
	if !isList {
		return t.set + "/" + t.id, query
	}
	query.Set("limit", pageSize)
	if t.after != "" {
		query.Set("starting_after", t.after)
	}
	return at, query
}

// lists are the paths of the lists.
var lists = map[string]string{eventList: "events", chargeRefunds: "refunds", payoutTransactions: "balance_transactions"}
