package square

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// money is an amount in the smallest unit of its currency.
type money struct {
	Amount   body.Field `json:"amount"`
	Currency body.Field `json:"currency"`
}

// twoDigits is how most currencies are divided. The others are listed, as in
// ISO 4217.
const twoDigits = 2

var digits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

var (
	currencyCode = lazyregexp.New(`^[A-Z]{3}$`)
	smallest     = lazyregexp.New(`^-?[0-9]{1,18}$`)
)

func (m money) given() bool { return m.Amount.Given() }

// money reads an amount and its currency.
func (n *normaliser) money(name string, m money) (amount commerce.Decimal, currency string) {
	currency, _ = m.Currency.Text()
	if !currencyCode.MatchString(currency) {
		n.Fail(name+".currency", "a currency of three capital letters")
	}
	return n.units(name+".amount", m.Amount, currency), currency
}

// units turns smallest units into the currency: its digits move behind the point.
func (n *normaliser) units(name string, f body.Field, currency string) commerce.Decimal {
	places, known := digits[currency]
	if !known {
		places = twoDigits
	}
	text, sign := string(f), ""
	if strings.HasPrefix(text, "-") {
		text, sign = text[1:], "-"
	}
	text = strings.Repeat("0", max(0, places+1-len(text))) + text
	if places > 0 {
		text = text[:len(text)-places] + "." + text[len(text)-places:]
	}
	d, err := commerce.ParseDecimal(sign + text)
	if err != nil || !smallest.Match(f) {
		n.Fail(name, "a whole number of the currency's smallest unit")
	}
	return d
}

// put sets a facet to an amount, if there is one.
func (n *normaliser) put(f body.Facets, facet, name string, m money) {
	if m.given() {
		amount, _ := n.money(name, m)
		f.Put(facet, commerce.Number(amount))
	}
}
