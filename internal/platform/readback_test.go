package platform_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/platform"
)

func TestReadBack_IsAnAnswerWellAfterTheChangeByTheClockThatDatesIt(t *testing.T) {
	nine := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)
	answer := map[string]string{platform.FetchedHeader: "orders/250"}
	with := func(asked string) map[string]string {
		return map[string]string{platform.FetchedHeader: "orders/250", platform.AskedHeader: asked}
	}
	for name, c := range map[string]struct {
		header map[string]string
		after  time.Duration
		want   bool
	}{
		"a webhook":                                {nil, time.Hour, false},
		"just after":                               {answer, 4 * time.Second, false},
		"well after":                               {answer, 5 * time.Second, true},
		"well after, but not by the API's clock":   {with("2026-03-03T09:00:04Z"), time.Minute, false},
		"well after, by the API's clock as well":   {with("2026-03-03T09:00:05Z"), time.Minute, true},
		"just after, with an API that is ahead":    {with("2026-03-03T09:00:50Z"), 4 * time.Second, false},
		"well after, with a time that nobody gave": {with("soon"), time.Minute, true},
	} {
		d := commerce.Delivery{Received: nine.Add(c.after), Header: c.header}
		if got := platform.ReadBack(d, nine); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
