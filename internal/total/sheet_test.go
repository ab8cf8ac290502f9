package total_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/total"
)

const rule = "orders/day-close"

var changed = time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)

func amount(t *rapid.T, label string) commerce.Decimal {
	return commerce.MustDecimal(fmt.Sprintf("%d.%02d", rapid.IntRange(-500, 500).Draw(t, label), rapid.IntRange(0, 99).Draw(t, label+" cents")))
}

// anyEntry is what one order adds, under an id of its own.
func anyEntry(t *rapid.T, id int) total.Entry {
	e := total.Entry{
		Period:   rapid.SampledFrom([]string{"2026-11-21", "2026-11-22"}).Draw(t, "period"),
		By:       rapid.SampledFrom([]string{"USD", "CAD"}).Draw(t, "by"),
		Record:   fmt.Sprintf("shopify-us/US%d", id),
		Finding:  rapid.SampledFrom([]string{"", "f-1"}).Draw(t, "finding"),
		Currency: "USD",
	}
	if e.Finding == "" {
		e.Waits = rapid.SampledFrom([]string{"", "order-money"}).Draw(t, "waits")
	}
	if rapid.IntRange(0, 9).Draw(t, "unknown") == 0 {
		e.Unknown = "total of erp is missing"
		return e
	}
	s := total.Sum{Expected: amount(t, "expected"), Actual: amount(t, "actual")}
	if rapid.Bool().Draw(t, "agrees") {
		s.Actual = s.Expected
	}
	if rapid.IntRange(0, 3).Draw(t, "allowed") == 0 {
		s.Allowed = amount(t, "allowed amount")
	}
	e.Sums = map[string]total.Sum{"total": s, total.Records: {Expected: commerce.Int(1), Actual: commerce.Int(1)}}
	return e
}

// sheets parts the entries as given and merges the parts in the given order, each
// through JSON, as walks keep them.
func sheets(t *rapid.T, entries []total.Entry, parts []int, order []int) total.Sheets {
	var whole total.Sheets
	for _, part := range order {
		var s total.Sheets
		for i, e := range entries {
			if parts[i] == part {
				s.Add(rule, e)
			}
		}
		if part == 0 {
			s.AddUndated(rule, changed, "US1: no system says when it came about")
		}
		body, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var read total.Sheets
		if err := json.Unmarshal(body, &read); err != nil {
			t.Fatal(err)
		}
		whole.Merge(read)
	}
	return whole
}

func text(t *rapid.T, s total.Sheets) string {
	body, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// However records are parted into segments, and in whatever order they and the
// segments come, the totals are the same.
func TestSheets_DoNotDependOnOrderOrSegments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		entries := make([]total.Entry, rapid.IntRange(0, 60).Draw(t, "records"))
		parts, all := make([]int, len(entries)), make([]int, len(entries))
		for i := range entries {
			entries[i] = anyEntry(t, i)
			parts[i] = rapid.IntRange(0, 3).Draw(t, "part")
		}
		want := sheets(t, entries, all, []int{0})
		shuffled := rapid.Permutation(entries).Draw(t, "order of records")
		got := sheets(t, shuffled, parts, rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order of parts"))
		if diff := cmp.Diff(text(t, want), text(t, got)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// What is allowed, explained, waits and is left are the difference, always, and
// so are the deltas of the records one by one.
func TestBucket_PartsAddUpToTheDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s total.Sheets
		sides := map[string]total.Sum{}
		for i := range rapid.IntRange(0, total.MaxParts).Draw(t, "records") {
			e := anyEntry(t, i)
			e.Period, e.By = "2026-11-22", "USD"
			s.Add(rule, e)
			for name, sum := range e.Sums {
				have := sides[name]
				have.Expected, have.Actual = plus(t, have.Expected, sum.Expected), plus(t, have.Actual, sum.Actual)
				sides[name] = have
			}
		}
		if s == nil {
			return
		}
		for _, b := range s[rule].Of("2026-11-22") {
			for _, name := range b.Measures() {
				sum := b.Sums[name]
				difference, err := sum.Difference()
				if err != nil {
					t.Fatal(err)
				}
				var deltas commerce.Decimal
				for _, p := range b.Parts {
					deltas = plus(t, deltas, p.Deltas[name])
				}
				open := plus(t, plus(t, sum.Explained, sum.Waiting), sum.Rest)
				if plus(t, open, sum.Allowed) != difference || deltas != open {
					t.Fatalf("%s: difference %s, allowed %s, the rest %s, records %s", name, difference, sum.Allowed, open, deltas)
				}
				if sum.Expected != sides[name].Expected || sum.Actual != sides[name].Actual {
					t.Fatalf("%s: %s / %s, want %s / %s", name, sum.Expected, sum.Actual, sides[name].Expected, sides[name].Actual)
				}
			}
		}
	})
}

