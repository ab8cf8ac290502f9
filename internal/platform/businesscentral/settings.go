package businesscentral

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// The names of the settings in the registry.
const (
	tenantSetting      = "tenant"
	environmentSetting = "environment"
	companySetting     = "company"
	apiSetting         = "api"
	orderFieldsSetting = "order_fields"
	skuSetting         = "sku"
	stockPageSetting   = "stock_page"
	stockFieldsSetting = "stock_fields"
	stockEverySetting  = "stock_every"
	customersSetting   = "customers"
)

const (
	guidPattern  = `[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}`
	routePattern = `(?:v\d+\.\d+|beta|\w+/\w+/(?:v\d+\.\d+|beta))`
)

var (
	tenantName      = lazyregexp.New(`^[A-Za-z0-9][A-Za-z0-9.-]*$`)
	environmentName = lazyregexp.New(`^[A-Za-z0-9_-]+$`)
	companyID       = lazyregexp.New(`^` + guidPattern + `$`)
	route           = lazyregexp.New(`^` + routePattern + `$`)
	stockRoute      = lazyregexp.New(`^(` + routePattern + `)/(\w+)$`)
	fieldName       = lazyregexp.New(`^[A-Za-z]\w*$`)
)

func settingList() []platform.Setting {
	return []platform.Setting{
		{Name: tenantSetting, Required: true, Help: "the Microsoft Entra tenant: its id or a domain, such as acme.onmicrosoft.com"},
		{Name: companySetting, Required: true, Help: "the company's id, a GUID, as the API's companies list says"},
		{Name: environmentSetting, Help: "the environment's name; production when not given"},
		{Name: apiSetting, Help: "the API route of items and sales documents: v2.0, which is the default, or publisher/group/version of pages of your own"},
		{Name: orderFieldsSetting, Help: "fields of sales documents that may hold the web order's number, in order, with commas between; externalDocumentNumber when not given"},
		{Name: skuSetting, Help: "the item's field that is the SKU: number, which is the default, or gtin"},
		{Name: stockPageSetting, Help: "an API page of your own with stock by location, such as acme/plumbline/v1.0/stock; without, items' inventory is read for the location *"},
		{Name: stockFieldsSetting, Help: "the page's fields with item number, location code, quantity on hand and, if it has one, free quantity; itemNumber,locationCode,inventory when not given"},
		{Name: stockEverySetting, Help: "how often stock is pulled; 15m when not given"},
		{Name: customersSetting, Help: "which customers are read: companies, or all for persons as well; none when not given"},
	}
}

// settings are the platform's own settings of a system, checked.
type settings struct {
	tenant, environment, company, api string
	orderFields                       []string
	sku                               string
	stockPage                         string
	stockFields                       []string
	stockEvery                        time.Duration
	// customers is which of them are read: none, companies or all.
	customers string
}

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	own := func(name, otherwise string) string { return cmp.Or(c.Settings[name], otherwise) }
	s := settings{
		tenant: own(tenantSetting, ""), environment: own(environmentSetting, "production"),
		company: strings.ToLower(own(companySetting, "")), api: own(apiSetting, standardAPI),
		orderFields: list(own(orderFieldsSetting, "externalDocumentNumber")), sku: own(skuSetting, "number"),
		stockPage: own(stockPageSetting, ""), stockFields: list(own(stockFieldsSetting, "itemNumber,locationCode,inventory")),
		customers: own(customersSetting, ""),
	}
	every, err := time.ParseDuration(own(stockEverySetting, "15m"))
	s.stockEvery = every
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{tenantSetting, "a tenant's id or domain, such as acme.onmicrosoft.com", tenantName.MatchString(s.tenant)},
		{companySetting, "the company's id, a GUID", companyID.MatchString(s.company)},
		{environmentSetting, "an environment's name, such as production", environmentName.MatchString(s.environment)},
		{apiSetting, "v2.0, or a route such as acme/plumbline/v1.0", route.MatchString(s.api)},
		{orderFieldsSetting, "names of fields with commas between", names(s.orderFields)},
		{skuSetting, "number or gtin", s.sku == "number" || s.sku == "gtin"},
		{stockPageSetting, "a page such as acme/plumbline/v1.0/stock", s.stockPage == "" || stockRoute.MatchString(s.stockPage)},
		{stockFieldsSetting, "three or four names of fields", names(s.stockFields) && (len(s.stockFields) == 3 || len(s.stockFields) == 4)},
		{customersSetting, "companies or all", slices.Contains([]string{"", companies, everybody}, s.customers)},
		{stockEverySetting, "a duration of a minute or more, such as 15m", err == nil && every >= time.Minute},
	} {
		if !check.right {
			return nil, fmt.Errorf("businesscentral: setting %s: want %s", check.setting, check.want)
		}
	}
	e := &endpoint{Config: c, settings: s}
	if e.Timezone == nil {
		e.Timezone = time.UTC
	}
	for _, native := range slices.Sorted(maps.Keys(c.Locations)) {
		if c.Locations[native] != platform.Ignore {
			e.compared = append(e.compared, native)
		}
	}
	return e, nil
}

func list(text string) []string {
	fields := strings.Split(text, ",")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields
}

func names(fields []string) bool {
	return !slices.ContainsFunc(fields, func(f string) bool { return !fieldName.MatchString(f) })
}
