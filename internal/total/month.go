package total

import "time"

// monthLayout is how a month is written.
const monthLayout = "2006-01"

// DaysOf lists the days of a month such as "2026-11". It reports false for what
// is no month.
func DaysOf(month string) ([]string, bool) {
	first, err := time.Parse(monthLayout, month)
	if err != nil {
		return nil, false
	}
	var days []string
	for day := first; day.Month() == first.Month(); day = day.AddDate(0, 0, 1) {
		days = append(days, day.Format(time.DateOnly))
	}
	return days, true
}
