package platform

import (
	"slices"
	"strings"
)

// plan is how a country writes its telephone numbers.
type plan struct {
	// code begins its numbers abroad, trunk at home, where some have none.
	code, trunk string
}

// plans are the countries whose national numbers are understood. In each of them
// the trunk prefix falls away abroad; Italy, where it stays, is none of them.
var plans = map[string]plan{
	"US": {"1", "1"}, "CA": {"1", "1"}, "GB": {"44", "0"}, "IE": {"353", "0"}, "DE": {"49", "0"}, "AT": {"43", "0"},
	"CH": {"41", "0"}, "FR": {"33", "0"}, "BE": {"32", "0"}, "NL": {"31", "0"}, "SE": {"46", "0"}, "FI": {"358", "0"},
	"AU": {"61", "0"}, "NZ": {"64", "0"}, "JP": {"81", "0"}, "ES": {"34", ""}, "PT": {"351", ""}, "DK": {"45", ""},
	"NO": {"47", ""}, "PL": {"48", ""}, "SG": {"65", ""},
}

// The lengths of an international number with its country code.
const (
	minPhone = 8
	maxPhone = 15
)

// international is a telephone number as digits with its country code, or blank
// where that cannot be told for sure. A number that is not understood only goes
// unused, and one that is misunderstood would join two persons: so extensions,
// letters and national numbers without a known country are refused.
func international(phone, country string) string {
	digits, plus, ok := dialled(phone)
	if !ok {
		return ""
	}
	home, known := plans[strings.ToUpper(strings.TrimSpace(country))]
	switch {
	case plus:
	case strings.HasPrefix(digits, "00"):
		digits = digits[2:]
	case !known:
		return ""
	default:
		if home.trunk != "" {
			digits = strings.TrimPrefix(digits, home.trunk)
		}
		digits = home.code + digits
	}
	switch {
	case len(digits) < minPhone, len(digits) > maxPhone, digits[0] == '0':
		return ""
	case strings.HasPrefix(digits, "1") && len(digits) != 11:
		return ""
	case filler(digits):
		return ""
	}
	return digits
}

// dialled is what of a written number is dialled, and whether a plus begins it.
func dialled(phone string) (digits string, plus, ok bool) {
	phone = strings.TrimSpace(phone)
	phone, plus = strings.CutPrefix(phone, "+")
	// People write the trunk prefix in brackets behind a country code.
	if plus {
		phone = strings.Replace(phone, "(0)", "", 1)
	}
	var b strings.Builder
	for _, r := range phone {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.ContainsRune(" -.()/\u00a0", r):
			return "", plus, false
		}
	}
	return b.String(), plus, b.Len() > 0
}

// filler reports whether somebody typed one digit to get by a form: the same
// seven times at the end.
func filler(digits string) bool {
	end := []byte(digits[len(digits)-7:])
	return len(slices.Compact(end)) == 1
}
