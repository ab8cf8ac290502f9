package compare

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plumbline/plumbline/internal/commerce"
)

// explained compares rows of "key location left right", and returns the greatest
// explanation.
func explained(t *testing.T, f Facet, rows ...string) string {
	t.Helper()
	var left, right memory
	for _, r := range rows {
		c := strings.Fields(r)
		left = append(left, []string{c[0], c[1], c[2]})
		right = append(right, []string{c[0], c[1], c[3]})
	}
	r := compare(t, plan(f), left, right)
	if len(r.Explanations) == 0 {
		return ""
	}
	x := r.Explanations[0]
	return fmt.Sprintf("%d: %s", x.Records, x.Text)
}

func TestTheGreatestExplanationComesFirst(t *testing.T) {
	price := Facet{Name: "price", Type: commerce.NumberType, Money: true}
	status := Facet{Name: "status", Type: commerce.TextType}
	updated := Facet{Name: "updated", Type: commerce.TimeType}
	for name, c := range map[string]struct {
		facet Facet
		rows  []string
		want  string
	}{
		"buffer": {
			stock,
			[]string{"A east 12 9", "B east 40 37", "C west 7 4", "D west 2 0", "E west 5 5"},
			"4: stock is exactly 3 lower on the right, and never below 0: a buffer?",
		},
		"buffer of one location": {
			stock,
			[]string{"A east 12 9", "B east 40 37", "C east 7 4", "D west 20 28", "E west 50 41", "F west 9 10", "G west 9 7"},
			"3: stock is exactly 3 lower on the right of location east: a buffer?",
		},
		"pack": {
			stock,
			[]string{"A east 12 144", "B east 3 36", "C west 7 84", "D west 1 1"},
			"3: stock is 12 times as much on the right: counted in packs on the left?",
		},
		"pack on the other side": {
			stock,
			[]string{"A east 144 12", "B east 36 3", "C west 84 7"},
			"3: stock is 12 times as much on the left: counted in packs on the right?",
		},
		"cents": {
			price,
			[]string{"A east 9.50 950", "B east 3 300", "C west 7.25 725"},
			"3: price is 100 times as much on the right: cents, or percent?",
		},
		"tax": {
			price,
			[]string{"A east 100 119", "B east 9.99 11.89", "C west 45.50 54.15", "D west 7.77 9.25"},
			"4: price is 19% more on the right: is tax included there, and not on the left?",
		},
		"sign": {
			price,
			[]string{"A east 100 -100", "B east 9.99 -9.99", "C west 45.50 -45.5"},
			"3: price has the opposite sign on the right",
		},
		"one-sided cent": {
			price,
			[]string{"A east 10 10.01", "B east 20 20.01", "C west 30 30.02", "D west 8 8.01"},
			"4: price is a few cents higher on the right, never the other way: is it rounded by line there, or in total?",
		},
		"one way": {
			stock,
			[]string{"A east 10 4", "B east 20 13", "C east 30 29", "D west 80 82", "E west 7 7", "F west 8 8"},
			"3: stock is lower on the right of location east in 3 of 3 differences, -14 in all",
		},
		"no value": {
			stock,
			[]string{"A east 10 -", "B east 20 -", "C east 30 -", "D west 80 80"},
			"3: no stock on the right",
		},
		"another word": {
			status,
			[]string{"A east paid open", "B east paid open", "C east paid open", "D west paid paid"},
			"3: status is \"paid\" on the left and \"open\" on the right",
		},
		"cut off": {
			status,
			[]string{"A east abcdefgh abcd", "B east abcdxyz abcd", "C east qwertz qwer", "D west abc abc"},
			"3: status is cut off after 4 characters on the right",
		},
		"time zone": {
			updated,
			[]string{"A east 2026-01-01T10:00:00Z 2026-01-01T15:00:00Z", "B east 2026-01-02T10:00:00Z 2026-01-02T15:00:00Z", "C west 2026-01-03T10:00:00Z 2026-01-03T15:00:00Z"},
			"3: updated is exactly 5h0m0s later on the right: another time zone?",
		},
		"chance": {
			stock,
			[]string{"A east 10 12", "B east 20 17", "C west 30 31", "D west 80 78"},
			"",
		},
	} {
		if got := explained(t, c.facet, c.rows...); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func TestWhatIsMissingIsOfOneLocation(t *testing.T) {
	left := memory{{"A", "east", "1"}, {"B", "popup", "1"}, {"C", "popup", "1"}, {"D", "popup", "1"}, {"E", "east", "1"}}
	right := memory{{"A", "east", "1"}, {"E", "east", "1"}}
	r := compare(t, plan(stock), left, right)
	if x := r.Explanations[0]; x.Text != "all records of location popup are missing on the right: is the location known there?" || x.Records != 3 {
		t.Errorf("%+v", x)
	}
}

func TestBiasCountsRecordsOfASegment(t *testing.T) {
	var left, right memory
	for i := range 200 {
		location, off := "east", 1
		if i%2 == 1 {
			location, off = "west", 0
		}
		left = append(left, []string{fmt.Sprintf("K%d", i), location, "50"})
		right = append(right, []string{fmt.Sprintf("K%d", i), location, fmt.Sprint(50 + off)})
	}
	r := compare(t, plan(stock), left, right)
	for _, b := range r.Biases {
		if b.Segment == "location" && b.Value == "east" {
			if b.Records != 100 || b.Higher != 100 || b.Lower != 0 || b.Sum.String() != "100" || !b.Trend {
				t.Errorf("%+v", b)
			}
			return
		}
	}
	t.Errorf("no bias of east in %+v", r.Biases)
}

// dated are rows that say when they came about and changed.
type dated struct {
	memory
	created, changed time.Time
}

type datedRows struct {
	Rows
	of dated
}

func (d dated) Rows() (Rows, error) {
	rows, err := d.memory.Rows()
	return datedRows{rows, d}, err
}

func (r datedRows) About() About {
	a := r.Rows.About()
	a.Created, a.Changed = r.of.created, r.of.changed
	return a
}

func TestWhatChangedAfterAnExportCannotBeTold(t *testing.T) {
	at := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		asOf    [2]time.Time
		created time.Time
		changed time.Time
		want    Summary
	}{
		"nothing known":           {want: Summary{Differ: 1, OnlyLeft: 1}},
		"changed before":          {asOf: [2]time.Time{at, at}, changed: at.Add(-time.Hour), want: Summary{Differ: 1, OnlyLeft: 1}},
		"changed after":           {asOf: [2]time.Time{at.Add(time.Hour), at}, changed: at.Add(time.Minute), want: Summary{CannotTell: 1, OnlyLeft: 1}},
		"only one time is known":  {asOf: [2]time.Time{{}, at}, changed: at.Add(time.Minute), want: Summary{CannotTell: 1, OnlyLeft: 1}},
		"created after the right": {asOf: [2]time.Time{at.Add(time.Hour), at}, created: at.Add(time.Minute), want: Summary{Differ: 1, CannotTell: 1}},
		"created before":          {asOf: [2]time.Time{at, at}, created: at.Add(-time.Minute), want: Summary{Differ: 1, OnlyLeft: 1}},
	} {
		p := plan(stock)
		p.AsOf = c.asOf
		left := dated{memory{{"A", "", "1"}, {"B", "", "1"}}, c.created, c.changed}
		r, err := Compare(t.Context(), Files{left, memory{{"A", "", "2"}}}, p)
		if err != nil {
			t.Fatal(err)
		}
		c.want.Left, c.want.Right = 2, 1
		if r.Summary != c.want {
			t.Errorf("%s: got %+v, want %+v", name, r.Summary, c.want)
		}
	}
}

func TestUnitsInFlightExplainStock(t *testing.T) {
	for name, c := range map[string]struct {
		left, right string
		lines       []commerce.Line
		want        Outcome
	}{
		"exactly":             {"40", "37", []commerce.Line{{SKU: "A", Location: "east", Units: commerce.Int(3)}}, Explained},
		"another location":    {"40", "37", []commerce.Line{{SKU: "A", Location: "west", Units: commerce.Int(3)}}, Differ},
		"any location":        {"40", "37", []commerce.Line{{SKU: "A", Units: commerce.Int(2)}, {SKU: "a", Units: commerce.Int(1)}}, Explained},
		"some of any":         {"40", "39", []commerce.Line{{SKU: "A", Units: commerce.Int(3)}}, Explained},
		"more than in flight": {"40", "36", []commerce.Line{{SKU: "A", Units: commerce.Int(3)}}, Differ},
		"the other way":       {"40", "43", []commerce.Line{{SKU: "A", Units: commerce.Int(3)}}, Differ},
		"not below nothing":   {"2", "0", []commerce.Line{{SKU: "A", Location: "east", Units: commerce.Int(3)}}, Explained},
	} {
		p := plan(stock)
		p.Flight = &Flight{}
		for _, l := range c.lines {
			p.Flight.Add(l)
		}
		r := compare(t, p, memory{{"A\x00east", "", c.left}}, memory{{"A\x00east", "", c.right}})
		if got := r.Findings[0].Outcome; got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
