package commerce_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/plumbline/plumbline/internal/commerce"
)

// Versions are ordered by clock, then read-back, sequence, normaliser and
// content; in bytes and in text the order is the same.
func TestVersionsAreOrderedByTheirParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawParts(t, "a"), drawParts(t, "b")
		contentA, contentB := drawContent(t, "content a"), drawContent(t, "content b")
		v, w := commerce.NewVersion(a, contentA), commerce.NewVersion(b, contentB)
		want := cmp.Or(
			a.Clock.Compare(b.Clock),
			compareBools(a.ReadBack, b.ReadBack),
			cmp.Compare(a.Sequence, b.Sequence),
			cmp.Compare(a.Normaliser, b.Normaliser),
			bytes.Compare(contentA[:], contentB[:]),
		)
		if v.Compare(w) != want || w.Compare(v) != -want || cmp.Compare(v.String(), w.String()) != want {
			t.Fatalf("%+v and %+v compare as %d, their texts as %d; want %d", a, b, v.Compare(w), cmp.Compare(v.String(), w.String()), want)
		}
		if (v == w) != (want == 0) {
			t.Fatalf("%s == %s is %t", v, w, v == w)
		}
	})
}

func TestVersionRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := drawParts(t, "parts")
		v := commerce.NewVersion(parts, drawContent(t, "content"))
		if got := v.Parts(); !got.Clock.Equal(parts.Clock) || got.ReadBack != parts.ReadBack || got.Sequence != parts.Sequence || got.Normaliser != parts.Normaliser {
			t.Fatalf("%+v comes back as %+v", parts, got)
		}
		text, err := json.Marshal(v)
		var again commerce.Version
		if err != nil || json.Unmarshal(text, &again) != nil || again != v || len(v.String()) != 54 {
			t.Fatalf("%s comes back as %s, %v", text, again, err)
		}
	})
}

func TestOnlyVersionsAreReadAsVersions(t *testing.T) {
	for _, text := range []string{"", "0", strings.Repeat("0", 53), strings.Repeat("0", 55), strings.Repeat("g", 54), strings.Repeat("0", 52) + " 0"} {
		var v commerce.Version
		if err := v.UnmarshalText([]byte(text)); !errors.Is(err, commerce.ErrVersion) {
			t.Errorf("%q reads as %s, %v", text, v, err)
		}
	}
}

func TestTheZeroVersionIsOlderThanEveryOther(t *testing.T) {
	var zero commerce.Version
	oldest := commerce.NewVersion(commerce.VersionParts{}, [8]byte{0: 1})
	if !zero.IsZero() || oldest.IsZero() || zero.Compare(oldest) >= 0 {
		t.Errorf("%s is not older than %s", zero, oldest)
	}
}

// Some systems write the year 1 for "never", or a far year for "always". Either
// must sort where it belongs.
func TestClocksBeyondTheRangeKeepTheirSide(t *testing.T) {
	at := func(clock time.Time) commerce.Version {
		return commerce.NewVersion(commerce.VersionParts{Clock: clock}, [8]byte{})
	}
	clocks := []time.Time{
		time.Unix(0, math.MinInt64+1), time.Date(1969, 12, 31, 23, 59, 59, 0, time.UTC), time.Unix(0, 0),
		time.Date(2026, 3, 3, 14, 14, 0, 0, time.UTC), time.Unix(0, math.MaxInt64-1),
	}
	for _, clock := range clocks {
		if never := (time.Time{}); at(never).Compare(at(clock)) >= 0 {
			t.Errorf("the year 1 is not older than %s", clock)
		}
		if always := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC); at(always).Compare(at(clock)) <= 0 {
			t.Errorf("the year 9999 is not newer than %s", clock)
		}
	}
}

func TestSequenceNumbersAreClocks(t *testing.T) {
	numbers := []uint64{0, 1, 2, 1 << 53, 1<<53 + 1, math.MaxInt64}
	if !slices.IsSortedFunc(numbers, func(a, b uint64) int { return commerce.SequenceClock(a).Compare(commerce.SequenceClock(b)) }) {
		t.Error("clocks are not in the order of the numbers")
	}
	for i := 1; i < len(numbers); i++ {
		if !commerce.SequenceClock(numbers[i]).After(commerce.SequenceClock(numbers[i-1])) {
			t.Errorf("%d and %d share a clock", numbers[i-1], numbers[i])
		}
	}
	if commerce.SequenceClock(math.MaxUint64).Before(commerce.SequenceClock(math.MaxInt64)) {
		t.Error("numbers beyond the range are older than those within")
	}
}

