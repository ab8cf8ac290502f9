package hubspot

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The names of the settings in the registry.
const (
	portalSetting       = "portal"
	urlSetting          = "url"
	oldestSetting       = "oldest_signature"
	consentSetting      = "consent"
	countrySetting      = "country"
	phoneSetting        = "phone"
	externalSetting     = "external_id"
	externalOfSetting   = "external_of"
	companyEmailSetting = "company_email"
	orderFieldsSetting  = "order_fields"

	companyTaxSetting        = "company_tax"
	companyCountrySetting    = "company_country"
	companyExternalSetting   = "company_external_id"
	companyExternalOfSetting = "company_external_of"
)

var (
	portalID     = lazyregexp.New(`^[1-9][0-9]{0,19}$`)
	propertyName = lazyregexp.New(`^[a-z][a-z0-9_]{0,99}$`)
)

func settingList() []platform.Setting {
	return []platform.Setting{
		{Name: portalSetting, Required: true, Help: "the portal's id (Hub ID), in quotes, such as \"62515\""},
		{Name: urlSetting, Required: true, Help: "the address that HubSpot sends to, such as https://hooks.acme.example/hooks/hubspot: it is signed"},
		{Name: oldestSetting, Help: "the oldest generation of signatures that is taken: v1, which is the default, v2 or v3"},
		{Name: consentSetting, Help: "the contact property with the consent to marketing; hs_email_optout when not given"},
		{Name: countrySetting, Help: "the contact property with the country's code; hs_country_region_code when not given"},
		{Name: phoneSetting, Help: "the contact property with the telephone number, such as mobilephone; not read when not given"},
		{Name: externalSetting, Help: "the contact property with the customer's id in another system; not read when not given"},
		{Name: externalOfSetting, Help: "the registry's name of the system whose customer ids external_id holds"},
		{Name: companyEmailSetting, Help: "the company property with the e-mail address that other systems know the company by; without it and company_tax, companies are not read"},
		{Name: companyTaxSetting, Help: "the company property with the tax number (VAT id) that other systems know the company by; its domain is read then as well"},
		{Name: companyCountrySetting, Help: "the company property with the country's code, for tax numbers that are written without it; hs_country_code when not given"},
		{Name: companyExternalSetting, Help: "the company property with the company's id in another system; not read when not given"},
		{Name: companyExternalOfSetting, Help: "the registry's name of the system whose company ids company_external_id holds"},
		{Name: orderFieldsSetting, Help: "deal properties that may hold the web order's number, in order, with commas between; without, deals are not read"},
	}
}

// settings are the platform's own settings of a system, checked.
type settings struct {
	portal, url      string
	oldest           string
	consent, country string
	phone            string
	external         string
	externalOf       string
	companyEmail     string
	orderFields      []string

	companyTax, companyCountry         string
	companyExternal, companyExternalOf string
}

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	own := func(name, otherwise string) string { return cmp.Or(c.Settings[name], otherwise) }
	s := settings{
		portal: own(portalSetting, ""), url: own(urlSetting, ""), oldest: own(oldestSetting, "v1"),
		consent: own(consentSetting, optOut), country: own(countrySetting, "hs_country_region_code"),
		companyEmail: own(companyEmailSetting, ""), phone: own(phoneSetting, ""),
		external: own(externalSetting, ""), externalOf: own(externalOfSetting, ""),
		companyTax: own(companyTaxSetting, ""), companyCountry: own(companyCountrySetting, "hs_country_code"),
		companyExternal: own(companyExternalSetting, ""), companyExternalOf: own(companyExternalOfSetting, ""),
	}
	if fields := own(orderFieldsSetting, ""); fields != "" {
		s.orderFields = list(fields)
	}
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{portalSetting, "the portal's id, such as \"62515\"", portalID.MatchString(s.portal)},
		{urlSetting, "an https address without a query, such as https://hooks.acme.example/hooks/hubspot", address(s.url)},
		{oldestSetting, "v1, v2 or v3", slices.Contains([]string{"v1", "v2", "v3"}, s.oldest)},
		{consentSetting, "the internal name of a contact property", propertyName.MatchString(s.consent)},
		{countrySetting, "the internal name of a contact property", propertyName.MatchString(s.country)},
		{phoneSetting, "the internal name of a contact property", s.phone == "" || propertyName.MatchString(s.phone)},
		{externalSetting, "the internal name of a contact property", s.external == "" || propertyName.MatchString(s.external)},
		{externalOfSetting, "a system's name together with external_id", (s.external == "") == (s.externalOf == "")},
		{companyEmailSetting, "the internal name of a company property", s.companyEmail == "" || propertyName.MatchString(s.companyEmail)},
		{companyTaxSetting, "the internal name of a company property", s.companyTax == "" || propertyName.MatchString(s.companyTax)},
		{companyCountrySetting, "the internal name of a company property", propertyName.MatchString(s.companyCountry)},
		{companyExternalSetting, "the internal name of a company property, with company_tax", s.companyExternal == "" || s.companyTax != "" && propertyName.MatchString(s.companyExternal)},
		{companyExternalOfSetting, "a system's name together with company_external_id", (s.companyExternal == "") == (s.companyExternalOf == "")},
		{orderFieldsSetting, "internal names of deal properties with commas between", names(s.orderFields)},
	} {
		if !check.right {
			return nil, fmt.Errorf("hubspot: setting %s: want %s", check.setting, check.want)
		}
	}
	return &endpoint{Config: c, settings: s}, nil
}

func address(text string) bool {
	at, err := url.Parse(text)
	return err == nil && at.Scheme == "https" && at.Host != "" && at.User == nil && !strings.ContainsAny(text, "?#")
}

func list(text string) []string {
	fields := strings.Split(text, ",")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields
}

func names(fields []string) bool {
	return !slices.ContainsFunc(fields, func(f string) bool { return !propertyName.MatchString(f) })
}
