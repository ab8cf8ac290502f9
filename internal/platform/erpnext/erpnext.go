// Package erpnext verifies and reads the webhooks of an ERPNext site, which are
// those of its framework Frappe.
//
// It owns the signature, the envelope that the site's webhooks are configured to
// send, and the shapes of the documents in it, and turns them into observations.
// Answering the request, links, waiting views, and what a difference means are
// left to others.
//
// # What is signed
//
// The bytes of the body, which are Python's JSON with its own spaces and escapes:
// nothing is parsed before they are verified. There is no id, no topic and no
// time beside the body, so that all three are read from it. Method and content
// type say nothing: a site may send PUT or DELETE, and sends JSON without a
// content type or under that of a form. What a delivery says never depends on
// them, because they are not signed.
//
// A deletion carries no time of its own. One that is replayed counts as new.
//
// # Documents
//
// The body is a document, or {"event": …, "doc": …} around one; only the event
// "on_trash" matters, all else is the document's state. Documents that are
// submitted are drafts before (docstatus 0), which are no facts yet and are not
// read, and may be cancelled after (2). A cancelled order that is amended is
// succeeded by the amendment.
//
// A web order is its sales order, less its returns; delivery notes add what was
// shipped and take it off what is open, because a sales order is not sent again
// when it is delivered. Invoices that are no returns add nothing to it.
//
// Times are the site's, without an offset: the registry's time zone of the system
// says which. Amounts and quantities are floats, read digit by digit.
//
// # From memory
//
// Not confirmed: the names of fields inside documents other than doctype, name,
// modified and docstatus. A document in which a field has another name lacks the
// value, and a rule about it cannot be told. Where the web order's number stands
// is the setting order_fields. Customers are not read: their ids are their names.
package erpnext

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

// The names of the settings in the registry.
const (
	orderFieldsSetting = "order_fields"
	priceListSetting   = "price_list"
)

// Platform describes ERPNext.
func Platform() platform.Platform {
	return platform.Platform{
		Name:  "erpnext",
		Title: "ERPNext",
		Role:  platform.ERP,
		Settings: []platform.Setting{
			{Name: orderFieldsSetting, Help: "fields of sales documents that may hold the web order's number, in order, with commas between; shopify_order_number,po_no when not given"},
			{Name: priceListSetting, Help: "the price list that other systems call base; Standard Selling when not given"},
		},
		New: newEndpoint,
	}
}

// endpoint is one configured site. It does not change after it was made.
type endpoint struct {
	platform.Config
	orderFields []string
	priceList   string
}

var fieldName = lazyregexp.New(`^[A-Za-z]\w*$`)

func newEndpoint(c platform.Config) (platform.Endpoint, error) {
	e := &endpoint{Config: c, priceList: cmp.Or(c.Settings[priceListSetting], "Standard Selling")}
	for name := range strings.SplitSeq(cmp.Or(c.Settings[orderFieldsSetting], "shopify_order_number,po_no"), ",") {
		e.orderFields = append(e.orderFields, strings.TrimSpace(name))
	}
	if slices.ContainsFunc(e.orderFields, func(name string) bool { return !fieldName.MatchString(name) }) {
		return nil, fmt.Errorf("erpnext: setting %s: want names of fields with commas between", orderFieldsSetting)
	}
	if e.Timezone == nil {
		e.Timezone = time.UTC
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

// read chooses the reader of the document's type.
func (n *normaliser) read() error {
	event, doc, wrapped, err := open(n.delivery.Body)
	if err != nil {
		return err
	}
	if n.wrapped = wrapped; wrapped {
		n.Inside("doc")
	}
	var h header
	if err := n.decode(doc, &h); err != nil {
		return err
	}
	n.trashed = event == "on_trash"
	if n.name = n.Text("name", h.Name); n.name == "" {
		n.Fail("name", "the document's name")
	}
	n.modified = n.Clock("modified", n.wall("modified", h.Modified), n.delivery.Received)
	switch n.Text("doctype", h.DocType) {
	case "Sales Order":
		return n.order(doc)
	case "Delivery Note":
		return n.deliveryNote(doc)
	case "Sales Invoice":
		return n.invoice(doc)
	case "Item":
		return n.item(doc)
	case "Item Price":
		return n.price(doc)
	case "Bin":
		return n.bin(doc)
	default:
		return n.ignore("unknown document type")
	}
}
