package compare

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
)

// memory is a file in memory: rows of key, location and values, "-" being null.
type memory [][]string

func (t memory) Rows() (Rows, error) { return &memoryRows{memory: t}, nil }

type memoryRows struct {
	memory
	at int
}

func (r *memoryRows) Next() error {
	r.at++
	if r.at > len(r.memory) {
		return io.EOF
	}
	return nil
}

func (r *memoryRows) row() []string { return r.memory[r.at-1] }
func (r *memoryRows) Key() []byte   { return []byte(r.row()[0]) }
func (r *memoryRows) About() About {
	return About{Line: r.at + 1, Items: 3, Segments: r.row()[1:2]}
}
func (r *memoryRows) Line() int    { return r.at + 1 }
func (r *memoryRows) Close() error { return nil }

func (r *memoryRows) Values() ([]Value, error) {
	if r.row()[0] == "bad" {
		return nil, &Rejected{Line: r.at + 1, Column: 2, Name: "stock", Want: "a number"}
	}
	var values []Value
	for _, text := range r.row()[2:] {
		switch text {
		case "-":
			values = append(values, Value{State: Null})
		case "":
			values = append(values, Value{State: Blank})
		default:
			values = append(values, Value{Present, []byte(text)})
		}
	}
	return values, nil
}

func plan(facets ...Facet) Plan { return Plan{Segments: []string{"location"}, Facets: facets} }

var stock = Facet{Name: "stock", Type: commerce.NumberType}

