package company

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// customer is a buyer; hash stands for the keyed hash of an address.
type customer struct {
	hash, native string
	orders       int
	consent      string
	created      time.Time
	inCRM        bool
	wrong        *Episode
}

func (c *Company) someCustomer() *customer {
	if len(c.customers) > 50 && c.chance(650) {
		return c.customers[c.rand.IntN(len(c.customers))]
	}
	n := len(c.customers)
	p := &customer{hash: fmt.Sprintf("h%06d", n), native: fmt.Sprint(7000 + n), consent: "unsubscribed", created: c.Now()}
	if c.chance(400) {
		p.consent = "subscribed"
	}
	c.customers = append(c.customers, p)
	return p
}

func (p *customer) says(native string, facets commerce.Facets) commerce.Observation {
	facets["consent"] = commerce.Text(p.consent)
	return commerce.Observation{
		Kind: commerce.Customer, Key: commerce.Key{p.hash}, Part: "contact", Native: native, Slot: "contact",
		Created: p.created.UTC(), Facets: facets,
	}
}

func (p *customer) atShop() commerce.Observation {
	return p.says(p.native, commerce.Facets{"orders": count(p.orders)})
}

func (p *customer) inTheCRM() commerce.Observation { return p.says("K"+p.native, commerce.Facets{}) }

// account is what an account is known by in one system: its address, and the id
// that the storefront has for the customer.
func (c *Company) account(system, native, hash, external string) commerce.Observation {
	return commerce.Observation{
		System: system, Kind: commerce.Link, Key: commerce.Key{system, commerce.CustomerLink, native}, Part: "link", Native: native,
		Facets: commerce.Facets{"hash": commerce.Text(hash), commerce.ExternalAnchor: commerce.Text(external)},
	}
}

// anchor is the keyed hash of a customer's id in the storefront.
func (p *customer) anchor() string { return "x" + p.native }

// buys lets the storefront tell of a buyer, and the CRM get a new one.
func (c *Company) buys(p *customer) {
	p.orders++
	if p.orders > 1 {
		return
	}
	c.tell(Shop, p.atShop(), c.account(Shop, p.native, p.hash, p.anchor()))
	if cause := c.take(MissingContact, true); cause != nil {
		p.wrong = c.begin(cause, commerce.Customer, commerce.Key{p.hash}, "customers/contact")
		c.repair(12*time.Hour, 36*time.Hour, func() { c.known(p); c.end(p.wrong); p.wrong = nil })
		return
	}
	if cause := c.take(CustomerSplit, true); cause != nil {
		c.splits(p, cause)
		return
	}
	c.In(c.lag(10*time.Minute, 5*time.Hour), func() {
		c.known(p)
		if cause := c.take(CustomerTwice, true); cause != nil {
			c.twice(p, cause)
		}
	})
}

func (c *Company) known(p *customer) {
	p.inCRM = true
	c.tell(CRM, p.inTheCRM(), c.account(CRM, "K"+p.native, p.hash, p.anchor()))
}

// splits lets the CRM write a customer's address wrongly, so that the systems have
// two persons where there is one.
func (c *Company) splits(p *customer, cause *Cause) {
	p.wrong = c.begin(cause, commerce.Customer, commerce.Key{p.hash}, "customers/contact", "customers/one-customer")
	split := c.begin(cause, commerce.Anchor, commerce.Key{commerce.ExternalAnchor, p.anchor()}, "customers/one-customer-anchors")
	other := p.inTheCRM()
	other.Key = commerce.Key{p.hash + "-typo"}
	c.tell(CRM, other, c.account(CRM, "K"+p.native, p.hash+"-typo", p.anchor()))
	c.repair(12*time.Hour, 36*time.Hour, func() {
		other.Gone, other.Facets = true, nil
		c.tell(CRM, other)
		c.known(p)
		c.end(p.wrong)
		c.end(split)
		p.wrong = nil
	})
}

// twice lets the CRM have a customer as two contacts.
func (c *Company) twice(p *customer, cause *Cause) {
	e := c.begin(cause, commerce.Customer, commerce.Key{p.hash}, "customers/contact", "customers/consent", "customers/one-customer")
	p.wrong = e
	twin := p.inTheCRM()
	twin.Native += "-2"
	c.tell(CRM, twin)
	c.repair(12*time.Hour, 36*time.Hour, func() {
		twin.Gone, twin.Facets = true, nil
		c.tell(CRM, twin)
		c.end(e)
		p.wrong = nil
	})
}

// consents lets a customer change their mind; the CRM follows, or writes the old
// answer back.
func (c *Company) consents() {
	if len(c.customers) == 0 {
		return
	}
	p := c.customers[c.rand.IntN(len(c.customers))]
	if !p.inCRM || p.wrong != nil || p.orders == 0 {
		return
	}
	p.consent = map[string]string{"subscribed": "unsubscribed", "unsubscribed": "subscribed"}[p.consent]
	c.tell(Shop, p.atShop())
	if cause := c.take(ConsentOverwritten, true); cause != nil {
		p.wrong = c.begin(cause, commerce.Customer, commerce.Key{p.hash}, "customers/consent")
		c.repair(12*time.Hour, 36*time.Hour, func() { c.known(p); c.end(p.wrong); p.wrong = nil })
		return
	}
	consent := p.consent
	c.In(c.lag(10*time.Minute, 5*time.Hour), func() {
		if p.consent == consent {
			c.tell(CRM, p.inTheCRM())
		}
	})
}
