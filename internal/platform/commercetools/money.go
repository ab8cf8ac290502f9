package commercetools

import (
	"strconv"
	"strings"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/lazyregexp"
	"github.com/plumbline/plumbline/internal/platform/body"
)

// money is an amount in its smallest units, or in finer ones.
type money struct {
	Type     body.Field `json:"type"`
	Currency body.Field `json:"currencyCode"`
	Cents    body.Field `json:"centAmount"`
	Precise  body.Field `json:"preciseAmount"`
	Digits   body.Field `json:"fractionDigits"`
}

// highPrecision is the type of money whose exact amount is the precise one: its
// centAmount is rounded.
const highPrecision = "highPrecision"

// maxDigits is how many digits may stand behind the point.
const maxDigits = 20

var (
	currencyCode = lazyregexp.New(`^[A-Z]{3}$`)
	units        = lazyregexp.New(`^-?[0-9]{1,19}$`)
)

// money reads an amount exactly, and its currency.
func (n *normaliser) money(name string, f body.Field) (amount commerce.Decimal, currency string) {
	var m money
	n.Inside(name)
	defer n.Leave()
	n.decode(f, &m)
	currency, _ = m.Currency.Text()
	if !currencyCode.MatchString(currency) {
		n.Fail("currencyCode", "a currency of three upper-case letters")
	}
	digits, err := strconv.Atoi(string(m.Digits))
	if err != nil || digits < 0 || digits > maxDigits {
		n.Fail("fractionDigits", "how many digits stand behind the point, from 0 to 20")
		return amount, currency
	}
	if kind, _ := m.Type.Text(); kind == highPrecision {
		return n.scaled("preciseAmount", m.Precise, digits), currency
	}
	return n.scaled("centAmount", m.Cents, digits), currency
}

// scaled moves the digits of a whole number behind the point.
func (n *normaliser) scaled(name string, f body.Field, places int) commerce.Decimal {
	text, sign := string(f), ""
	if !units.MatchString(text) {
		n.Fail(name, "a whole number of units")
		return commerce.Decimal{}
	}
	if strings.HasPrefix(text, "-") {
		text, sign = text[1:], "-"
	}
	text = strings.TrimLeft(text, "0")
	text = strings.Repeat("0", max(0, places+1-len(text))) + text
	if places > 0 {
		text = text[:len(text)-places] + "." + text[len(text)-places:]
	}
	d, err := commerce.ParseDecimal(sign + text)
	if err != nil {
		n.Fail(name, "an amount of at most 19 digits")
	}
	return d
}
