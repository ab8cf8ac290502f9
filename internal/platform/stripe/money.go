package stripe

import (
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// twoDigits is how most currencies are divided. The others are listed: in which
// units Stripe counts, which is not always how the currency is divided today.
const twoDigits = 2

var digits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "JPY": 0, "KMF": 0, "KRW": 0, "MGA": 0,
	"PYG": 0, "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "JOD": 3, "KWD": 3, "OMR": 3, "TND": 3,
}

var (
	currencyCode = lazyregexp.New(`^[a-z]{3}$`)
	smallest     = lazyregexp.New(`^-?[0-9]{1,18}$`)
	unitSetting  = lazyregexp.New(`^([A-Z]{3}):([0-4])$`)
)

// minorUnits reads the setting, such as "UGX:2,ISK:0".
func minorUnits(text string) (map[string]int, bool) {
	units := map[string]int{}
	if text == "" {
		return units, true
	}
	for _, entry := range list(text) {
		groups := unitSetting.FindStringSubmatch(entry)
		if groups == nil {
			return nil, false
		}
		units[groups[1]] = int(groups[2][0] - '0')
	}
	return units, true
}

// decimals is how many digits of an amount stand behind the point.
func (s settings) decimals(currency string) int {
	if n, ok := s.minorUnits[currency]; ok {
		return n
	}
	if n, ok := digits[currency]; ok {
		return n
	}
	return twoDigits
}

// currency reads a code, which Stripe writes in lower case.
func (n *normaliser) currency(f body.Field) string {
	text, _ := f.Text()
	if !currencyCode.MatchString(text) {
		n.Fail("currency", "a currency of three lower-case letters")
		return ""
	}
	return strings.ToUpper(text)
}

// units reads an amount in the currency's smallest unit.
func (n *normaliser) units(name string, f body.Field) commerce.Decimal {
	d, err := commerce.ParseDecimal(string(f))
	if err != nil || !smallest.Match(f) {
		n.Fail(name, "a whole number of the currency's smallest unit")
	}
	return d
}

// amount reads an amount of the currency.
func (n *normaliser) amount(name string, f body.Field, currency string) commerce.Decimal {
	return n.whole(name, n.units(name, f), currency)
}

// whole turns smallest units into the currency: its digits move behind the point.
func (n *normaliser) whole(name string, units commerce.Decimal, currency string) commerce.Decimal {
	text, sign := units.String(), ""
	if strings.HasPrefix(text, "-") {
		text, sign = text[1:], "-"
	}
	places := n.decimals(currency)
	if places == 0 {
		return units
	}
	text = strings.Repeat("0", max(0, places+1-len(text))) + text
	d, err := commerce.ParseDecimal(sign + text[:len(text)-places] + "." + text[len(text)-places:])
	if err != nil {
		n.Fail(name, "an amount of at most 19 digits")
	}
	return d
}
