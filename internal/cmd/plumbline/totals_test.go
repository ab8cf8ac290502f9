package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/registry"
	"github.com/plumbline/plumbline/internal/total"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s changed (-golden +now):\n%s", name, diff)
	}
}

// tuesday is a day on which three orders are missing, and a quiet one before it.
func tuesday(t *testing.T) []total.Day {
	t.Helper()
	var s total.Sheets
	order := func(record, expected, actual, count, finding string) {
		s.Add("orders/day-close", total.Entry{
			Period: "2026-03-03", By: "USD", Currency: "USD", Record: record, Finding: finding,
			Sums: map[string]total.Sum{
				"total":       {Expected: commerce.MustDecimal(expected), Actual: commerce.MustDecimal(actual)},
				total.Records: {Expected: commerce.Int(1), Actual: commerce.MustDecimal(count)},
			},
		})
	}
	order("shopify-us/US1001", "37062.20", "37062.20", "1", "")
	order("shopify-us/US1042", "384.10", "0", "0", "a1b2")
	order("shopify-us/US1043", "384.15", "0", "0", "a1b3")
	order("shopify-us/US1047", "384.15", "0", "0", "a1b4")
	day := total.Day{Integration: "orders", Rule: "day-close", Kind: commerce.Order, Period: "2026-03-03", From: "shopify-us", To: "erp", Judged: time.Date(2026, 3, 4, 14, 0, 0, 0, time.UTC)}
	for _, b := range s["orders/day-close"].Of("2026-03-03") {
		day.Results = append(day.Results, total.Judge(b, total.Limits{}))
	}
	before := day
	before.Period, before.Results, before.Trouble = "2026-03-02", nil, "the orders of erp are known since 2026-03-02 15:04 UTC only"
	return []total.Day{before, day}
}

func TestTotals_AreShownWithTheRecordsThatExplainThem(t *testing.T) {
	var text, json bytes.Buffer
	printTotals(&output{Writer: &text}, tuesday(t))
	golden(t, "totals.txt", text.Bytes())
	if err := (&output{Writer: &json}).encode(totalAnswers(tuesday(t)[1])); err != nil {
		t.Fatal(err)
	}
	golden(t, "totals.json", json.Bytes())
}

func TestTotals_PeriodsAreDaysAndMonths(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	rule := registry.Rule{Totals: &registry.Totals{Closes: 9 * 60, Zone: berlin, Days: berlin}}
	now := time.Date(2026, 11, 23, 7, 30, 0, 0, time.UTC) // half past eight in Berlin
	for _, c := range []struct {
		period, first, last string
		days                int
	}{
		{"", "2026-11-21", "2026-11-21", 1},
		{"2026-11-22", "2026-11-22", "2026-11-22", 1},
		{"2026-11", "2026-11-01", "2026-11-30", 30},
		{"2028-02", "2028-02-01", "2028-02-29", 29},
	} {
		days, err := periodsOf(rule, c.period, now)
		if err != nil || len(days) != c.days || days[0] != c.first || days[len(days)-1] != c.last {
			t.Errorf("%q: %v, %v", c.period, days, err)
		}
	}
	for _, period := range []string{"2026", "2026-13", "2026-11-31", "last week"} {
		if days, err := periodsOf(rule, period, now); err == nil {
			t.Errorf("%q reads as %v", period, days)
		}
	}
}
