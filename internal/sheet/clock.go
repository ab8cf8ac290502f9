package sheet

import (
	"strings"
	"time"
)

// clocks are the times of day that are read, with an offset or without.
var clocks = []string{
	"15:04:05", "15:04", "3:04 PM", "3:04:05 PM", "3:04PM", "3:04:05PM",
	"15:04:05Z07:00", "15:04:05Z0700", "15:04:05 Z07:00", "15:04:05 Z0700", "15:04:05 MST",
	"15:04Z07:00", "15:04 Z07:00", "15:04 Z0700",
}

// at adds a time of day, which may name an offset, to a day.
func (c calendar) at(clock string, zone *time.Location) (time.Time, error) {
	if clock == "" {
		return time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, zone), nil
	}
	clock = strings.TrimPrefix(strings.ToUpper(clock), "AT ")
	for _, layout := range clocks {
		t, err := time.Parse(layout, clock)
		if err != nil || strings.HasSuffix(layout, "MST") && !isUniversal(clock) {
			continue
		}
		if hasOffset(layout) {
			zone = t.Location()
		}
		return time.Date(c.year, time.Month(c.month), c.day, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone), nil
	}
	return time.Time{}, ErrDate
}

func hasOffset(layout string) bool {
	return strings.Contains(layout, "Z07") || strings.HasSuffix(layout, "MST")
}

// isUniversal reports whether a clock names UTC. Other abbreviations stand for
// several zones each.
func isUniversal(clock string) bool {
	return strings.HasSuffix(clock, " UTC") || strings.HasSuffix(clock, " GMT")
}

// months are the beginnings of their names.
var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// monthOf returns the month of a name or of its first letters, 0 for no month.
func monthOf(word string) int {
	word = strings.ToLower(strings.TrimRight(word, ".,"))
	for i := range months {
		name := strings.ToLower(time.Month(i + 1).String())
		if len(word) >= 3 && strings.HasPrefix(name, word) || word == "sept" && i == 8 {
			return i + 1
		}
	}
	return 0
}

// isWordy reports whether a text has the month as a word among its first two.
func isWordy(text string) bool {
	words := strings.FieldsFunc(text, between)
	return len(words) > 2 && (monthOf(words[0]) > 0 || monthOf(words[1]) > 0)
}

func between(c rune) bool { return c == ' ' || c == '-' || c == ',' }

// cutWords cuts 20 Nov 2026 10:15, 20-Nov-2026 and Nov 20, 2026.
func cutWords(text string) (d parts, clock string, ok bool) {
	rest := text
	var words [3]string
	for i := range words {
		rest = strings.TrimLeftFunc(rest, between)
		end := strings.IndexFunc(rest, between)
		if end < 0 {
			end = len(rest)
		}
		words[i], rest = rest[:end], rest[end:]
	}
	day, month := words[0], monthOf(words[1])
	if month == 0 {
		day, month = words[1], monthOf(words[0])
	}
	year := words[2]
	if len(year) == 2 {
		year = "20" + year
	}
	d = parts{texts: [3]string{day, twoDigits(month), year}, mark: 'w'}
	return d, strings.Trim(rest, ", "), len(year) == 4 && d.number(0) > 0 && d.number(2) > 0
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
