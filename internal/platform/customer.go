package platform

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
)

// customerHashDigits is the length of a customer's key: 128 bits.
const customerHashDigits = 32

// CustomerHash is the key of the customer with the e-mail address: the same in
// every system, and of no use without the hash key. It is blank for a blank
// address, which identifies nobody.
func (c Config) CustomerHash(email string) string {
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "" {
		return ""
	}
	return c.hash(email)
}

// PhoneHash is the anchor of a telephone number, blank where the number cannot be
// told for sure: it is international, or national in the country, which may be
// blank.
func (c Config) PhoneHash(phone, country string) string {
	number := international(phone, country)
	if number == "" {
		return ""
	}
	return c.hash(commerce.PhoneAnchor + "|" + number)
}

// ExternalHash is the anchor of an account by its id in a system. It is blank for
// a blank id or system, which identify nobody.
func (c Config) ExternalHash(system, native string) string {
	native = strings.TrimSpace(native)
	if system == "" || native == "" {
		return ""
	}
	return c.hash(commerce.ExternalAnchor + "|" + system + "|" + native)
}

// TaxHash is the key of the company with the tax number, as CustomerHash is a
// person's. A number without its country's code at the beginning is read in the
// country, and is blank where there is none: other countries have it as well.
func (c Config) TaxHash(number, country string) string {
	if number = taxNumber(number, country); number == "" {
		return ""
	}
	return c.hash("tax|" + number)
}

// DomainHash is the anchor of a company by its website, which is its domain or the
// address of its first page. Any other page may be on somebody else's site, and
// is none.
func (c Config) DomainHash(website string) string {
	domain := domainOf(website)
	if domain == "" {
		return ""
	}
	return c.hash(commerce.DomainAnchor + "|" + domain)
}

// Person is what an account says of whose it is, as its platform writes it. All of
// it may be blank.
type Person struct {
	// Email identifies a person, and a company that says no tax number.
	Email string
	// Tax is a company's tax number, read in Country, and Website its own.
	Tax, Website string
	// Phone is read in Country where it is a national number.
	Phone, Country string
	// External is the account's id in the system ExternalOf.
	External, ExternalOf string
}

// Known are the facets of an account's link: keyed hashes of what identifies the
// person, and nothing for what does not.
func (c Config) Known(p Person) commerce.Facets {
	known := commerce.Facets{}
	hash := c.TaxHash(p.Tax, p.Country)
	if hash == "" {
		hash = c.CustomerHash(p.Email)
	}
	for name, hash := range map[string]string{
		"hash":                  hash,
		commerce.DomainAnchor:   c.DomainHash(p.Website),
		commerce.PhoneAnchor:    c.PhoneHash(p.Phone, p.Country),
		commerce.ExternalAnchor: c.ExternalHash(p.ExternalOf, p.External),
	} {
		if hash != "" {
			known[name] = commerce.Text(hash)
		}
	}
	return known
}

func (c Config) hash(text string) string {
	mac := hmac.New(sha256.New, c.HashKey)
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))[:customerHashDigits]
}
