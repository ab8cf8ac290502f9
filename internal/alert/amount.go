package alert

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/finding"
)

// symbols are written before an amount. Other currencies are written as their
// code behind it, because half the world has a dollar.
var symbols = map[string]string{"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}

// number writes 1234.5 as 1,234.5, with a true minus sign.
func number(d commerce.Decimal) string {
	whole, fraction, _ := strings.Cut(d.Abs().String(), ".")
	text := grouped(whole)
	if fraction != "" {
		text += "." + fraction
	}
	return minus(d) + text
}

// money writes an amount exactly, with at least the places its currency has.
func money(d commerce.Decimal, currency string) string {
	if currency == "" {
		return number(d)
	}
	whole, fraction, _ := strings.Cut(d.Abs().String(), ".")
	if short := commerce.MinorDigits(currency) - len(fraction); short > 0 {
		fraction += strings.Repeat("0", short)
	}
	text := grouped(whole)
	if fraction != "" {
		text += "." + fraction
	}
	if symbol, ok := symbols[currency]; ok {
		return minus(d) + symbol + text
	}
	return minus(d) + text + " " + clean(currency)
}

// about writes an estimate: rounded to the currency's places, and without them
// where they are zero.
func about(d commerce.Decimal, currency string) string {
	d = d.Round(commerce.MinorDigits(currency))
	if d.Floor() != d {
		return money(d, currency)
	}
	if symbol, ok := symbols[currency]; ok {
		return minus(d) + symbol + grouped(d.Abs().String())
	}
	return strings.TrimSpace(number(d) + " " + clean(currency))
}

func minus(d commerce.Decimal) string {
	if d.Sign() < 0 {
		return "−"
	}
	return ""
}

func grouped(digits string) string {
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// sum adds up one amount of each member by currency. Members without one add
// nothing; a sum that is not exact is left out.
func sum(members []Member, of func(Member) *commerce.Decimal) map[string]commerce.Decimal {
	total, broken := map[string]commerce.Decimal{}, map[string]bool{}
	for _, m := range members {
		d := of(m)
		if d == nil {
			continue
		}
		next, err := total[m.Currency].Add(*d)
		total[m.Currency] = next
		broken[m.Currency] = broken[m.Currency] || err != nil
	}
	maps.DeleteFunc(total, func(currency string, _ commerce.Decimal) bool { return broken[currency] })
	return total
}

func impactOf(m Member) *commerce.Decimal { return m.Impact }

// impactText writes the money of all members: "$304", "$304 and 18 CAD", or
// blank when none is known.
func impactText(members []Member) string {
	total := sum(members, impactOf)
	var parts []string
	for _, currency := range slices.Sorted(maps.Keys(total)) {
		if total[currency].Sign() != 0 {
			parts = append(parts, about(total[currency], currency))
		}
	}
	return strings.Join(parts, " and ")
}

// lasting writes a duration in the units that people would use.
func lasting(d time.Duration) string {
	minutes := int64(d / time.Minute)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(int64(d/time.Second), 0))
	case minutes < 120:
		return fmt.Sprintf("%d min", minutes)
	case minutes < 600 && minutes%60 != 0:
		return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
	case minutes < 48*60:
		return fmt.Sprintf("%d h", minutes/60)
	default:
		return fmt.Sprintf("%d days", minutes/(24*60))
	}
}

// clock writes an instant as people in the zone of now would: the time of
// today, with the day before it for other days.
func clock(at, now time.Time) string {
	at = at.In(now.Location())
	switch {
	case at.Year() != now.Year():
		return at.Format("2 Jan 2006 15:04")
	case at.YearDay() != now.YearDay():
		return at.Format("2 Jan 15:04")
	default:
		return at.Format("15:04")
	}
}

// day writes the last day before a waiver's end.
func day(until, now time.Time) string {
	last := finding.LastDay(until).In(now.Location())
	if last.Year() != now.Year() {
		return last.Format("2 Jan 2006")
	}
	return last.Format("2 Jan")
}
