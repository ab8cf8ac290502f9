package script

import "fmt"

// Cents is an amount in US dollars.
type Cents int64

// String writes the amount as systems report it: "18.00".
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// Number is an amount that is written as a JSON number.
type Number Cents

// MarshalJSON writes the amount without quotes.
func (n Number) MarshalJSON() ([]byte, error) { return []byte(Cents(n).String()), nil }

// TaxOn is 8 % of the amount, half a cent rounded up.
func TaxOn(c Cents) Cents { return (c*8 + 50) / 100 }