func compare(t *testing.T, p Plan, left, right memory) *Result {
	t.Helper()
	r, err := Compare(context.Background(), Files{left, right}, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCompareCountsWhatBothFilesSay(t *testing.T) {
	left := memory{{"A", "east", "1"}, {"B", "east", "2"}, {"C", "east", "3"}, {"D", "east", "-"}, {"E", "east", "5"}, {"E", "east", "5"}, {"F", "east", "6"}, {"F", "east", "7"}, {"bad", "", ""}}
	right := memory{{"B", "east", "2"}, {"A", "east", "4"}, {"D", "east", "-"}, {"E", "east", "5"}, {"F", "east", "6"}, {"Z", "east", "0"}}
	r := compare(t, plan(stock), left, right)
	want := Summary{Left: 8, Right: 6, Agree: 3, Differ: 1, OnlyLeft: 1, OnlyRight: 1, Duplicate: 2, Rejected: 1, CannotTell: 1}
	if d := cmp.Diff(want, r.Summary); d != "" {
		t.Error(d)
	}
	var got []string
	for _, f := range r.Findings {
		got = append(got, fmt.Sprintf("%s %s %s %s %s>%s %s %v", f.Class, f.Side, f.Key, f.Facet, f.Left, f.Right, f.Why, f.Lines))
	}
	wantFindings := []string{
		"value_differs left A stock 1>4  [2 3]",
		"missing left Z  missing>missing  [0 7]",
		"missing right C  missing>missing  [4 0]",
		"duplicate left E  missing>missing lines 6 and 7 [6 5]",
		"duplicate left F  missing>missing lines 8 and 9, which say different things: not compared [8 6]",
		"unreadable left   missing>missing column \"stock\": want a number [10 0]",
	}
	if d := cmp.Diff(wantFindings, got); d != "" {
		t.Error(d)
	}
	if total := r.Totals[0]; total.Sums[Left].String() != "29" || total.Sums[Right].String() != "17" || total.Delta.String() != "-12" {
		t.Errorf("totals %+v", total)
	}
}

// Missing, null, blank and zero are four things; a blank cell may stand for no value.
func TestNothingIsNotZero(t *testing.T) {
	for _, c := range []struct {
		left, right string
		agree       bool
	}{
		{"-", "-", true},
		{"-", "", true},
		{"0", "", false},
		{"0", "-", false},
		{"", "", true},
	} {
		r := compare(t, plan(stock), memory{{"A", "", c.left}}, memory{{"A", "", c.right}})
		if (r.Summary.Agree == 1) != c.agree {
			t.Errorf("%q and %q: %+v", c.left, c.right, r.Summary)
		}
	}
}

func TestToleranceIsPerFacet(t *testing.T) {
	for _, c := range []struct {
		within, left, right string
		agree               bool
	}{
		{"0", "10", "10.01", false},
		{"0.01", "10", "10.01", true},
		{"0.01", "10", "9.98", false},
		{"1%", "200", "202", true},
		{"1%", "200", "202.01", false},
		{"1%", "0", "0.01", false},
		{"0.01/line", "10", "10.03", true},
		{"0.01/line", "10", "10.04", false},
	} {
		within, err := ParseTolerance(c.within)
		if err != nil {
			t.Fatal(err)
		}
		f := Facet{Name: "total", Type: commerce.NumberType, Within: within}
		r := compare(t, plan(f), memory{{"A", "", c.left}}, memory{{"A", "", c.right}})
		if (r.Summary.Agree == 1) != c.agree {
			t.Errorf("within %s: %s and %s: %+v", c.within, c.left, c.right, r.Summary)
		}
	}
	for _, text := range []string{"", "-1", "1%/line", "a", "1 %%"} {
		if _, err := ParseTolerance(text); err == nil {
			t.Errorf("%q is a tolerance", text)
		}
	}
}

func TestSpellingIsNoDifference(t *testing.T) {
	status := Facet{Name: "status", Type: commerce.TextType}
	r := compare(t, plan(status),
		memory{{"00123", "", "Active"}, {"abc", "", "A  B"}, {"1,234", "", "x"}, {"0077", "", "1,000"}},
		memory{{"123", "", "ACTIVE"}, {"ABC", "", "a b"}, {"1234", "", "x"}, {"77", "", "1000"}})
	if want := (Summary{Left: 4, Right: 4, Agree: 4}); r.Summary != want {
		t.Errorf("%+v", r.Summary)
	}
	var got []string
	for _, x := range r.Explanations {
		got = append(got, fmt.Sprintf("%d %s", x.Records, x.Text))
	}
	slices.Sort(got)
	want := []string{
		"1 status is the same but for letter case", "1 status is the same but for spaces", "1 status is the same but for thousands marks", "1 the key is the same but for letter case", "1 the key is the same but for thousands marks",
		"2 the key is the same but for leading zeros, as after saving from a spreadsheet",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Keys with one spelling in common are put together only where nothing else has it.
func TestSpellingIsNoGuess(t *testing.T) {
	r := compare(t, plan(stock), memory{{"a", "", "1"}, {"A ", "", "1"}}, memory{{"A", "", "1"}})
	if r.Summary.OnlyLeft != 2 || r.Summary.OnlyRight != 1 {
		t.Errorf("%+v", r.Summary)
	}
}

// brute compares as somebody would with two maps.
func brute(left, right memory) Summary {
	index := func(t memory) map[string][]string {
		m := map[string][]string{}
		for _, row := range t {
			m[row[0]] = append(m[row[0]], strings.Join(row[2:], "|"))
		}
		return m
	}
	l, r := index(left), index(right)
	s := Summary{Left: len(left), Right: len(right)}
	for key := range union(l, r) {
		if len(l[key]) > 1 || len(r[key]) > 1 {
			s.Duplicate++
		}
		switch ls, rs := distinct(l[key]), distinct(r[key]); {
		case len(rs) == 0:
			s.OnlyLeft++
		case len(ls) == 0:
			s.OnlyRight++
		case len(ls) > 1 || len(rs) > 1:
			s.CannotTell++
		case ls[0] == rs[0]:
			s.Agree++
		default:
			s.Differ++
		}
	}
	return s
}

func union(a, b map[string][]string) map[string]bool {
	all := map[string]bool{}
	for k := range a {
		all[k] = true
	}
	for k := range b {
		all[k] = true
	}
	return all
}

func distinct(values []string) []string {
	values = slices.Clone(values)
	slices.Sort(values)
	return slices.Compact(values)
}

func TestCompareIsWhatTwoMapsSay(t *testing.T) {
	row := rapid.Custom(func(t *rapid.T) []string {
		return []string{
			fmt.Sprintf("K%d", rapid.IntRange(0, 40).Draw(t, "key")), rapid.SampledFrom([]string{"east", "west"}).Draw(t, "location"),
			fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "stock")), fmt.Sprint(rapid.IntRange(0, 1).Draw(t, "price")),
		}
	})
	price := Facet{Name: "price", Type: commerce.NumberType, Money: true}
	rapid.Check(t, func(rt *rapid.T) {
		left := memory(rapid.SliceOfN(row, 0, 60).Draw(rt, "left"))
		right := memory(rapid.SliceOfN(row, 0, 60).Draw(rt, "right"))
		r := compare(t, plan(stock, price), left, right)
		if d := cmp.Diff(brute(left, right), r.Summary); d != "" {
			rt.Fatal(d)
		}
		// Only lines know in which order the rows stand, and which of several rows is
		// the first.
		if r.Summary.Duplicate > 0 {
			return
		}
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 0))
		for _, rows := range []memory{left, right} {
			rnd.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		}
		p := plan(stock, price)
		p.round = rapid.IntRange(1, 50).Draw(rt, "round")
		again := compare(t, p, left, right)
		if d := cmp.Diff(r, again, cmpopts.IgnoreFields(Finding{}, "Lines", "pair"), cmpopts.IgnoreUnexported(Plan{}), cmpopts.EquateComparable(commerce.Decimal{})); d != "" {
			rt.Fatal(d)
		}
	})
}
