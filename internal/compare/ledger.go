package compare

import (
	"cmp"
	"slices"
)

// CurrencyFacet is the facet that says what a record's amounts are in, where they
// say it of themselves.
const CurrencyFacet = "currency"

// maxCurrencies is how many currencies a file may have. A column of more is
// something else, and its amounts are added up together.
const maxCurrencies = 50

// ledger is what the facets of one file add up to in one currency. Facets that are
// not money are in the ledger without a currency.
type ledger struct {
	currency string
	sums     []sum
}

// ledgers are those of one file. The first is without a currency.
type ledgers struct{ all []ledger }

func newLedgers(facets int) ledgers { return ledgers{[]ledger{{sums: make([]sum, facets)}}} }

// of returns the sums of a currency.
func (l *ledgers) of(currency []byte) []sum {
	for i := range l.all {
		if l.all[i].currency == string(currency) {
			return l.all[i].sums
		}
	}
	if len(l.all) > maxCurrencies {
		return l.all[0].sums
	}
	l.all = append(l.all, ledger{string(currency), make([]sum, len(l.all[0].sums))})
	return l.all[len(l.all)-1].sums
}

// named is the currency that a record names, nil for none.
func named(v Value) []byte {
	if v.State != Present {
		return nil
	}
	return v.Text
}

// merge adds what other ledgers of the same file have.
func (l *ledgers) merge(o *ledgers) {
	for _, from := range o.all {
		to := l.of([]byte(from.currency))
		for i := range to {
			to[i].merge(&from.sums[i])
		}
	}
}

// account is what a facet adds up to in one currency.
type account struct {
	currency string
	sum      *sum
}

// accounts are those of a facet that anything was added to, by currency. There is
// one for all where there are too many currencies for them to be any.
func (l *ledgers) accounts(facet int) []account {
	var all []account
	for i := range l.all {
		if s := &l.all[i].sums[facet]; s.n > 0 {
			all = append(all, account{l.all[i].currency, s})
		}
	}
	if len(l.all) > maxCurrencies {
		return together(all)
	}
	slices.SortFunc(all, func(a, b account) int { return cmp.Compare(a.currency, b.currency) })
	return all
}

// together adds accounts up whatever they are in.
func together(all []account) []account {
	if len(all) == 0 {
		return nil
	}
	if len(all) == 1 {
		return all
	}
	var s sum
	for _, a := range all {
		s.merge(a.sum)
	}
	return []account{{sum: &s}}
}

// balance is the accounts of one currency in both files.
type balance struct {
	currency string
	sums     [2]*sum
}

// balances pairs the accounts of a facet. Many systems leave their own currency
// blank: it is the one that only the other file names. A file that names no
// currency at all is compared with all of the other together. What one file alone
// has is left out: a sum of nothing would look like a loss.
func balances(left, right []account) []balance {
	if unnamed(left) || unnamed(right) {
		left, right = together(left), together(right)
	}
	var all []balance
	only := [2][]account{nil, slices.Clone(right)}
	for _, l := range left {
		i := slices.IndexFunc(only[Right], func(r account) bool { return r.currency == l.currency })
		if i < 0 {
			only[Left] = append(only[Left], l)
			continue
		}
		all = append(all, balance{l.currency, [2]*sum{l.sum, only[Right][i].sum}})
		only[Right] = slices.Delete(only[Right], i, i+1)
	}
	if len(only[Left]) == 1 && len(only[Right]) == 1 {
		if l, r := only[Left][0], only[Right][0]; l.currency == "" || r.currency == "" {
			all = append(all, balance{l.currency + r.currency, [2]*sum{l.sum, r.sum}})
		}
	}
	return all
}

// unnamed reports whether all amounts of a file are in no currency that it names.
func unnamed(accounts []account) bool { return len(accounts) == 1 && accounts[0].currency == "" }
