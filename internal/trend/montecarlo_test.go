package trend

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/plumbline/plumbline/internal/commerce"
	"github.com/plumbline/plumbline/internal/docpage"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/drift/trend.md")

const page = "../../docs/drift/trend.md"

// shifts are how far differences are off, in standard deviations of what they
// vary by without a fault. The last is a fault that has no noise.
var shifts = []float64{0, 0.5, 1, 2, math.Inf(1)}

func nameOf(shift float64) string {
	switch {
	case shift == 0:
		return "no fault"
	case math.IsInf(shift, 0):
		return "always one way"
	default:
		return fmt.Sprintf("%g σ", shift)
	}
}

// draw is a difference in standard deviations.
func draw(r *rand.Rand, shift float64) float64 {
	if math.IsInf(shift, 0) {
		return 1
	}
	return r.NormFloat64() + shift
}

// steps of one record, one a day, each from agreement.
func (l Leak) feed(x float64, at time.Time) Leak {
	l.Run = l.at(at)
	sign := int64(1)
	if x < 0 {
		sign = -1
	}
	l.Run = l.step(commerce.Int(sign), commerce.Decimal{}, at)
	return l
}

// records measures leaks of single records.
func records() string {
	const many, years, limit = 4000, 10, 2000
	var table strings.Builder
	table.WriteString("| steps of a record | steps until it is found, mean | 95 in 100 within |\n|---|---|---|\n")
	for i, shift := range shifts {
		r := rand.New(rand.NewPCG(11, uint64(i)))
		if shift == 0 {
			first, all, seen := 0, 0, 0
			for range many {
				var l Leak
				for n := range years * 365 {
					at := monday.Add(time.Duration(n) * day)
					seen++
					if l = l.feed(draw(r, 0), at); !l.Found.IsZero() {
						l = Leak{Run: Run{Rough: true}} // what people have seen counts once
						all++
						if n < 365 {
							first++
						}
					}
				}
			}
			fmt.Fprintf(&table, "| %s: either way by chance | %s between false alarms; %.1f in 1,000 such records in their first year, one step each day | |\n",
				nameOf(0), thousands(float64(seen)/float64(all)), 1000*float64(first)/many)
			continue
		}
		var delays []float64
		for range many {
			l, n := Leak{}, 0
			for l.Found.IsZero() && n < limit {
				l = l.feed(draw(r, shift), monday.Add(time.Duration(n)*time.Hour))
				n++
			}
			delays = append(delays, float64(n))
		}
		fmt.Fprintf(&table, "| %s | %.0f | %.0f |\n", nameOf(shift), mean(delays), quantile(delays, 0.95))
	}
	return table.String()
}

// usual is how many smallest steps one standard deviation is.
const usual = 8

func tallyOf(r *rand.Rand, n int, shift float64) Tally {
	var t Tally
	for range n {
		t.Add(commerce.Int(int64(math.Round(usual*draw(r, shift)))), commerce.Int(1), monday)
	}
	return t
}

// series measures courses of many records.
func series() string {
	var table strings.Builder
	table.WriteString("| differences of a segment | records that differ until it is found, mean | 95 in 100 within |\n|---|---|---|\n")
	r := rand.New(rand.NewPCG(12, 0))
	for _, noise := range []struct {
		name string
		size func() float64
	}{
		{"no fault: a cent up or down, like coins", func() float64 { return 1 }},
		{"no fault: normally distributed", func() float64 { return math.Abs(draw(r, 0)) * usual }},
	} {
		fmt.Fprintf(&table, "| %s | %s between false alarms | |\n", noise.name, thousands(runLength(r, noise.size)))
	}
	for i, shift := range shifts[1:] {
		r := rand.New(rand.NewPCG(13, uint64(i)))
		var delays []float64
		for range 400 {
			s, n := Series{}.Step(tallyOf(r, 500, 0), monday, monday.Add(day)), 0
			for at := monday.Add(day); !s.Up.Trend() && n < 20_000; at = at.Add(day) {
				s = s.Step(tallyOf(r, 5, shift), at, at.Add(day))
				n += 5
			}
			delays = append(delays, float64(n))
		}
		fmt.Fprintf(&table, "| %s | %.0f | %.0f |\n", nameOf(shift), mean(delays), quantile(delays, 0.95))
	}
	return table.String()
}

// runLength is how many differences there are between two false alarms, either
// way. They are so rare that they are looked for where they are frequent, with
// coins that fall so that the sum rises, and counted for what they weigh: the
// length of a course from zero to zero over the chance that it ends at the limit.
func runLength(r *rand.Rand, size func() float64) float64 {
	sizes, scores := map[int]int{}, make([]float64, 4096)
	for i := range scores {
		bucket := sizeOf(commerce.Int(int64(math.Round(size()))), commerce.Int(1))
		sizes[bucket]++
		scores[i] = float64(bucket)
	}
	middle := median(sizes)
	for i, bucket := range scores {
		scores[i] = score(map[int]int{int(bucket): 1}, middle)
	}
	tilt := tiltOf(scores)
	const courses = 60_000
	hit, length := 0.0, 0
	for range courses {
		weight := 1.0
		for sum := 0.0; ; {
			x := scores[r.IntN(len(scores))]
			up := 1 / (1 + math.Exp(-2*tilt*x))
			if r.Float64() < up {
				weight /= 2 * up
			} else {
				weight /= 2 * (1 - up)
				x = -x
			}
			if sum += x - Reference; sum <= 0 {
				break
			} else if sum > Limit {
				hit += weight
				break
			}
		}
		for sum := 0.0; ; {
			x := scores[r.IntN(len(scores))]
			if r.IntN(2) == 0 {
				x = -x
			}
			length++
			if sum += x - Reference; sum <= 0 {
				break
			}
		}
	}
	return float64(length) / hit / 2
}

// tiltOf is the exponent at which the sum neither rises nor falls in the mean.
func tiltOf(scores []float64) float64 {
	low, high := 0.0, 100.0
	for range 60 {
		tilt, grows := (low+high)/2, 0.0
		for _, x := range scores {
			grows += math.Cosh(tilt*x) * math.Exp(-tilt*Reference) / float64(len(scores))
		}
		if grows > 1 {
			high = tilt
		} else {
			low = tilt
		}
	}
	return low
}

func mean(all []float64) float64 {
	sum := 0.0
	for _, x := range all {
		sum += x
	}
	return sum / float64(len(all))
}

func quantile(all []float64, q float64) float64 {
	slices.Sort(all)
	return all[int(q*float64(len(all)-1))]
}

// thousands writes a large number to two digits: 94,000, 1.4 billion.
func thousands(x float64) string {
	magnitude := math.Pow(10, math.Floor(math.Log10(x))-1)
	x = math.Round(x/magnitude) * magnitude
	switch {
	case x >= 1e12:
		return fmt.Sprintf("%.2g trillion", x/1e12)
	case x >= 1e9:
		return fmt.Sprintf("%.2g billion", x/1e9)
	case x >= 1e6:
		return fmt.Sprintf("%.2g million", x/1e6)
	default:
		return fmt.Sprintf("%.0f,%03.0f", math.Floor(x/1000), math.Mod(x, 1000))
	}
}

func TestFalseAlarmsAreAsRareAsThePageSays(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want := replaced(t, replaced(t, string(text), "records", records()), "segments", series())
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("%s (-measured +says; `make tables` rewrites it):\n%s", page, diff)
	}
}

// replaced puts a table between its two marks on the page.
func replaced(t *testing.T, page, name, table string) string {
	t.Helper()
	whole, err := docpage.With(page, name, table)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}
