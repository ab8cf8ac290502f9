package salesforce

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
)

// The roles of fields that are no facets: what a record is known by, and an
// order's status.
const (
	emailRole = "email"
	// phoneRole and externalRole are a customer's telephone number, and id in the
	// system that external_of names.
	phoneRole    = "phone"
	externalRole = "external"
	numberRole   = "number"
	statusRole   = "status"
)

// object is a type of objects that is read.
type object struct {
	// name is Salesforce's, setting is the registry's.
	name, setting string
	kind          commerce.Kind
	// link is the type of the links from an object's id to what it is known by.
	link string
	// fields are what each facet or role is read from when nothing else is said.
	fields string
}

var objects = []object{
	{"Account", "account", commerce.Customer, commerce.CustomerLink, "email=PersonEmail, consent=PersonHasOptedOutOfEmail, country=BillingCountryCode"},
	{"Contact", "contact", commerce.Customer, commerce.CustomerLink, "email=Email, consent=HasOptedOutOfEmail, country=MailingCountryCode"},
	{"Order", "order", commerce.Order, commerce.OrderLink, "number=OrderReferenceNumber, total=TotalAmount, currency=CurrencyIsoCode, created=CreatedDate, status=Status"},
	{"Opportunity", "opportunity", commerce.Order, "opportunity", "total=Amount, currency=CurrencyIsoCode, created=CreatedDate"},
}

// roles are those that a kind has beside its facets.
var roles = map[commerce.Kind][]string{commerce.Customer: {emailRole, phoneRole, externalRole}, commerce.Order: {numberRole, statusRole}}

// mapping says which fields a facet or a role is read from: the first of them
// that has a value.
type mapping map[string][]string

var fieldName = lazyregexp.New(`^[A-Za-z]\w{0,79}$`)

// mapping reads "facet=Field, facet=Field|Other__c" over what holds without it.
func (o object) mapping(text string) (mapping, error) {
	m := mapping{}
	for entry := range strings.SplitSeq(o.fields+","+text, ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		role, fields, _ := strings.Cut(entry, "=")
		role = strings.TrimSpace(role)
		_, facet := o.kind.FacetOf(role)
		if !facet && !slices.Contains(roles[o.kind], role) {
			return nil, fmt.Errorf("facets of a %s or %s, each with its fields, such as %s", o.kind, strings.Join(roles[o.kind], ", "), o.fields)
		}
		m[role] = nil
		for name := range strings.SplitSeq(fields, "|") {
			if name = strings.TrimSpace(name); !fieldName.MatchString(name) {
				return nil, fmt.Errorf("names of fields, with | between those of one facet, such as %s", o.fields)
			}
			m[role] = append(m[role], name)
		}
	}
	return m, nil
}
