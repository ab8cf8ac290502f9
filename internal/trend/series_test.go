package trend

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
)

var (
	cent  = commerce.MustDecimal("0.01")
	exact = cmp.Comparer(func(a, b commerce.Decimal) bool { return a == b })
)

// orders tallies a day's orders by their differences.
func orders(at time.Time, deltas ...string) Tally {
	var t Tally
	for _, d := range deltas {
		t.Add(commerce.MustDecimal(d), cent, at)
	}
	return t
}

// days steps a series through days of the same orders.
func days(s Series, first time.Time, n int, deltas ...string) Series {
	for i := range n {
		at := first.Add(time.Duration(i) * day)
		s = s.Step(orders(at, deltas...), at, at.Add(day))
	}
	return s
}

func many(n int, deltas ...string) []string {
	var all []string
	for range n {
		all = append(all, deltas...)
	}
	return all
}

func TestSeries_ACentOneWayIsATrendAfterMoreThanFiftyOrders(t *testing.T) {
	s := days(Series{}, monday, 5, many(10, "-0.01")...)
	if s.Down.Trend() {
		t.Fatal("found after fifty orders, want more")
	}
	s = days(s, monday.Add(5*day), 1, "-0.01", "0", "0")
	if c := s.Down; !c.Trend() || c.N != 53 || c.With != 51 || c.Against != 0 || c.Sum.String() != "0.51" || !c.Since.Equal(monday) {
		t.Errorf("%+v", c)
	}
	if s.Up.Trend() {
		t.Error("and the other way as well")
	}
}

func TestSeries_RoundingEitherWayIsNone(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	var s Series
	for i := range 3000 {
		var deltas []string
		for range 60 {
			deltas = append(deltas, []string{"0.01", "-0.01", "0.02", "-0.02", "0"}[rng.IntN(5)])
		}
		if s = days(s, monday.Add(time.Duration(i)*day), 1, deltas...); s.Up.Trend() || s.Down.Trend() {
			t.Fatalf("found on day %d: %+v", i, s)
		}
	}
}

func TestSeries_NoDifferenceAtAllHasNoScaleAndNoTrend(t *testing.T) {
	s := days(Series{}, monday, 400, many(100, "0")...)
	if diff := cmp.Diff(Series{}, s, exact); diff != "" {
		t.Error(diff)
	}
	s = days(s, monday.Add(400*day), 2, many(40, "-0.01")...)
	if !s.Down.Trend() {
		t.Errorf("%+v, want a cent to stand out where nothing ever differed", s.Down)
	}
}

func TestSeries_ManySmallOnesThatFewLargeOnesMakeUpForAreNone(t *testing.T) {
	s := days(Series{}, monday, 30, append(many(45, "-0.01"), many(5, "0.09")...)...)
	if s.Down.Trend() || s.Up.Trend() {
		t.Errorf("%+v", s)
	}
}

func TestSeries_OneLargeDifferenceCountsAsMuchAsAUsualOne(t *testing.T) {
	s := days(Series{}, monday, 30, many(5, "0.01", "-0.01")...)
	before := s.Down.Score
	if s = days(s, monday.Add(30*day), 1, "-500"); s.Down.Score-before > 1 {
		t.Errorf("the sum went from %v to %v", before, s.Down.Score)
	}
}

func TestSeries_TheUsualSizeStaysWhileATrendIsOpen(t *testing.T) {
	s := days(Series{}, monday, 2, many(60, "-0.01")...)
	before := s.Sizes
	s = days(s, monday.Add(2*day), 50, many(60, "-2.00")...)
	if diff := cmp.Diff(before, s.Sizes); diff != "" || !s.Down.Trend() {
		t.Errorf("trend %v: %s", s.Down.Trend(), diff)
	}
}

func TestSeries_IsOverWhenOrdersAgreedForAsLongAsItTookToFind(t *testing.T) {
	s := days(Series{}, monday, 10, many(6, "-0.01")...)
	if !s.Down.Trend() {
		t.Fatalf("%+v", s.Down)
	}
	took := int(s.Down.Found.Sub(s.Down.Since) / day)
	s = days(s, monday.Add(10*day), 30)
	if !s.Down.Trend() {
		t.Error("over without any order that says so")
	}
	s = days(s, monday.Add(40*day), took-1, "0")
	if !s.Down.Trend() {
		t.Error("over too early")
	}
	if s = days(s, monday.Add(60*day), 1, "0"); s.Down.Trend() {
		t.Errorf("%+v, want it over after %d days", s.Down, took)
	}
}

func TestSeries_SurvivesItsDocument(t *testing.T) {
	s := days(Series{}, monday, 3, many(30, "-0.01", "0", "0.03")...)
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var got Series
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(s, got, exact); diff != "" {
		t.Error(diff)
	}
}

func TestTally_IsShortInADocument(t *testing.T) {
	body, err := json.Marshal(orders(monday, "0.01", "0", "-0.03"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"n":3,"u":{"n":1,"s":"0.01","m":"0.01","z":{"0":1},"o":"2026-03-02T06:00:00Z"},` +
		`"d":{"n":1,"s":"0.03","m":"0.03","z":{"1":1},"o":"2026-03-02T06:00:00Z"}}`
	if string(body) != want {
		t.Errorf("%s\nwant %s", body, want)
	}
}

func TestTally_PartsMergeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := make([]Tally, 4)
		var whole Tally
		for range rapid.IntRange(0, 40).Draw(t, "samples") {
			d := commerce.Int(rapid.Int64Range(-500, 500).Draw(t, "delta"))
			at := monday.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "minute")) * time.Minute)
			whole.Add(d, cent, at)
			parts[rapid.IntRange(0, 3).Draw(t, "part")].Add(d, cent, at)
		}
		var merged Tally
		for _, i := range rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "order") {
			merged.Merge(parts[i])
		}
		if diff := cmp.Diff(whole, merged, exact); diff != "" {
			t.Fatal(diff)
		}
	})
}
