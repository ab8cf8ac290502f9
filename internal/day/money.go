package day

import "fmt"

// cents is an amount in US dollars.
type cents int64

// String writes the amount as systems report it: "18.00".
func (c cents) String() string {
	sign := ""
	if c < 0 {
		sign, c = "-", -c
	}
	return fmt.Sprintf("%s%d.%02d", sign, c/100, c%100)
}

// taxOn is 8 % of the amount, half a cent rounded up.
func taxOn(c cents) cents { return (c*8 + 50) / 100 }