func plus(t *rapid.T, a, b commerce.Decimal) commerce.Decimal {
	sum, err := a.Add(b)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

func order(id int, expected, actual string) total.Entry {
	return total.Entry{
		Period: "2026-11-22", By: "USD", Currency: "USD", Record: fmt.Sprintf("shopify-us/US%04d", id),
		Sums: map[string]total.Sum{"total": {Expected: commerce.MustDecimal(expected), Actual: commerce.MustDecimal(actual)}},
	}
}

func TestBucket_NamesFirstWhatNothingExplainsThenWhatIsLargest(t *testing.T) {
	var s total.Sheets
	for i := range 40 {
		e := order(i, "0", fmt.Sprint(100+i))
		e.Finding = "f-1"
		s.Add(rule, e)
	}
	s.Add(rule, order(900, "1", "0"))
	b := s[rule].Of("2026-11-22")[0]
	if len(b.Parts) != total.MaxParts || b.More != 41-total.MaxParts || b.Findings != 40 || b.Loose != 1 {
		t.Fatalf("%d parts and %d more, %d findings, %d loose", len(b.Parts), b.More, b.Findings, b.Loose)
	}
	if b.Parts[0].Record != "shopify-us/US0900" || b.Parts[1].Record != "shopify-us/US0039" {
		t.Errorf("first %s, then %s", b.Parts[0].Record, b.Parts[1].Record)
	}
}

// All sheets of a walk are one document, whatever a registry asks for.
func TestSheets_GiveUpWhatCannotBeKept(t *testing.T) {
	var s total.Sheets
	for i := range total.MaxBuckets + 1 {
		var page total.Sheets
		e := order(i, "1", "2")
		e.By = fmt.Sprintf("USD/%d", i)
		page.Add("orders/by-number", e)
		page.Add(rule, order(i, "1", "2"))
		s.Merge(page)
	}
	if !s["orders/by-number"].Crowded || len(s["orders/by-number"].Buckets) > 0 || s[rule].Crowded {
		t.Errorf("by number: crowded %t; by day: crowded %t", s["orders/by-number"].Crowded, s[rule].Crowded)
	}
	parts := 0
	for day := range 35 {
		for i := range 30 {
			var page total.Sheets
			e := order(i, "1", "2")
			e.Period = fmt.Sprintf("2026-10-%02d", day+1)
			page.Add(rule, e)
			s.Merge(page)
		}
	}
	for _, b := range s[rule].Buckets {
		parts += len(b.Parts)
		if n := len(b.Parts) + b.More; n != 30 && b.Period != "2026-11-22" {
			t.Errorf("%s names or counts %d records, want 30", b.Period, n)
		}
	}
	if parts > 250 {
		t.Errorf("%d records are named", parts)
	}
}

func TestBucket_WhatNeedsTooManyDigitsIsNotKnown(t *testing.T) {
	var s total.Sheets
	s.Add(rule, order(1, "9999999999999999999", "9999999999999999999"))
	s.Add(rule, order(2, "0.01", "0.01"))
	r := total.Judge(s[rule].Of("2026-11-22")[0], total.Limits{})
	if r.Outcome != total.CannotTell || r.Why != "the sum of total needs more digits than can be kept" {
		t.Errorf("%s: %s", r.Outcome, r.Why)
	}
}
