package load_test

import (
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/load"
)

// A file of the shop, which lives in New York, is stored at nine in London.
func TestAFileIsAsOldAsItSays(t *testing.T) {
	meta := func(pairs ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return m
	}
	for _, c := range []struct {
		name string
		meta map[string]string
		want string
		from string
	}{
		{"stock.csv", nil, "2026-03-03T09:00:00Z", load.FromModified},
		{"stock.csv", meta(load.ModifiedMeta, "2026-03-02T23:00:00Z"), "2026-03-02T23:00:00Z", load.FromModified},
		{"stock_2026-03-02.csv", nil, "2026-03-02T05:00:00Z", load.FromName},
		{"stock_2026-03-02_0215.csv", meta(load.ModifiedMeta, "2026-03-02T23:00:00Z"), "2026-03-02T07:15:00Z", load.FromName},
		{"20260302T021530Z-stock.csv.gz", nil, "2026-03-02T02:15:30Z", load.FromName},
		{"stock 2026-03-02T02:15:30+01:00.csv", nil, "2026-03-02T01:15:30Z", load.FromName},
		{"stock_2026-03-02.csv", meta(load.AsOfMeta, "2026-03-01T12:00:00+02:00"), "2026-03-01T10:00:00Z", load.Declared},
		{"stock_2026-02-31.csv", nil, "2026-03-03T09:00:00Z", load.FromModified},
		{"stock_20260302991.csv", nil, "2026-03-03T09:00:00Z", load.FromModified},
		{"soon_2026-03-03_2300.csv", nil, "2026-03-03T09:00:00Z", load.FromName},
	} {
		w := newWorld(t)
		w.put(t, c.name, stockFile(1), c.meta)
		w.run(t)
		if got := w.certificates(t)[0]; got.AsOf.Format(time.RFC3339) != c.want || got.AsOfFrom != c.from {
			t.Errorf("%s %v: as of %s by its %s, want %s by its %s", c.name, c.meta, got.AsOf.Format(time.RFC3339), got.AsOfFrom, c.want, c.from)
		}
	}
}

func TestAFileOfTheFutureIsRefused(t *testing.T) {
	for name, meta := range map[string]map[string]string{
		"stock_2027-01-01.csv": nil, "stock.csv": {load.AsOfMeta: "2026-03-05T00:00:00Z"}, "other.csv": {load.AsOfMeta: "yesterday"},
	} {
		w := newWorld(t)
		w.put(t, name, stockFile(1), meta)
		w.run(t)
		if c := w.certificates(t)[0]; c.State != load.Refused || w.stock(t, 1) != "-" || w.noted(t, "rejected", "inventory") == "" {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestMessagesOfOthersComeAgain(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{"", "{", "[]", "{}", `{"codec":9,"object":"a"}`, `{"Records":[{"s3":{"object":{"key":"%zz"}}}]}`} {
		if failed := w.load.Load(t.Context(), []load.Message{{ID: "m", Body: body}}); len(failed) != 1 {
			t.Errorf("%q was taken", body)
		}
	}
}
