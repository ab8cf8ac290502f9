// Package taxjar reads the transactions of a TaxJar account: what its API answers,
// and what a bridge of the customer's own posts.
//
// It owns the API's address and the shapes of order and refund transactions, and
// turns them into observations and fetches. Calling the API, waiting views, and
// what a difference means are left to others.
//
// # Who sends
//
// TaxJar publishes no contract for webhooks: nothing comes by itself. Every hour
// the transactions of the last days are listed and then asked for one by one: a
// list has their ids alone, and no transaction says when it was changed, so that
// later changes are found only as long as their day is listed. A bridge may post
// transactions as the API writes them, signed as a Standard Webhook: that contract
// is Plumbline's and not TaxJar's.
//
// # Orders
//
// A transaction's id is the web order's number. TaxJar keeps transactions by
// provider, who is the one who sent them: the same order from two of them is filed
// twice. Both stand in one slot, so that a rule with check: one sees the second.
// What TaxJar has is filed; there is nothing to commit. Tax that a marketplace
// remits is no part of the order's tax; it is put apart. A refund names its order,
// and its amounts count without their sign, which changed between versions of the
// API.
//
// # From memory
//
// Not confirmed: that a list without a provider has those of "api" alone; that
// exemption_type is "marketplace" where one remits the tax, which the setting
// marketplace_providers completes; that amounts are with shipping and without tax.
// No transaction says its currency: it is the registry's.
package taxjar

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform"
)

// revision is the normaliser's part of every version. Raise it when the same
// body is read in another way, so that redelivered facts replace old ones.
const revision = 1

// transactions is the topic of what a bridge posts.
const transactions = "transactions"

// The names of the settings in the registry.
const (
	environmentSetting = "environment"
	providersSetting   = "providers"
	marketplaceSetting = "marketplace_providers"
	daysSetting        = "days"
)

// Platform describes TaxJar.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "taxjar",
		Title: "TaxJar",
		Role:  platform.Tax,
		Settings: []platform.Setting{
			{Name: environmentSetting, Help: "production, which is the default, or sandbox"},
			{Name: providersSetting, Help: "who sends transactions to TaxJar, with commas between; api when not given"},
			{Name: marketplaceSetting, Help: "providers that are marketplaces, which remit the tax themselves, with commas between"},
			{Name: daysSetting, Help: "how many days back transactions are asked for again and again; 3 when not given"},
		},
		New: newEndpoint,
	}
}

// endpoint is one configured account. It does not change after it was made.
type endpoint struct {
	platform.Config
	host         string
	providers    []string
	marketplaces []string
	days         int
}

var (
	providerName = lazyregexp.New(`^[a-z0-9_]{1,50}$`)
	hosts        = map[string]string{"production": "api.taxjar.com", "sandbox": "api.sandbox.taxjar.com"}
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	days, err := strconv.Atoi(cmp.Or(c.Settings[daysSetting], "3"))
	e := &endpoint{
		Config: c, days: days,
		host:         hosts[cmp.Or(c.Settings[environmentSetting], "production")],
		providers:    list(cmp.Or(c.Settings[providersSetting], "api")),
		marketplaces: list(c.Settings[marketplaceSetting]),
	}
	noName := func(name string) bool { return !providerName.MatchString(name) }
	for _, check := range []struct {
		setting, want string
		right         bool
	}{
		{environmentSetting, "production or sandbox", e.host != ""},
		{providersSetting, "names of providers with commas between", len(e.providers) > 0 && !slices.ContainsFunc(e.providers, noName)},
		{marketplaceSetting, "names of providers with commas between", !slices.ContainsFunc(e.marketplaces, noName)},
		{daysSetting, "a number of days from 1 to 60", err == nil && days >= 1 && days <= 60},
	} {
		if !check.right {
			return nil, fmt.Errorf("taxjar: setting %s: want %s", check.setting, check.want)
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

// Normalise reads transactions, or the ids of some.
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
