// Package salesforce verifies and reads the outbound messages of a Salesforce
// organisation.
//
// It owns the token of the address, the SOAP envelope and its answer, the ids, and
// which fields mean what, and turns objects into observations. Answering the
// request, links, waiting views, and what a difference means are left to others.
//
// # Who sends
//
// Salesforce signs nothing. The proof is a token in the address, which is the
// system's secret, together with the organisation's id in the body; whoever has
// the address can say anything. A message that carries a session is refused: its
// session opens the API, and bodies are kept.
//
// # What may be missing
//
// What is not acknowledged within a day is dropped, and nothing is sent of what is
// deleted. Messages may come twice and in any order: the object's own time of its
// last change orders them. A snapshot every night mends what they missed.
//
// # Values
//
// All values are texts, and there is no blank text beside null. Which fields an
// object has is chosen in the outbound message, and what they mean is a setting
// for each type of objects; SystemModstamp or LastModifiedDate must be among them.
// An Account or Contact is a customer, known by the keyed hash of its e-mail
// address; an Order or Opportunity is a web order.
//
// # From memory
//
// Not confirmed: that ids of 15 characters and of 18 both occur, that fields
// without a value are marked nil, and which standard field holds what, which is
// why all of them are settings.
package salesforce

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// The names of the settings that are no object's.
const (
	organizationSetting = "organization"
	cancelledSetting    = "cancelled"
	externalOfSetting   = "external_of"
)

// Platform describes Salesforce.
func Platform() platform.Platform {
	settings := []platform.Setting{
		{Name: organizationSetting, Required: true, Help: "the organisation's id, of 15 or 18 characters, as Setup › Company Information shows it"},
		{Name: cancelledSetting, Help: "statuses of orders that are cancelled, with commas between; Cancelled when not given"},
		{Name: externalOfSetting, Help: "the registry's name of the system whose customer ids stand in the fields of external, such as contact: \"phone=MobilePhone, external=ShopId__c\""},
	}
	for _, o := range objects {
		settings = append(settings, platform.Setting{Name: o.setting, Help: "which fields of the object " + o.name + " mean what, besides " + o.fields})
	}
	return platform.Platform{Name: "salesforce", Title: "Salesforce", Role: platform.Contacts, Settings: settings, New: newEndpoint}
}

// endpoint is one configured organisation. It does not change after it was made.
type endpoint struct {
	platform.Config
	organization string
	cancelled    []string
	// mappings are by the object's name.
	mappings map[string]mapping
}

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{Config: c, mappings: map[string]mapping{}}
	var ok bool
	if e.organization, ok = id18(c.Settings[organizationSetting]); !ok {
		return nil, fmt.Errorf("salesforce: setting %s: want the organisation's id, such as 00D5g000001AcmeEAC", organizationSetting)
	}
	for word := range strings.SplitSeq(cmp.Or(c.Settings[cancelledSetting], "Cancelled"), ",") {
		e.cancelled = append(e.cancelled, strings.TrimSpace(word))
	}
	for _, o := range objects {
		m, err := o.mapping(c.Settings[o.setting])
		if err != nil {
			return nil, fmt.Errorf("salesforce: setting %s: want %w", o.setting, err)
		}
		e.mappings[o.name] = m
	}
	return e, nil
}

// Normalise reads every notification of a message, or none.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	m, err := parse(d.Body)
	if err != nil {
		return platform.Reading{}, err
	}
	n := &normaliser{endpoint: e, delivery: d}
	n.Limit("Notification", len(m.notifications), maxNotifications)
	if len(m.notifications) == 0 {
		n.Fail("Notification", "at least one")
	}
	for i, one := range m.notifications {
		n.Enter("Notification", i)
		n.notification(one)
		n.Leave()
	}
	if err := n.Problem(); err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations) == 0 {
		n.reading.Ignored = n.why
	}
	return n.reading, nil
}

// find is the type of objects with the name.
func find(name string) (object, bool) {
	at := slices.IndexFunc(objects, func(o object) bool { return o.name == name })
	if at < 0 {
		return object{}, false
	}
	return objects[at], true
}
