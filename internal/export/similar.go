package export

import (
	"slices"
	"strings"
	"unicode"
)

// sameWords are words that systems use for one thing. The first stands for all.
var sameWords = [][]string{
	{"sku", "item", "article", "product", "variant", "part", "material", "artikel", "artikelnummer", "stockcode"},
	{"number", "no", "nr", "num", "code", "id", "key", "reference", "ref", "nummer"},
	{"stock", "qty", "quantity", "inventory", "onhand", "hand", "menge", "bestand", "units", "level"},
	{"available", "free", "sellable", "verfügbar"},
	{"location", "warehouse", "site", "branch", "store", "lager", "lagerort", "bin"},
	{"price", "preis"},
	{"total", "amount", "sum", "gesamt", "betrag", "value"},
	{"tax", "taxes", "vat", "gst", "mwst"},
	{"order", "orders", "auftrag", "bestellung"},
	{"customer", "client", "contact", "kunde"},
	{"email", "mail"},
	{"status", "state"},
	{"date", "day", "datum"},
	{"modified", "updated", "changed", "geändert"},
	{"created", "added", "placed"},
	{"barcode", "gtin", "ean", "upc"},
	{"currency", "währung"},
	{"shipping", "freight", "delivery", "versand"},
	{"discount", "rabatt"},
}

// standsFor is the word of the list for each other one.
var standsFor = func() map[string]string {
	m := map[string]string{}
	for _, words := range sameWords {
		for _, w := range words {
			m[w] = words[0]
		}
	}
	return m
}()

// filler are words that say nothing of what a column holds.
var filler = []string{"the", "of", "in", "on", "at", "a", "current", "not", "editable", "total", "unit", "base"}

// words are the words of a column's name, with one word for one thing.
func words(name string) []string {
	name = strings.NewReplacer("e-mail", "email", "on hand", "onhand", "on-hand", "onhand", "onHand", "onhand").Replace(camel(name))
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	all := make([]string, 0, len(parts))
	for _, w := range parts {
		if common, ok := standsFor[w]; ok {
			w = common
		}
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	kept := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return slices.Contains(filler, w) })
	if len(kept) == 0 {
		return all
	}
	return kept
}

// camel puts spaces into names like unitPrice.
func camel(name string) string {
	var b strings.Builder
	small := false
	for _, r := range name {
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r) || unicode.IsDigit(r)
		b.WriteRune(r)
	}
	return b.String()
}

// alike is how much two names have in common, between 0 and 1.
func alike(a, b string) float64 {
	if plain(a) == plain(b) {
		return 1
	}
	left, right := words(a), words(b)
	if len(left) == 0 || len(right) == 0 {
		return 0
	}
	common := 0
	for _, w := range left {
		if slices.Contains(right, w) {
			common++
		}
	}
	// Names of the same words in another form are nearly the same name.
	return 0.95 * 2 * float64(common) / float64(len(left)+len(right))
}