func TestWhatTwoVersionsShare(t *testing.T) {
	clock := time.Date(2026, 3, 3, 14, 14, 0, 0, time.UTC)
	base := commerce.VersionParts{Clock: clock, Sequence: 7, Normaliser: 1}
	content, other := [8]byte{1}, [8]byte{2}
	v := commerce.NewVersion(base, content)
	for _, c := range []struct {
		name                    string
		w                       commerce.Version
		instant, event, content bool
	}{
		{"itself", v, true, true, true},
		{"other content", commerce.NewVersion(base, other), true, true, false},
		{"a corrected normaliser", commerce.NewVersion(commerce.VersionParts{Clock: clock, Sequence: 7, Normaliser: 2}, other), true, true, false},
		{"the next change of the instant", commerce.NewVersion(commerce.VersionParts{Clock: clock, Sequence: 8, Normaliser: 1}, content), true, false, true},
		{"its read-back", commerce.NewVersion(commerce.VersionParts{Clock: clock, ReadBack: true, Sequence: 7, Normaliser: 1}, content), false, false, true},
		{"a later change", commerce.NewVersion(commerce.VersionParts{Clock: clock.Add(1), Sequence: 7, Normaliser: 1}, content), false, false, true},
	} {
		if v.SameInstant(c.w) != c.instant || v.SameEvent(c.w) != c.event || v.SameContent(c.w) != c.content {
			t.Errorf("%s: same instant %t, event %t, content %t", c.name, v.SameInstant(c.w), v.SameEvent(c.w), v.SameContent(c.w))
		}
		if c.w.SameInstant(v) != c.instant || c.w.SameEvent(v) != c.event || c.w.SameContent(v) != c.content {
			t.Errorf("%s: not the same from the other side", c.name)
		}
	}
	unnumbered := commerce.NewVersion(commerce.VersionParts{Clock: clock}, content)
	if unnumbered.SameEvent(unnumbered) {
		t.Error("changes without a number are known to be one event")
	}
}

// The content decides between equal clocks and tells duplicates, so that
// whatever an observation says must be in it, and nothing else.
func TestContentIsWhatAnObservationSays(t *testing.T) {
	said := func(change func(*commerce.Observation)) commerce.Version {
		o := commerce.Observation{
			System: "erp", Kind: commerce.Order, Key: commerce.Key{"shopify-us", "US1042"}, Part: "order", Native: "SO-1001",
			Facets: commerce.Facets{"total": number("186.40"), "currency": commerce.Text("USD"), "payment": commerce.Null()},
			Lines:  []commerce.Line{{SKU: "MUG-BLU", Location: "east", Units: commerce.Int(2)}, {SKU: "MUG-RED", Units: commerce.Int(1)}},
		}
		change(&o)
		o.Stamp(commerce.VersionParts{Clock: time.Date(2026, 3, 3, 14, 14, 0, 0, time.UTC)})
		return o.Version
	}
	base := said(func(*commerce.Observation) {})

	for name, change := range map[string]func(*commerce.Observation){
		"gone":                  func(o *commerce.Observation) { o.Gone = true },
		"a successor":           func(o *commerce.Observation) { o.SucceededBy = "PSI-10441" },
		"a value":               func(o *commerce.Observation) { o.Facets["total"] = number("186.41") },
		"a type":                func(o *commerce.Observation) { o.Facets["total"] = commerce.Text("186.4") },
		"null to missing":       func(o *commerce.Observation) { delete(o.Facets, "payment") },
		"null to blank":         func(o *commerce.Observation) { o.Facets["payment"] = commerce.Text("") },
		"null to the text null": func(o *commerce.Observation) { o.Facets["payment"] = commerce.Text("null") },
		"one more facet":        func(o *commerce.Observation) { o.Facets["tax"] = number("0") },
		"a facet's name":        func(o *commerce.Observation) { delete(o.Facets, "total"); o.Facets["total_current"] = number("186.40") },
		"units of a line":       func(o *commerce.Observation) { o.Lines[0].Units = commerce.Int(3) },
		"location of a line":    func(o *commerce.Observation) { o.Lines[0].Location = "west" },
		"SKU of a line":         func(o *commerce.Observation) { o.Lines[0].SKU = "MUG-BLU-2" },
		"one line fewer":        func(o *commerce.Observation) { o.Lines = o.Lines[:1] },
		"text moved to the next field": func(o *commerce.Observation) {
			o.Lines[0].SKU, o.Lines[0].Location = "MUG-BLUe", "ast"
		},
	} {
		if said(change).SameContent(base) {
			t.Errorf("%s: the content is the same", name)
		}
	}
	for name, change := range map[string]func(*commerce.Observation){
		"another way to write a number": func(o *commerce.Observation) { o.Facets["total"] = number("186.4") },
		"the delivery's way":            func(o *commerce.Observation) { o.Via = &commerce.Via{Type: "order", Native: "1"} },
	} {
		if !said(change).SameContent(base) {
			t.Errorf("%s: the content is another", name)
		}
	}
}

func number(text string) commerce.Value { return commerce.Number(commerce.MustDecimal(text)) }

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}

// drawParts draws parts that are often equal, so that every rank decides.
func drawParts(t *rapid.T, label string) commerce.VersionParts {
	return commerce.VersionParts{
		Clock: time.Unix(0, rapid.OneOf(
			rapid.SampledFrom([]int64{math.MinInt64, -1, 0, 1, 1_772_547_240_000_000_000, math.MaxInt64}), rapid.Int64(),
		).Draw(t, label+" clock")),
		ReadBack:   rapid.Bool().Draw(t, label+" read back"),
		Sequence:   rapid.OneOf(rapid.Uint64Range(0, 2), rapid.Uint64()).Draw(t, label+" sequence"),
		Normaliser: rapid.OneOf(rapid.Uint16Range(0, 2), rapid.Uint16()).Draw(t, label+" normaliser"),
	}
}

func drawContent(t *rapid.T, label string) [8]byte {
	return [8]byte{rapid.Byte().Draw(t, label), 7: rapid.SampledFrom([]byte{0, 255}).Draw(t, label)}
}
