package registry

import (
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Rates say what one currency was worth in another, day by day. A nil Rates
// knows none.
type Rates struct {
	// File is the file of the rates, relative to the registry.
	File string
	// Days are the rates by currencies, "USD/CAD", in the order of their days.
	Days map[string][]Rate
}

// Rate is what one unit of From was worth in To on a day.
type Rate struct {
	// Date is the day, as 2006-01-02.
	Date     string
	From, To string
	Value    commerce.Decimal
}

// String names the rate as people do: "the USD/CAD rate of 2026-03-03".
func (r Rate) String() string { return fmt.Sprintf("the %s/%s rate of %s", r.From, r.To, r.Date) }

// maxRateAge is how long a rate holds when no newer one is given: markets rest
// over weekends and holidays.
const maxRateAge = 7 * 24 * time.Hour

// At is the rate between two currencies on a day: its own, or the newest of the
// week before. A rate that is only known the other way round is returned as it
// is given, with From and To exchanged.
func (r *Rates) At(from, to string, day time.Time) (Rate, bool) {
	if r == nil {
		return Rate{}, false
	}
	date, oldest := day.Format(time.DateOnly), day.Add(-maxRateAge).Format(time.DateOnly)
	for _, pair := range []string{from + "/" + to, to + "/" + from} {
		days := r.Days[pair]
		for i := len(days) - 1; i >= 0 && days[i].Date >= oldest; i-- {
			if days[i].Date <= date {
				return days[i], true
			}
		}
	}
	return Rate{}, false
}

// Of lists the rates on a day between a currency and any other.
func (r *Rates) Of(currency string, day time.Time) []Rate {
	if r == nil {
		return nil
	}
	var found []Rate
	for _, pair := range slices.Sorted(maps.Keys(r.Days)) {
		from, to, _ := strings.Cut(pair, "/")
		if from != currency && to != currency {
			continue
		}
		if rate, ok := r.At(from, to, day); ok {
			found = append(found, rate)
		}
	}
	return found
}

// Convert changes an amount of one of the rate's currencies into the other,
// rounded to the smallest amount of that.
func (r Rate) Convert(amount commerce.Decimal, to string) (commerce.Decimal, error) {
	var converted commerce.Decimal
	var err error
	if to == r.To {
		converted, err = amount.Mul(r.Value)
	} else {
		converted, err = amount.Quo(r.Value)
	}
	return converted.Round(commerce.MinorDigits(to)), err
}

type yamlRates struct {
	origin
	File text `json:"file" jsonschema:"A CSV file beside the registry with the header date,from,to,rate: what one unit of from was worth in to."`
}

// rates reads the file of the exchange rates, or nil when there is none.
func (c *checker) rates() *Rates {
	y := c.file.Rates
	if !y.File.given() {
		return nil
	}
	r := &Rates{File: y.File.text(), Days: map[string][]Rate{}}
	// seen are the days and currencies that came before.
	seen := map[[3]string]bool{}
	c.lines("rates", y.File, []string{"date", "from", "to", "rate"}, func(l line) {
		rate := rateOf(l)
		same := [3]string{rate.Date, min(rate.From, rate.To), max(rate.From, rate.To)}
		if seen[same] {
			l.add(0, "the rate between %s and %s on %s stands twice, in whichever direction", same[1], same[2], rate.Date)
		}
		seen[same] = true
		pair := rate.From + "/" + rate.To
		r.Days[pair] = append(r.Days[pair], rate)
	})
	for _, days := range r.Days {
		slices.SortFunc(days, func(a, b Rate) int { return strings.Compare(a.Date, b.Date) })
	}
	return r
}

func rateOf(l line) Rate {
	rate := Rate{Date: l.fields[0], From: l.fields[1], To: l.fields[2]}
	if _, err := time.Parse(time.DateOnly, rate.Date); err != nil {
		l.add(0, "not a day of the calendar, want one such as 2026-03-03")
	}
	for i, code := range []string{rate.From, rate.To} {
		if !codes.MatchString(code) {
			l.add(1+i, "want %s", currency{}.syntax().want)
		}
	}
	if rate.From == rate.To {
		l.add(2, "from and to are the same currency, want two")
	}
	value, err := commerce.ParseDecimal(l.fields[3])
	if rate.Value = value; err != nil || value.Sign() <= 0 {
		l.add(3, "want a rate above 0 such as 1.3512")
	}
	return rate
}

// all lists the rates in a fixed order.
func (r *Rates) all() []Rate {
	if r == nil {
		return nil
	}
	var all []Rate
	for _, pair := range slices.Sorted(maps.Keys(r.Days)) {
		all = append(all, r.Days[pair]...)
	}
	return all
}

func (r *Rates) digest(h hash.Hash) {
	for _, rate := range r.all() {
		part(h, "rate", rate.Date, rate.From, rate.To, rate.Value.String())
	}
}
