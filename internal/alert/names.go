package alert

import (
	"fmt"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// nouns say what a record of a kind is called, alone and in the plural.
var nouns = map[commerce.Kind][2]string{
	commerce.Product:   {"SKU", "SKUs"},
	commerce.Price:     {"price", "prices"},
	commerce.Inventory: {"SKU", "SKUs"},
	commerce.Order:     {"order", "orders"},
	commerce.Customer:  {"customer", "customers"},
	commerce.Shipment:  {"shipment", "shipments"},
	commerce.Return:    {"return", "returns"},
	commerce.Refund:    {"refund", "refunds"},
	commerce.Payment:   {"payment", "payments"},
	commerce.Payout:    {"payout", "payouts"},
	commerce.Mapping:   {"unknown id", "unknown ids"},
	commerce.Total:     {"daily total", "daily totals"},
	commerce.Trend:     {"one-sided difference", "one-sided differences"},
	commerce.Anchor:    {"customer", "customers"},
}

func (s story) noun() string {
	noun, ok := nouns[s.Kind]
	if s.Kind == commerce.Inventory && s.place() == "" {
		// One SKU at two locations is two of these, and not two SKUs.
		noun = [2]string{"stock level", "stock levels"}
	}
	if !ok {
		return plural(s.count, "record", "records")
	}
	return plural(s.count, noun[0], noun[1])
}

// carried is what a job between two systems would say that it carries.
func (s story) carried() string {
	switch s.Kind {
	case commerce.Inventory:
		return "stock"
	case commerce.Product:
		return "products"
	default:
		return nouns[s.Kind][1]
	}
}

// subject names what the message is about: one record by its key, more by their
// number, and the location where all are at one: "4 SKUs at east".
func (s story) subject() string {
	if s.count == 1 && len(s.told) == 1 {
		return s.name(s.told[0])
	}
	text := fmt.Sprintf("%s %s", number(commerce.Int(int64(s.count))), s.noun())
	if place := s.place(); place != "" {
		text += " at " + place
	}
	return text
}

// place is the location that all stock of the message shares, or blank.
func (s story) place() string {
	if s.Kind != commerce.Inventory {
		return ""
	}
	if s.count > len(s.told) {
		return clean(s.Common[ByLocation])
	}
	common := ""
	for i, m := range s.told {
		_, place := splitPlace(m.Key)
		if i > 0 && place != common {
			return ""
		}
		common = place
	}
	return clean(common)
}

func splitPlace(key string) (sku, place string) {
	i := strings.LastIndex(key, "@")
	if i < 0 {
		return key, ""
	}
	return key[:i], key[i+1:]
}

// name names one record so that it stands alone: "MUG-BLU at east", "order
// US1042".
func (s story) name(m Member) string {
	switch s.Kind {
	case commerce.Inventory:
		return located(m.Key)
	case commerce.Mapping:
		return s.short(m)
	case commerce.Price:
		sku, list := splitPlace(m.Key)
		if list == "base" || list == "" {
			return "price of " + clean(sku)
		}
		return "price of " + clean(sku) + " in list " + clean(list)
	case commerce.Product:
		return clean(m.Key)
	case commerce.Total:
		return "totals of " + s.totalOf(m)
	case commerce.Trend:
		return s.short(m)
	case commerce.Refund, commerce.Return, commerce.Shipment:
		return nouns[s.Kind][0] + " on " + s.short(m)
	default:
		noun, ok := nouns[s.Kind]
		if !ok {
			return clean(m.Key)
		}
		return noun[0] + " " + s.short(m)
	}
}

// short names one record among others of the message: without the location or
// the store that all of them share.
func (s story) short(m Member) string {
	switch s.Kind {
	case commerce.Inventory:
		if sku, _ := splitPlace(m.Key); s.place() != "" {
			return clean(sku)
		}
		return located(m.Key)
	case commerce.Price:
		sku, list := splitPlace(m.Key)
		if list == "base" || list == "" {
			return clean(sku)
		}
		return clean(sku) + " (" + clean(list) + ")"
	case commerce.Mapping:
		if s.Class == finding.Silent || s.Class == finding.Own {
			return s.watched(m)
		}
		system, thing, native := what(m.Key)
		if s.Class == finding.UnmappedSKU {
			return "SKUs of " + native + " in " + system
		}
		return strings.TrimSpace(thing+" "+native) + " in " + system
	case commerce.Total:
		return s.totalOf(m)
	case commerce.Trend:
		return segmentOf(m)
	case commerce.Order, commerce.Refund, commerce.Return, commerce.Shipment:
		store, number, ok := strings.Cut(m.Key, "/")
		if ok && s.oneStore(store) {
			return clean(number)
		}
	default: // the whole key is the name
	}
	return clean(m.Key)
}

func located(key string) string {
	sku, place := splitPlace(key)
	if place == "" {
		return clean(sku)
	}
	return clean(sku) + " at " + clean(place)
}

func (s story) oneStore(store string) bool {
	for _, m := range s.Members {
		if !strings.HasPrefix(m.Key, store+"/") {
			return false
		}
	}
	return true
}

// what splits the key of something that the registry does not know into the
// system, what it is and its native id: shopify-us, location, 70002.
func what(key string) (system, thing, native string) {
	parts := strings.SplitN(key, "/", 3)
	for len(parts) < 3 {
		parts = append(parts, "")
	}
	return clean(parts[0]), clean(parts[1]), clean(parts[2])
}

// upper begins a sentence.
func upper(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
