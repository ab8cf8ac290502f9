package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/record"
	"github.com/plumbline/plumbline/internal/registry"
)

// terms say in which currency a facet is compared, and how far it may be off.
type terms struct {
	// from and to are the currencies of what is expected and of what is shown,
	// blank where they are not told or where the facet is no amount.
	from, to string
	// rate converts what is expected, nil within one currency.
	rate *registry.Rate
	// within is the rule's tolerance, once it is set.
	within commerce.Decimal
}

// terms are those of one facet. The text says why its amounts cannot be
// compared, or is blank.
func (p *pair) terms(e registry.Expectation, from, to record.Side) (terms, string) {
	name := p.row.Kind.CurrencyOf(e.Facet)
	if name == "" {
		return terms{}, ""
	}
	expected, mixed := p.currencyOf(e, from, name)
	shown, told := to.Facets[name]
	if mixed != "" {
		return terms{}, mixed
	}
	t := terms{from: textOf(expected), to: textOf(shown)}
	if !told || t.from == "" || expected == shown {
		return t, ""
	}
	why := fmt.Sprintf("%s is in %s, %s in %s", from.System, expected, to.System, shown)
	if p.rule.Rates == nil {
		return t, why
	}
	if slices.ContainsFunc(e.Value.Names(), func(name string) bool { return p.amountName(name, "to") != "" }) {
		return t, why + ", and the formula has amounts of both"
	}
	day, known := p.day(from, to)
	if !known {
		return t, why + ", and no rate applies: neither says when the record was created"
	}
	rate, ok := p.rule.Rates.At(t.from, t.to, day)
	if !ok {
		return t, fmt.Sprintf("%s, and %s has no rate of %s or the week before", why, p.rule.Rates.File, day.Format(time.DateOnly))
	}
	t.rate = &rate
	return t, ""
}

// currencyOf is the currency of what a formula expects: that of the amounts of
// the believed side that it reads. The text says that it reads several.
func (p *pair) currencyOf(e registry.Expectation, from record.Side, name string) (currency commerce.Value, mixed string) {
	currency = from.Facets[name]
	shop, buyer := from.Facets["currency"], from.Facets["presentment_currency"]
	if buyer == shop || buyer.IsNull() || shop.IsNull() {
		return currency, ""
	}
	read := map[string]bool{}
	for _, used := range e.Value.Names() {
		if c := p.amountName(used, "from"); c != "" {
			read[c] = true
		}
	}
	if len(read) > 1 {
		return currency, fmt.Sprintf("the formula has amounts of %s in %s and in %s", from.System, shop, buyer)
	}
	for c := range read {
		currency = from.Facets[c]
	}
	return currency, ""
}

// amountName is the facet with the currency of a name in a formula, where that
// is an amount of the side.
func (p *pair) amountName(name, side string) string {
	prefix, facet, _ := strings.Cut(name, ".")
	if prefix != side {
		return ""
	}
	return p.row.Kind.CurrencyOf(facet)
}

// day is the one whose rate applies: that on which the record was created, where
// the believed system is.
func (p *pair) day(from, to record.Side) (time.Time, bool) {
	created := from.Created
	if created.IsZero() {
		created = to.Created
	}
	zone := p.rule.Zone
	if zone == nil {
		zone = time.UTC
	}
	return created.In(zone), !created.IsZero()
}

// set reads the tolerance. Both sides round what is converted, so that the
// smallest amount of the currency is no difference. The text says why it is not
// known, or is blank.
func (t *terms) set(p *pair, e registry.Expectation, from, to record.Side) string {
	within, err := p.within(e, from, to)
	if err != nil {
		return p.reason(err)
	}
	if t.rate != nil {
		if within, err = within.Add(commerce.Cent(t.to)); err != nil {
			return err.Error()
		}
	}
	t.within = within
	return ""
}

// convert changes an expected amount into the currency in which it is compared.
func (t terms) convert(v commerce.Value) (commerce.Value, error) {
	d, ok := v.Decimal()
	if t.rate == nil || !ok {
		return v, nil
	}
	converted, err := t.rate.Convert(d, t.to)
	return commerce.Number(converted), err
}

// amount is one of the believed side in the currency in which it is compared, or
// nothing where the side does not report one.
func (t terms) amount(v commerce.Value) commerce.Decimal {
	converted, err := t.convert(v)
	d, ok := converted.Decimal()
	if err != nil || !ok {
		return commerce.Decimal{}
	}
	return d
}

func textOf(v commerce.Value) string {
	if v.IsNull() {
		return ""
	}
	return v.String()
}

// compared is an impact in the currency in which the rule's amounts are
// compared. A formula that names only the believed side's amounts is in theirs.
func (p *pair) compared(impact commerce.Decimal) (*commerce.Decimal, string) {
	for _, e := range p.rule.Expect {
		t, why := p.terms(e, p.from, p.to)
		if why != "" || t.rate == nil {
			continue
		}
		if !slices.ContainsFunc(p.rule.Impact.Names(), p.namesCompared) {
			impact = t.amount(commerce.Number(impact))
		}
		return &impact, t.to
	}
	return &impact, p.currency()
}

// namesCompared reports whether a name of an impact is in the other side's
// currency.
func (p *pair) namesCompared(name string) bool {
	return name == "delta" || name == "expected" || name == "actual" || p.amountName(name, "to") != ""
}
