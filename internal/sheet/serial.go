package sheet

import (
	"strings"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

const (
	// lastSerial is the last day of the year 9999.
	lastSerial = 2958465
	// noLeapDay is the serial of the 29th of February 1900, which spreadsheets
	// have and the calendar has not.
	noLeapDay = 60
	// days1904 is what lies between the two ways in which workbooks count days.
	days1904 = 1462
	// msPerDay is what a day has in the finest unit that a serial tells apart.
	msPerDay = 24 * 60 * 60 * 1000
)

// serialTime reads a spreadsheet's number of days, to the millisecond, as the
// clocks of a zone. since1904 says that the workbook counts from 1904.
func serialTime(text string, zone *time.Location, since1904 bool) (time.Time, error) {
	days, ms, ok := cutSerial(text)
	if since1904 {
		days += days1904
	}
	switch {
	case !ok || days < 1 || days > lastSerial || days == noLeapDay:
		return time.Time{}, ErrDate
	case days < noLeapDay:
		days++
	}
	// Day 0 is the 30th of December 1899 for all days behind the one that is not.
	day := time.Date(1899, 12, 30+days, 0, 0, 0, 0, time.UTC)
	second, rest := ms/1000, ms%1000*int(time.Millisecond)
	return time.Date(day.Year(), day.Month(), day.Day(), second/3600, second/60%60, second%60, rest, zone), nil
}

// cutSerial returns whole days, and milliseconds of the day.
func cutSerial(text string) (days, ms int, ok bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	if _, err := commerce.ParseDecimal(text); err != nil || count(whole) != len(whole) || len(whole) > 7 {
		return 0, 0, false
	}
	for _, c := range whole {
		days = 10*days + int(c-'0')
	}
	// Ten places tell apart 9 microseconds.
	fraction = (fraction + "0000000000")[:10]
	n := 0
	for _, c := range fraction {
		n = 10*n + int(c-'0')
	}
	const places = 10_000_000_000
	ms = (n*msPerDay + places/2) / places
	return days + ms/msPerDay, ms % msPerDay, true
}
