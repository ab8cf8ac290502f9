// Package odoo verifies and reads the webhooks that the automation rules of an
// Odoo database send.
//
// It owns the token of the address and the shapes of the records, and turns them
// into observations. Answering the request, links, waiting views, and what a
// difference means are left to others.
//
// # Who sends
//
// Odoo signs nothing and sends no header of its own. The proof is a token in the
// address, ?token=…, which is the system's secret: it must be long and random,
// and it is dropped before anything is stored. Whoever has it can say anything.
//
// # What may be missing
//
// Odoo waits for one second, and a webhook that was not answered is not sent
// again. It may also send what is rolled back a moment later. Webhooks are the
// fast path here and not the whole truth: a snapshot every night mends what they
// missed.
//
// # Values
//
// An empty value is false, unless the field is a check box: it is read as null. A
// reference is an id, or an id with a name in older versions. Times are UTC
// without an offset. A record says of others only their ids, so that an order's
// lines are records of their own: each is a part of the order. What a webhook
// carries is chosen in the rule; write_date must be among it, because nothing
// else orders two changes.
//
// Odoo does not say why it sends. A record is deleted when the action that sends
// it has the name of the setting deleted_action.
//
// # From memory
//
// Not confirmed: names of fields other than write_date, default_code, quantity,
// reserved_quantity and location_id, false for empty values, and that quants which
// Odoo merges vanish without a webhook. Where a name depends on what is installed
// it is a setting.
package odoo

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
	orderFieldsSetting   = "order_fields"
	skuFieldSetting      = "sku_field"
	priceFieldSetting    = "price_field"
	currenciesSetting    = "currencies"
	deletedActionSetting = "deleted_action"
)

// Platform describes Odoo.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "odoo",
		Title: "Odoo",
		Role:  platform.ERP,
		Settings: []platform.Setting{
			{Name: orderFieldsSetting, Help: "fields of sales orders that may hold the web order's number, in order, with commas between; client_order_ref when not given"},
			{Name: skuFieldSetting, Help: "the product's field that is the SKU; default_code when not given"},
			{Name: priceFieldSetting, Help: "the product's field that is the price; lst_price when not given"},
			{Name: currenciesSetting, Help: "what the ids of currencies mean, such as 1=EUR,2=USD; amounts in others have no known currency"},
			{Name: deletedActionSetting, Help: "the name of the actions that send what is deleted; Plumbline deleted when not given"},
		},
		New: newEndpoint,
	}
}

// endpoint is one configured database. It does not change after it was made.
type endpoint struct {
	platform.Config
	orderFields          []string
	skuField, priceField string
	currencies           map[string]string
	deletedAction        string
}

var (
	fieldName = lazyregexp.New(`^[a-z_]\w*$`)
	currency  = lazyregexp.New(`^([1-9]\d*)=([A-Z]{3})$`)
)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{
		Config:        c,
		skuField:      cmp.Or(c.Settings[skuFieldSetting], "default_code"),
		priceField:    cmp.Or(c.Settings[priceFieldSetting], "lst_price"),
		deletedAction: cmp.Or(c.Settings[deletedActionSetting], "Plumbline deleted"),
		currencies:    map[string]string{},
	}
	for name := range strings.SplitSeq(cmp.Or(c.Settings[orderFieldsSetting], "client_order_ref"), ",") {
		e.orderFields = append(e.orderFields, strings.TrimSpace(name))
	}
	for setting, names := range map[string][]string{
		orderFieldsSetting: e.orderFields, skuFieldSetting: {e.skuField}, priceFieldSetting: {e.priceField},
	} {
		for _, name := range names {
			if !fieldName.MatchString(name) {
				return nil, fmt.Errorf("odoo: setting %s: want names of fields, with commas between", setting)
			}
		}
	}
	for entry := range strings.SplitSeq(c.Settings[currenciesSetting], ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		groups := currency.FindStringSubmatch(entry)
		if groups == nil {
			return nil, fmt.Errorf("odoo: setting %s: want ids and codes, such as 1=EUR,2=USD", currenciesSetting)
		}
		e.currencies[groups[1]] = groups[2]
	}
	return e, nil
}

// Normalise reads a delivery.
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

// read chooses the reader of the record's model.
func (n *normaliser) read() error {
	if err := n.open(); err != nil {
		return err
	}
	switch n.Text("_model", n.values["_model"]) {
	case "sale.order":
		return n.order()
	case "sale.order.line":
		return n.orderLine()
	case "account.move":
		return n.creditNote()
	case "stock.picking":
		return n.picking()
	case "product.product":
		return n.product()
	case "stock.quant":
		return n.quant()
	default:
		return n.ignore("unknown model")
	}
}
