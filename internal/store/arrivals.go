package store

import (
	"context"
	"time"

	"github.com/plumbline/plumbline/internal/silence"
)

// Arrivals keeps in which ten minutes something of a source arrived, each slot
// once, whoever reports it and how often. It is safe for concurrent use.
type Arrivals interface {
	// Arrive notes that something arrived at the time.
	Arrive(ctx context.Context, source silence.Source, at time.Time) error
	// Arrived reads the slots of the source from the first day to the last of UTC,
	// both included, in order. It may read days that expired meanwhile.
	Arrived(ctx context.Context, source silence.Source, from, until time.Time) ([]silence.Slot, error)
}

// ArrivalDays lists the days that hold the slots between two times, each at its
// beginning in UTC.
func ArrivalDays(from, until time.Time) []time.Time {
	var days []time.Time
	for day := ArrivalDay(from); !day.After(until); day = day.Add(24 * time.Hour) {
		days = append(days, day)
	}
	return days
}

// ArrivalDay is the beginning of the time's day in UTC.
func ArrivalDay(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }

// ArrivalsExpire is from when on the arrivals of a day may be forgotten.
func ArrivalsExpire(day time.Time) time.Time { return day.Add(24*time.Hour + silence.Kept) }
