package commerce

import (
	"fmt"
	"slices"
	"strings"
)

// Kind says which business fact a record is about.
type Kind string

// The kinds that systems report. A record of one kind is compared with the
// same kind in other systems, never across kinds.
const (
	Product   Kind = "product"
	Price     Kind = "price"
	Inventory Kind = "inventory"
	Order     Kind = "order"
	Customer  Kind = "customer"
	Shipment  Kind = "shipment"
	Return    Kind = "return"
	Refund    Kind = "refund"
	Payment   Kind = "payment"
	Payout    Kind = "payout"
)

// Kinds of rows that Plumbline keeps for itself. They share the row protocol
// and are never named in rules.
const (
	// Link rows map a native id to key parts: an inventory item to its SKU.
	Link Kind = "link"
	// Mapping rows stand for one thing that the registry does not know, such
	// as a location id, or for deliveries of one topic that cannot be read.
	Mapping Kind = "mapping"
	// Trend rows stand for small differences of many records of a rule, in one
	// segment, that go one way.
	Trend Kind = "trend"
	// Total rows stand for the total of one day that nothing explains.
	Total Kind = "total"
	// Canary rows hold a difference that Plumbline makes in itself, to see that it
	// is found.
	Canary Kind = "canary"
	// Anchor rows stand for one thing that customers' accounts are known by
	// beside the e-mail address: every account that has it is a view.
	Anchor Kind = "anchor"
)

// Plumbline is the system that rows about Plumbline itself name. No system of a
// registry has this name.
const Plumbline = "plumbline"

// keyParts names the parts of each kind's key, in order.
var keyParts = map[Kind][]string{
	Product:   {"sku"},
	Price:     {"sku", "list"},
	Inventory: {"sku", "location"},
	Order:     {"store", "number"},
	Customer:  {"hash"},
	Shipment:  {"store", "number", "tracking"},
	Return:    {"store", "number", "rma"},
	Refund:    {"store", "number"},
	Payment:   {"transaction"},
	Payout:    {"payout"},
	Link:      {"system", "type", "native"},
	Mapping:   {"system", "what", "native"},
	Total:     {"integration", "rule", "period", "by"},
	Trend:     {"integration", "rule", "segment"},
	Canary:    {"name"},
	Anchor:    {"anchor", "value"},
}

// keySeparators says what stands between the parts when a key is written for
// people: MUG-BLU@east, shopify-us/1042.
var keySeparators = map[Kind]string{Price: "@", Inventory: "@"}

// kinds are in the order in which they are listed.
var kinds = []Kind{Product, Price, Inventory, Order, Customer, Shipment, Return, Refund, Payment, Payout}

// Kinds lists the kinds that rules may name, in a fixed order. The result is
// the caller's to keep.
func Kinds() []Kind { return slices.Clone(kinds) }

// ParseKind accepts exactly the names that Kinds lists.
func ParseKind(name string) (Kind, error) {
	if k := Kind(name); slices.Contains(kinds, k) {
		return k, nil
	}
	names := make([]string, 0, len(kinds))
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return "", fmt.Errorf("unknown kind %q, want one of %s", name, strings.Join(names, ", "))
}

// KeyParts names the parts of the kind's key in order. The result is the
// caller's to keep; it is nil for an unknown kind.
func (k Kind) KeyParts() []string { return slices.Clone(keyParts[k]) }

// KeyTemplate writes the key's parts as people write keys of this kind:
// "sku@location", "store/number".
func (k Kind) KeyTemplate() string { return strings.Join(keyParts[k], k.separator()) }

func (k Kind) separator() string {
	if s, ok := keySeparators[k]; ok {
		return s
	}
	return "/"
}
