package platform

import (
	"net/url"
	"strings"
)

// leastTaxDigits is how many digits a tax number has at least.
const leastTaxDigits = 5

// taxNumber writes a tax number as all systems do, with its country's code: DE
// 123.456-789 is DE123456789. It is blank where the number cannot be told for sure:
// without a country, with too few digits, or with the same digit throughout.
func taxNumber(text, country string) string {
	number := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z' || '0' <= r && r <= '9':
			return r
		default:
			return -1
		}
	}, text)
	digits := strings.Trim(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if len(digits) < leastTaxDigits || strings.Trim(digits, digits[:1]) == "" {
		return ""
	}
	if len(number) > 2 && isLetter(number[0]) && isLetter(number[1]) {
		return greek(number[:2]) + number[2:]
	}
	country = strings.ToUpper(strings.TrimSpace(country))
	if len(country) != 2 || !isLetter(country[0]) || !isLetter(country[1]) {
		return ""
	}
	return greek(country) + number
}

func isLetter(b byte) bool { return 'A' <= b && b <= 'Z' }

// greek is the code of a country, which of Greece in tax numbers is another one.
func greek(country string) string {
	if country == "EL" {
		return "GR"
	}
	return country
}

// domainOf is the domain of a website without www, or blank.
func domainOf(website string) string {
	website = strings.ToLower(strings.TrimSpace(website))
	if website == "" {
		return ""
	}
	if !strings.Contains(website, "://") {
		website = "https://" + website
	}
	at, err := url.Parse(website)
	if err != nil || at.Path != "" && at.Path != "/" || at.RawQuery != "" || at.User != nil {
		return ""
	}
	domain := strings.TrimSuffix(strings.TrimPrefix(at.Hostname(), "www."), ".")
	if !strings.Contains(domain, ".") {
		return ""
	}
	return domain
}
