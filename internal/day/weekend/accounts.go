package weekend

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/day"
	"github.com/plumbline/plumbline/internal/day/script"
)

// account is a customer's account in the shop. What is blank it does not have.
type account struct {
	id           int64
	email, phone string
}

// account lets the shop tell of a new account.
func (c *company) account(at time.Time, a account) {
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	c.send(at, shopName, "customers/create", object{
		"id": a.id, "email": text(a.email), "phone": text(a.phone), "created_at": second(at.AddDate(-1, 0, 0)), "updated_at": second(at),
		"orders_count": 1, "state": "enabled", "tax_exempt": false, "currency": "USD",
		"email_marketing_consent": object{"state": "subscribed", "opt_in_level": "single_opt_in", "consent_updated_at": second(at)},
		"default_address":         object{"country_code": "US"}, "admin_graphql_api_id": fmt.Sprintf("gid://shopify/Customer/%d", a.id),
	})
}

// subscriber is a profile of the mail service, which names the account that it is
// of in the shop.
func (c *company) subscriber(at time.Time, profile int, email string, of int64) {
	id := fmt.Sprintf("01J9ACME%018d", profile)
	c.send(at, mailName, "", object{
		"data": []object{{
			"external_id": fmt.Sprintf("ev-%d", profile), "topic": "event:klaviyo.subscribed_to_email_marketing",
			"payload": object{
				"data": object{
					"type": "event", "id": fmt.Sprintf("4vRp%d", profile),
					"attributes":    object{"timestamp": at.Unix(), "datetime": second(at), "event_properties": object{"List": "Newsletter"}},
					"relationships": object{"profile": object{"data": object{"type": "profile", "id": id}}},
				},
				"included": []object{{
					"type": "profile", "id": id,
					"attributes": object{
						"email": email, "external_id": fmt.Sprint(of), "created": second(at), "updated": second(at), "location": object{"country": "US"},
					},
				}},
			},
		}},
		"meta": object{"klaviyo_account_id": mailID, "timestamp": second(at)},
	})
}

// accounts: customers that are there twice, and such that only look like it.
func (c *company) accounts() {
	const first = 7123000000000
	c.Now = begin.Add(-time.Minute)
	c.Answer(day.Answer{
		Call: "GET a.klaviyo.com/api/profiles",
		Body: script.Text(object{"data": []object{}, "links": object{"self": "https://a.klaviyo.com/api/profiles", "next": nil, "prev": nil}}),
	})
	twice := account{first + 1, "robin@customers.example", "+14135550101"}
	c.account(on(friday, 20, 0), twice)
	c.account(on(friday, 20, 10), account{id: first + 2, phone: twice.phone})
	c.planted(day.Alert{
		Name: "the same customer twice", Integration: "accounts-to-mail", Rule: "one-customer-anchors", Class: "duplicate", Records: 1,
		Why: "an account with an address and one without share a telephone number: the till made a second one",
	}, on(saturday, 2, 10), time.Time{})

	c.account(on(friday, 20, 20), account{first + 3, "kit@customers.example", "+14135550102"})
	c.account(on(friday, 20, 25), account{first + 4, "jo@customers.example", "+14135550102"})
	c.Healthy(day.Silent{
		Name: "a household", Kind: "customer", Why: "two addresses on one telephone number are two persons as likely as one: that cannot be told",
	})

	c.companies()
	merged, kept := account{first + 5, "sam@customers.example", ""}, account{first + 6, "sammy@customers.example", ""}
	c.account(on(friday, 20, 30), merged)
	c.account(on(friday, 20, 35), kept)
	c.subscriber(on(friday, 20, 40), 1, merged.email, merged.id)
	c.merge(on(friday, 21, 0), kept.id, merged.id)
	c.planted(day.Alert{
		Name: "split by a merge", Integration: "accounts-to-mail", Rule: "one-customer-anchors", Class: "split", Records: 1,
		Why: "the shop merged two accounts, the mail service still names the one that is gone",
	}, on(saturday, 3, 0), time.Time{})

	early, late := account{first + 7, "ana@customers.example", "+14135550103"}, account{id: first + 8, phone: "+14135550103"}
	c.account(on(friday, 21, 10), early)
	c.account(on(friday, 21, 15), late)
	c.merge(on(friday, 23, 15), early.id, late.id)
	c.Healthy(day.Silent{
		Name: "merged in time", Kind: "customer", Why: "somebody merges the two accounts two hours after the second one came, within the settle time",
	})
}

func (c *company) merge(at time.Time, kept, gone int64) {
	c.send(at, shopName, "customers/merge", object{
		"admin_graphql_api_customer_kept_id":    fmt.Sprintf("gid://shopify/Customer/%d", kept),
		"admin_graphql_api_customer_deleted_id": fmt.Sprintf("gid://shopify/Customer/%d", gone),
		"admin_graphql_api_job_id":              nil, "status": "completed", "errors": []object{},
	})
}

// companies: somebody enters a company twice, with the ERP's number. Another one
// has two places.
func (c *company) companies() {
	business := func(entity string, id int, facets object) object {
		b := object{"admin_graphql_api_id": fmt.Sprintf("gid://shopify/%s/%d", entity, id), "created_at": second(on(saturday, 12, 0))}
		for name, value := range facets {
			b[name] = value
		}
		return b
	}
	for i := range 2 {
		at := on(saturday, 12, 10*i)
		c.send(at, shopName, "companies/create", business("Company", 451+i, object{"external_id": "C00010", "updated_at": second(at)}))
		at = at.Add(time.Minute)
		c.send(at, shopName, "company_locations/create", business("CompanyLocation", 408+i, object{
			"external_id": fmt.Sprintf("C00020-%d", i), "updated_at": second(at),
			"tax_registration": object{"tax_id": "DE 345.678.912"}, "billing_address": object{"country_code": "DE"},
		}))
	}
	c.planted(day.Alert{
		Name: "the same company twice", Integration: "accounts-to-mail", Rule: "one-customer-anchors", Class: "duplicate", Records: 1,
		Why: "two companies of the shop have one number of the ERP",
	}, on(saturday, 18, 10), time.Time{})
	c.Healthy(day.Silent{
		Name: "two places of one company", Kind: "customer", Why: "they share its tax number, and have numbers of their own in the ERP",
	})
}
