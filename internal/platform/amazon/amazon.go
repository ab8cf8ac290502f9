// Package amazon reads the Selling Partner API's notifications of one seller,
// which Amazon puts into the system's queue, straight or through EventBridge.
//
// It owns the formats of notifications and turns them into observations. The queue
// and who may send into it, and what a difference means, are left to others. The
// API itself is not asked.
//
// # Who sends
//
// There is no address and no signature: Amazon sends into an SQS queue of the
// user's account, from an account of its own, and some types only through a rule
// of EventBridge. The queue's policy lets in those and nobody else. A notification
// of another seller is somebody's mistake and goes to quarantine.
//
// # Names in any case
//
// Older types are written like NotificationType and newer ones like
// notificationType, down to the last name of the payload. Names are read in any
// case; a name that stands twice, in whatever case, is no body that is believed.
//
// # Which change is newer
//
// Orders are versioned by the time of their change, stock by the time of the
// event; notifications come late, twice and in any order. In one instant the later
// status of an order wins, because statuses only advance.
//
// # From memory
//
// Second-hand, and so a setting or harmless when wrong: the account from which
// Amazon sends, and that it asks for the queue's attributes first (sender); how
// EventBridge wraps a notification; that numbers of items are units; the names of
// statuses, of which an unknown one says nothing.
package amazon

import (
	"cmp"
	"fmt"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// The names of the settings in the registry.
const (
	sellerSetting = "seller_id"
	senderSetting = "sender"
	ruleSetting   = "rule"
)

// secondHand is the account as which Amazon is said to send.
const secondHand = "arn:aws:iam::437568002678:root"

// Platform describes Amazon.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "amazon",
		Title: "Amazon Selling Partner API",
		Settings: []platform.Setting{
			{Name: sellerSetting, Required: true, Help: "the seller's id, such as A1ACMEEXAMPLE, as Seller Central calls the merchant token"},
			{Name: senderSetting, Help: "the ARN of the account, user or role that sends into the queue; that of Amazon's account for notifications when not given"},
			{Name: ruleSetting, Help: "the ARN of the EventBridge rule whose target is the queue, for the types that Amazon sends to EventBridge alone"},
		},
		Storefront: true,
		Inbox:      true,
		New:        newEndpoint,
	}
}

// endpoint is one configured seller. It does not change after it was made.
type endpoint struct {
	platform.Unaddressed
	platform.Config
	seller, sender, rule string
}

var (
	sellerID  = lazyregexp.New(`^[A-Z0-9]{5,20}$`)
	senderARN = lazyregexp.New(`^arn:aws[a-z-]*:iam::\d{12}:(root|(user|role)/[\w+=,.@/-]+)$`)
	ruleARN   = lazyregexp.New(`^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:rule/[\w./-]+$`)
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{Config: c, seller: c.Settings[sellerSetting], sender: cmp.Or(c.Settings[senderSetting], secondHand), rule: c.Settings[ruleSetting]}
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{sellerSetting, "the seller's id, such as A1ACMEEXAMPLE", sellerID.MatchString(e.seller)},
		{senderSetting, "the ARN of one account, user or role", senderARN.MatchString(e.sender)},
		{ruleSetting, "the ARN of one EventBridge rule", e.rule == "" || ruleARN.MatchString(e.rule)},
	} {
		if !check.right {
			return nil, fmt.Errorf("amazon: setting %s: want %s", check.setting, check.want)
		}
	}
	if e.OrderNumber.Store == "" {
		e.OrderNumber.Store = e.System
	}
	return e, nil
}

// Senders are Amazon's account, and the rule where there is one.
func (e *endpoint) Senders() []platform.Sender {
	senders := []platform.Sender{{ARN: e.sender, Asks: true}}
	if e.rule != "" {
		senders = append(senders, platform.Sender{ARN: e.rule})
	}
	return senders
}

// Identify reads the notification's type and id.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	n, err := open(req.Body)
	if err != nil {
		return "", ""
	}
	topic, _ = n.Type.Text()
	id, _ = n.Metadata.ID.Text()
	return topic, id
}

// Normalise reads a notification.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	err := n.read()
	if err == nil {
		err = n.Problem()
	}
	if err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations) > 0 {
		n.reading.Ignored = ""
	}
	return n.reading, nil
}
