// Package commercetools reads what a subscription of a commercetools project puts
// into the system's queue, and what the project's API answers.
//
// It owns the formats of notifications, the API's addresses and shapes, and
// amounts in smallest units, and turns them into fetches and observations. The
// queue and who may send into it, calling the API, links, waiting views, and what
// a difference means are left to others.
//
// # Who sends
//
// There is no address and no signature: commercetools sends into an SQS queue of
// the user's account, as an IAM user of its own account, and the queue's policy
// lets in nobody else. A notification of another project is somebody's mistake and
// goes to quarantine.
//
// # Formats and types
//
// A subscription delivers in the format Platform or as CloudEvents, whose data is
// the same notification. Messages say what happened, and some carry the whole
// resource; changes only say that something did, and are asked for. So is what a
// message leaves out because it is too large. The test that is sent when a
// subscription is made is a change of type ResourceCreated of the subscription.
//
// # Which change is newer
//
// Every resource counts its versions, which messages, changes and answers all
// carry, so that the version is the clock: nothing here depends on a time. What
// happens within one version is ordered by the sequence number; an answer of the
// API shows the end of its version. A deletion ends the last version.
//
// # What is live
//
// Products have a staged side, which no customer sees. Staged prices and other
// staged changes are ignored, and what is asked for is the current projection. A
// variant that a version no longer has is gone with it.
//
// # From memory
//
// Not confirmed, and so a setting or harmless when wrong: that a product which is
// not published is answered with 404, that the scope may be left out when a token
// is asked for, and how often the API may be called.
package commercetools

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
	projectSetting  = "project_key"
	regionSetting   = "region"
	senderSetting   = "sender"
	locationSetting = "stock_location"
	countrySetting  = "price_country"
	paymentSetting  = "payment_id"
)

// documented is the IAM user as which commercetools says that it sends.
const documented = "arn:aws:iam::362576667341:user/subscriptions"

// Where the id of a payment stands by which other systems know it.
const (
	byInteraction = "interaction"
	byInterface   = "interface"
)

// Platform describes commercetools.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "commercetools",
		Title: "commercetools",
		Settings: []platform.Setting{
			{Name: projectSetting, Required: true, Help: "the project's key, such as acme-prod"},
			{Name: regionSetting, Required: true, Help: "the project's region as in its API's host, such as us-central1.gcp or eu-central-1.aws"},
			{Name: senderSetting, Help: "the ARN of the IAM user that sends into the queue; commercetools' own when not given"},
			{Name: locationSetting, Help: "the registry's location of stock without a supply channel; such stock is reported as unknown when not given"},
			{Name: countrySetting, Help: "the country whose prices are compared, such as US; prices without a country when not given"},
			{Name: paymentSetting, Help: "where the payment provider's id stands: \"interaction\", the transaction's interactionId, which is the default, or \"interface\", the payment's interfaceId"},
		},
		Storefront: true,
		Inbox:      true,
		New:        newEndpoint,
	}
}

// endpoint is one configured project. It does not change after it was made.
type endpoint struct {
	platform.Unaddressed
	platform.Config
	project, region, sender, location, country, payment string
}

var (
	projectKey  = lazyregexp.New(`^[a-z0-9_-]{2,36}$`)
	regionName  = lazyregexp.New(`^[a-z]+(-[a-z]+)*-?[0-9]+\.(gcp|aws)$`)
	userARN     = lazyregexp.New(`^arn:aws[a-z-]*:iam::\d{12}:user/[\w+=,.@/-]+$`)
	countryCode = lazyregexp.New(`^[A-Z]{2}$`)
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	own := func(name, otherwise string) string { return cmp.Or(c.Settings[name], otherwise) }
	e := &endpoint{
		Config: c, project: own(projectSetting, ""), region: own(regionSetting, ""), sender: own(senderSetting, documented),
		location: own(locationSetting, ""), country: own(countrySetting, ""), payment: own(paymentSetting, byInteraction),
	}
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{projectSetting, "the project's key, such as acme-prod", projectKey.MatchString(e.project)},
		{regionSetting, "a region such as us-central1.gcp or eu-central-1.aws", regionName.MatchString(e.region)},
		{senderSetting, "the ARN of one IAM user", userARN.MatchString(e.sender)},
		{countrySetting, "a country of two upper-case letters, such as US", e.country == "" || countryCode.MatchString(e.country)},
		{paymentSetting, "interaction or interface", e.payment == byInteraction || e.payment == byInterface},
	} {
		if !check.right {
			return nil, fmt.Errorf("commercetools: setting %s: want %s", check.setting, check.want)
		}
	}
	if e.OrderNumber.Store == "" {
		e.OrderNumber.Store = e.System
	}
	return e, nil
}

// Senders is commercetools' user alone.
func (e *endpoint) Senders() []platform.Sender { return []platform.Sender{{ARN: e.sender}} }

// Identify reads what happened, and its id, out of the notification.
func (e *endpoint) Identify(req platform.Request) (topic, id string) {
	d, err := open(req.Body)
	if err != nil {
		return "", ""
	}
	return d.topic(), d.id()
}

// Normalise reads a notification or an answer of the API.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	err := n.read()
	if err == nil {
		err = n.Problem()
	}
	if err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations)+len(n.reading.Fetch)+len(n.reading.Erase) > 0 {
		n.reading.Ignored = ""
	}
	return n.reading, nil
}
