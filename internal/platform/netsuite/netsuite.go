// Package netsuite verifies and reads what a script in a NetSuite account reports.
//
// NetSuite has no webhooks. The script, events/netsuite/plumbline.js, is a part of
// this platform: it signs as Standard Webhooks are signed, and this package reads
// exactly what it sends. It owns the shapes of records and turns them into
// observations. Answering the request, links, waiting views, and what a difference
// means are left to others.
//
// # Which values are told
//
// Most events tell a record whole. An inline edit tells the fields that it changed
// and no others, so that each field of a record that can be edited so is a part of
// its own: a field that is not told overwrites nothing. What others know a record
// by is told whole records only; for an inline edit, a link knows it.
//
// A field that is not told is missing, one without a value is null, and zero is
// zero. Numbers and ids are texts. Days have no time and begin at the midnight of
// the system's zone.
//
// # Which change is newer
//
// The time at which the script ran, after the record was saved: nothing is sent
// again, so that it is told once. What could not be sent is lost, and so is what
// happens where the script is not deployed; a snapshot every night mends it.
//
// # From memory
//
// All of NetSuite. What may differ between accounts is a setting, or a constant at
// the top of the script: which field holds the web order's number, the SKU, ids of
// currencies, and the codes of states.
package netsuite

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
	orderFieldsSetting = "order_fields"
	skuFieldSetting    = "sku_field"
	currenciesSetting  = "currencies"
	cancelledSetting   = "cancelled"
	shippedSetting     = "shipped"
	subscribedSetting  = "subscribed"
)

// Platform describes NetSuite.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "netsuite",
		Title: "NetSuite",
		Role:  platform.ERP,
		Settings: []platform.Setting{
			{Name: orderFieldsSetting, Help: "fields of transactions that may hold the web order's number, in order, with commas between; otherrefnum when not given"},
			{Name: skuFieldSetting, Help: "the item's field that is the SKU; itemid when not given"},
			{Name: currenciesSetting, Help: "what the ids of currencies mean, such as 1=USD,4=EUR; amounts in others have no known currency"},
			{Name: cancelledSetting, Help: "codes of orderstatus of orders that are cancelled, with commas between; C when not given"},
			{Name: shippedSetting, Help: "codes of shipstatus of fulfilments that have left; C when not given"},
			{Name: subscribedSetting, Help: "ids of globalsubscriptionstatus of customers who may be written to; 1,3 when not given"},
		},
		New: newEndpoint,
	}
}

// endpoint is one configured account. It does not change after it was made.
type endpoint struct {
	platform.Config
	orderFields []string
	skuField    string
	currencies  map[string]string
	// cancelled, shipped and subscribed are the codes that mean so.
	cancelled, shipped, subscribed []string
}

var (
	fieldName = lazyregexp.New(`^[a-z_]\w*$`)
	code      = lazyregexp.New(`^\w{1,40}$`)
	currency  = lazyregexp.New(`^([1-9]\d*)=([A-Z]{3})$`)
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	list := func(name, otherwise string) []string {
		fields := strings.Split(cmp.Or(c.Settings[name], otherwise), ",")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		return fields
	}
	e := &endpoint{
		Config: c, currencies: map[string]string{}, skuField: cmp.Or(c.Settings[skuFieldSetting], "itemid"),
		orderFields: list(orderFieldsSetting, "otherrefnum"),
		cancelled:   list(cancelledSetting, "C"), shipped: list(shippedSetting, "C"), subscribed: list(subscribedSetting, "1,3"),
	}
	for _, check := range []struct {
		setting, want string
		pattern       *lazyregexp.Regexp
		texts         []string
	}{
		{orderFieldsSetting, "names of fields, with commas between", fieldName, e.orderFields},
		{skuFieldSetting, "the name of a field", fieldName, []string{e.skuField}},
		{cancelledSetting, "codes, with commas between", code, e.cancelled},
		{shippedSetting, "codes, with commas between", code, e.shipped},
		{subscribedSetting, "ids, with commas between", code, e.subscribed},
	} {
		for _, text := range check.texts {
			if !check.pattern.MatchString(text) {
				return nil, fmt.Errorf("netsuite: setting %s: want %s", check.setting, check.want)
			}
		}
	}
	for _, entry := range list(currenciesSetting, "") {
		groups := currency.FindStringSubmatch(entry)
		if groups == nil && entry != "" {
			return nil, fmt.Errorf("netsuite: setting %s: want ids and codes, such as 1=USD,4=EUR", currenciesSetting)
		}
		if groups != nil {
			e.currencies[groups[1]] = groups[2]
		}
	}
	return e, nil
}

// Normalise reads every record of a message, or none.
func (e *endpoint) Normalise(d commerce.Delivery) (platform.Reading, error) {
	n := &normaliser{endpoint: e, delivery: d}
	n.message()
	if err := n.Problem(); err != nil {
		return platform.Reading{}, err
	}
	if len(n.reading.Observations) == 0 {
		n.reading.Ignored = n.why
	}
	return n.reading, nil
}
