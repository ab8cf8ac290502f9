package sheet

import (
	"errors"
	"testing"
	"time"
)

func TestDatesAreReadAsPeopleWriteThem(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		order Order
		want  string
		err   error
	}{
		{text: "2026-11-20", want: "2026-11-20T00:00:00+01:00"},
		{text: "2026/11/20", want: "2026-11-20T00:00:00+01:00"},
		{text: "20261120", want: "2026-11-20T00:00:00+01:00"},
		{text: "2026-11-20T10:15:30Z", want: "2026-11-20T10:15:30Z"},
		{text: "2026-11-20T10:15:30.5+02:00", want: "2026-11-20T10:15:30.5+02:00"},
		{text: "2026-11-20 10:15:30 -0500", want: "2026-11-20T10:15:30-05:00"},
		{text: "2026-11-20 10:15:30 UTC", want: "2026-11-20T10:15:30Z"},
		{text: "2026-11-20 10:15:30 EST", err: ErrDate},
		{text: "2026-07-20 10:15", want: "2026-07-20T10:15:00+02:00"},
		{text: "20.11.2026", want: "2026-11-20T00:00:00+01:00"},
		{text: "3.4.2026 9:05", want: "2026-04-03T09:05:00+02:00"},
		{text: "03.04.2026", order: MonthFirst, want: "2026-04-03T00:00:00+02:00"},
		{text: "20/11/2026", want: "2026-11-20T00:00:00+01:00"},
		{text: "11/20/2026", want: "2026-11-20T00:00:00+01:00"},
		{text: "11/20/26 3:04 PM", want: "2026-11-20T15:04:00+01:00"},
		{text: "11/20/2026 12:04:05 am", want: "2026-11-20T00:04:05+01:00"},
		{text: "05/05/2026", want: "2026-05-05T00:00:00+02:00"},
		{text: "03/04/2026", err: ErrAmbiguous},
		{text: "03/04/2026", order: DayFirst, want: "2026-04-03T00:00:00+02:00"},
		{text: "03/04/2026", order: MonthFirst, want: "2026-03-04T00:00:00+01:00"},
		{text: "20/11/2026", order: MonthFirst, err: ErrDate},
		{text: "11/20/2026", order: DayFirst, err: ErrDate},
		{text: "20 Nov 2026", want: "2026-11-20T00:00:00+01:00"},
		{text: "20-Nov-26", want: "2026-11-20T00:00:00+01:00"},
		{text: "Nov 20, 2026", want: "2026-11-20T00:00:00+01:00"},
		{text: "November 20, 2026 at 10:15 PM", want: "2026-11-20T22:15:00+01:00"},
		{text: "30 Feb 2026", err: ErrDate},
		{text: "2026-02-29", err: ErrDate},
		{text: "2024-02-29", want: "2024-02-29T00:00:00+01:00"},
		{text: "2026-13-01", err: ErrDate},
		{text: "31/31/2026", err: ErrDate},
		{text: "2026-11-20 25:00", err: ErrDate},
		{text: "2026-11-20T", err: ErrDate},
		{text: "0000-00-00", err: ErrDate},
		{text: "46346", err: ErrDate},
		{text: "46346", order: Serial, want: "2026-11-20T00:00:00+01:00"},
		{text: "46346.5", order: Serial, want: "2026-11-20T12:00:00+01:00"},
		{text: "46346.4270833333", order: Serial, want: "2026-11-20T10:15:00+01:00"},
		{text: "46346.99999999999", order: Serial, want: "2026-11-21T00:00:00+01:00"},
		{text: "1", order: Serial, want: "1900-01-01T00:00:00+01:00"},
		{text: "59", order: Serial, want: "1900-02-28T00:00:00+01:00"},
		{text: "60", order: Serial, err: ErrDate},
		{text: "61", order: Serial, want: "1900-03-01T00:00:00+01:00"},
		{text: "2958466", order: Serial, err: ErrDate},
		{text: "-5", order: Serial, err: ErrDate},
		{text: "1e5", order: Serial, err: ErrDate},
		{text: "yesterday", err: ErrDate},
		{text: "", err: ErrDate},
	} {
		got, err := ParseDate([]byte(c.text), DateStyle{Order: c.order, Zone: berlin})
		if !errors.Is(err, c.err) || (err == nil && got.Format(time.RFC3339Nano) != c.want) {
			t.Errorf("%q with %s: %v, %v, want %q, %v", c.text, c.order, got.Format(time.RFC3339Nano), err, c.want, c.err)
		}
	}
}

func TestAColumnsOrderOfDatesIsRecognised(t *testing.T) {
	for _, c := range []struct {
		samples []string
		want    Order
		err     error
	}{
		{samples: []string{"2026-11-20", ""}, want: AnyOrder},
		{samples: []string{"03/04/2026", "20/11/2026"}, want: DayFirst},
		{samples: []string{"03/04/2026", "11/20/2026"}, want: MonthFirst},
		{samples: []string{"20 Nov 2026", "05/05/2026"}, want: AnyOrder},
		{samples: []string{"03/04/2026", "05/05/2026"}, err: ErrAmbiguous},
		{samples: []string{"20/11/2026", "11/20/2026"}, err: ErrMixed},
		{samples: []string{"20/11/2026", "soon"}, err: ErrDate},
		{samples: nil, want: AnyOrder},
	} {
		var samples [][]byte
		for _, s := range c.samples {
			samples = append(samples, []byte(s))
		}
		got, err := Dates(samples, time.UTC)
		if !errors.Is(err, c.err) || got.Order != c.want {
			t.Errorf("%q: %s, %v, want %s, %v", c.samples, got.Order, err, c.want, c.err)
		}
	}
}
