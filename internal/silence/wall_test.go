package silence

import (
	"testing"
	"time"
)

// The clock on the wall is that of the zone, also where the clocks change, and in
// whatever order it is read.
func TestTheClockOnTheWall(t *testing.T) {
	for _, name := range []string{"UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		clock := wallOf(zone)
		first := SlotOf(time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC))
		for i := range Slot(3 * 365 * PerDay) {
			s := first + i*7919%Slot(3*365*PerDay)
			day, hour := clock.at(s)
			if want := s.Start().In(zone); day != want.Weekday() || hour != want.Hour() {
				t.Fatalf("%s: %s %d, want %s", name, day, hour, want)
			}
		}
	}
}
