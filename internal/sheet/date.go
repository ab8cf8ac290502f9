package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrDate means that a text is no date, or none in the given style.
var ErrDate = errors.New("sheet: not a date in the style of the column")

// Order is how a column writes the parts of a date.
type Order uint8

// The orders of dates. A date with the year before (2026-11-20), with points
// (20.11.2026) or with the month as a word (20 Nov 2026) is plain in any of
// DayFirst and MonthFirst.
const (
	// AnyOrder leaves it to each text.
	AnyOrder Order = iota
	// DayFirst is 20/11/2026.
	DayFirst
	// MonthFirst is 11/20/2026.
	MonthFirst
	// Serial is a spreadsheet's number of days: 46346.5.
	Serial
)

// String returns an example of the order.
func (o Order) String() string {
	return [...]string{"open", "20/11/2026", "11/20/2026", "46346", "unknown"}[min(o, 4)]
}

// DateStyle is how a column writes dates. The zero value leaves the order open
// and takes clocks without a zone as UTC.
type DateStyle struct {
	Order Order
	// Zone is where clocks stand that name no zone or offset.
	Zone *time.Location
}

// ParseDate reads a date, with a time of day or without: 2026-11-20,
// 2026-11-20T10:15:30Z, 2026-11-20 10:15:30 -0500, 20.11.2026 10:15, 11/20/26
// 3:04 PM, 20 Nov 2026, Nov 20, 2026. A year of two digits is in this century.
//
// What the style leaves open has to be plain from the text alone, else the error
// is [ErrAmbiguous]: 03/04/2026. Every other error is [ErrDate]. A time that a
// zone's clocks skip or show twice is read as time.Date does.
func ParseDate(text []byte, style DateStyle) (time.Time, error) {
	zone := style.Zone
	if zone == nil {
		zone = time.UTC
	}
	text = bytes.TrimSpace(text)
	if style.Order == Serial {
		return serialTime(string(text), zone, false)
	}
	d, clock, ok := cutDate(string(text))
	if !ok {
		return time.Time{}, ErrDate
	}
	day, err := d.in(style.Order)
	if err != nil {
		return time.Time{}, err
	}
	return day.at(clock, zone)
}

// Dates recognises the order of a column from some of its texts; blank ones do
// not count. It returns [ErrAmbiguous] when every text can be read in two ways,
// [ErrMixed] when the texts contradict each other, and [ErrDate] when one of them
// is no date. Numbers of days are not recognised: they are numbers.
func Dates(samples [][]byte, zone *time.Location) (DateStyle, error) {
	style := DateStyle{Zone: zone}
	doubt := false
	for _, sample := range samples {
		if len(bytes.TrimSpace(sample)) == 0 {
			continue
		}
		order, err := orderOf(sample)
		switch {
		case errors.Is(err, ErrAmbiguous):
			doubt = true
		case err != nil:
			return DateStyle{}, err
		case order != AnyOrder && style.Order != AnyOrder && order != style.Order:
			return DateStyle{}, ErrMixed
		case order != AnyOrder:
			style.Order = order
		}
	}
	if doubt && style.Order == AnyOrder {
		return DateStyle{}, fmt.Errorf("%w: with the day or the month first", ErrAmbiguous)
	}
	return style, nil
}

// orderOf returns which order a text shows, AnyOrder when it is plain in any.
func orderOf(sample []byte) (Order, error) {
	var possible []Order
	for _, order := range []Order{DayFirst, MonthFirst} {
		if _, err := ParseDate(sample, DateStyle{Order: order}); err == nil {
			possible = append(possible, order)
		}
	}
	switch len(possible) {
	case 0:
		return AnyOrder, ErrDate
	case 1:
		return possible[0], nil
	default:
		_, err := ParseDate(sample, DateStyle{})
		return AnyOrder, err
	}
}

// parts are the parts of a date as they stand, and what is between them.
type parts struct {
	texts [3]string
	mark  byte
}

// calendar is a day.
type calendar struct{ year, month, day int }

// cutDate cuts a text into the three parts of a date and its time of day.
func cutDate(text string) (d parts, clock string, ok bool) {
	if isWordy(text) {
		return cutWords(text)
	}
	date, clock := text, ""
	if i := strings.IndexAny(text, "T ,"); i > 0 {
		date, clock = text[:i], strings.TrimLeft(text[i+1:], " ")
		if text[i] == ' ' && clock == "" || text[i] == 'T' && clock == "" {
			return d, "", false
		}
	}
	if len(date) == 8 && count(date) == 8 {
		return parts{texts: [3]string{date[:4], date[4:6], date[6:]}, mark: '-'}, clock, true
	}
	i := strings.IndexAny(date, "-/.")
	if i < 0 {
		return d, "", false
	}
	d.mark = date[i]
	texts := strings.Split(date, string(d.mark))
	if len(texts) != 3 {
		return d, "", false
	}
	copy(d.texts[:], texts)
	return d, clock, true
}

// in makes a day of the parts.
func (d parts) in(order Order) (calendar, error) {
	a, b, c := d.number(0), d.number(1), d.number(2)
	switch {
	case d.mark == 'w':
		return calendar{c, b, a}.checked()
	case a < 0 || b < 0 || c < 0:
		return calendar{}, ErrDate
	case len(d.texts[0]) == 4:
		return calendar{a, b, c}.checked()
	case len(d.texts[2]) == 2:
		c += 2000
	case len(d.texts[2]) != 4:
		return calendar{}, ErrDate
	}
	dayFirst, errDay := calendar{c, b, a}.checked()
	monthFirst, errMonth := calendar{c, a, b}.checked()
	switch {
	case order == DayFirst || d.mark == '.':
		return dayFirst, errDay
	case order == MonthFirst:
		return monthFirst, errMonth
	case errDay != nil:
		return monthFirst, errMonth
	case errMonth == nil && dayFirst != monthFirst:
		return calendar{}, ErrAmbiguous
	default:
		return dayFirst, nil
	}
}

// number is the value of a part of at most four digits, or -1.
func (d parts) number(i int) int {
	text := d.texts[i]
	if text == "" || len(text) > 4 || count(text) != len(text) {
		return -1
	}
	n := 0
	for _, c := range text {
		n = 10*n + int(c-'0')
	}
	return n
}

// count returns how many digits a text begins with.
func count(text string) int {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return i
		}
	}
	return len(text)
}

// checked returns the day if there is one.
func (c calendar) checked() (calendar, error) {
	t := time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC)
	if c.year < 1 || t.Day() != c.day || int(t.Month()) != c.month {
		return calendar{}, ErrDate
	}
	return c, nil
}
