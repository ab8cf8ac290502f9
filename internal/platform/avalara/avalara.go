// Package avalara reads the transactions of an AvaTax company: what its API
// answers, and what a bridge of the customer's own posts.
//
// It owns the API's address, its pages and the shape of a transaction, and turns
// them into observations. Calling the API, links, waiting views, and what a
// difference means are left to others.
//
// # Who sends
//
// Avalara publishes no contract for webhooks: nothing comes by itself. Every hour
// the transactions that were modified are asked for. A bridge may post
// transactions as the API writes them, one or a list, signed as a Standard
// Webhook: that contract is Plumbline's and not Avalara's.
//
// # Orders
//
// A web order is taxed by its sales invoice. Whoever sends one order twice, from
// the shop and from the ERP, makes two transactions with codes of their own: both
// stand in one slot, so that a rule with check: one sees the second. Where orders
// are invoiced in parts, the setting invoices says so, and they add up.
//
// A transaction counts once it is committed. Before, and again when it is
// uncommitted, it is there without amounts. A voided one is gone. An adjusted one
// is followed by a transaction of the same code, which alone counts. Tax that a
// marketplace remits is no part of the order's tax; it is put apart.
//
// A return is negative: it takes off what is current of the order, and is the
// refund, positive.
//
// # From memory
//
// Not confirmed: that modifiedDate can be filtered by and is UTC where it has no
// offset; that a list's next page stands in @nextLink; that lines of a marketplace
// say so in marketplaceLiabilityType, which the names of the setting
// marketplace_locations complete; that a return's referenceCode is the code of the
// sale when it is no web order's number; that amounts are without tax.
package avalara

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// transactions is the one topic.
const transactions = "transactions"

// The names of the settings in the registry.
const (
	companySetting     = "company"
	environmentSetting = "environment"
	orderFieldsSetting = "order_fields"
	invoicesSetting    = "invoices"
	marketplaceSetting = "marketplace_locations"
)

// Platform describes Avalara.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "avalara",
		Title: "Avalara AvaTax",
		Role:  platform.Tax,
		Settings: []platform.Setting{
			{Name: companySetting, Required: true, Help: "the company's code in AvaTax, such as DEFAULT"},
			{Name: environmentSetting, Help: "production, which is the default, or sandbox"},
			{Name: orderFieldsSetting, Help: "fields of transactions that may hold the web order's number, in order, with commas between; code,referenceCode,purchaseOrderNo when not given"},
			{Name: invoicesSetting, Help: "how many sales invoices a web order has: one, which is the default, or several, which add up"},
			{Name: marketplaceSetting, Help: "reporting location codes of marketplaces, which remit the tax themselves, with commas between"},
		},
		New: newEndpoint,
	}
}

// endpoint is one configured company. It does not change after it was made.
type endpoint struct {
	platform.Config
	company      string
	host         string
	orderFields  []string
	several      bool
	marketplaces []string
}

var (
	companyCode = lazyregexp.New(`^[A-Za-z0-9._-]{1,50}$`)
	fieldName   = lazyregexp.New(`^[A-Za-z]\w*$`)
	hosts       = map[string]string{"production": "rest.avatax.com", "sandbox": "sandbox-rest.avatax.com"}
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	invoices := cmp.Or(c.Settings[invoicesSetting], "one")
	e := &endpoint{
		Config: c, company: c.Settings[companySetting], several: invoices == "several",
		host:         hosts[cmp.Or(c.Settings[environmentSetting], "production")],
		orderFields:  list(cmp.Or(c.Settings[orderFieldsSetting], "code,referenceCode,purchaseOrderNo")),
		marketplaces: list(c.Settings[marketplaceSetting]),
	}
	noField := func(name string) bool { return !fieldName.MatchString(name) }
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{companySetting, "the company's code, such as DEFAULT", companyCode.MatchString(e.company)},
		{environmentSetting, "production or sandbox", e.host != ""},
		{orderFieldsSetting, "names of fields with commas between", len(e.orderFields) > 0 && !slices.ContainsFunc(e.orderFields, noField)},
		{invoicesSetting, "one or several", invoices == "one" || e.several},
	} {
		if !check.right {
			return nil, fmt.Errorf("avalara: setting %s: want %s", check.setting, check.want)
		}
	}
	if e.Timezone == nil {
		e.Timezone = time.UTC
	}
	return e, nil
}

func list(text string) []string {
	var all []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// Normalise reads a page of transactions, or one of them.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	err := n.read()
	if err == nil {
		err = n.Problem()
	}
	if err != nil {
		return platform.Reading{}, err
	}
	return n.reading, nil
}
