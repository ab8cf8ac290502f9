package export

import (
	"fmt"
	"time"

	"github.com/plumbline/plumbline/internal/sheet"
)

const wantTime = "a time such as 2026-03-02 14:14:07, or how the column writes dates: 20/11/2026 or 11/20/2026"

// timeReader reads a time as a file writes it.
type timeReader func(text []byte) (time.Time, bool)

// timeStyle prepares to read times that are written as in the example. What has no
// offset is what the clocks of the zone showed.
func timeStyle(example string, zone *time.Location) (timeReader, error) {
	style := sheet.DateStyle{Zone: zone}
	switch example {
	case "":
	case sheet.DayFirst.String():
		style.Order = sheet.DayFirst
	case sheet.MonthFirst.String():
		style.Order = sheet.MonthFirst
	case sheet.Serial.String():
		style.Order = sheet.Serial
	default:
		return nil, fmt.Errorf("%w: style, want 20/11/2026, 11/20/2026 or 46346", ErrMapping)
	}
	return func(text []byte) (time.Time, bool) {
		at, err := sheet.ParseDate(text, style)
		// Other years are how programs write never.
		return at.UTC(), err == nil && at.Year() >= 1970 && at.Year() <= 2200
	}, nil
}
