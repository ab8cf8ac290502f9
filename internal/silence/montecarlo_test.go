package silence

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

	"github.com/plumbline/plumbline/internal/docpage"
)

var update = flag.Bool("update", false, "rewrite the table of docs/drift/silence.md")

const page = "../../docs/drift/silence.md"

// years is how long each source is listened to.
const years = 10

// source is how many deliveries one sends in an hour at a time of its own zone.
type source struct {
	name string
	rate func(at time.Time) float64
	// uneven is how far days and hours differ from each other: the coefficient of
	// variation of a factor on each.
	uneven float64
}

func sources() []source {
	office := func(at time.Time) bool {
		return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && at.Hour() >= 8 && at.Hour() < 18
	}
	shop := func(at time.Time) float64 {
		switch {
		case at.Hour() < 6:
			return 3
		case at.Weekday() == time.Sunday:
			return 20
		default:
			return 60
		}
	}
	between := func(day, night float64) func(time.Time) float64 {
		return func(at time.Time) float64 {
			if office(at) {
				return day
			}
			return night
		}
	}
	return []source{
		{"a warehouse in working hours, 140 an hour", between(140, 0), 0},
		{"the same, uneven by half", between(140, 0), 0.5},
		{"an ERP in working hours, 12 an hour, 1 in 5 hours at night", between(12, 0.2), 0},
		{"the same, uneven by half", between(12, 0.2), 0.5},
		{"a shop around the clock, 60 an hour, 3 at night, 20 on Sundays", shop, 0},
		{"the same, uneven by half", shop, 0.5},
		{"four an hour, always", func(time.Time) float64 { return 4 }, 0},
		{"one in two hours, always", func(time.Time) float64 { return 0.5 }, 0},
	}
}

// listen is the slots in which the source is heard.
func (s source) listen(r *rand.Rand, zone *time.Location, first, last Slot) []Slot {
	var slots []Slot
	day, hour, today, now := 1.0, 1.0, -1, -1
	for slot := first; slot < last; slot++ {
		at := slot.Start().In(zone)
		if at.YearDay() != today {
			today, day = at.YearDay(), factor(r, s.uneven)
		}
		if at.Hour() != now {
			now, hour = at.Hour(), factor(r, s.uneven)
		}
		mean := s.rate(at) * day * hour * Length.Hours()
		if r.Float64() >= math.Exp(-mean) {
			slots = append(slots, slot)
		}
	}
	return slots
}

// factor has mean 1 and the coefficient of variation.
func factor(r *rand.Rand, uneven float64) float64 {
	spread := math.Log1p(uneven * uneven)
	return math.Exp(r.NormFloat64()*math.Sqrt(spread) - spread/2)
}

// heard is what came of listening to one source.
type heard struct {
	falseAlarms float64 // a year
	delays      []time.Duration
}

func (s source) measure(r *rand.Rand, zone *time.Location) heard {
	first := SlotOf(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	begin := first + Slot(Remembered/Length)
	end := begin + Slot(years*365*PerDay)
	slots := s.listen(r, zone, first, end)
	rules := Rules{Zone: zone}
	var h heard
	v := Verdict{Learnt: true}
	learnt := Slot(0)
	for i, slot := range slots {
		if i == 0 || slot < begin {
			continue
		}
		if slot-learnt > 4*Slot(week/Length) {
			from, _ := slices.BinarySearch(slots, slot-Slot(Remembered/Length))
			v.Rhythm, learnt = Learn(slots[from:i], zone), slot
		}
		v.Since = slots[i-1].End()
		// Three empty slots are never a silence.
		if slot-slots[i-1] > 3 && v.judge(rules, slot.Start().Add(merging)).State == Silent {
			h.falseAlarms++
		}
		// An outage that begins each Tuesday at ten, and is over in a day.
		if at := slot.Start().In(zone); at.Weekday() == time.Tuesday && at.Hour() == 10 && slots[i-1].Start().In(zone).Hour() < 10 {
			h.delays = append(h.delays, v.noticed(rules, slot.Start()))
		}
	}
	h.falseAlarms /= years
	slices.Sort(h.delays)
	return h
}

// noticed is how long after the beginning of an outage it is called silence.
func (v Verdict) noticed(rules Rules, begin time.Time) time.Duration {
	now := begin
	for judged := v.judge(rules, now); judged.State != Silent; judged = v.judge(rules, now) {
		now = judged.Next
	}
	return now.Sub(begin)
}

func TestFalseAlarmsAreAsRareAsThePageSays(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| a system and kind that sends | false alarms in 10 years | an outage from Tuesday at 10:00 is noticed after, median |\n|---|---|---|\n")
	for i, s := range sources() {
		h := s.measure(rand.New(rand.NewPCG(5, uint64(i))), zone)
		fmt.Fprintf(&table, "| %s | %.2f | %s |\n", s.name, 10*h.falseAlarms, minutes(h.delays[len(h.delays)/2]))
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want := replaced(t, string(text), table.String())
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("%s (-measured +says; `make golden` rewrites it):\n%s", page, diff)
	}
}

func minutes(d time.Duration) string {
	if d < 2*time.Hour {
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}

// replaced puts the table between its two marks on the page.
func replaced(t *testing.T, page, table string) string {
	t.Helper()
	whole, err := docpage.With(page, "false alarms", table)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}
