// Package klaviyo verifies and reads the system webhooks of a Klaviyo account, and
// what its API answers about profiles.
//
// It owns the signature, the batches of events, the API's addresses and shapes, and
// turns them into observations of customers and fetches. Calling the API, links,
// waiting views, and what a difference means are left to others.
//
// # Who sends
//
// The signature is of the body and the time behind it, in this order, in
// hexadecimal. The webhooks that flows send are not signed and are refused.
//
// # What is read
//
// A profile is a customer, known by the keyed hash of its e-mail address; one that
// has lost its address is no customer any more. Events of consent say what the
// profile agreed to since their time. An event that brings its profile along needs
// nothing else; for any other, the profile is asked for. Consent and the rest of a
// profile are parts of their own, so that an event overwrites nothing that it does
// not say.
//
// A profile that is suppressed is not written to, whatever it agreed to: it counts
// as unsubscribed.
//
// # From memory
//
// Not confirmed, and so a setting: which topics mean what, and the name of the
// account in meta. Not confirmed and without a setting: the spelling of the signed
// time, which is read as unix seconds, as in RFC 3339 and as in HTTP; the shape of
// a payload, which may also be a text that holds one; and the API's shapes.
package klaviyo

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// The names of the settings in the registry.
const (
	accountSetting      = "account"
	accountFieldSetting = "account_field"
	subscribedSetting   = "subscribed_topics"
	unsubscribedSetting = "unsubscribed_topics"
	versionSetting      = "api_revision"
	externalOfSetting   = "external_of"
)

const (
	defaultSubscribed   = "event:klaviyo.subscribed_to_email_marketing"
	defaultUnsubscribed = "event:klaviyo.unsubscribed_from_email_marketing,event:klaviyo.marked_email_as_spam"
	defaultVersion      = "2024-10-15"
)

// Platform describes Klaviyo.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "klaviyo",
		Title: "Klaviyo",
		Role:  platform.Contacts,
		Settings: []platform.Setting{
			{Name: accountSetting, Help: "the account's id, such as AbC123: events of another account are left out; without, no event is"},
			{Name: accountFieldSetting, Help: "the field of meta with the account's id; klaviyo_account_id when not given"},
			{Name: subscribedSetting, Help: "topics of events after which a profile is subscribed, with commas between; " + defaultSubscribed + " when not given"},
			{Name: unsubscribedSetting, Help: "topics of events after which it is not; " + defaultUnsubscribed + " when not given"},
			{Name: externalOfSetting, Help: "the registry's name of the system whose customer ids stand in external_id; external_id is not read when not given"},
			{Name: versionSetting, Help: "the API's revision that is asked for; " + defaultVersion + " when not given"},
		},
		New: newEndpoint,
	}
}

// endpoint is one configured account. It does not change after it was made.
type endpoint struct {
	platform.Config
	account, accountField string
	// consents are what a profile agreed to after an event, by its topic.
	consents map[string]string
	version  string
}

var (
	accountID = lazyregexp.New(`^[A-Za-z0-9]{1,32}$`)
	fieldName = lazyregexp.New(`^[a-z]\w*$`)
	topicName = lazyregexp.New(`^[a-z][a-z0-9_.:-]{0,127}$`)
	dated     = lazyregexp.New(`^\d{4}-\d{2}-\d{2}$`)
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{
		Config: c, account: c.Settings[accountSetting], consents: map[string]string{},
		accountField: cmp.Or(c.Settings[accountFieldSetting], "klaviyo_account_id"),
		version:      cmp.Or(c.Settings[versionSetting], defaultVersion),
	}
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{accountSetting, "the account's id, such as AbC123", e.account == "" || accountID.MatchString(e.account)},
		{accountFieldSetting, "the name of a field", fieldName.MatchString(e.accountField)},
		{versionSetting, "a revision, such as " + defaultVersion, dated.MatchString(e.version)},
		{subscribedSetting, "topics with commas between", e.take(cmp.Or(c.Settings[subscribedSetting], defaultSubscribed), subscribed)},
		{unsubscribedSetting, "topics with commas between, none of them twice", e.take(cmp.Or(c.Settings[unsubscribedSetting], defaultUnsubscribed), unsubscribed)},
	} {
		if !check.right {
			return nil, fmt.Errorf("klaviyo: setting %s: want %s", check.setting, check.want)
		}
	}
	return e, nil
}

// take remembers what a list of topics means.
func (e *endpoint) take(topics, consent string) bool {
	for topic := range strings.SplitSeq(topics, ",") {
		topic = strings.TrimSpace(topic)
		if _, twice := e.consents[topic]; twice || !topicName.MatchString(topic) {
			return false
		}
		e.consents[topic] = consent
	}
	return true
}

// Normalise reads a webhook or an answer of the API.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	if asked, ok := d.Header[platform.FetchedHeader]; ok {
		n.answer(asked)
	} else {
		n.batch()
	}
	if err := n.Problem(); err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations)+len(n.reading.Fetch) == 0 {
		n.reading.Ignored = n.why
	}
	return n.reading, nil
}
