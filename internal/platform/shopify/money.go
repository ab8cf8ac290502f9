package shopify

import "github.com/plumbline/plumbline/internal/commerce"

// total adds up amounts in one currency. It is unknown as soon as one of them
// is not given in it.
type total struct {
	*normaliser
	currency string
	amount   commerce.Decimal
	unknown  bool
}

func (n *normaliser) total(currency string) total { return total{normaliser: n, currency: currency} }

// add takes the amount of the set that is in the total's currency. Bodies
// without sets give the plain amount, in the shop's currency.
func (t *total) add(name string, plain field, set moneySet, negated bool) {
	amount, ok := t.choose(plain, set)
	if !ok {
		t.unknown = true
		return
	}
	d := t.number(name, amount)
	if negated {
		d = d.Neg()
	}
	t.amount = t.sum(name, t.amount, d)
}

func (t *total) choose(plain field, set moneySet) (field, bool) {
	for _, m := range []money{set.Shop, set.Presentment} {
		if code, ok := m.Currency.Text(); ok && code == t.currency {
			return m.Amount, m.Amount.Given()
		}
	}
	bare := set.Shop.Currency.Absent() && (t.Currency == "" || t.Currency == t.currency)
	return plain, bare && plain.Given()
}

func (t *total) put(f facets, facet string) {
	if !t.unknown {
		f.put(facet, commerce.Number(t.amount))
	}
}

// times multiplies a price by a number of pieces.
func (r *reader) times(name string, price field, pieces int64) commerce.Decimal {
	amount, err := r.number(name, price).Mul(commerce.Int(pieces))
	if err != nil {
		r.fail(name, "an amount of at most 19 digits")
	}
	return amount
}
